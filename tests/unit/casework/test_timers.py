"""Timers T1-T16: the check values of the model, and what is said of a case on a day."""

from dataclasses import replace
from datetime import date

import pytest

from casework import timers
from casework.deadline import Clock, Settings
from casework.projection import derive
from casework.timers import TIMERS, Level, Warned, warnings
from fixtures.builders import calendar_2026, clock, sample_item
from fixtures.desks import VILLAGE
from tests.unit.casework.test_projection import heads
from tests.unit.casework.test_special_runs import at, day, run

ITEM = replace(sample_item("DEMO-JZ-01"), promised_days=10, statutory_days=20)
LICENCE = replace(ITEM, kind="licence")
PLACE = {"station": "411526101000", "mode": "entrusted"}


def said(values, today, item=ITEM, settings=None):
    case = derive(heads({"received": {"at": at("2026-03-02")}, **PLACE, **values}))
    limits = Clock(calendar_2026(), settings) if settings else clock()
    return warnings(case, item, limits, day(today))


def accepted(**more):
    return {
        "accepted": {
            "at": at("2026-03-02"),
            "due": "2026-03-16",
            "statutory_due": "2026-03-30",
            **more,
        }
    }


def test_every_timer_of_the_model_stands_in_the_table():
    assert list(TIMERS) == [f"T{n}" for n in range(1, 17)]
    for one in TIMERS.values():
        if one.length:
            assert Settings().days(one.length) > 0
    with pytest.raises(KeyError):
        Settings().days("nothing")


@pytest.mark.parametrize(
    ("timer", "start", "settings", "last"),
    [
        ("T7", "2026-04-30", Settings(), "2026-05-07"),
        ("T7", "2026-04-30", Settings(consultation_days=3), "2026-05-08"),
        ("T5", "2026-02-10", Settings(), "2026-02-24"),
        ("T15", "2026-09-18", Settings(), "2026-10-09"),
        ("T10", "2026-04-30", Settings(), "2026-05-07"),
        ("T14", "2026-09-18", Settings(), "2026-09-24"),
    ],
)
def test_check_values_of_plain_limits(timer, start, settings, last):
    limits = Clock(calendar_2026(), settings)
    assert timers.last_day(timer, day(start), limits) == (day(last), False)


def test_a_slot_after_hours_is_booked_one_to_five_working_days_before():
    window = timers.booking_window(day("2026-03-14"), clock())
    assert window == (day("2026-03-09"), day("2026-03-13"))


@pytest.mark.parametrize(
    ("days", "until"),
    [
        (["2026-01-10", "2026-04-02", "2026-07-09"], "2027-07-09"),
        (["2026-01-10", "2026-04-02", "2026-07-11"], None),
        (["2026-07-09", "2026-01-10", "2026-04-02"], "2027-07-09"),
        (["2026-01-10", "2026-01-10", "2026-01-10"], None),
        (["2027-08-31", "2027-09-01", "2028-02-29"], None),
        (["2027-09-30", "2027-12-01", "2028-02-29"], "2029-02-28"),
        ([], None),
    ],
)
def test_three_no_shows_in_six_months(days, until):
    assert timers.banned_until(map(day, days)) == (day(until) if until else None)


@pytest.mark.req("R-HC-29e")
def test_a_lease_counts_calendar_days():
    assert timers.is_current(day("2026-03-02"), day("2026-03-09"), 7)
    assert not timers.is_current(day("2026-03-02"), day("2026-03-10"), 7)


# -- T1, T2 ---------------------------------------------------------------------------------------


@pytest.mark.req("R-HC-25b")
@pytest.mark.parametrize(
    ("today", "level"),
    [
        ("2026-03-06", None),
        ("2026-03-09", Level.BLUE),
        ("2026-03-11", Level.BLUE),
        ("2026-03-12", Level.YELLOW),
        ("2026-03-16", Level.YELLOW),
        ("2026-03-17", Level.RED),
    ],
)
def test_half_four_fifths_and_the_end_of_the_promise(today, level):
    expected = (Warned("T1", level, day("2026-03-16")),) if level else ()
    assert said(accepted(), today) == expected


@pytest.mark.req("R-HC-25c")
def test_days_of_a_special_step_wear_nothing_out():
    item = replace(ITEM, special_steps=sample_item("DEMO-JZ-01").special_steps)
    kind = item.special_steps[0].kind
    stepped = accepted() | {"special.1": run("2026-03-05", "2026-03-13", kind=kind)}
    assert said(stepped, "2026-03-13", item) == ()
    assert said(stepped, "2026-03-26", item)[0] == Warned("T1", Level.RED, day("2026-03-25"))


def test_beyond_the_law_is_said_beside_the_promise():
    late = said(accepted(), "2026-03-31")
    assert [(w.timer, w.level) for w in late] == [("T1", Level.RED), ("T2", Level.RED)]


def test_the_clock_of_the_promise_stops_at_the_window():
    ready = accepted() | {
        "decided": {"at": at("2026-03-10"), "outcome": "yes"},
        "issued": {"at": at("2026-03-11")},
        "notified.1": {"at": at("2026-03-11")},
    }
    assert said(ready, "2026-04-30") == ()
    assert said(accepted() | {"withdrawn": {"at": 1}}, "2026-04-30") == ()


