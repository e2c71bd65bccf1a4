"""States and flags, derived from evidence alone."""

from datetime import date

import pytest

from casework.case import STATE_TITLES, Flag, State, flags_on, is_overdue
from casework.facts import UNDISCLOSED, Head
from casework.projection import derive
from fixtures.builders import sample_item

RECEIVED = {"received": {"at": 1}}
ACCEPTED = RECEIVED | {"accepted": {"at": 2, "due": "2026-12-04"}}
DEFICIENT = ACCEPTED | {"commitment": {"materials": [4, 5], "deadline": "2026-11-27"}}
DECIDED = ACCEPTED | {"decided": {"outcome": "yes"}}
PAPER = {"form": "original", "copies": 1}


def head(value, replica=b"a" * 8, seq=1):
    return Head(value, replica, seq, "411526101201", "village", "helper", "case.received", 0)


def heads(values):
    return {name: (head(value),) for name, value in values.items()}


def state_of(values):
    return derive(heads(values)).state


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, State.DRAFT),
        (RECEIVED, State.RECEIVED),
        (RECEIVED | {"correction.1": {"points": []}}, State.CORRECTION),
        (RECEIVED | {"not_accepted": {"at": 2}}, State.NOT_ACCEPTED),
        (ACCEPTED, State.ACCEPTED),
        (ACCEPTED | {"correction.1": {"points": []}}, State.ACCEPTED),
        (DEFICIENT, State.ACCEPTED_DEF),
        (DEFICIENT | {"material.4": PAPER}, State.ACCEPTED_DEF),
        (DEFICIENT | {"material.4": PAPER, "material.5": PAPER}, State.ACCEPTED),
        (DEFICIENT | {"deemed_pending": {"at": 3}}, State.DEEMED_PENDING),
        (DEFICIENT | {"deemed_withdrawn": {"at": 3}}, State.DEEMED_WITHDRAWN),
        (ACCEPTED | {"review": {"at": 3}}, State.REVIEW),
        (DEFICIENT | {"review": {"at": 3}}, State.REVIEW),
        (ACCEPTED | {"special.1": {"kind": "public_notice"}}, State.SPECIAL),
        (ACCEPTED | {"special.1": {"ended_at": 3}}, State.ACCEPTED),
        (DECIDED, State.DECIDED_YES),
        (ACCEPTED | {"decided": {"outcome": "no"}}, State.DECIDED_NO),
        (DECIDED | {"issued": {"to": "411526101000"}}, State.READY),
        (DECIDED | {"issued": {}, "delivered": {"to": "mail"}}, State.DELIVERED),
        (DECIDED | {"issued": {}, "delivered": {}, "archived": {}}, State.ARCHIVED),
        (ACCEPTED | {"withdrawn": {"at": 3}}, State.WITHDRAWN),
        (ACCEPTED | {"withdrawn": None}, State.ACCEPTED),
        (DECIDED | {"rectify": {"at": 3}}, State.RECTIFY),
        (DECIDED | {"rectify": {"at": 3}, "revoked": {"at": 4}}, State.REVOKED),
        (ACCEPTED | {"terminated": {"reason": "item"}}, State.TERMINATED),
        (ACCEPTED | {"main": "x", "duplicate_of": "x"}, State.TERMINATED),
        (ACCEPTED | {"main": "x", "duplicate_of": None}, State.ACCEPTED),
    ],
)
def test_states(values, state):
    assert state_of(values) is state


def test_every_state_has_a_title():
    assert STATE_TITLES.keys() == set(State)


@pytest.mark.req("R-HC-28d")
def test_two_stations_each_bring_one_of_two_papers_and_the_case_is_complete():
    fields = heads(DEFICIENT)
    fields["material.4"] = (head(PAPER),)
    fields["material.5"] = (head(PAPER, replica=b"b" * 8),)
    case = derive(fields)
    assert case.state is State.ACCEPTED
    assert case.outstanding == ()
    assert Flag.DEFICIENCY_OPEN not in case.flags


def test_a_paper_that_one_head_brings_is_there_whatever_another_says():
    fields = heads(DEFICIENT)
    fields["material.4"] = (head({"form": "lost"}), head(PAPER, replica=b"b" * 8))
    assert derive(fields).in_hand == {4}


@pytest.mark.req("R-HC-28c")
def test_deficiency_deadline_and_missing():
    case = derive(heads(DEFICIENT | {"material.4": PAPER}))
    assert case.deficiency_deadline == date(2026, 11, 27)
    assert case.missing == case.outstanding == (5,)


