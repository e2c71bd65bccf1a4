"""Authorisations (授权书、委托书): who may do what, for which items, on whose letter, until when.

A station accepts in a department's name only while a letter of the department, or of the county for
all of them, is in force (R-ZH-21a, R-HC-30a); a partner outlet needs its agreement besides
(R-HC-30d). A chief representative decides on a letter too (R-HC-08a, R-NX-34). Taking papers in
needs none: a citizen cannot lose a filing date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeVar

from casework.catalogue import CatalogueItem, mode_at
from casework.places import Mode, PlaceKind, Role
from casework.values import (
    Fields,
    Value,
    day_of,
    read_date,
    read_int,
    read_list,
    read_map,
    read_text,
)

COUNTY: Final = ""
"""Grantor of a letter that the county gives for every department."""
_PERSON: Final = "@"
_Of = TypeVar("_Of")


class Power(StrEnum):
    """What a letter may let somebody do (R-HC-08a: 受理、审查、决定、颁发及送达)."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    PRECHECK = "precheck"
    DECIDE = "decide"
    ISSUE = "issue"
    DELIVER = "deliver"
    SEAL = "seal"


POWERS: Final[Mapping[str, Power]] = {
    "case.accepted": Power.ACCEPT,
    "case.correction_requested": Power.ACCEPT,
    "case.material_checked": Power.PRECHECK,
    "case.signed_in": Power.PRECHECK,
    "case.reviewed": Power.PRECHECK,
    "case.not_accepted": Power.DECIDE,
    "case.decided": Power.DECIDE,
    "case.special_started": Power.DECIDE,
    "case.special_ended": Power.DECIDE,
    "case.limit_extended": Power.DECIDE,
    "case.rectify_ordered": Power.DECIDE,
    "case.rectified": Power.DECIDE,
    "case.revoked": Power.DECIDE,
    "case.terminated": Power.DECIDE,
    "case.issued": Power.ISSUE,
    "case.delivered": Power.DELIVER,
}
"""Fact → the power that a chief representative's letter must give for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a paper covers, and when; no item and no area named: every item.

    Attributes:
        first: first day.
        last: last day.
        ended_at: taken back at this instant, milliseconds; None: it stands.
    """

    first: date
    last: date
    items: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    ended_at: int | None = None

    def covers(self, item: CatalogueItem | None, at: int) -> bool:
        """Say whether it covers an item at an instant (ms); no item: anything at all."""
        if not self.first <= day_of(at) <= self.last:
            return False
        if self.ended_at is not None and at >= self.ended_at:
            return False
        every = item is None or not (self.items or self.areas)
        return every or (item is not None and (item.code in self.items or item.area in self.areas))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter of authorisation, for everybody whom it names.

    Attributes:
        grantor: department; `COUNTY`: the county, for all.
        to: 12-digit codes of stations, and people (`person`).
    """

    document_no: str
    grantor: str
    to: frozenset[str]
    powers: frozenset[str]
    scope: Scope

    def gives(self, power: str, item: CatalogueItem | None, at: int) -> bool:
        """Say whether it gives a power for an item at an instant (ms)."""
        own = not self.grantor or item is None or self.grantor in item.department.split("/")
        return power in self.powers and own and self.scope.covers(item, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The agreement (合作协议) with a partner about some outlets."""

    document_no: str
    outlets: frozenset[str]
    scope: Scope


@dataclass(frozen=True)
class Book:
    """All letters and agreements that somebody knows of.

    Attributes:
        kept: whether authorisations are kept at all; documents published before they were leave
            the modes of the catalogue alone.
        as_of: when the county wrote it down, milliseconds.
    """

    letters: Sequence[Letter] = ()
    agreements: Sequence[Agreement] = ()
    kept: bool = False
    as_of: int | None = None

    @cached_property
    def _letters_of(self) -> Mapping[str, Sequence[Letter]]:
        return _by_name((name, letter) for letter in self.letters for name in letter.to)

    @cached_property
    def _agreements_of(self) -> Mapping[str, Sequence[Agreement]]:
        return _by_name((code, one) for one in self.agreements for code in one.outlets)

    def letters_of(self, grantee: str) -> Sequence[Letter]:
        """The letters of a station or a person, whether in force or not."""
        return self._letters_of.get(grantee, ())

    def agreements_of(self, outlet: str) -> Sequence[Agreement]:
        """The agreements about an outlet, whether in force or not."""
        return self._agreements_of.get(outlet, ())


NO_BOOK: Final = Book()


def person(login: str) -> str:
    """How a letter names a person."""
    return f"{_PERSON}{login}"


def covers(book: Book, grantee: str, power: str, *, item: CatalogueItem | None, at: int) -> bool:
    """Say whether somebody holds a power for an item at an instant.

    Args:
        book: what is known.
        grantee: 12-digit code of a station, or `person(login)`.
        power: one of `Power`.
        item: as shown to the citizen; None: for any item at all.
        at: milliseconds.

    Where no letters are kept at all (`Book.kept`) the answer is yes: see there.
    """
    if not book.kept:
        return True
    return any(letter.gives(power, item, at) for letter in book.letters_of(grantee))