# -- T3 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "level"),
    [
        ("2026-03-04", None),
        ("2026-03-05", Level.YELLOW),
        ("2026-03-09", Level.YELLOW),
        ("2026-03-10", Level.RED),
    ],
)
def test_silence_about_a_licence(today, level):
    expected = (Warned("T3", level, day("2026-03-09")),) if level else ()
    assert said({}, today, LICENCE) == expected
    lapsed = timers.has_lapsed(
        derive(heads({"received": {"at": at("2026-03-02")}, **PLACE})), LICENCE, clock(), day(today)
    )
    assert lapsed is (level is Level.RED)


@pytest.mark.parametrize(
    ("values", "item"),
    [
        ({}, ITEM),
        ({"mode": "proxy"}, LICENCE),
        ({"correction.1": {"points": []}}, LICENCE),
        ({"not_accepted": {"at": 2}}, LICENCE),
        ({}, None),
    ],
    ids=["no licence", "a proxy owes none", "notice was given", "refused", "unknown"],
)
def test_no_silence(values, item):
    assert [w for w in said(values, "2026-04-30", item) if w.timer == "T3"] == []


@pytest.mark.req("R-ZH-22b")
def test_whoever_was_told_at_once_what_lacks_is_waited_for_until_the_last_of_it_comes():
    """Not accepted by law: the notice was given; brought late, the days count from then."""
    needed = [m.no for m in LICENCE.needed({})]
    papers = {f"material.{n}": {"no": n, "form": "original", "copies": 1} for n in needed}
    last = f"material.{needed[-1]}"
    brought = papers[last] | {"at": at("2026-03-16")}
    notice = {"notice.1": {"kind": "one_time", "materials": [needed[-1]], "at": at("2026-03-02")}}

    def silence(values):
        found = heads({"received": {"at": at("2026-03-02")}, **PLACE, **values})
        return timers.silence(derive(found, item=LICENCE), LICENCE, clock())

    lacking = {name: line for name, line in papers.items() if name != last}
    assert silence(lacking | notice) is None
    assert silence(lacking).last == day("2026-03-09")
    half = dict(list(lacking.items())[1:])
    assert silence(half | notice).last == day("2026-03-09")
    assert silence(papers | notice | {last: brought}).last == day("2026-03-23")


# -- what waits for somebody ----------------------------------------------------------------------

OPEN = accepted(due="2026-06-30", statutory_due="2026-07-30")


@pytest.mark.parametrize(
    ("values", "quiet", "today", "expected"),
    [
        (
            {"correction.1": {"deadline": "2026-03-23"}},
            "2026-03-23",
            "2026-03-24",
            ("T4", Level.YELLOW, "2026-03-23"),
        ),
        (
            OPEN | {"commitment": {"materials": [4], "deadline": "2026-03-09"}},
            "2026-03-09",
            "2026-03-10",
            ("T5", Level.YELLOW, "2026-03-09"),
        ),
        (
            {"station": VILLAGE.code, "mode": "proxy"},
            "2026-03-05",
            "2026-03-06",
            ("T6", Level.YELLOW, "2026-03-05"),
        ),
        (
            OPEN
            | {
                "decided": {"at": at("2026-03-10"), "outcome": "yes"},
                "issued": {"at": at("2026-03-12")},
            },
            "2026-03-13",
            "2026-03-16",
            ("T12", Level.YELLOW, "2026-03-13"),
        ),
        (
            OPEN
            | {
                "decided": {"at": at("2026-03-02"), "outcome": "yes"},
                "rectify": {"deadline": "2026-03-16"},
            },
            "2026-03-16",
            "2026-03-17",
            ("T15", Level.RED, "2026-03-16"),
        ),
    ],
    ids=["T4", "T5", "T6", "T12", "T15"],
)
def test_what_waits_is_said_the_day_after(values, quiet, today, expected):
    timer, level, last = expected
    assert said(values, quiet) == ()
    assert said(values, today) == (Warned(timer, level, day(last)),)


def test_a_licence_is_delivered_within_ten_days_of_the_decision():
    decided = OPEN | {"decided": {"at": at("2026-03-02"), "outcome": "yes"}}
    assert said(decided, "2026-03-16", LICENCE) == ()
    assert said(decided, "2026-03-17", LICENCE) == (Warned("T12", Level.RED, day("2026-03-16")),)


def test_papers_that_were_handed_on_wait_for_nobody():
    gone = {"station": VILLAGE.code, "mode": "proxy", "handover.1": {"at": 1}}
    assert said(gone, "2026-04-30") == ()


def test_what_nobody_can_have_meant_breaks_nothing():
    for junk in (None, 7, {"at": "x"}, {"at": 10**18}):
        names = ("received", "accepted", "decided", "issued", "rectify", "correction.1")
        case = derive({**heads(dict.fromkeys(names, junk)), **heads(PLACE)})
        assert warnings(case, LICENCE, clock(), date(2026, 3, 2)) == ()
