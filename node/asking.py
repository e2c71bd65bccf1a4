"""The state of the links to the parents: numbers of requests, which of them wait for an answer.

Several requests may wait at once: one on the line, others on sticks that come back late or never.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from node.db import Database
from node.tables import identity as identity_table
from sync.adapters.tables import link, outstanding
from sync.errors import NotOutstanding
from sync.exchange import Answer, digest

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


def is_late(tx: sa.Connection, station: str, answer: Answer) -> bool:
    """Whether a parent was heard after it gave an answer that came back by stick or letter.

    What such an answer says of the parent's log and epoch was true once. On the line only one
    request waits, so that no answer is late. Both clocks must say so: neither alone is trusted.

    Args:
        tx: any transaction; the answer is not closed yet.
        station: code of the parent.
        answer: believed.
    """
    t, heard = outstanding.c, sa.select(link.c.last_contact).where(link.c.station == station)
    row = tx.execute(sa.select(t.carrier, t.made_at).where(t.digest == answer.request)).first()
    if row is None or row.carrier == Carrier.LINE.value:
        return False
    if row.made_at >= (tx.execute(heard).scalar() or 0):
        return False
    anchor = tx.execute(sa.select(identity_table.c.anchor_time)).scalar()
    return answer.county_time is None or answer.county_time < (anchor or 0)


def still_true(tx: sa.Connection, station: str, answer: Answer) -> Answer:
    """An answer without what later ones have overtaken: trust, an epoch that has ended, its feed.

    Args:
        tx: any transaction.
        station: code of the parent.
        answer: believed.
    """
    epoch = tx.execute(sa.select(link.c.epoch).where(link.c.station == station)).scalar()
    if epoch is None or not is_late(tx, station, answer):
        return answer
    kept = replace(answer, county_document=None, certificates=[], epoch=bytes(epoch))
    return kept if answer.epoch == epoch else replace(kept, feed=[], county_heads=[])


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
