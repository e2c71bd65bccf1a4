"""A branch that the county receipted takes the place of one that it did not (incarnations.md §1).

A place may have applied the losing branch of a fork before anybody knew of the other. What comes
with the county's receipt stays applied everywhere; what stood in its place is kept, sealed for the
county, among what was put aside, and its cases are derived without it.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from node import cases, feeding, outbox
from node.custody import proven
from node.identity import Identity
from node.tables import case as case_table
from sync import changeset
from sync.adapters.sql import SqlLog, StoredChangeSet
from sync.adapters.tables import change_set, feed_item, quarantine
from sync.adapters.tables import operation as operation_table
from sync.bundle import Extract
from sync.changeset import Header
from sync.exchange import digest


def displace(tx: sa.Connection, me: Identity, extract: Extract, *, now: int) -> bool:
    """Make room for an extract that the county has receipted.

    Args:
        tx: a write transaction.
        me: this node, not the county.
        extract: proven; it disagrees with what is held.
        now: milliseconds since the epoch.

    Returns:
        Whether something was moved, so that the extract may be stored now. Nothing is where the
        county's receipt does not come with it, or where the branch held has one too.
    """
    header = extract.signed.header
    if me.is_county or header.replica == me.replica or not proven(me, extract):
        return False
    losing = _losing(SqlLog(tx), header, extract.signed.hash)
    if not losing:
        return False
    _keep_aside(tx, me, losing, now=now)
    _forget(tx, losing)
    return True


def _losing(log: SqlLog, header: Header, name: bytes) -> list[StoredChangeSet]:
    """What is held of the replica from the disagreement on, without a receipt."""
    held = log.change_sets_after(header.replica, max(header.first - 2, 0))
    after = [s for s in held if s.first > header.last]
    follows = bool(after) and changeset.parse(after[0].message).header.prev == name
    return [
        stored
        for stored in held
        if stored.receipt is None
        and stored.header_hash not in {name, header.prev}
        and not (follows and stored.first > header.last)
    ]


def _keep_aside(
    tx: sa.Connection, me: Identity, losing: Sequence[StoredChangeSet], *, now: int
) -> None:
    log = SqlLog(tx)
    for stored in losing:
        helds = log.run(stored.replica, stored.first, stored.last)
        if helds:
            message = outbox.seal_for_county(me, feeding.lay_out(tx, helds))
            tx.execute(
                sa.insert(quarantine).values(
                    at=now,
                    digest=digest(message),
                    sender=me.replica,
                    seq=stored.first,
                    code="fork",
                    detail=f"displaced {stored.replica.hex()}:{stored.first}",
                    message=message,
                )
            )


def _forget(tx: sa.Connection, losing: Sequence[StoredChangeSet]) -> None:
    o, rows = operation_table.c, [stored.row for stored in losing]
    theirs = sa.select(o.id).where(o.change_set.in_(rows))
    records = set(tx.scalars(sa.select(o.record).where(o.change_set.in_(rows)).distinct()))
    tx.execute(sa.delete(feed_item).where(feed_item.c.operation.in_(theirs)))
    tx.execute(sa.delete(operation_table).where(o.change_set.in_(rows)))
    tx.execute(sa.delete(change_set).where(change_set.c.id.in_(rows)))
    _derive_anew(tx, records)


def _derive_anew(tx: sa.Connection, records: Collection[bytes]) -> None:
    found = cases.derive(tx, records)
    cases.store(tx, found)
    gone = set(records) - {case.record for case in found}
    tx.execute(sa.delete(case_table).where(case_table.c.record.in_(list(gone))))
