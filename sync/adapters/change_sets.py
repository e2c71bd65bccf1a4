"""Rows of change sets: signed headers, and what the county said of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from sync import changeset, codec
from sync.adapters.batches import batches
from sync.adapters.tables import change_set
from sync.changeset import SignedHeader
from sync.merkle import Known


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
    former: bytes | None
    custody: bytes | None
    seeds: Mapping[int, bytes]
    subtrees: Known


class ChangeSetRows:
    """The change sets of one node inside one transaction."""

    def __init__(self, tx: sa.Connection) -> None:
        self._tx = tx

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
        for batch in batches(rows):
            found |= {s.row: s for s in self._change_sets(change_set.c.id.in_(batch))}
        return found

    def change_sets_by_hash(self, hashes: Collection[bytes]) -> list[StoredChangeSet]:
        """Read change sets by header hash."""
        found: list[StoredChangeSet] = []
        for batch in batches(hashes):
            found += self._change_sets(change_set.c.header_hash.in_(batch))
        return found

    def change_sets_after(
        self, replica: bytes, seq: int, *, most: int | None = None
    ) -> list[StoredChangeSet]:
        """Read the change sets of a replica that reach beyond `seq`, in order.

        Args:
            replica: whose.
            seq: those that end here or before are left out.
            most: how many at most; None: all.
        """
        c = change_set.c
        return self._change_sets(c.replica == replica, c.last > seq, most=most)

    def unreceipted(self, replica: bytes) -> list[StoredChangeSet]:
        """Read a replica's change sets that the county has not receipted, in order."""
        c = change_set.c
        return self._change_sets(c.replica == replica, c.receipt.is_(None))

    def receipted(self, replica: bytes) -> int:
        """Say up to which seq of a replica the county's receipts are held without a gap."""
        c = change_set.c
        open_ones = (c.replica == replica, c.receipt.is_(None))
        first = self._tx.execute(sa.select(sa.func.min(c.first)).where(*open_ones)).scalar()
        up_to, _ = self.contiguous(replica)
        return up_to if first is None else min(up_to, int(first) - 1)

    def last_change_set(self, replica: bytes) -> StoredChangeSet | None:
        """Read the newest change set of a replica."""
        c = change_set.c
        statement = (
            sa.select(change_set).where(c.replica == replica).order_by(c.first.desc()).limit(1)
        )
        row = self._tx.execute(statement).first()
        return _stored(row) if row else None

    def _change_sets(
        self, *where: sa.ColumnElement[bool], most: int | None = None
    ) -> list[StoredChangeSet]:
        statement = sa.select(change_set).where(*where).order_by(change_set.c.first).limit(most)
        return [_stored(row) for row in self._tx.execute(statement)]

    def contiguous(self, replica: bytes) -> tuple[int, list[tuple[int, int]]]:
        """Say what of a replica's log is here: the last seq without a gap, and what lies beyond.

        Counts change sets, not operations: a subset of a change set is held elsewhere only.
        """
        c = change_set.c
        # Without gaps, as nearly always, two sums say so; memory stays flat in the log.
        sums = sa.select(sa.func.max(c.last), sa.func.sum(c.last - c.first + 1))
        last, held = self._tx.execute(sums.where(c.replica == replica)).one()
        if last is None or last == held:
            return int(last or 0), []
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
            .values(receipt=receipt, received_at=received_at, former=None, seed2=None, seed3=None)
        )
        return result.rowcount > 0

    def forget_receipts(self, replica: bytes, after: int, *, but: Collection[bytes] = ()) -> int:
        """Take a replica's change sets beyond a seq as not received: the county has lost them.

        The receipts are kept as proof of when it had them.

        Args:
            replica: whose.
            after: what the county holds without a gap.
            but: receipts that it has just repeated: it holds those beyond a gap.

        Returns:
            How many change sets it has lost.
        """
        c = change_set.c
        result = self._tx.execute(
            sa.update(change_set)
            .where(c.replica == replica, c.last > after, c.receipt.is_not(None))
            .where(c.receipt.not_in(list(but)))
            .values(receipt=None, received_at=None, custody=None, former=c.receipt)
        )
        return result.rowcount

    def forget_custody(self, replica: bytes, after: int = 0, *, but: Collection[bytes] = ()) -> int:
        """Take what a township carried of a replica beyond a seq as not on its way any more.

        Args:
            replica: whose.
            after: what the township holds without a gap.
            but: notes that it has just given: it carries those beyond a gap.

        Returns:
            How many change sets it had said to carry.
        """
        c = change_set.c
        where = [c.replica == replica, c.last > after, c.receipt.is_(None)]
        where += [c.custody.is_not(None), c.custody.not_in(list(but))]
        return self._tx.execute(sa.update(change_set).where(*where).values(custody=None)).rowcount

    def set_custody(self, header_hash: bytes, custody: bytes) -> bool:
        """Keep a township's custody note; False when no such change set is held."""
        c = change_set.c
        result = self._tx.execute(
            sa.update(change_set).where(c.header_hash == header_hash).values(custody=custody)
        )
        return result.rowcount > 0


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
        former=m["former"],
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