def agreed(book: Book, outlet: str, *, item: CatalogueItem | None, at: int) -> bool:
    """Say whether the agreement of an outlet is in force for an item at an instant (R-HC-30d).

    An outlet of which the book says nothing yet was registered after it was written.
    """
    known = book.agreements_of(outlet)
    return not known or any(one.scope.covers(item, at) for one in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Which station is asked about; `partner` is that of an outlet."""

    code: str
    kind: PlaceKind
    partner: str = ""


def effective_mode(book: Book, post: Post, item: CatalogueItem, at: int) -> Mode | None:
    """Answer in which mode a station offers an item at an instant, letters considered.

    The published mode, cut down to what the letters in force give: without `decide` it is accepted
    and not decided (委托受理), without `accept` papers are only taken in (帮办代办). An outlet
    without an agreement in force offers nothing. A station that has no letter in the book was
    registered after it was written, with letters of its own: its modes hold.
    """
    mode = mode_at(item, post.kind, post.partner, code=post.code)
    if mode is None or not book.kept:
        return mode
    if post.kind is PlaceKind.OUTLET and not agreed(book, post.code, item=item, at=at):
        return None
    if not book.letters_of(post.code):
        return mode
    if mode is Mode.AUTHORISED and not covers(book, post.code, Power.DECIDE, item=item, at=at):
        mode = Mode.ENTRUSTED
    if mode is Mode.ENTRUSTED and not covers(book, post.code, Power.ACCEPT, item=item, at=at):
        return Mode.PROXY
    return mode


def lacks_letter(
    book: Book, role: str, login: str, *, asked: tuple[str, CatalogueItem | None], at: int
) -> Power | None:
    """Answer the power that a department's approver at the county lacks for a fact, if one.

    Args:
        book: what is known.
        role: of the person. Only chief representatives act on a letter of their own; window staff
            act on their station's.
        login: of the person.
        asked: the fact, and the item of the case.
        at: milliseconds.
    """
    fact, item = asked
    power = POWERS.get(fact)
    if power is None or role != Role.APPROVER:
        return None
    return None if covers(book, person(login), power, item=item, at=at) else power


def parse(published: object) -> Book:
    """Read the part `authorisations` of a published document; None: letters are not kept yet.

    What cannot be read gives nothing to anybody.
    """
    if not isinstance(published, Mapping):
        return NO_BOOK
    fields: Fields = published
    letters = [letter for part in read_list(fields.get("letters")) if (letter := _letter(part))]
    agreements = [one for part in read_list(fields.get("agreements")) if (one := _agreed(part))]
    return Book(tuple(letters), tuple(agreements), kept=True, as_of=read_int(fields.get("as_of")))


def _letter(value: Value) -> Letter | None:
    fields = read_map(value)
    scope = _scope(fields)
    if scope is None:
        return None
    return Letter(
        document_no=read_text(fields.get("no")) or "",
        grantor=read_text(fields.get("by")) or COUNTY,
        to=_texts(fields.get("to_whom")),
        powers=_texts(fields.get("powers")),
        scope=scope,
    )


def _agreed(value: Value) -> Agreement | None:
    fields = read_map(value)
    scope = _scope(fields)
    if scope is None:
        return None
    no = read_text(fields.get("no")) or ""
    return Agreement(document_no=no, outlets=_texts(fields.get("outlets")), scope=scope)


def _scope(fields: Fields) -> Scope | None:
    first, last = read_date(fields.get("from")), read_date(fields.get("to"))
    if first is None or last is None:
        return None
    return Scope(
        first=first,
        last=last,
        items=_texts(fields.get("items")),
        areas=_texts(fields.get("areas")),
        ended_at=read_int(fields.get("ended_at")),
    )


def scope_fields(scope: Scope) -> dict[str, Value]:
    """How a scope is published; names left out mean every item."""
    found: dict[str, Value] = {"from": scope.first.isoformat(), "to": scope.last.isoformat()}
    found |= {name: sorted(named) for name, named in _named(scope) if named}
    return found | ({"ended_at": scope.ended_at} if scope.ended_at is not None else {})


def _named(scope: Scope) -> tuple[tuple[str, frozenset[str]], ...]:
    return ("items", scope.items), ("areas", scope.areas)


def document(book: Book, as_of: int) -> dict[str, Value]:
    """Write a book as the part `authorisations` of a document; `as_of` in milliseconds."""
    return {
        "as_of": as_of,
        "letters": [
            {
                **({"by": one.grantor} if one.grantor else {}),
                "no": one.document_no,
                "powers": sorted(one.powers),
                "to_whom": sorted(one.to),
                **scope_fields(one.scope),
            }
            for one in book.letters
        ],
        "agreements": [
            {"no": one.document_no, "outlets": sorted(one.outlets), **scope_fields(one.scope)}
            for one in book.agreements
        ],
    }


def _texts(value: Value) -> frozenset[str]:
    return frozenset(text for one in read_list(value) if (text := read_text(one)))


def _by_name(pairs: Iterable[tuple[str, _Of]]) -> Mapping[str, Sequence[_Of]]:
    found: dict[str, list[_Of]] = {}
    for name, one in pairs:
        found.setdefault(name, []).append(one)
    return found