def test_missing_looks_at_the_item():
    item = sample_item("DEMO-SC-01")
    case = derive(heads(RECEIVED | {"material.1": PAPER}), item=item)
    assert case.missing == (2, 3)
    by_agent = derive(heads(RECEIVED | {"agent.relation": "child"}), item=item)
    assert by_agent.missing == (1, 2, 3, 4)


def test_due_is_the_earliest_of_all_promises_made():
    fields = heads(
        ACCEPTED
        | {
            "promise.1": {"due": "2026-12-11", "statutory_due": "2026-12-20"},
            "promise.2": {"due": "2026-12-01", "statutory_due": "2026-12-25"},
        }
    )
    fields["accepted"] = (head({"due": "2026-12-09"}), head({"due": "2026-11-30"}, b"b" * 8))
    case = derive(fields)
    assert case.due == date(2026, 11, 30)
    assert case.statutory_due == date(2026, 12, 20)


def test_a_promise_without_acceptance_binds_nobody():
    assert derive(heads(RECEIVED | {"promise.1": {"due": "2026-12-01"}})).due is None


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        (RECEIVED, set()),
        (ACCEPTED, {Flag.PROVISIONAL}),
        (ACCEPTED | {"verified": {"at": 3}}, set()),
        (DEFICIENT, {Flag.PROVISIONAL, Flag.DEFICIENCY_OPEN}),
        (ACCEPTED | {"material.3": {"form": "promised"}}, {Flag.PROVISIONAL, Flag.PROMISE}),
        (RECEIVED | {"checking.C1": {"rule": "C1", "open": True}}, {Flag.HOLD}),
        (RECEIVED | {"checking.C1": {"rule": "C1", "open": False}}, set()),
    ],
)
def test_flags(values, flags):
    assert derive(heads(values)).flags == flags


def test_withdrawn_and_decided_is_a_contradiction_for_a_person():
    case = derive(heads(DECIDED | {"withdrawn": {"at": 3}}))
    assert case.contradictions == (("withdrawn", "decided"),)
    assert Flag.HOLD in case.flags
    assert case.state is State.DECIDED_YES
    settled = derive(heads(DECIDED | {"withdrawn": None}))
    assert (settled.contradictions, Flag.HOLD in settled.flags) == ((), False)


def test_what_was_built_on_refused_ground_puts_the_case_on_hold():
    case = derive(heads({"received": {"at": 1}, "decided": {"outcome": "yes"}}))
    assert case.unsupported == ("decided",)
    assert Flag.HOLD in case.flags


def test_conflicts_are_named_and_change_neither_state_nor_flags():
    fields = heads(ACCEPTED)
    before = derive(fields)
    fields["phone"] = (head("1"), head("2", b"b" * 8))
    fields["name"] = (head("甲"), head("乙", b"b" * 8))
    case = derive(fields)
    assert case.conflicts == ("name", "phone")
    assert (case.state, case.flags) == (before.state, before.flags)


def test_what_may_not_be_seen_stays_undisclosed():
    case = derive(heads(RECEIVED | {"id_no": UNDISCLOSED}))
    assert case.values["id_no"] is UNDISCLOSED
    assert case.text("id_no") == ""


def test_open_checks_are_listed():
    check = {"rule": "C35", "fields": ["phone"], "open": True}
    case = derive(heads(RECEIVED | {"checking.b": check, "checking.a": {"open": False}}))
    assert case.checks == {"b": check}


@pytest.mark.req("R-HC-25b")
def test_overdue_needs_a_day_and_a_running_clock():
    case = derive(heads(ACCEPTED))
    assert not is_overdue(case, date(2026, 12, 4))
    assert Flag.OVERDUE in flags_on(case, date(2026, 12, 5))
    ready = derive(heads(DECIDED | {"issued": {}}))
    assert Flag.OVERDUE not in flags_on(ready, date(2027, 1, 1))
    assert not is_overdue(derive(heads(RECEIVED)), date(2030, 1, 1))


@pytest.mark.parametrize("junk", [None, 7, "x", b"raw", [1], {"due": 5}, {"due": "soon"}, True])
def test_evidence_of_a_wrong_shape_does_not_break_the_rest(junk):
    names = ("accepted", "commitment", "decided", "material.4", "material.x", "promise.1")
    case = derive({name: (head(junk),) for name in (*names, "checking.1", "special.1")})
    assert case.due is None
    assert case.in_hand == frozenset()


def test_a_field_without_heads_is_no_evidence():
    assert derive({"accepted": ()}).state is State.DRAFT
