"""Who may do what, where."""

import pytest

from casework import authority, places
from casework.authority import Fault
from casework.facts import FACTS
from casework.places import Mode, PlaceKind, Role

HELPER = {"place_kind": "village", "role": "helper"}
CLERK = {"place_kind": "township", "role": "clerk"}
TELLER = {"place_kind": "outlet", "role": "teller"}
APPROVER = {"place_kind": "county", "role": "approver"}


def fault(fact, desk, **more):
    refusal = authority.check(fact, **desk, **more)
    return refusal.fault if refusal else None


def test_every_fact_has_its_row_and_every_row_its_fact():
    assert authority.TABLE.keys() == FACTS.keys()


@pytest.mark.req("R-HC-30a")
@pytest.mark.parametrize(
    ("desk", "mode", "expected"),
    [
        (HELPER, "entrusted", None),
        (HELPER, "authorised", None),
        (HELPER, "proxy", Fault.MODE),
        (HELPER, None, Fault.MODE),
        (CLERK, "authorised", None),
        (CLERK, "proxy", Fault.MODE),
        (TELLER, "entrusted", Fault.PLACE),
        (APPROVER, None, None),
        ({"place_kind": "village", "role": "teller"}, "entrusted", Fault.ROLE),
        ({"place_kind": "county", "role": "administrator"}, None, Fault.ROLE),
    ],
)
def test_accepting(desk, mode, expected):
    assert fault("case.accepted", desk, mode=mode) is expected


@pytest.mark.req("R-HC-30d")
def test_an_outlet_only_receives():
    allowed = {f for f in FACTS if authority.check(f, **TELLER, mode="proxy") is None}
    assert allowed == {
        *("case.received", "case.material_added", "case.attached", "case.withdrawn"),
        *("case.contact_corrected", "case.contact_stated", "case.application_corrected"),
        *("case.handed_over", "case.handover_received", "case.delivered"),
        *("case.entrusted", "case.entrustment_revoked", "case.noted", "case.notified"),
        *("case.external_noted", "case.result_received", "case.result_passed_on"),
        "case.visit_failed",
    }


def test_nobody_receives_for_an_item_that_the_place_does_not_offer():
    assert fault("case.received", HELPER, mode=None) is Fault.MODE


@pytest.mark.req("R-HC-25a")
@pytest.mark.parametrize(
    ("desk", "mode", "days", "expected"),
    [
        (CLERK, "authorised", 0, None),
        (CLERK, "authorised", 10, Fault.DAYS),
        (CLERK, "authorised", None, Fault.DAYS),
        (CLERK, "entrusted", 0, Fault.MODE),
        ({"place_kind": "township", "role": "helper"}, "authorised", 0, Fault.ROLE),
        (HELPER, "authorised", 0, Fault.PLACE),
        (APPROVER, None, 15, None),
        ({"place_kind": "county", "role": "reconciler"}, None, 0, Fault.ROLE),
    ],
)
def test_deciding(desk, mode, days, expected):
    assert fault("case.decided", desk, mode=mode, promised_days=days) is expected


STATION_KINDS = [kind for kind in PlaceKind if kind is not PlaceKind.COUNTY]


@pytest.mark.parametrize("kind", STATION_KINDS)
@pytest.mark.parametrize(
    "fact",
    [
        *("case.verified", "case.numbered", "case.merged", "case.checking_opened"),
        *("case.resolved", "case.archived", "case.signed_in"),
    ],
)
def test_what_only_the_county_writes(fact, kind):
    for role in Role:
        for mode in (*Mode, None):
            refusal = authority.check(fact, place_kind=kind, role=role, mode=mode)
            assert refusal is not None
            assert refusal.fault is Fault.PLACE
    assert authority.places_of(fact) == ("county",)


def test_only_a_reconciler_settles():
    allowed = [r for r in Role if not fault("case.resolved", {"place_kind": "county", "role": r})]
    assert allowed == [Role.RECONCILER]


@pytest.mark.req("R-HC-22")
def test_who_accepted_may_not_decide_except_on_the_spot():
    me, other = ("411526101000", "wang"), ("411526101000", "li")
    refusal = authority.check_four_eyes(me, me, promised_days=5)
    assert refusal is not None
    assert refusal.fault is Fault.OWN_ACCEPTANCE
    assert authority.check_four_eyes(me, other, promised_days=5) is None
    assert authority.check_four_eyes(me, me, promised_days=0) is None
    assert authority.check_four_eyes(me, ("411526000000", "wang"), promised_days=5) is None


@pytest.mark.parametrize(
    ("place", "kind", "allowed"),
    [
        ("411526101201", "village", True),
        ("411526101202", "village", False),
        ("411526101000", "township", True),
        ("411526102000", "township", False),
        ("411526101901", "outlet", False),
        ("411526000000", "county", True),
    ],
)
def test_scope(place, kind, allowed):
    refusal = authority.check_scope(place, kind, ["411526101201"])
    assert (refusal is None) is allowed


def test_facts_of_receiving_are_never_refused():
    assert not authority.is_refusable("case.received")
    assert not authority.is_refusable("case.withdrawn")
    assert authority.is_refusable("case.accepted")
    assert authority.is_refusable("case.decided")


def test_a_fact_of_a_newer_program_is_unknown_and_county_only_to_nobody():
    assert fault("case.sung", HELPER, mode="entrusted") is Fault.FACT
    assert authority.is_refusable("case.sung")
    assert not authority.places_of("case.sung")


def test_every_refusal_says_what_to_do_next():
    refusal = authority.check("case.accepted", **TELLER)
    assert refusal.message_zh.count("。") >= 2
    assert refusal.message_en.endswith(".")


def test_places_and_roles_are_listed_for_people():
    assert authority.places_of("case.accepted") == ("county", "township", "village")
    assert "teller" in authority.roles_of("case.received")
    assert authority.places_of("case.sung") == ()


def test_codes_of_places():
    assert places.county_of("411526101201") == "411526000000"
    assert places.kind_of_code("411526101201") is PlaceKind.VILLAGE
    assert not places.is_station_code("41152610120x")
