"""What waits at this station: dates that run out, results to be handed over, cases to accept."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.case import State
from casework.places import PlaceKind
from casework.values import day_of, read_date
from node import casefile
from node.casefile import CaseLine
from node.identity import Identity
from node.runtime import Node
from node.tables import case as table

_MOST: Final = 30
_RUNNING: Final = (State.ACCEPTED, State.ACCEPTED_DEF, State.REVIEW, State.SPECIAL)
_LACKING: Final = (State.ACCEPTED_DEF, State.CORRECTION)


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to do.

    Attributes:
        why: papers_missing, correction, overdue or accept.
        due: ISO date; empty where none runs.
        days_left: working days until then; below 0 when it has passed.
    """

    line: CaseLine
    why: str
    due: str
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What waits.

    Attributes:
        todo: the most urgent first.
        deliver: results that lie here, the oldest case first.
    """

    todo: tuple[Todo, ...]
    deliver: tuple[CaseLine, ...]


def home(node: Node) -> Home:
    """Say what waits at this station."""
    with node.database.read() as tx:
        me = node.identity_in(tx)
        today = day_of(node.clock.now_ms())
        calendar = node.limits(tx).calendar

        def left(text: str) -> int:
            last = read_date(text)
            if last is None:
                return 0
            late = calendar.between(last, today)
            return -max(1, late) if last < today else calendar.between(today, last)

        t = table.c
        lacking = _lines(tx, me, sa.and_(t.state.in_(_LACKING), t.deadline != ""), t.deadline)
        overdue = [
            line
            for state in _RUNNING
            for line in _lines(tx, me, _is_due(state, today.isoformat(), me.place.code), t.due)
        ]
        todo = [Todo(line, _why(line), line.deadline, left(line.deadline)) for line in lacking]
        todo += [Todo(line, "overdue", line.due, left(line.due)) for line in overdue]
        todo += [Todo(line, "accept", "", 0) for line in _to_accept(tx, me)]
        ready = _lines(tx, me, t.state == State.READY, t.received_at)
    return Home(
        todo=tuple(sorted(todo, key=lambda one: (one.due or "9", one.line.case))),
        deliver=tuple(ready),
    )


def _is_due(state: State, today: str, handling: str) -> sa.ColumnElement[bool]:
    """Written so that an index answers it: one state, a range of days."""
    t = table.c
    return sa.and_(t.state == state, t.due > "", t.due <= today, t.handling == handling)


def _why(line: CaseLine) -> str:
    return "correction" if line.state == State.CORRECTION else "papers_missing"


def _to_accept(tx: sa.Connection, me: Identity) -> list[CaseLine]:
    """Papers that villages and outlets took in for this township."""
    if me.place.kind is not PlaceKind.TOWNSHIP:
        return []
    t = table.c
    where = sa.and_(t.state == State.RECEIVED, t.handling == me.place.code)
    return _lines(tx, me, where, t.received_at)


def _lines(
    tx: sa.Connection,
    me: Identity,
    where: sa.ColumnElement[bool],
    order: sa.ColumnElement[object],
) -> list[CaseLine]:
    records = tx.scalars(sa.select(table.c.record).where(where).order_by(order).limit(_MOST)).all()
    found = casefile.lines_of(tx, me, records)
    return sorted(found, key=lambda line: (line.deadline or line.due, line.received_at, line.case))
