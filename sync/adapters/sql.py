"""The operation log on a SQLAlchemy connection.

Every method works inside the caller's transaction and reads or writes in bulk. Nothing is decided
here: what is authentic, allowed or visible was decided before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from sync import changeset, codec, operation
from sync.adapters.tables import author, change_set
from sync.adapters.tables import operation as operation_table
from sync.changeset import SignedHeader
from sync.disclosure import Disclosure
from sync.interval import TrustedInterval
from sync.merkle import HASH_BYTES, Known
from sync.operation import Dot, Operation
from sync.record import Entry

_BATCH = 500
"""Values in one IN list: SQLite's and PostgreSQL's limits lie far above."""


@dataclass(frozen=True, slots=True)
class Held:
    """An operation as this node holds it.

    Attributes:
        row: key in the operation table.
        entry: the operation and the disclosures at hand.
        change_set: key of its change set; None while it is not signed yet.
        interval: when it can have happened.
    """

    row: int
    entry: Entry
    change_set: int | None
    interval: TrustedInterval


@dataclass(frozen=True, slots=True)
class Within:
    """The change set that operations belong to, as far as it is known when they are added.

    Attributes:
        row: its key; None for own operations that are not signed yet.
        anchor_time: of its anchor, milliseconds; 0 without one.
        received_at: when the county received it; None while that is open.
    """

    row: int | None
    anchor_time: int = 0
    received_at: int | None = None


@dataclass(frozen=True, slots=True)
class StoredChangeSet:
    """A signed header as this node holds it."""

    row: int
    replica: bytes
    first: int
    last: int
    header_hash: bytes
    message: bytes
    received_at: int | None
    receipt: bytes | None
    custody: bytes | None
    seeds: Mapping[int, bytes]
    subtrees: Known


def _chunks(values: Collection[object]) -> Iterable[list[object]]:
    listed = list(values)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]


class SqlLog:
    """The log of one node inside one transaction."""

    def __init__(self, tx: sa.Connection) -> None:
        self._tx = tx

    def add(self, entries: Sequence[Entry], *, within: Within) -> list[Held]:
        """Append operations of one replica that are not held yet.

        Args:
            entries: new ones only, ascending by seq.
            within: the change set they belong to.

        Returns:
            Them as they are held now.
        """
        if not entries:
            return []
        rows = [_row(entry, within.row) for entry in entries]
        self._tx.execute(sa.insert(operation_table), rows)
        first, last = entries[0].operation.dot, entries[-1].operation.dot
        keys = self.rows_of(first.replica, first.seq, last.seq)
        return [
            Held(
                keys[entry.operation.dot.seq],
                entry,
                within.row,
                TrustedInterval(within.anchor_time + entry.operation.since, within.received_at),
            )
            for entry in entries
        ]

    def hashes(self, replica: bytes, first: int, last: int) -> dict[int, bytes]:
        """Read the hashes of a replica's operations in a range of seq."""
        o = operation_table.c
        rows = self._tx.execute(
            sa.select(o.seq, o.hash).where(o.replica == replica, o.seq.between(first, last))
        )
        return {row.seq: row.hash for row in rows}

    def rows_of(self, replica: bytes, first: int, last: int) -> dict[int, int]:
        """Read the row keys of a replica's operations in a range of seq."""
        o = operation_table.c
        rows = self._tx.execute(
            sa.select(o.seq, o.id).where(o.replica == replica, o.seq.between(first, last))
        )
        return {row.seq: row.id for row in rows}

    def of_records(
        self, records: Collection[bytes], *, at_hand: Sequence[Held] = ()
    ) -> dict[bytes, list[Held]]:
        """Read all operations of some records, with their disclosures.

        Args:
            records: their ids.
            at_hand: operations of one replica that were just added and need not be read again.
        """
        found: dict[bytes, list[Held]] = defaultdict(list)
        known = {held.row for held in at_hand}
        for held in at_hand:
            found[held.entry.operation.record].append(held)
        for batch in _chunks(records):
            where = operation_table.c.record.in_(batch)
            for held in self._select(sa.and_(where, self._elsewhere(at_hand))):
                if held.row not in known:
                    found[held.entry.operation.record].append(held)
        return found

    def _elsewhere(self, at_hand: Sequence[Held]) -> sa.ColumnElement[bool]:
        """Leave out the run of seq that is at hand already, so that it is not parsed twice."""
        if not at_hand:
            return sa.true()
        o = operation_table.c
        first, last = at_hand[0].entry.operation.dot, at_hand[-1].entry.operation.dot
        return sa.not_(sa.and_(o.replica == first.replica, o.seq.between(first.seq, last.seq)))

    def by_rows(self, rows: Collection[int]) -> dict[int, Held]:
        """Read operations by their row keys."""
        found: dict[int, Held] = {}
        for batch in _chunks(rows):
            found |= {h.row: h for h in self._select(operation_table.c.id.in_(batch))}
        return found

    def run(self, replica: bytes, first: int, last: int) -> list[Held]:
        """Read a replica's operations in a range of seq, in order."""
        o = operation_table.c
        where = sa.and_(o.replica == replica, o.seq.between(first, last))
        return sorted(self._select(where), key=lambda held: held.entry.operation.dot)

    def _select(self, where: sa.ColumnElement[bool]) -> Iterable[Held]:
        o, c = operation_table.c, change_set.c
        statement = (
            sa.select(operation_table, c.anchor_time, c.received_at)
            .select_from(operation_table.outerjoin(change_set, o.change_set == c.id))
            .where(where)
        )
        for row in self._tx.execute(statement):
            yield _held(row)

    def add_disclosures(self, found: Mapping[Dot, Mapping[int, Disclosure]]) -> None:
        """Store disclosures of operations already held; what is there already stays."""
        o = operation_table.c
        for class_ in (2, 3):
            rows = [
                {"r": dot.replica, "s": dot.seq, "salt": d[class_].salt, "val": d[class_].values}
                for dot, d in found.items()
                if class_ in d
            ]
            if rows:
                statement = (
                    sa.update(operation_table)
                    .where(
                        o.replica == sa.bindparam("r"),
                        o.seq == sa.bindparam("s"),
                        o[f"salt{class_}"].is_(None),
                    )
                    .values(
                        {
                            f"salt{class_}": sa.bindparam("salt"),
                            f"values{class_}": sa.bindparam("val"),
                        }
                    )
                )
                self._tx.execute(statement, rows)

    def add_change_set(
        self, signed: SignedHeader, *, seeds: Mapping[int, bytes], subtrees: Known
    ) -> int:
        """Store a signed header.

        Args:
            signed: verified.
            seeds: class → seed of own change sets, kept until the county has them.
            subtrees: hashes that prove operations not held; empty when all are held.

        Returns:
            Its row key.
        """
        header = signed.header
        result = self._tx.execute(
            sa.insert(change_set).values(
                replica=header.replica,
                first=header.first,
                last=header.last,
                header_hash=signed.hash,
                message=signed.message,
                anchor_time=header.anchor.county_time if header.anchor else 0,
                subtrees=_pack_subtrees(subtrees),
                seed2=seeds.get(2),
                seed3=seeds.get(3),
            )
        )
        return int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted

    def assign(self, replica: bytes, first: int, last: int, row: int) -> None:
        """Say that own operations now belong to a signed change set."""
        o = operation_table.c
        self._tx.execute(
            sa.update(operation_table)
            .where(o.replica == replica, o.seq.between(first, last))
            .values(change_set=row)
        )

    def update_subtrees(self, row: int, subtrees: Known) -> None:
        """Remember more subtree hashes of a change set that is held in part."""
        packed = _pack_subtrees(subtrees)
        self._tx.execute(
            sa.update(change_set).where(change_set.c.id == row).values(subtrees=packed)
        )

    def change_set_covering(self, replica: bytes, first: int, last: int) -> list[StoredChangeSet]:
        """Find the change sets of a replica that share a seq with `first`…`last`."""
        c = change_set.c
        return self._change_sets(c.replica == replica, c.first <= last, c.last >= first)

    def change_sets_by_row(self, rows: Collection[int]) -> dict[int, StoredChangeSet]:
        """Read change sets by row key."""
        found: dict[int, StoredChangeSet] = {}
        for batch in _chunks(rows):
            found |= {s.row: s for s in self._change_sets(change_set.c.id.in_(batch))}
        return found

    def change_sets_by_hash(self, hashes: Collection[bytes]) -> list[StoredChangeSet]:
        """Read change sets by header hash."""
        found: list[StoredChangeSet] = []
        for batch in _chunks(hashes):
            found += self._change_sets(change_set.c.header_hash.in_(batch))
        return found

    def change_sets_after(self, replica: bytes, seq: int) -> list[StoredChangeSet]:
        """Read the change sets of a replica that reach beyond `seq`, in order."""
        c = change_set.c
        return self._change_sets(c.replica == replica, c.last > seq)

    def unreceipted(self, replica: bytes) -> list[StoredChangeSet]:
        """Read a replica's change sets that the county has not receipted, in order."""
        c = change_set.c
        return self._change_sets(c.replica == replica, c.receipt.is_(None))

    def last_change_set(self, replica: bytes) -> StoredChangeSet | None:
        """Read the newest change set of a replica."""
        c = change_set.c
        statement = (
            sa.select(change_set).where(c.replica == replica).order_by(c.last.desc()).limit(1)
        )
        row = self._tx.execute(statement).first()
        return _stored(row) if row else None

    def _change_sets(self, *where: sa.ColumnElement[bool]) -> list[StoredChangeSet]:
        statement = sa.select(change_set).where(*where).order_by(change_set.c.first)
        return [_stored(row) for row in self._tx.execute(statement)]

    def contiguous(self, replica: bytes) -> tuple[int, list[tuple[int, int]]]:
        """Say what of a replica's log is here: the last seq without a gap, and what lies beyond.

        Counts change sets, not operations: a subset of a change set is held elsewhere only.
        """
        c = change_set.c
        statement = sa.select(c.first, c.last).where(c.replica == replica).order_by(c.first)
        return runs((row.first, row.last) for row in self._tx.execute(statement))

    def set_receipt(self, header_hash: bytes, receipt: bytes, received_at: int) -> bool:
        """Keep the county's receipt; the seeds have then done their work and go.

        Returns:
            False when no such change set is held.
        """
        c = change_set.c
        result = self._tx.execute(
            sa.update(change_set)
            .where(c.header_hash == header_hash)
            .values(receipt=receipt, received_at=received_at, seed2=None, seed3=None)
        )
        return result.rowcount > 0

    def set_custody(self, header_hash: bytes, custody: bytes) -> bool:
        """Keep a township's custody note; False when no such change set is held."""
        c = change_set.c
        result = self._tx.execute(
            sa.update(change_set).where(c.header_hash == header_hash).values(custody=custody)
        )
        return result.rowcount > 0

    def authors(self) -> dict[bytes, sa.Row[tuple[bytes, str, str, bytes, int | None]]]:
        """Read every replica whose certificate is known."""
        return {row.replica: row for row in self._tx.execute(sa.select(author))}


