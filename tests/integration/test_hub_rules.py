"""What the county does about what arrives, with real stations, databases and exchange."""

import itertools

import pytest

from casework.case import Flag, State
from casework.facts import Act
from sync.verdict import PREFIX
from tests.integration import hub_county as tools
from tests.integration.hub_county import (
    OTHER,
    OUTLET,
    TOWNSHIP,
    VILLAGE,
    accepted,
    new_record,
    receive,
    received,
)


def codes(case):
    return {v.code for v in case.evidence.merged.refused.values()}


# --- numbers


def test_every_received_case_gets_its_own_official_number(county, places):
    village = places[VILLAGE]
    records = [receive(village, id_no=f"41159919900615{i:04}") for i in range(3)]
    village.write(records[0], accepted())
    village.sync(county)

    numbers = sorted(county.case(r).state.text("official_number") for r in records)
    assert [n[-4:] for n in numbers] == ["0001", "0002", "0003"]
    assert all(n.startswith("411526DEMO-SB-01202611") for n in numbers)
    assert Flag.PROVISIONAL not in county.case(records[0]).state.flags


def test_a_number_is_given_once_and_travels_back(county, places):
    village = places[VILLAGE]
    record = receive(village)
    village.sync(county)
    number = county.case(record).state.text("official_number")
    village.write(record, Act("case.contact_corrected", {"phone": "13900000000"}))
    village.sync(county)

    assert county.case(record).state.text("official_number") == number
    assert village.case(record).state.text("official_number") == number


def test_serials_go_on_from_one_exchange_to_the_next(county, places):
    first = receive(places[VILLAGE])
    places[VILLAGE].sync(county)
    second = receive(places[OTHER], id_no="411599194001010011")
    places[OTHER].sync(county)

    ends = [county.case(r).state.text("official_number")[-4:] for r in (first, second)]
    assert ends == ["0001", "0002"]


def test_an_item_that_was_never_published_waits_for_a_person(county, places):
    record = receive(places[VILLAGE], item="DEMO-XX-99")
    places[VILLAGE].sync(county)

    case = county.case(record)
    assert (case.state.state, case.state.text("official_number")) == (State.RECEIVED, "")


# --- verdicts


def test_a_station_may_not_write_on_another_stations_case(county, places):
    record = receive(places[VILLAGE])
    places[VILLAGE].sync(county)
    places[OTHER].write(record, Act("case.withdrawn", {"withdrawn": {"at": tools.NOW}}))
    places[OTHER].sync(county)

    case = county.case(record)
    assert (case.state.state, codes(case)) == (State.RECEIVED, {"scope"})


def test_the_author_of_a_refused_act_is_told_though_the_case_is_not_his(county, places):
    record = receive(places[VILLAGE])
    places[VILLAGE].sync(county)
    places[OTHER].write(record, Act("case.withdrawn", {"withdrawn": {"at": tools.NOW}}))
    places[OTHER].sync(county)

    told = places[OTHER].case(record)
    assert codes(told) == {"scope"}
    assert told.state.text("name") == ""


def test_a_receipt_in_another_stations_name_is_refused(county, places):
    record = new_record()
    forged = received(VILLAGE)
    places[OTHER].write(record, Act("case.received", forged))
    places[OTHER].sync(county)

    case = county.case(record)
    assert (case.state.state, codes(case)) == (State.DRAFT, {"scope"})
    assert case.state.text("official_number") == ""


def test_no_station_takes_over_a_case_that_another_has_received(county, places):
    record = receive(places[VILLAGE])
    places[VILLAGE].sync(county)
    receive(places[OTHER], record)
    places[OTHER].sync(county)

    case = county.case(record)
    assert (case.state.text("station"), codes(case)) == (VILLAGE, {"scope"})


