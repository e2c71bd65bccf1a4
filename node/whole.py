"""Giving a child a whole record again that it asks for (docs/spec/feed.md §4)."""

from collections.abc import Sequence

import sqlalchemy as sa

from casework.places import PlaceKind
from crypto.certificate import DeviceCertificate
from node import feeding
from sync.adapters.tables import feed_item
from sync.adapters.tables import operation as operation_table
from sync.feed import NOWHERE, Place, in_scope


def owe_asked(
    tx: sa.Connection, one: DeviceCertificate, records: Sequence[bytes], *, after: int
) -> list[bytes]:
    """Append records to the feed of a child that asked for them.

    What waits in the feed behind the child's position is not appended twice: a request may be
    repeated.

    Args:
        tx: a write transaction.
        one: the child.
        records: that it asks for.
        after: its position in the feed.

    Returns:
        Those that are not in its scope: it is told so.
    """
    place = Place(one.station, PlaceKind(one.station_kind))
    scopes = feeding.scopes_of(tx, records)
    here = [r for r in dict.fromkeys(records) if in_scope(place, scopes.get(r, NOWHERE))]
    for record in here:
        owe_whole(tx, one.replica, [record], after=after)
    return [record for record in records if record not in set(here)]


def owe_whole(tx: sa.Connection, replica: bytes, records: Sequence[bytes], *, after: int) -> int:
    """Append all operations of some records to a child's feed, the child's own included.

    Args:
        tx: a write transaction.
        replica: of the child.
        records: in its scope.
        after: what lies in its feed beyond here need not be appended.

    Returns:
        How many operations were appended.
    """
    o, f = operation_table.c, feed_item.c
    waiting = sa.select(f.operation).where(f.child == replica, f.number > after)
    rows = tx.scalars(
        sa.select(o.id).where(o.record.in_(records), o.id.not_in(waiting)).order_by(o.id)
    ).all()
    feeding.append(tx, replica, rows)
    return len(rows)
