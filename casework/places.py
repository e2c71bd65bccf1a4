"""Where and as whom an act is done: station codes, kinds, roles, delegation modes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TOWNSHIP_DIGITS: Final = 9
COUNTY_DIGITS: Final = 6
CODE_DIGITS: Final = 12
_OUTLETS: Final = range(900, 1000)


class PlaceKind(StrEnum):
    """Kinds of place, from the county down."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    OUTLET = "outlet"


class Role(StrEnum):
    """What somebody may be; SYSTEM is the county acting by rule, without a person."""

    HELPER = "helper"
    CLERK = "clerk"
    TELLER = "teller"
    APPROVER = "approver"
    RECONCILER = "reconciler"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Mode(StrEnum):
    """Delegation modes 委托受理, 授权办理, 帮办代办 (HC Art.30, R-HC-30a); None is 不办."""

    ENTRUSTED = "entrusted"
    AUTHORISED = "authorised"
    PROXY = "proxy"


RANK: Final = {
    PlaceKind.COUNTY.value: 3,
    PlaceKind.TOWNSHIP.value: 2,
    PlaceKind.VILLAGE.value: 1,
    PlaceKind.OUTLET.value: 0,
}
"""The constant rank of places where two statements differ; unknown kinds rank lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A station, township, outlet or the county.

    Attributes:
        code: 12 digits.
        parent: code of the township or county above; empty for the county.
    """

    code: str
    kind: PlaceKind
    name: str = ""
    parent: str = ""


def is_station_code(text: str) -> bool:
    """Say whether this is a 12-digit code. Does not check that the division exists."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit()


def kind_of_code(code: str) -> PlaceKind:
    """Answer the kind that a well-formed code stands for (GB/T 2260 with 900-999 for outlets).

    >>> [kind_of_code(c).value for c in ("411526000000", "411526101000", "411526101901")]
    ['county', 'township', 'outlet']
    """
    if code.endswith("000"):
        return PlaceKind.COUNTY if code[6:9] == "000" else PlaceKind.TOWNSHIP
    return PlaceKind.OUTLET if int(code[9:]) in _OUTLETS else PlaceKind.VILLAGE


def township_of(code: str) -> str:
    """Answer the code of the township with the same nine digits.

    >>> township_of("411526101201")
    '411526101000'
    """
    return code[:TOWNSHIP_DIGITS] + "000"


def county_of(code: str) -> str:
    """Answer the 12-digit code of the county of a place."""
    return code[:COUNTY_DIGITS] + "0" * (CODE_DIGITS - COUNTY_DIGITS)
