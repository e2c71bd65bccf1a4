"""What is reckoned with: the published documents that are kept here, read once.

Below the projection of cases, because the promised day of a case depends on the item that was
shown to the citizen and on the newest calendar. Whoever published a document was checked when it
was taken (`publication`); nothing else gets into the table.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple, cast

import sqlalchemy as sa

from casework import catalogue_reading, deadline, policy_layers, workdays
from casework.case import CaseState
from casework.catalogue import Catalogue, CatalogueItem
from casework.deadline import Clock, Settings
from casework.values import Value, read_int
from casework.workdays import Calendar
from crypto import envelope
from node.tables import published

MAX_BYTES: Final = 4 << 20


class Dues(NamedTuple):
    """The promised and the statutory day of a case as they stand, special steps considered."""

    promised: date | None
    statutory: date | None


Reckon = Callable[[CaseState], Dues]


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """One published document, parsed once: equal only to itself, so that it can key a cache.

    Attributes:
        version: rises by one with each publication.
        document: `catalogue`, `holidays`, `regions`, `note`, `settings`, `credit`, as JSON.
    """

    version: int
    document: dict[str, object]


def read(payload: bytes) -> Published:
    """Read the text of a published document. Does not check who signed it."""
    document = json.loads(payload)
    return Published(int(document["version"]), document)


def held(tx: sa.Connection, version: int | None = None) -> Published | None:
    """Read what is in force here, or a certain older version; None where there is none."""
    statement = sa.select(published.c.message).order_by(published.c.version.desc()).limit(1)
    if version is not None:
        statement = statement.where(published.c.version == version)
    message = tx.execute(statement).scalar()
    return _held(bytes(message)) if message is not None else None


@lru_cache(maxsize=8)
def _held(message: bytes) -> Published:
    return read(envelope.unverified_payload(message, max_bytes=MAX_BYTES))


@lru_cache(maxsize=8)
def catalogue(found: Published) -> Catalogue:
    """The items of a published document."""
    parsed = catalogue_reading.read_published(cast("Value", found.document.get("catalogue")))
    return replace(parsed, version=found.version)


@lru_cache(maxsize=8)
def calendar(found: Published) -> Calendar:
    """The working days of a published document."""
    return workdays.parse(cast("Value", found.document.get("holidays")))


def limits(found: Published, place: str, day: date) -> Clock:
    """What time limits are counted with at a place on a day: calendar and settings."""
    return Clock(calendar(found), _settings(found, place, day))


@lru_cache(maxsize=64)
def _settings(found: Published, place: str, day: date) -> Settings:
    return policy_layers.deadlines(found.document.get("settings"), place, day)


def known_until(before: Published, after: Published) -> date:
    """Answer the day up to which two published calendars say the same."""
    old, new = calendar(before), calendar(after)
    differing = (old.off ^ new.off) | (old.working ^ new.working)
    last = min(old.until, new.until)
    return min((day - timedelta(days=1) for day in differing if day <= last), default=last)


def reckoner(tx: sa.Connection) -> Reckon:
    """Answer how the days of a case are reckoned with what is published here.

    A pure function of the operations of the case and of the documents held: a step that goes on
    counts to its announced end, whatever day it is.
    """

    @cache
    def item(code: str, version: int) -> CatalogueItem | None:
        found = held(tx, version)
        return catalogue(found).item(code) if found else None

    @cache
    def clock() -> Clock | None:
        found = held(tx)
        return Clock(calendar(found)) if found else None

    def dues(state: CaseState) -> Dues:
        limits = clock() if deadline.may_move(state) else None
        if limits is None:
            return Dues(state.due, state.statutory_due)
        version = read_int(state.values.get("item_version")) or 0
        shown = item(state.text("item"), version)
        due = deadline.due_on(state, shown, limits)
        outer = deadline.statutory_due_on(state, shown, limits)
        return Dues(due and due.day, outer and outer.day)

    return dues
