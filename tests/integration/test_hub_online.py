"""One online application redeemed at two counters (C32): the first redemption goes on."""

import itertools

import pytest

from casework.case import State
from tests.integration import hub_county as tools
from tests.integration.hub_county import OTHER, OUTLET, TOWNSHIP, VILLAGE, accepted, receive

ONLINE = "WS20261121000001"
HOUR = 3_600_000
DAUGHTER = {"name": "李梅", "id_no": "411599195808200048"}


def texts(county, record):
    state = county.case(record).state
    return state.text("main"), state.text("duplicate_of")


@pytest.mark.req("R-ZH-27")
@pytest.mark.parametrize("order", list(itertools.permutations((VILLAGE, TOWNSHIP))))
def test_the_first_redemption_goes_on_and_the_second_becomes_a_note_of_it(county, places, order):
    first = receive(places[VILLAGE], at=tools.NOW, online_ref=ONLINE)
    second = receive(places[TOWNSHIP], at=tools.NOW + HOUR, online_ref=ONLINE, **DAUGHTER)
    places[TOWNSHIP].write(second, accepted(at=tools.NOW + HOUR, due="2026-11-24"))
    for code in order:
        places[code].sync(county)
    for place in places.values():
        place.sync(county)

    main, other = county.case(first), county.case(second)
    assert texts(county, first) == (main.id, "")
    assert texts(county, second) == (main.id, main.id)
    assert other.state.state is State.TERMINATED
    told = {name for name in main.state.values if name.startswith("told.")}
    assert told == {f"told.C32-{main.id}"}
    assert places[TOWNSHIP].case(second).state.state is State.TERMINATED

    places[VILLAGE].write(first, accepted(at=tools.NOW + 2 * HOUR, due="2026-12-04"))
    places[VILLAGE].sync(county)
    assert county.case(first).state.due.isoformat() == "2026-11-24"


def test_another_online_application_is_another_matter(county, places):
    first = receive(places[VILLAGE], online_ref=ONLINE)
    second = receive(places[TOWNSHIP], online_ref="WS20261121000002", **DAUGHTER)
    for place in places.values():
        place.sync(county)
    assert [texts(county, one) for one in (first, second)] == [("", ""), ("", "")]


@pytest.mark.parametrize("order", list(itertools.permutations((VILLAGE, OTHER, OUTLET))))
def test_three_counters_end_as_one_in_any_order_of_arrival(county, places, order):
    """Two of them name the same person, so that C1 settles those; the third still joins them."""
    records = {
        VILLAGE: receive(places[VILLAGE], at=tools.NOW, online_ref=ONLINE),
        OTHER: receive(places[OTHER], at=tools.NOW + HOUR, online_ref=ONLINE),
        OUTLET: receive(places[OUTLET], at=tools.NOW + 2 * HOUR, online_ref=ONLINE, **DAUGHTER),
    }
    for code in order:
        places[code].sync(county)

    main = county.case(records[VILLAGE]).id
    assert [texts(county, one) for one in records.values()] == [
        (main, ""),
        (main, main),
        (main, main),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations((VILLAGE, OTHER, OUTLET))))
def test_a_filing_without_the_number_beside_two_redemptions_goes_to_a_person(county, places, order):
    """Hers at the village names no application; the first redemption was her daughter's."""
    records = {
        OUTLET: receive(places[OUTLET], at=tools.NOW, online_ref=ONLINE, **DAUGHTER),
        OTHER: receive(places[OTHER], at=tools.NOW + HOUR, online_ref=ONLINE),
        VILLAGE: receive(places[VILLAGE], at=tools.NOW + 2 * HOUR),
    }
    for code in order:
        places[code].sync(county)

    main = county.case(records[OUTLET]).id
    assert [texts(county, one) for one in records.values()] == [(main, ""), (main, main), ("", "")]
    checks = [county.case(records[code]).state.checks for code in (OTHER, VILLAGE)]
    assert checks[0].keys() == checks[1].keys() != set()
