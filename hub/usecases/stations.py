"""Registering places, and the one-time codes by which their devices find their enrolment."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

import sqlalchemy as sa

from casework.errors import FieldProblem
from casework.places import PlaceKind, county_of, is_station_code, kind_of_code, township_of
from crypto.entropy import random_bytes
from crypto.trust import NONCE_BYTES, enrolment_code, tidy_code
from hub.rows import enrolment, station
from hub.usecases import authorisation_defaults
from node.db import upsert
from node.enrolment import REQUEST_BYTES, EnrolmentState
from node.errors import InvalidInput
from node.runtime import Node

CODE_LIFE_MS: Final = 7 * 86_400_000
_YEAR_MS: Final = 365 * 86_400_000
PARTNERS: Final = ("bank", "post", "shop", "market", "telecom")
KINDS: Final = (PlaceKind.VILLAGE, PlaceKind.TOWNSHIP, PlaceKind.OUTLET)
_MOST_NAME: Final = 100
ISSUED: Final = "issued"
"""A code that no device has brought yet; the device's side never sees this state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """A place to be registered.

    Attributes:
        partner: of an outlet; empty: bank.
        parent: empty: the township with the same nine digits.
        pre_approve: the first device that brings the code is approved without a person looking.
    """

    code: str
    kind: str
    name: str
    partner: str = ""
    parent: str = ""
    pre_approve: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """A registered place and its one-time code, which is shown once and kept as a hash."""

    station: str
    enrolment_code: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Station:
    """A registered place."""

    code: str
    kind: PlaceKind
    name: str
    partner: str
    parent: str
    authorised_until: int


def add(node: Node, new: NewStation) -> Added:
    """Register a place, or give a registered one a code for another device.

    Args:
        node: the hub.
        new: the place.

    Raises:
        InvalidInput: the code is not in the divisions, is of another kind, or a village's
            township is not registered.
    """

    def work(tx: sa.Connection) -> Added:
        place = _checked(tx, node, new)
        now = node.clock.now_ms()
        upsert(
            tx,
            station,
            {
                "code": place.code,
                "kind": place.kind.value,
                "name": place.name,
                "partner": place.partner,
                "parent": place.parent,
                "authorised_until": now + _YEAR_MS,
                "created_at": now,
            },
        )
        authorisation_defaults.give(
            tx, node, code=place.code, kind=place.kind, partner=place.partner
        )
        return _give_code(tx, place.code, now=now, pre_approve=new.pre_approve)

    return node.database.run(work)


def listed(node: Node) -> list[Station]:
    """Every registered place, by code."""
    with node.database.read() as tx:
        return list(registered(tx).values())


def registered(tx: sa.Connection) -> dict[str, Station]:
    """Every registered place by its code; a county has a few hundred."""
    rows = tx.execute(sa.select(station).order_by(station.c.code))
    return {
        row.code: Station(
            row.code, PlaceKind(row.kind), row.name, row.partner, row.parent, row.authorised_until
        )
        for row in rows
    }


def code_hash(code: str) -> bytes:
    """What a one-time code is kept and found by, however it was typed."""
    return hashlib.sha256(tidy_code(code).encode()).digest()


def _give_code(tx: sa.Connection, code: str, *, now: int, pre_approve: bool) -> Added:
    """Draw a one-time code; earlier ones of the place that nobody used are void."""
    e = enrolment.c
    unused = (e.station == code, e.state == ISSUED)
    tx.execute(sa.update(enrolment).where(*unused).values(state=EnrolmentState.EXPIRED.value))
    one_time = enrolment_code(random_bytes)
    tx.execute(
        sa.insert(enrolment).values(
            id=random_bytes(REQUEST_BYTES),
            code_hash=code_hash(one_time),
            station=code,
            state=ISSUED,
            pre_approved=pre_approve,
            hub_nonce=random_bytes(NONCE_BYTES),
            tls_fingerprint="",
            match_code="",
            device=0,
            reason="",
            decided_by="",
            created_at=now,
            expires_at=now + CODE_LIFE_MS,
        )
    )
    return Added(code, one_time, now + CODE_LIFE_MS)


def _checked(tx: sa.Connection, node: Node, new: NewStation) -> Station:
    """The place as it will stand.

    Raises:
        InvalidInput: with everything that is wrong.
    """
    county = node.identity_in(tx).county_code
    divisions = _divisions(node, tx)
    problems = list(_problems(new, county, divisions))
    if problems:
        raise InvalidInput(problems)
    kind = PlaceKind(new.kind)
    partner = (new.partner or "bank") if kind is PlaceKind.OUTLET else ""
    known = registered(tx)
    parent = new.parent or _default_parent(new.code, kind, county, known)
    problems = list(_parent_problems(new.code, kind, parent, county=county, known=known))
    if problems:
        raise InvalidInput(problems)
    return Station(new.code, kind, new.name.strip(), partner, parent, 0)


def _divisions(node: Node, tx: sa.Connection) -> Mapping[str, str]:
    """Code → name of every township and village of the county."""
    found: dict[str, str] = {}
    for township in node.regions(tx):
        found[str(township.get("code"))] = str(township.get("name"))
        villages = cast("list[tuple[str, str]]", township.get("villages", []))
        found |= {str(code): str(name) for code, name in villages}
    return found


def _problems(new: NewStation, county: str, divisions: Mapping[str, str]) -> Iterator[FieldProblem]:
    if new.kind not in KINDS:
        yield _problem("/kind", "种类只有村站、乡镇、网点。", "village, township or outlet.")
        return
    if not is_station_code(new.code) or county_of(new.code) != county:
        yield _problem("/code", "代码要12位数字，前6位是本县的。", "12 digits of this county.")
    elif kind_of_code(new.code) != new.kind:
        yield _problem("/code", "代码和种类对不上。", "Code and kind do not agree.")
    elif _division(new) not in divisions:
        yield _problem("/code", "区划里没有这个代码。", "No such division.")
    if not new.name.strip() or len(new.name) > _MOST_NAME:
        yield _problem("/name", "写上站点的名字，不超过100字。", "A name of 1 to 100 characters.")
    if new.partner and (new.partner not in PARTNERS or new.kind != PlaceKind.OUTLET):
        yield _problem("/partner", "合作单位只写给网点。", "Only an outlet has a partner.")


def _division(new: NewStation) -> str:
    """Outlets have no division of their own: their township must exist."""
    return township_of(new.code) if new.kind == PlaceKind.OUTLET else new.code


def _default_parent(code: str, kind: PlaceKind, county: str, known: Mapping[str, Station]) -> str:
    above = township_of(code)
    if kind is PlaceKind.TOWNSHIP or (kind is PlaceKind.OUTLET and above not in known):
        return county
    return above


def _parent_problems(
    code: str, kind: PlaceKind, parent: str, *, county: str, known: Mapping[str, Station]
) -> Iterator[FieldProblem]:
    """Whom a place may stand under: the codes carry the tree (`sync.feed`)."""
    allowed = {
        PlaceKind.TOWNSHIP: {county},
        PlaceKind.VILLAGE: {township_of(code)},
        PlaceKind.OUTLET: {county, township_of(code)},
    }
    if parent not in allowed.get(kind, set()):
        yield _problem("/parent", "上级不对：要是同前9位的乡镇。", "Not the place's township.")
    elif parent != county and parent not in known:
        yield _problem("/parent", "先登记它的乡镇，再登记村站。", "Register its township first.")


def _problem(pointer: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer, "value", zh, en)
