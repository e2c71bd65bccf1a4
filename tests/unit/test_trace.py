"""`make trace` lists every row, with its tests, and counts rows by priority."""

from collections import Counter

from tests import requirements, trace
from tests.requirements import Requirement

ROWS = {
    row.id: row
    for row in (
        Requirement("R-HC-03", "HC Art.3", "core", "行政许可", "licence", "CA", "H"),
        Requirement("R-HC-07", "HC Arts.7, 9", "core", "便民服务站", "tree", "CA", "T H"),
        Requirement("R-HC-10", "HC Arts.10, 11", "out", "自助服务设施", "signs", "CA", "T V"),
    )
}


def test_the_file_has_the_140_rows_of_the_five_regulations():
    rows = requirements.load()
    assert Counter(row.priority for row in rows.values()) == {"core": 87, "expected": 44, "out": 9}
    assert all(row.rule_zh and row.rule_en and row.clause for row in rows.values())


def test_a_row_with_tests_shows_them_and_one_without_shows_none():
    shown = trace.report(ROWS, {"R-HC-03": ["tests/a.py::test_a", "tests/a.py::test_b"]})
    assert shown.splitlines()[:4] == [
        "R-HC-03    core        2 tests  HC Art.3: 行政许可",
        "            tests/a.py::test_a",
        "            tests/a.py::test_b",
        "R-HC-07    core        0 tests  HC Arts.7, 9: 便民服务站",
    ]


def test_rows_are_counted_by_priority():
    shown = trace.report(ROWS, {"R-HC-03": ["tests/a.py::test_a"]})
    assert shown.splitlines()[-2:] == [
        "core: 1 of 2 rows have a test",
        "out: 0 of 1 rows have a test",
    ]


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