def test_what_arrived_before_its_receipt_is_judged_with_it(county, places):
    record = new_record()
    places[OTHER].write(record, Act("case.withdrawn", {"withdrawn": {"at": tools.NOW}}))
    places[OTHER].sync(county)
    assert codes(county.case(record)) == set()
    receive(places[VILLAGE], record)
    places[VILLAGE].sync(county)

    case = county.case(record)
    assert (case.state.state, codes(case)) == (State.RECEIVED, {"scope"})


@pytest.mark.req("R-HC-30a")
def test_an_outlet_may_receive_and_may_not_accept(county, places):
    record = receive(places[OUTLET])
    places[OUTLET].write(record, accepted())
    places[OUTLET].sync(county)

    case = county.case(record)
    assert (case.state.state, codes(case)) == (State.RECEIVED, {"place"})


@pytest.mark.req("R-HC-30a")
def test_a_village_accepts_only_in_a_mode_that_gives_the_power(county, places):
    record = receive(places[VILLAGE], item="DEMO-SB-02")
    places[VILLAGE].write(record, accepted())
    places[VILLAGE].sync(county)

    assert codes(county.case(record)) == {"mode"}
    assert county.case(record).state.state is State.RECEIVED


def test_fields_smuggled_into_a_harmless_act_are_refused(county, places):
    record = receive(places[VILLAGE])
    smuggled = {"phone": "13900000000", "decided": {"outcome": "yes"}}
    places[VILLAGE].write(record, Act("case.contact_corrected", smuggled))
    places[VILLAGE].sync(county)

    case = county.case(record)
    assert (case.state.state, codes(case)) == (State.RECEIVED, {"unknown_fact"})


def test_what_only_the_county_writes_is_refused_from_a_station(county, places):
    record = receive(places[VILLAGE])
    forged = {"verified": {"at": tools.NOW}, "official_number": "411526FORGED"}
    places[VILLAGE].write(record, Act("case.verified", forged))
    places[VILLAGE].sync(county)

    case = county.case(record)
    assert codes(case) == {"place"}
    assert case.state.text("official_number").startswith("411526DEMO")


def test_a_fact_that_nobody_knows_is_refused_until_the_county_does(county, places):
    record = receive(places[VILLAGE])
    places[VILLAGE].write(record, Act("case.teleported", {"decided": {"outcome": "yes"}}))
    places[VILLAGE].sync(county)

    assert county.case(record).state.state is State.RECEIVED


def test_a_township_works_on_the_cases_of_its_villages(county, places):
    record = receive(places[VILLAGE], item="DEMO-SB-02", handling=TOWNSHIP, mode="proxy")
    places[VILLAGE].sync(county)
    places[TOWNSHIP].sync(county)
    places[TOWNSHIP].write(record, accepted(), actor="zhao")
    places[TOWNSHIP].sync(county)

    case = county.case(record)
    assert (case.state.state, codes(case)) == (State.ACCEPTED, set())


def test_papers_passed_on_by_those_who_may_let_the_next_place_act(county, places):
    record = receive(places[VILLAGE])
    handed = {"handover.B1": {"to": OTHER, "lines": []}}
    places[VILLAGE].write(record, Act("case.handed_over", handed))
    places[VILLAGE].sync(county)
    taken = {"handover_received.B1": {"lines": []}}
    places[OTHER].write(record, Act("case.handover_received", taken))
    places[OTHER].sync(county)

    assert codes(county.case(record)) == set()


def test_nobody_passes_a_case_on_to_himself(county, places):
    record = receive(places[VILLAGE])
    places[VILLAGE].sync(county)
    handed = {"handover.B1": {"to": OTHER, "lines": []}}
    places[OTHER].write(record, Act("case.handed_over", handed))
    places[OTHER].write(record, Act("case.withdrawn", {"withdrawn": {"at": tools.NOW}}))
    places[OTHER].sync(county)

    case = county.case(record)
    assert len(case.evidence.merged.refused) == 2
    assert case.state.state is State.RECEIVED


