"""Limits that passed while a station was silent (C19, C20)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import State
from casework.conflict_rules import lapse
from casework.conflict_rules.findings import Ask, Told
from casework.conflict_rules.matter import Edition, Matter, midnight
from casework.facts import Head
from casework.projection import derive
from fixtures.builders import clock, sample_item
from tests.unit.casework.test_special_runs import at

LAST = date(2026, 3, 9)
PAPER = {"form": "original", "copies": 1}
IN_TIME, TOO_LATE, UNSURE = (
    (at("2026-03-06"), at("2026-03-07")),
    (at("2026-03-10"), at("2026-03-11")),
    (at("2026-03-06"), at("2026-03-11")),
)
LICENCE = replace(sample_item("DEMO-JZ-01"), kind="licence")


def head(value, when=(0, None), replica=b"a" * 8, seq=1):
    found = Head(value, replica, seq, "411526101201", "village", "helper", "x", 0)
    return found._replace(not_before=when[0], not_after=when[1])


def matter(*papers, item=LICENCE, **values):
    """Materials 4 and 5 were promised; `papers`: (number, when) of those handed in."""
    given = {
        "received": {"at": at("2026-03-02")},
        "accepted": {"at": at("2026-03-02"), "due": "2026-03-30"},
        "commitment": {"materials": [4, 5], "deadline": LAST.isoformat()},
        **values,
    }
    heads = {name: (head(value),) for name, value in given.items()}
    for seq, (number, when) in enumerate(papers, 2):
        before = heads.get(f"material.{number}", ())
        heads[f"material.{number}"] = (*before, head(PAPER, when, seq=seq))
    case = derive(heads)
    shown = Edition(1, item, date.min)
    return Matter(id="x", case=case, heads=heads, clock=clock(), shown=shown, newest=shown)


def found(*papers, **values):
    return list(lapse.late_paper(matter(*papers, **values)))


PENDING = {"deemed_pending": {"at": midnight(date(2026, 3, 10))}}
CLOSED = PENDING | {"deemed_withdrawn": {"at": midnight(date(2026, 3, 30))}}


@pytest.mark.req("R-HC-28d")
@pytest.mark.req("R-HC-28e")
@pytest.mark.parametrize("when", [IN_TIME, UNSURE], ids=["in time", "in doubt"])
def test_a_paper_handed_in_on_time_revives_the_case_and_the_citizen_is_told(when):
    one = matter((4, when), (5, IN_TIME), **PENDING)
    assert one.case.state is State.ACCEPTED
    assert list(lapse.late_paper(one)) == [Told("C19", LAST.isoformat(), lapse.REVIVED)]


def test_one_paper_of_two_revives_nothing():
    one = matter((4, IN_TIME), **PENDING)
    assert one.case.state is State.DEEMED_PENDING
    assert list(lapse.late_paper(one)) == []


def test_a_paper_that_came_too_late_for_certain_is_looked_at_by_a_person():
    assert found((4, TOO_LATE), (5, IN_TIME), **PENDING) == [
        Ask("C19", frozenset({"deemed_pending"}))
    ]
    twice = found((4, TOO_LATE), (4, IN_TIME), (5, IN_TIME), **PENDING)
    assert [type(one) for one in twice] == [Told], "the earlier of two counts"


@pytest.mark.req("R-HC-28e")
def test_a_timely_paper_after_the_case_was_closed_opens_a_check():
    assert found((4, IN_TIME), (5, UNSURE), **CLOSED) == [
        Ask("C19", frozenset({"deemed_withdrawn"}))
    ]
    assert found((4, TOO_LATE), (5, IN_TIME), **CLOSED) == []


def test_where_nothing_lapsed_nothing_is_said():
    assert found((4, IN_TIME), (5, IN_TIME)) == []
    decided = {"decided": {"outcome": "yes"}}
    assert found((4, TOO_LATE), (5, TOO_LATE), **PENDING, **decided) == []


@given(st.permutations([(4, IN_TIME), (5, IN_TIME), (4, TOO_LATE), (5, UNSURE)]))
def test_the_order_of_arrival_plays_no_part(papers):
    assert found(*papers, **PENDING) == found((4, IN_TIME), (5, IN_TIME), **PENDING)


def silent(today, item=LICENCE, **values):
    heads = {
        "received": (head({"at": at("2026-03-02")}),),
        "mode": (head("entrusted"),),
        **{name: (head(value),) for name, value in values.items()},
    }
    shown = Edition(1, item, date.min)
    one = Matter(id="x", case=derive(heads), heads=heads, clock=clock(), shown=shown)
    return list(lapse.silent(one, today))


def test_silence_about_a_licence_is_put_before_a_person_the_day_after():
    assert silent(date(2026, 3, 9)) == []
    assert silent(date(2026, 3, 10)) == [Ask("C20", frozenset({"received"}))]
    assert silent(date(2026, 3, 10), item=sample_item("DEMO-YL-01")) == []
    assert silent(date(2026, 3, 10), not_accepted={"at": 1}) == []


def test_what_the_law_accepted_is_told_with_its_day():
    accepted = {"at": at("2026-03-02"), "due": "2026-03-30", "ground": "C20"}
    (told,) = lapse.accepted_by_law(matter(accepted=accepted))
    assert told.text == "您的申请自3月2日起视为受理。"
    assert list(lapse.accepted_by_law(matter())) == []
