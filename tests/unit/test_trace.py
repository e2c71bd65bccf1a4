"""`make trace` lists every row with its tests, and fails while a core row has none."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests import requirements, trace
from tests.requirements import Requirement

TESTS = Path(__file__).parents[1]
LATER = {
    *("R-HC-31a", "R-HC-35", "R-HC-45a", "R-HC-45b", "R-GX-17a", "R-GX-17b", "R-GX-25a"),
    *("R-GX-W4a", "R-GX-W4b", "R-ZH-G", "R-ZH-06a", "R-ZH-07", "R-ZH-14b", "R-ZH-18", "R-ZH-38"),
    *("R-ZH-S1", "R-ZH-S3a", "R-ZH-B4", "R-NX-25a", "R-NX-28", "R-NX-29a", "R-NX-29b"),
    "R-NX-29g",
}
"""The core rows that this issue leaves to later ones, and no others."""


def _row(id_, clause, priority, *, state, later="", rule="行政许可"):
    return Requirement(id_, clause, priority, state, later, rule, "a rule", "CA", "H")


LICENCE = _row("R-HC-03", "HC Art.3", "core", state="proven")
TREE = _row("R-HC-07", "HC Arts.7, 9", "core", state="later", later="not now", rule="便民服务站")
SIGNS = _row("R-HC-10", "HC Arts.10, 11", "out", state="out")
ROWS = {row.id: row for row in (LICENCE, TREE, SIGNS)}
PROOF = {"R-HC-03": ["tests/a.py::test_a", "tests/a.py::test_b"]}


def test_the_file_has_the_140_rows_of_the_five_regulations():
    rows = requirements.load()
    assert Counter(row.priority for row in rows.values()) == {"core": 87, "expected": 44, "out": 9}
    assert all(row.rule_zh and row.rule_en and row.clause for row in rows.values())


def test_only_the_rows_that_were_agreed_on_are_left_for_later_each_with_its_reason():
    rows = requirements.load()
    assert {row.id for row in rows.values() if row.later} == LATER
    assert {rows[key].priority for key in LATER} == {"core"}


def test_no_row_of_the_file_calls_itself_proven_without_a_test():
    marked = requirements.marked_in(
        path.read_text(encoding="utf-8")
        for path in TESTS.rglob("test_*.py")
        if path != Path(__file__)
    )
    rows = requirements.load()
    assert {row.id for row in rows.values() if row.state == "proven"} <= marked
    assert {row.state for row in rows.values()} <= {"proven", "open", "later", "out"}


def test_a_row_with_tests_shows_them_and_one_without_shows_none():
    shown = trace.report(ROWS, PROOF)
    assert shown.splitlines()[:4] == [
        "R-HC-03    core      proven    2 tests  HC Art.3: 行政许可",
        "            tests/a.py::test_a",
        "            tests/a.py::test_b",
        "R-HC-07    core      later     0 tests  HC Arts.7, 9: 便民服务站",
    ]


def test_rows_are_counted_by_priority():
    shown = trace.report(ROWS, PROOF)
    assert shown.splitlines()[-2:] == [
        "core: 1 of 2 rows proven, 1 later",
        "out: 0 of 1 rows proven",
    ]


def test_a_core_row_without_a_test_fails_and_one_left_for_later_does_not(capsys):
    assert trace.judge(ROWS, PROOF) == 0
    assert trace.judge(ROWS, {}) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "R-HC-03: a core row without a test: 行政许可"
    assert trace.judge(ROWS | {"R-HC-07": replace(TREE, later="")}, PROOF) == 1


@pytest.mark.parametrize(
    ("row", "tests", "state"),
    [
        (LICENCE, ["tests/a.py::test_a"], "proven"),
        (LICENCE, [], "open"),
        (TREE, ["tests/a.py::test_half"], "later"),
        (SIGNS, [], "out"),
        (SIGNS, ["tests/a.py::test_a"], "proven"),
    ],
)
def test_the_state_of_a_row_is_derived(row, tests, state):
    assert requirements.state_of(row, tests) == state
    assert requirements.stated({row.id: row}, {row.id: tests})[row.id].state == state


def test_a_state_in_the_file_that_is_not_so_fails():
    boasting = {"R-HC-10": replace(SIGNS, state="proven")}
    assert trace.complaints(boasting, {}) == ["R-HC-10: the file says proven, it is out"]
    modest = {"R-HC-03": replace(LICENCE, state="open")}
    assert trace.complaints(modest, PROOF) == ["R-HC-03: the file says open, it is proven"]


class _Item:
    """As much of a pytest item as the plugin reads."""

    def __init__(self, nodeid, *rows):
        self.nodeid = nodeid
        self._rows = rows

    def iter_markers(self, name):
        """Return one mark for each row."""
        assert name == "req"
        return [_Mark(row) for row in self._rows]


class _Mark:
    def __init__(self, *args):
        self.args = args


def test_a_mark_that_names_no_row_is_refused():
    items = [_Item("tests/a.py::test_a", "R-HC-03"), _Item("tests/a.py::test_b", "R-HC-3")]
    assert requirements.unknown(items, ROWS) == [
        "tests/a.py::test_b: docs/requirements.csv has no row R-HC-3"
    ]


def test_a_test_with_many_parameters_is_listed_once():
    collector = trace.Collector()
    collector.items = [
        _Item("tests/a.py::test_a[1]", "R-HC-03"),
        _Item("tests/a.py::test_a[2]", "R-HC-03"),
    ]
    collector.pytest_collection_finish(collector)
    assert collector.tests == {"R-HC-03": ["tests/a.py::test_a"]}


def test_marks_are_read_from_sources_too():
    source = '@pytest.mark.req("R-HC-03", "R-HC-07")\ndef test_a(): ...\n"R-HC-10"'
    assert requirements.marked_in([source]) == {"R-HC-03", "R-HC-07"}
