"""The seed of the calendar agrees with the file that is shipped; a newer notice is laid over it."""

import json

import pytest

from casework import workdays
from fixtures import calendar
from fixtures.builders import SHIPPED, read_shipped


def test_the_shipped_year_is_what_the_tool_writes():
    shipped = SHIPPED / "holidays_2026.json"
    source = json.loads(shipped.read_text("utf-8"))["source"]
    assert calendar.text(calendar.seed(2026), source) == shipped.read_text("utf-8")


def test_a_year_that_was_not_published_yet_is_not_made_up():
    with pytest.raises(ValueError, match="2099"):
        calendar.seed(2099)


def test_a_notice_replaces_its_own_days_and_keeps_those_of_other_years():
    before = read_shipped("holidays_2026.json")
    seeded = calendar.seed(2025)
    both = workdays.parse(workdays.merged(before, seeded | {"source": "2025"}))
    assert both.until == workdays.parse(before).until
    for year, document in ((2026, before), (2025, seeded)):
        one = workdays.parse(document)
        assert {d for d in both.off if d.year == year} == one.off
        assert {d for d in both.working if d.year == year} == one.working
    changed = dict(before) | {"off": [], "working": []}
    assert workdays.parse(workdays.merged(before, changed)).off == frozenset()
    assert workdays.merged(None, before)["published_from"] == "2026-01-01"
