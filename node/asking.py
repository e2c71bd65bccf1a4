"""The state of the links to the parents: numbers of requests, which of them wait for an answer.

Several requests may wait at once: one on the line, others on sticks that come back late or never.
"""

from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from node.db import Database
from sync.adapters.tables import link, outstanding
from sync.errors import NotOutstanding
from sync.exchange import digest

_MOST_ON_STICKS: Final = 64
"""Requests on sticks, and letters, remembered for each parent; older ones are taken as lost."""


class Carrier(StrEnum):
    """How a request travels."""

    LINE = "line"
    FILE = "file"
    LETTER = "letter"


def row_of(tx: sa.Connection, station: str) -> sa.Row[Any]:
    """Read, and make where there is none yet, the link to a parent.

    Args:
        tx: a write transaction.
        station: code of the parent.
    """
    statement = sa.select(link).where(link.c.station == station)
    row = tx.execute(statement).first()
    if row is None:
        tx.execute(sa.insert(link).values(station=station))
        row = tx.execute(statement).one()
    return row


def note(tx: sa.Connection, station: str, message: bytes, *, carrier: Carrier, now: int) -> None:
    """Remember a request as waiting; on the line it takes the place of the one before it.

    Args:
        tx: a write transaction.
        station: code of the parent.
        message: the signed request.
        carrier: how it travels.
        now: milliseconds since the epoch.
    """
    number = row_of(tx, station).number + 1
    tx.execute(sa.update(link).where(link.c.station == station).values(number=number))
    t = outstanding.c
    lost = sa.and_(t.station == station, t.carrier == carrier.value)
    if carrier is not Carrier.LINE:
        lost &= t.number <= number - _MOST_ON_STICKS
    tx.execute(sa.delete(outstanding).where(lost))
    tx.execute(
        sa.insert(outstanding).values(
            digest=digest(message),
            station=station,
            number=number,
            made_at=now,
            carrier=carrier.value,
        )
    )


def waiting(tx: sa.Connection, station: str) -> frozenset[bytes]:
    """Digests of the requests to a parent that wait for their answer.

    Raises:
        NotOutstanding: none does.
    """
    found = tx.scalars(sa.select(outstanding.c.digest).where(outstanding.c.station == station))
    digests = frozenset(bytes(one) for one in found)
    if not digests:
        raise NotOutstanding("none")
    return digests


def on_the_line(tx: sa.Connection, station: str) -> bytes | None:
    """Digest of the request to a parent that waits on the line."""
    t = outstanding.c
    where = (t.station == station, t.carrier == Carrier.LINE.value)
    found = tx.execute(sa.select(t.digest).where(*where)).scalar()
    return None if found is None else bytes(found)


def carrier_of(tx: sa.Connection, request: bytes) -> Carrier | None:
    """How a request that waits travels; None: it does not wait."""
    t = outstanding.c
    found = tx.execute(sa.select(t.carrier).where(t.digest == request)).scalar()
    return None if found is None else Carrier(found)


def answered(tx: sa.Connection, request: bytes) -> None:
    """Forget a request that has been answered."""
    tx.execute(sa.delete(outstanding).where(outstanding.c.digest == request))


def note_failure(database: Database, station: str, reason: str) -> None:
    """Remember why an exchange failed, in a word; the request stays outstanding."""
    with database.write() as tx:
        row_of(tx, station)
        tx.execute(
            sa.update(link)
            .where(link.c.station == station)
            .values(failures=link.c.failures + 1, last_failure=reason)
        )
