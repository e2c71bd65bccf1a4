"""A new incarnation takes over a database: restored, copied, or forked (sync.md §2).

What the earlier one had signed and the county may still take goes on its way as it is. What the
county will never take (the losing branch of a fork, what was not signed yet) is written again by
the new replica: the same record, fact and values, and `replaces` names the originals, so that a
late original is old news. The originals are kept, sealed, among what was put aside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crypto.canonical import Value
from node import incarnations, ledger, outbox
from node.identity import DeviceKeys, Identity, Moment, load
from node.incarnations import Stop
from node.ledger import Deed
from node.tables import identity as identity_table
from sync.adapters.sql import Held, SqlLog, StoredChangeSet
from sync.adapters.tables import (
    change_set,
    child,
    feed_item,
    link,
    open_change_set,
    outstanding,
    quarantine,
)
from sync.adapters.tables import operation as operation_table
from sync.exchange import digest
from sync.limits import DEFAULT
from sync.operation import Dot, Operation, Ref
from sync.record import Entry

REPLACED = "replaced"
"""State of what was put aside because a new incarnation has written it again."""


@dataclass(frozen=True, slots=True)
class Succeeded:
    """What became of an earlier incarnation's work.

    Attributes:
        rewritten: operations written again by the new replica.
        waiting: signed operations of the old one that still go to the county as they are.
    """

    rewritten: int
    waiting: int


def succeed(  # noqa: PLR0913  # a succession has these parts
    tx: sa.Connection,
    me: Identity,
    values: Mapping[str, object],
    *,
    why: Stop,
    keys: DeviceKeys,
    at: Moment,
) -> Succeeded:
    """Let a new replica take over this database, in one transaction.

    Args:
        tx: a write transaction.
        me: who this node was.
        values: columns of `node_identity` that change: replica, certificate, epoch and others.
        why: the earlier one ended. What a restored one had signed goes as it is; else all
            that the county has not receipted is written again.
        keys: opens the new device's keys.
        at: when.

    Returns:
        What became of the unsent work.
    """
    last = ledger.own_head(tx, me)
    lost = [] if why is Stop.RESTORED else SqlLog(tx).unreceipted(me.replica)
    originals = [*_take_out(tx, me, lost, now=at.now), *_take_out_unsigned(tx, me)]
    incarnations.end(tx, me.replica, last=last, reason=why.value, now=at.now)
    tx.execute(sa.update(identity_table).values(stopped="", stopped_at=None, **values))
    _begin_links_anew(tx)
    now_me = load(tx, keys)
    rewrite(tx, now_me, [held.entry for held in originals], at=at)
    waiting = [s for s in outbox.unsent(tx, now_me, asks_county=True) if s.replica == me.replica]
    return Succeeded(len(originals), sum(s.last - s.first + 1 for s in waiting))


def take_back_refused(tx: sa.Connection, me: Identity, *, at: Moment) -> int:
    """Write again what an earlier incarnation had signed and the county does not take.

    Its device was shut out before all of its work had come: the citizens' papers are not to blame.

    Args:
        tx: a write transaction.
        me: this node.
        at: when.

    Returns:
        How many operations were written again.
    """
    count = 0
    for replica in incarnations.former_replicas(tx):
        lost = [s for s in outbox.unsent(tx, me, asks_county=True) if s.replica == replica]
        originals = _take_out(tx, me, lost, now=at.now) if lost else []
        rewrite(tx, me, [held.entry for held in originals], at=at)
        count += len(originals)
    return count


def _begin_links_anew(tx: sa.Connection) -> None:
    """Positions, numbers and requests belonged to the replica before, and so did the feeds."""
    tx.execute(sa.delete(outstanding))
    tx.execute(sa.update(link).values(number=0, last_answer=None, epoch=None, position=0))
    tx.execute(sa.delete(feed_item))
    tx.execute(sa.delete(child))


def _take_out(
    tx: sa.Connection, me: Identity, lost: Sequence[StoredChangeSet], *, now: int
) -> list[Held]:
    """Take change sets of one own replica out of the log, and keep them sealed aside."""
    o, rows = operation_table.c, [stored.row for stored in lost]
    originals = [h for s in lost for h in SqlLog(tx).run(s.replica, s.first, s.last)]
    _keep_aside(tx, me, lost, now=now)
    theirs = sa.select(o.id).where(o.change_set.in_(rows))
    tx.execute(sa.delete(feed_item).where(feed_item.c.operation.in_(theirs)))
    tx.execute(sa.delete(operation_table).where(o.change_set.in_(rows)))
    tx.execute(sa.delete(change_set).where(change_set.c.id.in_(rows)))
    return originals


def _take_out_unsigned(tx: sa.Connection, me: Identity) -> list[Held]:
    """Take out what was not signed yet."""
    o = operation_table.c
    where = sa.and_(o.replica == me.replica, o.change_set.is_(None))
    seqs = list(tx.scalars(sa.select(o.seq).where(where).order_by(o.seq)))
    originals = SqlLog(tx).run(me.replica, seqs[0], seqs[-1]) if seqs else []
    theirs = sa.select(o.id).where(where)
    tx.execute(sa.delete(feed_item).where(feed_item.c.operation.in_(theirs)))
    tx.execute(sa.delete(operation_table).where(where))
    tx.execute(sa.delete(open_change_set))
    return originals


def _keep_aside(
    tx: sa.Connection, me: Identity, lost: Sequence[StoredChangeSet], *, now: int
) -> None:
    waiting = list(lost)
    while waiting:
        chosen = outbox.within(tx, waiting, DEFAULT.bundle_contents)
        waiting = waiting[len(chosen) :]
        message = outbox.seal(tx, me, chosen)
        tx.execute(
            sa.insert(quarantine).values(
                at=now,
                digest=digest(message),
                sender=me.replica,
                seq=chosen[0].first,
                code="fork",
                detail="written again by a new replica",
                message=message,
                state=REPLACED,
            )
        )


def rewrite(tx: sa.Connection, me: Identity, originals: Sequence[Entry], *, at: Moment) -> None:
    """Write operations again as this replica; values that are not disclosed here are left out.

    Args:
        tx: a write transaction.
        me: who writes now.
        originals: of one replica, in order; none of them is held in the log.
        at: when.
    """
    if not originals:
        return
    run = ledger.open_run(tx, SqlLog(tx), me, at)
    again: dict[Dot, Ref] = {}
    entries = []
    for offset, original in enumerate(originals):
        dot = Dot(me.replica, run.next + offset)
        entry = ledger.make(_deed(original, again, at), dot, seeds=run.seeds)
        again[original.operation.dot] = entry.operation.ref
        entries.append(entry)
    ledger.append(tx, me, run, entries)


def _deed(entry: Entry, again: Mapping[Dot, Ref], at: Moment) -> Deed:
    original = entry.operation
    values: dict[int, Mapping[str, Value]] = {1: original.fields}
    for class_, opened in entry.disclosures.items():
        names = original.sealed[class_]
        values[class_] = opened.read(names, max_bytes=DEFAULT.disclosure)
    told = [name for fields in values.values() for name in fields]
    return Deed(
        claimed_at=original.claimed_at,
        since=at.since,
        actor=original.actor,
        record=original.record,
        fact=original.fact,
        values=values,
        replaces={name: _refs(original, name, again) for name in told},
        version=original.version,
    )


def _refs(original: Operation, name: str, again: Mapping[Dot, Ref]) -> tuple[Ref, ...]:
    """The original, what it replaced, and what is written again of that."""
    before = original.replaces.get(name, ())
    new = [again[ref.dot] for ref in before if ref.dot in again]
    return (original.ref, *new, *before)[: DEFAULT.replaces_per_field]
