"""What a township sees of its centre and its villages: who is silent, and what waits (R-HC-07).

Only what this computer knows is told, with the hour of the last word of each station: one that was
not heard today may well be at work. What is not known is never counted as good.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from casework.case import State
from casework.paper_trail import UNDER_WAY
from casework.places import PlaceKind, township_of
from casework.values import day_of
from node import casefile, heads
from node.casefile import CaseLine
from node.errors import NotFound
from node.identity import Identity
from node.runtime import Node
from node.tables import case as table
from sync.adapters.sql import SqlLog
from sync.adapters.tables import author, change_set, child

SOON_WD: Final = 2
"""What is due within so many working days stands under 快到期."""
_MOST: Final = 100
_RUNNING: Final = (State.ACCEPTED, State.ACCEPTED_DEF, State.REVIEW, State.SPECIAL)
_LACKING: Final = (State.ACCEPTED_DEF, State.CORRECTION)


class Question(StrEnum):
    """What the page is asked (screens §2.10)."""

    SILENT = "silent"
    DUE = "due"
    PAPERS = "papers"
    LACKING = "lacking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """A station of the township, or its own centre.

    Attributes:
        heard_at: when a device of it was last heard of, on any path; None: never.
        today: whether that was today.
        unsent: operations that exist there and are not here; None: nobody knows.
        counts: question → cases of it.
    """

    code: str
    name: str
    kind: PlaceKind
    heard_at: int | None
    today: bool
    unsent: int | None
    counts: Mapping[Question, int]

    @property
    def trouble(self) -> tuple[int, int]:
        """How urgently somebody should look, for sorting; the larger the sooner."""
        return sum(self.counts.values()), 0 if self.today else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the page shows.

    Attributes:
        at: when it was counted, milliseconds.
        totals: question → stations or cases.
        lagging: stations of which something exists that is not here, and how many operations.
        lines: cases of the question that was asked; the first `_MOST`.
    """

    at: int
    stations: tuple[Below, ...]
    totals: Mapping[Question, int]
    lagging: tuple[int, int]
    lines: tuple[CaseLine, ...]


def overview(node: Node, question: Question | None = None) -> Overview:
    """Say how the stations of this township stand.

    Args:
        node: of a township's centre.
        question: whose cases are listed; None, or about stations: no cases.

    Raises:
        NotFound: this is no township.
    """
    with node.database.read() as tx:
        me, now = node.identity_in(tx), node.clock.now_ms()
        if me.place.kind is not PlaceKind.TOWNSHIP:
            raise NotFound("page", "township")
        wheres = _wheres(tx, node, me, now)
        counted = {question: _count(tx, where) for question, where in wheres.items()}
        stations = sorted(_stations(tx, node, me, counted), key=_order)
        totals = {one: sum(found.values()) for one, found in counted.items()}
        totals[Question.SILENT] = sum(not one.today for one in stations)
        behind = [one.unsent for one in stations if one.unsent]
        lines = _lines(tx, me, wheres[question]) if question in wheres else ()
    return Overview(
        at=now,
        stations=tuple(stations),
        totals=totals,
        lagging=(len(behind), sum(behind)),
        lines=lines,
    )


def _wheres(
    tx: sa.Connection, node: Node, me: Identity, now: int
) -> dict[Question, sa.ColumnElement[bool]]:
    t, today = table.c, day_of(now)
    soon = node.limits(tx).calendar.add(today, SOON_WD).day.isoformat()
    here = f" {me.place.code} "
    elsewhere = sa.and_(t.papers != "", sa.not_(t.papers.contains(here, autoescape=True)))
    coming = t.papers.contains(f" {UNDER_WAY}{me.place.code} ", autoescape=True)
    return {
        Question.DUE: sa.and_(t.state.in_(_RUNNING), t.due > "", t.due <= soon),
        Question.PAPERS: sa.and_(sa.or_(elsewhere, coming), t.station != me.place.code),
        Question.LACKING: sa.and_(t.state.in_(_LACKING), t.deadline != ""),
    }


def _count(tx: sa.Connection, where: sa.ColumnElement[bool]) -> dict[str, int]:
    t = table.c
    rows = tx.execute(sa.select(t.station, sa.func.count()).where(where).group_by(t.station))
    return {row[0]: int(row[1]) for row in rows}


def _lines(tx: sa.Connection, me: Identity, where: sa.ColumnElement[bool]) -> tuple[CaseLine, ...]:
    t = table.c
    ordered = sa.select(t.record).where(where).order_by(t.due, t.deadline, t.received_at)
    found = casefile.lines_of(tx, me, tx.scalars(ordered.limit(_MOST)).all())
    return tuple(
        sorted(found, key=lambda one: (one.deadline or one.due or "9", one.received_at, one.case))
    )


@dataclass(slots=True)
class _Heard:
    """What is known of the devices of one station."""

    name: str = ""
    at: int = 0
    unsent: int = 0


def _stations(
    tx: sa.Connection, node: Node, me: Identity, counted: Mapping[Question, Mapping[str, int]]
) -> Iterator[Below]:
    found = _heard(tx, me)
    found[me.place.code] = _Heard(me.name, at=node.clock.now_ms())
    today = day_of(node.clock.now_ms())
    for code, heard in found.items():
        known = heard.at > 0
        yield Below(
            code=code,
            name=heard.name or code,
            kind=_kind(code, me),
            heard_at=heard.at or None,
            today=known and day_of(heard.at) == today,
            unsent=heard.unsent if known else None,
            counts={question: by.get(code, 0) for question, by in counted.items()},
        )


def _kind(code: str, me: Identity) -> PlaceKind:
    if code == me.place.code:
        return PlaceKind.TOWNSHIP
    return PlaceKind.OUTLET if code[9:] >= "900" else PlaceKind.VILLAGE


def _heard(tx: sa.Connection, me: Identity) -> dict[str, _Heard]:
    """The last word of every device of the township, and what of its log is not here."""
    found: dict[str, _Heard] = {}
    known, log, seen = heads.known(tx), SqlLog(tx), _seen(tx)
    rows = tx.execute(sa.select(author).where(author.c.revoked_after.is_(None)))
    for row in rows:
        if row.station == me.place.code or township_of(row.station) != me.place.code:
            continue
        one = found.setdefault(row.station, _Heard())
        one.name = me.read_certificate(row.certificate).station_name or one.name
        head = known.get(row.replica)
        up_to, _ = log.contiguous(row.replica)
        one.at = max(one.at, seen.get(row.replica, 0), head.heard_at if head else 0)
        one.unsent += max((head.seq if head else 0) - up_to, 0)
    return found


def _seen(tx: sa.Connection) -> dict[bytes, int]:
    """When each device last called here, or the county last confirmed something of it."""
    c, s = child.c, change_set.c
    found = {
        row.replica: row.last_seen or 0 for row in tx.execute(sa.select(c.replica, c.last_seen))
    }
    confirmed = sa.select(s.replica, sa.func.max(s.received_at).label("at")).group_by(s.replica)
    for row in tx.execute(confirmed):
        found[row.replica] = max(found.get(row.replica, 0), row.at or 0)
    return found


def _order(one: Below) -> tuple[int, int, str]:
    cases, silent = one.trouble
    return -cases, -silent, one.code
