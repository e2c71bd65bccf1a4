"""What a counter accepts lawfully is confirmed, in any order; each thing that is not is named."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import verification
from casework.authorisations import Book, Letter, Power, Scope
from casework.catalogue import mode_at
from casework.conflict_rules.findings import Pen
from casework.conflict_rules.matter import Edition, Matter
from casework.facts import Act, Head
from casework.places import Mode, PlaceKind
from casework.verification import Demand, Doubt, Grounds
from fixtures import builders
from fixtures.desks import NOON, TOWNSHIP, VILLAGE, CaseLog

CATALOGUE = builders.sample_catalogue()
DAY = 86_400_000
PLACES = (VILLAGE, TOWNSHIP)
POWER = {Mode.ENTRUSTED, Mode.AUTHORISED}
OFFERED = [
    (item, place)
    for item in CATALOGUE.items.values()
    for place in PLACES
    if mode_at(item, PlaceKind(place.kind), "bank") in POWER
]
ITEM = CATALOGUE.items["DEMO-YL-01"]
YEAR = Scope(first=date(2026, 1, 1), last=date(2027, 12, 31))


def book(code, scope=YEAR, powers=frozenset(Power)):
    letter = Letter(document_no="1", grantor="", to=frozenset({code}), powers=powers, scope=scope)
    return Book((letter,), (), kept=True)


def matter(log, *, newest=None, not_after=NOON, **more):
    shown = Edition(1, log.item, date(2026, 1, 1))
    heads = {
        name: tuple(h._replace(not_before=NOON - DAY, not_after=not_after) for h in found)
        for name, found in log.heads.items()
    }
    return Matter(
        id="01",
        case=log.case,
        heads=heads,
        clock=builders.clock(),
        shown=shown,
        newest=newest or shown,
        **more,
    )


def taken(item=ITEM, place=VILLAGE, **more):
    log = CaseLog(item)
    person = builders.person(builders.seeded(1))
    log.take_in(builders.case_document(person, item, **more), place)
    return log


def failed_of(found, grounds=None):
    grounds = grounds or Grounds(book=book(VILLAGE.code))
    return {one.test for one in verification.failures(found, grounds)}


def change(log, **fields):
    """What the device wrote, changed."""
    for key, value in fields.items():
        name = key.replace("__", ".")
        (old,) = log.heads.get(name) or (log.heads["accepted"][0],)
        log.heads[name] = (old._replace(value=value),) if value is not None else ()
    return log


@given(st.sampled_from(OFFERED), st.sets(st.integers(1, 8)))
def test_whatever_a_counter_may_accept_is_confirmed(offered, left_out):
    """The county asks no more than the counter did: with promises, shared papers, in any item."""
    item, place = offered
    may_lack = {m.no for m in item.materials if m.deficiency_ok and not m.when}
    missing = sorted(left_out & may_lack) if item.promised_days > 1 else []
    more = {"commitment": {"deficiency": True}} if missing else {}
    log = taken(item, place, leave_out=missing, **more)
    assert "accepted" in log.case.values
    assert failed_of(matter(log), Grounds(book=book(place.code))) == set()
    assert verification.late_due(matter(log)) is None


@given(st.permutations(sorted(taken().heads)))
def test_the_order_in_which_fields_came_does_not_matter(names):
    log = change(taken(), material__1=None, temporary_number="L1")
    log.heads = {name: log.heads[name] for name in names}
    assert failed_of(matter(log)) == {Demand.PAPERS, Demand.NUMBER}


LETTERS = [
    (book(VILLAGE.code), set()),
    (book(VILLAGE.code, powers=frozenset({Power.RECEIVE})), {Demand.AUTHORITY}),
    (book(VILLAGE.code, replace(YEAR, last=date(2026, 11, 19))), {Demand.AUTHORITY}),
    (book(VILLAGE.code, replace(YEAR, last=date(2026, 11, 20))), set()),  # in doubt, for him
    (book(VILLAGE.code, replace(YEAR, first=date(2026, 11, 22))), {Demand.AUTHORITY}),
    (book(VILLAGE.code, replace(YEAR, ended_at=NOON - 2 * DAY)), {Demand.AUTHORITY}),
    (book(VILLAGE.code, replace(YEAR, ended_at=NOON - 1)), set()),
    (book(VILLAGE.code, replace(YEAR, items=frozenset({"DEMO-SB-01"}))), {Demand.AUTHORITY}),
    (Book(), set()),
]


@pytest.mark.req("R-ZH-21a")
@pytest.mark.parametrize(("letters", "failed"), LETTERS)
def test_a_letter_in_force_at_the_hour_that_can_be_proven(letters, failed):
    assert failed_of(matter(taken()), Grounds(book=letters)) == failed


def test_a_place_that_may_only_receive_the_item():
    only_village = replace(ITEM, modes={"village": Mode.PROXY})
    log = taken()
    log.item = only_village
    assert failed_of(matter(log)) == {Demand.MODE}


def test_an_item_that_was_not_in_force_is_another_rules_question():
    cancelled = Edition(2, replace(ITEM, cancelled_on=date(2026, 11, 1)), date(2026, 11, 1))
    found = matter(taken(), newest=cancelled)
    assert failed_of(found) == {Demand.ITEM}
    doubt = Doubt(verification.failures(found, Grounds(book=book(VILLAGE.code))))
    assert doubt.act(found, pen()) is None
    later = Edition(2, replace(ITEM, cancelled_on=date(2026, 11, 22)), date(2026, 11, 1))
    assert failed_of(matter(taken(), newest=later)) == set()


@pytest.mark.parametrize(
    ("fields", "failed"),
    [
        ({"material__1": None}, {Demand.PAPERS}),
        ({"material__2": {"no": 2, "form": "promised"}}, {Demand.PAPERS}),
        ({"material__1": {"no": 1, "form": "shared"}}, {Demand.PAPERS}),
        ({"material__4": None}, {Demand.COMMITMENT}),
        ({"material__4": None, "commitment": {"materials": [4]}}, set()),
        ({"material__4": None, "commitment": {"materials": [5]}}, {Demand.COMMITMENT}),
        ({"material__1": None, "commitment": {"materials": [1]}}, {Demand.PAPERS}),
        ({"material__1": None, "waived__1": {"rule": "C7"}}, set()),
        ({"temporary_number": "L411526101201012611210012"}, {Demand.NUMBER}),
        ({"temporary_number": ""}, {Demand.NUMBER}),
    ],
)
def test_papers_promises_and_numbers(fields, failed):
    assert failed_of(matter(change(taken(), **fields))) == failed


def test_a_number_of_another_device_or_station():
    log = taken()
    replica = log.heads["temporary_number"][0].replica
    for number, failed in ((1, set()), (2, {Demand.NUMBER})):
        grounds = Grounds(book=book(VILLAGE.code), devices={replica: number})
        assert failed_of(matter(log), grounds) == failed
    other = taken(place=TOWNSHIP).case.text("temporary_number")
    assert failed_of(matter(change(taken(), temporary_number=other))) == {Demand.NUMBER}


def test_who_had_to_come_in_person_and_who_came_with_a_letter():
    log = change(taken(), agent__name="李敏")
    assert failed_of(matter(log)) == set()
    log.item = replace(ITEM, must_appear_in_person=True)
    assert failed_of(matter(log)) == {Demand.IN_PERSON}
    more = {"material__4": None, "commitment": {"materials": [4]}, "agent__name": "李敏"}
    without = change(taken(), **more, agent__entrustment=False)
    assert failed_of(matter(without)) == {Demand.ENTRUSTMENT}


def test_a_promise_of_one_who_may_not_is_another_rules_question():
    promising = next(i for i in CATALOGUE.items.values() if any(m.promise_ok for m in i.materials))
    no = next(m.no for m in promising.materials if m.promise_ok)
    log = CaseLog(promising)
    log.write(Act("case.accepted", {"accepted": {"at": NOON}}), TOWNSHIP)
    log.write(Act("case.received", {f"material.{no}": {"no": no, "form": "promised"}}), TOWNSHIP)
    bad = matter(log, credit_since=date(2026, 1, 1))
    assert Demand.CREDIT in failed_of(bad, Grounds(book=book(TOWNSHIP.code)))


def unsure(*, warned=True):
    """The form of 高龄津贴 with a paper owed, taken while the station's credit list was old."""
    owed = {"material__4": None, "commitment": {"materials": [4]}}
    told = {"warned": [{"code": "credit_stale"}]} if warned else {}
    return change(taken(), **owed, received={"at": NOON, "kind": "accepted_deficient", **told})


