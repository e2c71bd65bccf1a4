"""What special steps add to the promised and to the statutory day of a case (R-HC-25c, C27)."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import deadline
from casework.catalogue import SpecialStep
from casework.deadline import Clock, due_on, special_runs, statutory_due_on
from casework.projection import derive
from casework.values import CHINA
from casework.workdays import Calendar, Due, Interval
from fixtures.builders import calendar_2026, clock, sample_item
from fixtures.desks import COUNTY, TOWNSHIP
from tests.unit.casework.test_projection import heads

ITEM = replace(
    sample_item("DEMO-JZ-01"),
    promised_days=10,
    statutory_days=20,
    special_steps=(
        SpecialStep(kind="site_survey", name="入户调查"),
        SpecialStep(kind="appraisal", name="鉴定", statutory_too=True),
    ),
)


def day(text):
    return date.fromisoformat(text)


def at(text):
    return int(datetime.fromisoformat(f"{text}T10:00").replace(tzinfo=CHINA).timestamp() * 1000)


def run(first, last="", **more):
    ended = {"ended_at": at(last)} if last else {}
    return {
        "at": at(first),
        "kind": "site_survey",
        "basis": "办法第十二条",
        "place": COUNTY.code,
        "by": "first",
        **ended,
        **more,
    }


def case(*runs, due="2026-03-16", outer="2026-03-30", **more):
    accepted = {"at": at("2026-03-02"), "due": due, "statutory_due": outer}
    steps = {f"special.{n}": one for n, one in enumerate(runs)}
    return derive(heads({"received": {"at": 1}, "accepted": accepted, **steps, **more}))


@pytest.mark.req("R-HC-25c")
@pytest.mark.parametrize(
    "runs",
    [
        [("2026-03-05", "2026-03-13")],
        [("2026-03-05", "2026-03-10"), ("2026-03-09", "2026-03-13")],
        [("2026-03-09", "2026-03-13"), ("2026-03-05", "2026-03-10")],
        [("2026-03-05", "2026-03-13"), ("2026-03-06", "2026-03-09")],
    ],
)
def test_lawful_runs_are_excluded_from_the_promise_as_a_union(runs):
    found = case(*(run(first, last) for first, last in runs))
    assert due_on(found, ITEM, clock()) == Due(day("2026-03-25"), estimated=False)
    assert found.due == day("2026-03-16"), "the promise itself stays what it was"


@pytest.mark.req("R-HC-25b")
@pytest.mark.req("R-HC-25c")
def test_the_law_excludes_only_what_it_names_and_an_extension_counts_once():
    survey, appraisal = (
        case(run("2026-03-05", "2026-03-13", kind=k)) for k in ("site_survey", "appraisal")
    )
    assert statutory_due_on(survey, ITEM, clock()).day == day("2026-03-30")
    assert statutory_due_on(appraisal, ITEM, clock()).day == day("2026-04-09")
    longer = case(extension={"days": 10, "at": at("2026-03-20")})
    assert statutory_due_on(longer, ITEM, clock()).day == day("2026-04-14")
    assert due_on(longer, ITEM, clock()).day == day("2026-03-16")


@pytest.mark.req("R-NX-09")
@pytest.mark.parametrize(
    "unlawful",
    [
        {"place": TOWNSHIP.code},
        {"place": "not a code"},
        {"basis": "  "},
        {"kind": "auction"},
    ],
)
def test_an_unlawful_run_suspends_nothing_until_it_is_confirmed(unlawful):
    one = run("2026-03-05", "2026-03-13", **unlawful)
    assert due_on(case(one), ITEM, clock()).day == day("2026-03-16")
    assert [found.lawful for found in special_runs(case(one), ITEM)] == [False]
    check = {"rule": "C27", "fields": ["special.0"], "open": True}
    assert due_on(case(one, **{"checking.1": check}), ITEM, clock()).day == day("2026-03-16")
    settled = case(one, **{"checking.1": check | {"open": False}})
    assert due_on(settled, ITEM, clock()).day == day("2026-03-25")


def test_a_check_of_another_rule_or_run_confirms_nothing():
    one = run("2026-03-05", "2026-03-13", place=TOWNSHIP.code)
    for other in ({"rule": "C35", "fields": ["special.0"]}, {"rule": "C27", "fields": ["x"]}):
        found = case(one, **{"checking.1": other | {"open": False}})
        assert due_on(found, ITEM, clock()).day == day("2026-03-16")


@pytest.mark.req("R-HC-25c")
def test_a_run_that_goes_on_counts_to_its_announced_end_or_to_today():
    found = case(run("2026-03-05", until="2026-03-11"))
    assert due_on(found, ITEM, clock()) == Due(day("2026-03-23"), estimated=True)
    early, late = (due_on(found, ITEM, clock(), today=day(d)) for d in ("2026-03-06", "2026-03-13"))
    assert early == Due(day("2026-03-23"), estimated=True)
    assert late == Due(day("2026-03-25"), estimated=True)


def test_a_run_after_the_limit_had_passed_heals_nothing():
    assert due_on(case(run("2026-03-20", "2026-03-27")), ITEM, clock()).day == day("2026-03-16")


def test_before_acceptance_there_is_no_day():
    found = derive(heads({"received": {"at": 1}}))
    assert due_on(found, ITEM, clock()) is None
    assert statutory_due_on(found, ITEM, clock()) is None


def test_junk_of_a_step_breaks_nothing():
    for junk in (None, 7, {"at": "x"}, {"at": 1, "until": "9999-12-31"}, {"at": -(10**15)}):
        assert due_on(case(junk), ITEM, clock()).day >= day("2026-03-16")
    far = case(run("2026-03-05", until="9999-12-31"), due="9999-12-31")
    assert due_on(far, ITEM, clock(), today=day("2026-03-06")).day == day("9999-12-31")


# -- a promise made past the published calendar ---------------------------------------------------


def _2027(*, off=(), working=()):
    known = calendar_2026()
    return Clock(
        Calendar(
            known.off | {day(d) for d in off},
            known.working | {day(d) for d in working},
            day("2027-12-31"),
        )
    )


def estimated(due="2027-01-06"):
    accepted = {"at": at("2026-12-30"), "due": due}
    promise = {"due": due, "estimated": True}
    item = replace(ITEM, promised_days=5)
    return derive(heads({"accepted": accepted, "promise.1": promise})), item


@pytest.mark.parametrize(
    ("calendar", "due"),
    [
        (clock(), Due(day("2027-01-06"), estimated=True)),
        (_2027(), Due(day("2027-01-06"), estimated=False)),
        (_2027(off=["2027-01-01", "2027-01-04"]), Due(day("2027-01-06"), estimated=False)),
        (_2027(working=["2027-01-02", "2027-01-03"]), Due(day("2027-01-04"), estimated=False)),
    ],
    ids=["not published", "the same", "later: the printed day is kept", "earlier"],
)
def test_an_estimate_is_counted_again_when_the_calendar_comes(calendar, due):
    found, item = estimated()
    assert due_on(found, item, calendar) == due
    assert deadline.may_move(found)


# -- properties -----------------------------------------------------------------------------------

_OFFSETS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), max_size=5)


@given(_OFFSETS, st.randoms(use_true_random=False))
def test_no_order_of_the_runs_matters_and_none_makes_it_shorter(offsets, chance):
    start = day("2026-03-02").toordinal()
    spans = [
        (date.fromordinal(start + a).isoformat(), date.fromordinal(start + a + b).isoformat())
        for a, b in offsets
    ]
    shuffled = list(spans)
    chance.shuffle(shuffled)
    one, other = (
        due_on(case(*(run(first, last) for first, last in many)), ITEM, clock())
        for many in (spans, shuffled)
    )
    assert one == other
    assert one.day >= day("2026-03-16")
    counted = [
        d
        for d in (date.fromordinal(n) for n in range(start + 1, one.day.toordinal() + 1))
        if calendar_2026().is_working(d)
        and not any(Interval(day(a), day(b)).first <= d <= day(b) for a, b in spans)
    ]
    assert len(counted) == 10
