"""Dropping whole closed cases from a station once the county keeps them (sync.md §2).

Only what the county's receipts cover, only after the retention days and after the county's own
backups can no longer lose it, and counted by the county's clock. Photos go with their case, and
hold it back until the county has them. A stub stays (`node.stubs`), so that a late copy of an old
operation is old news; headers of change sets stay for ever, with the hashes that still prove the
rest of them. The hub never prunes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from casework.case import ENDED
from casework.ids import Ulid
from node import attachments, cases, feeding, policy, settings, stubs
from node.cases import Case
from node.identity import Identity, authors, county_replicas
from node.policy import DAY_MS
from node.runtime import Node
from node.stubs import Stub
from node.tables import attachment as attachment_table
from node.tables import case as case_table
from node.tables import identity as identity_table
from sync import merkle
from sync.adapters.batches import batches
from sync.adapters.sql import SqlLog
from sync.adapters.tables import author, change_set, child, feed_item
from sync.adapters.tables import operation as operation_table

_DONE_AT: Final = "prune.done_at"
_BATCH: Final = 50


class _When(NamedTuple):
    """The county's last known time, and until when the last word on a case must have come."""

    now: int
    latest: int


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was dropped.

    Attributes:
        attachments: photos whose bytes were dropped.
        kept: closed cases old enough of which something is not proven to be at the county.
    """

    cases: int = 0
    operations: int = 0
    attachments: int = 0
    kept: int = 0

    def __add__(self, other: "Pruned") -> "Pruned":
        return Pruned(
            self.cases + other.cases,
            self.operations + other.operations,
            self.attachments + other.attachments,
            self.kept + other.kept,
        )


def prune_when_due(node: Node) -> Pruned:
    """Prune once a day (see `prune`)."""
    now = node.clock.now_ms()
    with node.database.read() as tx:
        done = settings.get(tx, _DONE_AT, 0)
    if done <= now < done + DAY_MS:
        return Pruned()
    found = prune(node)
    with node.database.write() as tx:
        settings.put(tx, _DONE_AT, now, now=now)
    return found


def prune(node: Node) -> Pruned:
    """Drop every closed case that may go; a transaction for each few of them.

    Does nothing at the hub, and at a station that has never heard from the county.
    """
    with node.database.read() as tx:
        me = node.identity_in(tx)
        when = _when(tx, me)
    total, after = Pruned(), b""
    while when is not None and not me.is_county:
        with node.database.write() as tx:
            records = _closed(tx, me, when.latest, after)
            dropped, blobs = _prune(tx, records, when)
        _unlink(node, blobs)  # what a power cut leaves behind is litter, and collected
        total += dropped
        if len(records) < _BATCH:
            break
        after = records[-1]
    return total


def _when(tx: sa.Connection, me: Identity) -> _When | None:
    """Read both; None before the first contact. The own clock may be wrong: it is not asked."""
    county = tx.execute(sa.select(identity_table.c.anchor_time)).scalar()
    set_by_county = policy.current(tx, me)
    days = max(set_by_county.case_keep_days, set_by_county.backup_horizon_days)
    return None if county is None else _When(int(county), int(county) - days * DAY_MS)


def _closed(tx: sa.Connection, me: Identity, latest: int, after: bytes) -> list[bytes]:
    """Closed cases of this place on which nothing was said for long, some at a time."""
    t = case_table.c
    statement = (
        sa.select(t.record)
        .where(t.record > after, t.updated_at <= latest, t.state.in_([s.value for s in ENDED]))
        .where(t.checking.is_(False), t.refused.is_(False), feeding.lies_within(me.place))
        .order_by(t.record)
        .limit(_BATCH)
    )
    return [bytes(record) for record in tx.scalars(statement)]


def _prune(
    tx: sa.Connection, records: Sequence[bytes], when: _When
) -> tuple[Pruned, Sequence[Any]]:
    """Drop those of some closed cases that may go; answers the blobs whose bytes go as well."""
    if not records:
        return Pruned(), []
    rows = _rows(tx, records)
    blobs = {case.record: _blobs(tx, case) for case in cases.derive(tx, records)}
    county = county_replicas(authors(tx))
    owed = _owed(tx, records)
    going = [
        record
        for record in records
        if record not in owed
        and all(_is_there(row, county, when.latest) for row in rows[record])
        and all(_may_go(blob) for blob in blobs.get(record, ()))
    ]
    _plant(tx, going, rows, now=when.now)
    gone = [row for record in going for row in rows[record]]
    _drop(tx, going, gone)
    dropped = [blob for record in going for blob in blobs.get(record, ())]
    for batch in batches([blob.id for blob in dropped]):
        tx.execute(sa.delete(attachment_table).where(attachment_table.c.id.in_(batch)))
    counts = Pruned(len(going), len(gone), len(dropped), len(records) - len(going))
    return counts, dropped


def _rows(tx: sa.Connection, records: Sequence[bytes]) -> Mapping[bytes, Sequence[sa.Row[Any]]]:
    o, c = operation_table.c, change_set.c
    statement = (
        sa.select(o.id, o.record, o.replica, o.seq, o.hash, o.change_set)
        .add_columns(c.receipt.is_not(None).label("receipted"), c.received_at)
        .select_from(operation_table.outerjoin(change_set, o.change_set == c.id))
        .where(o.record.in_(records))
        .order_by(o.id)
    )
    found: dict[bytes, list[sa.Row[Any]]] = defaultdict(list)
    for row in tx.execute(statement):
        found[bytes(row.record)].append(row)
    return found


def _is_there(row: sa.Row[Any], county: Collection[bytes], latest: int) -> bool:
    """Whether an operation is at the county, and too long there to be lost with a restored copy."""
    if row.replica in county:
        return True
    return bool(row.receipted) and row.received_at is not None and row.received_at <= latest


def _blobs(tx: sa.Connection, case: Case) -> Sequence[sa.Row[Any]]:
    fields = [held.entry.operation.fields for held in case.helds]
    names = [blob.hash for values in fields for blob in attachments.blobs_in(values)]
    t = attachment_table.c
    return tx.execute(sa.select(attachment_table).where(t.hash.in_(names))).all() if names else ()


def _may_go(blob: sa.Row[Any]) -> bool:
    """Whether the bytes of a photo are at the county, or none of them are here."""
    return not blob.wanted and (blob.county or not blob.held)


def _owed(tx: sa.Connection, records: Sequence[bytes]) -> set[bytes]:
    """Cases of which a child has not taken something yet; devices shut out do not count."""
    o, f, c, a = operation_table.c, feed_item.c, child.c, author.c
    statement = (
        sa.select(o.record)
        .select_from(feed_item)
        .join(operation_table, f.operation == o.id)
        .join(child, f.child == c.replica)
        .outerjoin(author, a.replica == c.replica)
        .where(o.record.in_(records), f.number > c.taken, a.revoked_after.is_(None))
    )
    return {bytes(record) for record in tx.scalars(statement)}


def _plant(
    tx: sa.Connection,
    records: Sequence[bytes],
    rows: Mapping[bytes, Sequence[sa.Row[Any]]],
    *,
    now: int,
) -> None:
    t = case_table.c
    columns = sa.select(t.record, t.temporary_number, t.official_number)
    for row in tx.execute(columns.where(t.record.in_(records))):
        stub = Stub(
            record=row.record,
            id=Ulid(row.record).text,
            temporary_number=row.temporary_number,
            official_number=row.official_number,
            hashes=tuple(operation.hash for operation in rows[row.record]),
            pruned_at=now,
        )
        stubs.plant(tx, stub)


def _drop(tx: sa.Connection, records: Sequence[bytes], rows: Sequence[sa.Row[Any]]) -> None:
    """Delete operations and what points to them; their change sets remember their hashes."""
    keys = [row.id for row in rows]
    _remember(tx, rows)
    for batch in batches(keys):
        tx.execute(sa.delete(feed_item).where(feed_item.c.operation.in_(batch)))
        tx.execute(sa.delete(operation_table).where(operation_table.c.id.in_(batch)))
    for batch in batches(records):
        tx.execute(sa.delete(case_table).where(case_table.c.record.in_(batch)))


def _remember(tx: sa.Connection, rows: Iterable[sa.Row[Any]]) -> None:
    """Keep of every change set the fewest hashes that still prove what stays of it."""
    log = SqlLog(tx)
    going: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        going[row.change_set].add(row.seq)
    for key, stored in log.change_sets_by_row(going).items():
        hashes = log.hashes(stored.replica, stored.first, stored.last)
        known = dict(stored.subtrees)
        known |= {(s - stored.first, s - stored.first + 1): h for s, h in hashes.items()}
        kept = [seq - stored.first for seq in hashes if seq not in going[key]]
        size = stored.last - stored.first + 1
        log.update_subtrees(key, merkle.cover(known, size, kept))


def _unlink(node: Node, blobs: Iterable[Any]) -> None:
    for blob in blobs:
        for chunk in range(blob.whole.bit_length()):
            attachments.file_of(node.directory.blobs, blob.hash, chunk).unlink(missing_ok=True)