@pytest.mark.req("R-HC-29e")
def test_who_promised_while_the_list_was_old_waits_for_the_countys_own_list():
    assert failed_of(matter(unsure(), credit_unknown=True)) == {Demand.CREDIT}
    assert failed_of(matter(unsure(), credit_unknown=False)) == set()
    assert failed_of(matter(unsure(warned=False), credit_unknown=True)) == set()
    listed = matter(unsure(), credit_since=date(2026, 1, 1))
    assert failed_of(listed) == {Demand.LACKING_CREDIT}
    later = matter(unsure(), credit_since=date(2027, 1, 1))
    assert failed_of(later) == set()


def test_waiting_for_the_list_asks_nobody_and_a_record_on_it_asks_a_person():
    pen = Pen(stamp={}, check_id=lambda rule, _about: rule, record="01")
    waits = matter(unsure(), credit_unknown=True)
    assert (
        Doubt(verification.failures(waits, Grounds(book=book(VILLAGE.code)))).act(waits, pen)
        is None
    )
    listed = matter(unsure(), credit_since=date(2026, 1, 1))
    asked = Doubt(verification.failures(listed, Grounds(book=book(VILLAGE.code)))).act(listed, pen)
    assert asked.fields["checking.V1"]["tests"] == ["lacking_credit"]