def runs(ranges: Iterable[tuple[int, int]]) -> tuple[int, list[tuple[int, int]]]:
    """Join ranges of seq.

    Args:
        ranges: ascending by their beginning.

    Returns:
        The last seq reached from 1 without a gap, and the joined ranges beyond it.

    >>> runs([(1, 3), (4, 4), (7, 8), (9, 9)])
    (4, [(7, 9)])
    """
    up_to = 0
    beyond: list[tuple[int, int]] = []
    for first, last in ranges:
        if not beyond and first <= up_to + 1:
            up_to = max(up_to, last)
        elif beyond and first <= beyond[-1][1] + 1:
            beyond[-1] = (beyond[-1][0], max(beyond[-1][1], last))
        else:
            beyond.append((first, last))
    return up_to, beyond


def stored_header(stored: StoredChangeSet) -> SignedHeader:
    """Parse a header that was verified when it was stored."""
    return changeset.parse(stored.message)


def _row(entry: Entry, change_set_row: int | None) -> dict[str, object]:
    o = entry.operation
    two, three = entry.disclosures.get(2), entry.disclosures.get(3)
    return {
        "replica": o.dot.replica,
        "seq": o.dot.seq,
        "hash": o.hash,
        "record": o.record,
        "body": o.body,
        "commitments": b"".join(o.commitments[c] for c in sorted(o.commitments)),
        "salt2": two.salt if two else None,
        "values2": two.values if two else None,
        "salt3": three.salt if three else None,
        "values3": three.values if three else None,
        "change_set": change_set_row,
    }


