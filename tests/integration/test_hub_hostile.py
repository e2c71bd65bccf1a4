"""Values of any shape from an enrolled but faulty device: judged or ignored, never in the way."""

import pytest

from casework.facts import Act
from crypto.errors import CryptoError
from hub.usecases import conflicts
from node import verifying
from sync.errors import SyncError
from tests.integration.hub_county import OTHER, OUTLET, VILLAGE, new_record, received

INSTANTS = [253_402_300_799_999, (1 << 53) - 1, (1 << 63), -1, -(1 << 62), 0, None, "now", True]
ODD = [None, True, -1, 0, 1 << 53, 1 << 63, "", "x" * 9000, b"\x00", [], [[]], {}, {"a": {"b": []}}]
NAMES = [
    *("item", "item_version", "handling", "station", "mode", "id_no", "id_type", "division"),
    *("received", "name", "form.bank_account", "agent.id_no", "temporary_number", "channel"),
]


def write(place, record, act):
    """Write what the wire allows at all."""
    try:
        place.write(record, act)
    except (CryptoError, SyncError):
        return


def goes_on(county, places):
    """An honest case still arrives, and the books are in order."""
    record = new_record()
    honest = received(VILLAGE, id_no="411599194001010011")
    places[VILLAGE].write(record, Act("case.received", honest))
    for code in (OTHER, OUTLET, VILLAGE):
        places[code].sync(county)
    assert county.case(record).state.text("official_number")
    conflicts.list_conflicts(county.node, open_only=False)
    assert verifying.verify(county.node).ok


@pytest.mark.parametrize("at", INSTANTS)
def test_no_instant_of_a_receipt_stops_the_county(world, at):
    county, places = world
    for place in (places[OTHER], places[OUTLET]):
        fields = {**received(place.code), "received": {"at": at}}
        write(place, new_record(), Act("case.received", fields))
        accepted = {"accepted": {"at": at, "due": "9999-12-31"}}
        write(place, new_record(), Act("case.accepted", accepted))
    goes_on(county, places)


def test_no_shape_of_a_field_stops_the_county(world):
    county, places = world
    for name in NAMES:
        for odd in ODD:
            for code in (OTHER, OUTLET):
                act = Act("case.received", {**received(code), name: odd})
                write(places[code], new_record(), act)
    goes_on(county, places)


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        ("case.accepted", "accepted"),
        ("case.accepted", "commitment"),
        ("case.handed_over", "handover.B"),
        ("case.issued", "issued"),
        ("case.decided", "decided"),
        ("case.withdrawn", "withdrawn"),
        ("case.merged", "main"),
        ("case.checking_opened", "checking.C35-0"),
        ("case.resolved", "resolution.R"),
        ("case.contact_corrected", "phone"),
        ("case.material_added", "material.999999999999"),
    ],
)
def test_no_shape_of_a_later_fact_stops_the_county(world, fact, name):
    county, places = world
    record = new_record()
    places[OTHER].write(record, Act("case.received", received(OTHER)))
    for odd in ODD:
        write(places[OTHER], record, Act(fact, {name: odd}))
    goes_on(county, places)