def test_a_flood_of_forged_acts_is_refused_whole_and_stops_nothing(county, places):
    record = receive(places[VILLAGE])
    places[VILLAGE].sync(county)
    for number in range(120):
        fields = {"phone": f"139{number:08}"}
        places[OTHER].write(record, Act("case.contact_corrected", fields))
    honest = receive(places[OTHER], id_no="411599194001010011")
    places[OTHER].sync(county)

    case = county.case(record)
    assert (len(case.evidence.merged.refused), case.state.values["phone"]) == (120, "13800000001")
    assert county.case(honest).state.text("official_number")
    assert len(places[OTHER].case(record).evidence.merged.refused) == 120


def test_the_same_bundle_again_changes_nothing(county, places):
    record = receive(places[OUTLET])
    places[OUTLET].write(record, accepted())
    places[OUTLET].sync(county)
    before = len(county.case(record).helds)
    places[OUTLET].sync(county)

    assert len(county.case(record).helds) == before


# --- checks on one case


def phones_apart(county, places, order):
    """Village and township each correct the phone without knowing of the other."""
    record = receive(places[VILLAGE])
    places[VILLAGE].sync(county)
    places[TOWNSHIP].sync(county)
    for code, phone in ((VILLAGE, "13900000001"), (TOWNSHIP, "13900000002")):
        places[code].write(record, Act("case.contact_corrected", {"phone": phone}))
    for code in order:
        places[code].sync(county)
    for place in places.values():
        place.sync(county)
    return record


@pytest.mark.parametrize("order", list(itertools.permutations((VILLAGE, TOWNSHIP))))
def test_a_phone_corrected_apart_is_checked_once_in_any_order(county, places, order):
    record = phones_apart(county, places, order)

    case = county.case(record)
    check = f"C35-{tools.rule_key(county, 'C35', record)}"
    assert dict(case.state.checks) == {check: {"rule": "C35", "fields": ["phone"], "open": True}}
    assert case.state.values["phone"] == "13900000002"
    assert Flag.HOLD in case.state.flags
    assert sum(h.entry.operation.fact == "case.checking_opened" for h in case.helds) == 1
    for code in (VILLAGE, TOWNSHIP):
        there = places[code].case(record).state
        assert (there.state, there.checks) == (case.state.state, case.state.checks)


def test_a_further_difference_makes_the_check_wider(county, places):
    record = phones_apart(county, places, (VILLAGE, TOWNSHIP))
    for code, name in ((VILLAGE, "王方"), (TOWNSHIP, "王芬")):
        fields = {"name": name, "correction_reason": "笔误"}
        places[code].write(record, Act("case.application_corrected", fields))
    for code in (TOWNSHIP, VILLAGE):
        places[code].sync(county)

    (check,) = county.case(record).state.checks.values()
    assert check["fields"] == ["correction_reason", "name", "phone"] or check["fields"] == [
        "name",
        "phone",
    ]


def test_a_withdrawal_against_a_decision_is_checked(county, places):
    record = receive(places[VILLAGE])
    places[VILLAGE].write(record, accepted())
    places[VILLAGE].sync(county)
    places[TOWNSHIP].sync(county)
    places[TOWNSHIP].write(record, Act("case.decided", {"decided": {"outcome": "yes"}}))
    places[VILLAGE].write(record, Act("case.withdrawn", {"withdrawn": {"at": tools.NOW}}))
    places[VILLAGE].sync(county)
    places[TOWNSHIP].sync(county)

    (check,) = county.case(record).state.checks.values()
    assert (check["rule"], check["fields"]) == ("C5", ["decided", "withdrawn"])


def test_verdicts_are_no_fields_of_a_case(county, places):
    record = receive(places[OUTLET])
    places[OUTLET].write(record, accepted())
    places[OUTLET].sync(county)

    assert not any(name.startswith(PREFIX) for name in county.case(record).state.values)
