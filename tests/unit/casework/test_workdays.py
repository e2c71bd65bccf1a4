"""Working days of 2026 and the limits counted with them: the check values of the domain model."""

from datetime import date

import pytest

from casework import deadline, workdays
from casework.deadline import Clock, Settings
from casework.errors import CatalogueRefused
from casework.places import Mode
from casework.workdays import Interval
from fixtures.builders import calendar_2026, clock, sample_item


def day(text):
    return date.fromisoformat(text)


def test_2026_has_248_working_days():
    assert calendar_2026().between(day("2025-12-31"), day("2026-12-31")) == 248


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-02-10", 5, "2026-02-24"),
        ("2026-09-18", 10, "2026-10-09"),
        ("2026-04-30", 2, "2026-05-07"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-03-02", 10, "2026-03-16"),
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_check_values(start, days, due):
    assert calendar_2026().add(day(start), days) == (day(due), False)


@pytest.mark.req("R-HC-25c")
@pytest.mark.parametrize(
    "runs",
    [
        [("2026-03-05", "2026-03-13")],
        [("2026-03-05", "2026-03-10"), ("2026-03-09", "2026-03-13")],
        [("2026-03-09", "2026-03-13"), ("2026-03-05", "2026-03-10")],
    ],
)
def test_special_steps_suspend_the_promise_as_a_union(runs):
    steps = [Interval(day(first), day(last)) for first, last in runs]
    due = calendar_2026().add(day("2026-03-02"), 10, excluded=steps)
    assert due.day == day("2026-03-25")


def test_past_the_published_year_a_day_is_an_estimate():
    due = calendar_2026().add(day("2026-12-30"), 5)
    assert (due.day, due.estimated) == (day("2027-01-06"), True)
    assert not calendar_2026().add(day("2026-12-30"), 1).estimated


def test_worked_weekend_and_day_off():
    assert calendar_2026().is_working(day("2026-02-14"))
    assert not calendar_2026().is_working(day("2026-10-05"))
    assert calendar_2026().between(day("2026-11-23"), day("2026-11-20")) == 0


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"published_until": "soon"},
        {"published_until": "2026-12-31", "off": [{"from": "2026-01-01"}]},
        {"published_until": "2026-12-31", "working": ["2026-02-30"]},
    ],
)
def test_refuses_an_unreadable_calendar(document):
    with pytest.raises(CatalogueRefused):
        workdays.parse(document)


@pytest.mark.req("R-HC-25b")
def test_promised_and_statutory_days_are_kept_apart():
    item = sample_item("DEMO-YL-01")
    accepted = day("2026-11-20")
    assert deadline.promised(item, Mode.ENTRUSTED, accepted, clock()).day == day("2026-12-11")
    assert deadline.statutory(item, accepted, clock()) == (day("2027-01-01"), True)


@pytest.mark.req("R-HC-25a")
def test_on_the_spot_is_due_today_where_the_place_decides_and_forwarded_elsewhere():
    item = sample_item("DEMO-SB-01")
    accepted = day("2026-11-20")
    assert deadline.promised(item, Mode.AUTHORISED, accepted, clock()).day == accepted
    assert deadline.promised(item, Mode.ENTRUSTED, accepted, clock()).day == day("2026-11-25")


@pytest.mark.req("R-HC-25c")
def test_steps_reach_both_limits():
    item = sample_item("DEMO-JZ-01")
    step = [Interval(day("2026-03-05"), day("2026-03-13"))]
    plain = deadline.promised(item, Mode.ENTRUSTED, day("2026-03-02"), clock())
    longer = deadline.promised(item, Mode.ENTRUSTED, day("2026-03-02"), clock(), steps=step)
    assert calendar_2026().between(plain.day, longer.day) == 7
    assert deadline.statutory(item, day("2026-03-02"), clock(), steps=step).day > longer.day


@pytest.mark.req("R-HC-28c")
def test_papers_that_follow_are_due_before_the_promised_day():
    accepted = day("2026-11-20")
    for code, days in (("DEMO-YL-01", 5), ("DEMO-HJ-02", 2), ("DEMO-SC-01", 0)):
        item = sample_item(code)
        last = deadline.deficiency(item, accepted, clock()).day
        assert last < deadline.promised(item, Mode.ENTRUSTED, accepted, clock()).day
        assert last == calendar_2026().add(accepted, days).day


def test_a_county_sets_its_own_days():
    own = Clock(calendar_2026(), Settings(correction_days=2, handover_forward_wd=1))
    assert deadline.correction(day("2026-11-20"), own).day == day("2026-11-24")
    item = sample_item("DEMO-SB-01")
    assert deadline.promised(item, Mode.PROXY, day("2026-11-20"), own).day == day("2026-11-23")