def _load(body: bytes, packed: bytes) -> Operation:
    """Parse an operation that was checked at the border before it was stored.

    What somebody changes in the database afterwards is found by `verify`, not here.
    """
    unbound = operation.reload(body)
    classes = sorted(unbound.sealed)
    pieces = [packed[i : i + HASH_BYTES] for i in range(0, len(packed), HASH_BYTES)]
    return operation.bind(unbound, dict(zip(classes, pieces, strict=True)))


def _held(row: sa.Row[tuple[object, ...]]) -> Held:
    m = row._mapping  # noqa: SLF001  # SQLAlchemy's documented name
    bound = _load(m["body"], m["commitments"])
    disclosures = {
        c: Disclosure(m[f"salt{c}"], m[f"values{c}"]) for c in (2, 3) if m[f"salt{c}"] is not None
    }
    interval = TrustedInterval((m["anchor_time"] or 0) + bound.since, m["received_at"])
    return Held(m["id"], Entry(bound, disclosures), m["change_set"], interval)


def _stored(row: sa.Row[tuple[object, ...]]) -> StoredChangeSet:
    m = row._mapping  # noqa: SLF001  # SQLAlchemy's documented name
    seeds = {c: m[f"seed{c}"] for c in (2, 3) if m[f"seed{c}"] is not None}
    return StoredChangeSet(
        row=m["id"],
        replica=m["replica"],
        first=m["first"],
        last=m["last"],
        header_hash=m["header_hash"],
        message=m["message"],
        received_at=m["received_at"],
        receipt=m["receipt"],
        custody=m["custody"],
        seeds=seeds,
        subtrees=_unpack_subtrees(m["subtrees"]),
    )


def _pack_subtrees(known: Known) -> bytes | None:
    if not known:
        return None
    return codec.encode([[low, high, value] for (low, high), value in sorted(known.items())])


def _unpack_subtrees(packed: bytes | None) -> Known:
    if packed is None:
        return {}
    known: Known = {}
    for item in codec.as_list(codec.decode(packed, max_bytes=len(packed))):
        low, high, value = codec.as_list(item)
        known[codec.as_uint(low), codec.as_uint(high)] = codec.as_bytes(value)
    return known