def test_a_day_printed_too_late_is_a_fault_of_the_counter_and_no_more():
    log = taken()
    (head,) = log.heads["accepted"]
    log.heads["accepted"] = (head._replace(value={**head.value, "due": "2027-03-01"}),)
    assert failed_of(matter(log)) == set()
    fault = verification.late_due(matter(log))
    assert fault.unit == VILLAGE.code
    assert "2027-03-01" in fault.reason


def test_the_countys_own_acceptance_and_what_it_has_looked_at_are_not_asked_again():
    log = change(taken(), material__1=None)
    seen = {"at": NOON, "place": "411526000000", "by": "system"}
    log.heads["verified"] = (log.heads["accepted"][0]._replace(value=seen),)
    assert failed_of(matter(log)) == set()
    later = matter(log, not_after=NOON + 1)
    assert failed_of(later) == {Demand.PAPERS}
    own = change(taken(), material__1=None)
    own.heads["accepted"] = (own.heads["accepted"][0]._replace(station_kind="county"),)
    assert failed_of(matter(own)) == set()


def pen():
    return Pen({"at": NOON, "place": "411526000000", "by": "system"}, lambda r, a: f"{r}-{a}")


def test_the_check_names_what_failed_is_asked_once_and_grows():
    log = change(taken(), material__1=None)
    grounds = Grounds(book=book(VILLAGE.code))

    def ask():
        found = matter(log)
        return Doubt(verification.failures(found, grounds)).act(found, pen())

    act = ask()
    (value,) = act.fields.values()
    assert (value["rule"], value["tests"], value["fields"]) == ("V1", ["papers"], ["material.1"])
    (name,) = act.fields
    head = Head(value, b"c" * 8, 1, "411526000000", "county", "system", act.fact, NOON)
    log.heads[name] = (head,)
    assert ask() is None
    log.heads[name] = (head._replace(value={**value, "open": False}),)
    assert ask() is None
    change(log, temporary_number="")
    assert ask().fields[name]["tests"] == ["number", "papers"]
