"""One rule says who may see what of a record."""

import pytest

from casework.places import PlaceKind
from sync.feed import NOWHERE, Place, Scope, in_scope, sees_more, visible

HUB = Place("411526000000", PlaceKind.COUNTY)
TOWN = Place("411526101000", PlaceKind.TOWNSHIP)
FAR = Place("411526102000", PlaceKind.TOWNSHIP)
VILLAGE = Place("411526101201", PlaceKind.VILLAGE)
OTHER = Place("411526101202", PlaceKind.VILLAGE)
BANK = Place("411526101901", PlaceKind.OUTLET)
OWN = Scope(VILLAGE.code, VILLAGE.code)
PROXY = Scope(VILLAGE.code, TOWN.code)
ABROAD = Scope(VILLAGE.code, FAR.code)
PAID_IN = Scope(BANK.code, BANK.code)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (OWN, {HUB: 3, TOWN: 2, FAR: 0, VILLAGE: 3, OTHER: 0, BANK: 0}),
        (PROXY, {HUB: 3, TOWN: 3, FAR: 0, VILLAGE: 3, OTHER: 0, BANK: 0}),
        (ABROAD, {HUB: 3, TOWN: 2, FAR: 3, VILLAGE: 3, OTHER: 0, BANK: 0}),
        (PAID_IN, {HUB: 3, TOWN: 2, FAR: 0, VILLAGE: 0, OTHER: 0, BANK: 3}),
        (NOWHERE, {HUB: 3, TOWN: 0, FAR: 0, VILLAGE: 0, OTHER: 0, BANK: 0}),
    ],
    ids=["its own", "proxy", "another township accepts", "outlet", "not known"],
)
def test_highest_class_that_a_place_sees(scope, expected):
    seen = {
        place: max((c for c in (1, 2, 3) if visible(c, place, scope)), default=0)
        for place in expected
    }
    assert seen == expected
    assert {p for p in expected if in_scope(p, scope)} == {p for p, c in expected.items() if c}


def test_who_sees_more_is_owed_all():
    assert sees_more(TOWN, OWN, PROXY)
    assert sees_more(FAR, PROXY, ABROAD)
    assert not sees_more(VILLAGE, OWN, PROXY)
    assert not sees_more(TOWN, PROXY, ABROAD)
