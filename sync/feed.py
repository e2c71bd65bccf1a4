"""Who may see what of a record: one rule for bundles upward and for the feed downward.

The division codes carry the tree: a village `411526101201` and an outlet `411526101901` belong to
the township `411526101000`, that to the county `411526000000`.
"""

from typing import Final, NamedTuple

from casework.places import PlaceKind, township_of

PERSONAL: Final = 2
"""The class that everyone in scope may see."""


class Place(NamedTuple):
    """A station as far as visibility is concerned."""

    code: str
    kind: PlaceKind


class Scope(NamedTuple):
    """Where a record belongs.

    Attributes:
        station: code of the station that received the case; empty while that is not known here.
        handling: code of the station that accepts it (its own when it accepts itself).
    """

    station: str
    handling: str


NOWHERE: Final = Scope("", "")
"""Of a record of which it is not known, or disputed, where it belongs."""


def in_scope(place: Place, scope: Scope) -> bool:
    """Say whether a place holds the record at all."""
    if place.kind is PlaceKind.COUNTY:
        return True
    if place.kind is PlaceKind.TOWNSHIP:
        return place.code in {township_of(scope.station), scope.station, scope.handling}
    return place.code == scope.station


def visible(class_: int, place: Place, scope: Scope) -> bool:
    """Say whether a place may see the values of a class in a record.

    Class 3 goes to the county, to the station that received the case, and to the township that
    accepts it; class 2 to everyone in scope (domain/model.md §5).

    >>> village, town = "411526101201", Place("411526101000", PlaceKind.TOWNSHIP)
    >>> visible(3, town, Scope(village, village)), visible(3, town, Scope(village, town.code))
    (False, True)
    """
    if not in_scope(place, scope):
        return False
    if class_ <= PERSONAL:
        return True
    return place.kind is PlaceKind.COUNTY or place.code in {scope.station, scope.handling}


def sees_more(place: Place, before: Scope, after: Scope) -> bool:
    """Say whether a place may see more of a record than it might: then all of it is owed again.

    >>> town, village = Place("411526101000", PlaceKind.TOWNSHIP), "411526101201"
    >>> sees_more(town, NOWHERE, Scope(village, village))
    True
    >>> sees_more(town, Scope(village, village), Scope(village, town.code))
    True
    >>> sees_more(town, Scope(village, town.code), Scope(village, village))
    False
    """
    return any(visible(c, place, after) and not visible(c, place, before) for c in (PERSONAL, 3))
