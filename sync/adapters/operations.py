"""Rows of operations: what a node holds of them, read and written in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from sync import operation
from sync.adapters.batches import batches
from sync.adapters.tables import change_set
from sync.adapters.tables import operation as operation_table
from sync.disclosure import Disclosure
from sync.errors import Malformed
from sync.interval import TrustedInterval
from sync.merkle import HASH_BYTES
from sync.operation import Dot, Operation
from sync.record import Entry


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


class OperationRows:
    """The operations of one node inside one transaction."""

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
        for batch in batches(records):
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
        for batch in batches(rows):
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

    def contents(self, change_sets: Collection[int]) -> dict[int, int]:
        """Measure the bodies and values of some change sets, in bytes."""
        o, length = operation_table.c, sa.func.length
        size = length(o.body) + sum(
            sa.func.coalesce(length(values), 0) for values in (o.values2, o.values3)
        )
        found: dict[int, int] = {}
        for batch in batches(change_sets):
            statement = sa.select(o.change_set, sa.func.sum(size)).where(o.change_set.in_(batch))
            rows = self._tx.execute(statement.group_by(o.change_set))
            found |= {int(row[0]): int(row[1]) for row in rows}
        return found

    def held_whole(self, change_sets: Collection[int]) -> set[int]:
        """Say which of some change sets are held with every operation and every disclosure."""
        o, c = operation_table.c, change_set.c
        shown = sa.case((o.salt2.is_not(None), 1), else_=0)
        shown_too = sa.case((o.salt3.is_not(None), 1), else_=0)
        open_ = sa.case(
            (sa.func.length(o.commitments) == HASH_BYTES * (shown + shown_too), 1), else_=0
        )
        found: set[int] = set()
        for batch in batches(change_sets):
            statement = (
                sa.select(c.id)
                .join_from(change_set, operation_table, o.change_set == c.id)
                .where(c.id.in_(batch))
                .group_by(c.id, c.first, c.last)
                .having(sa.func.sum(open_) == c.last - c.first + 1)
            )
            found |= set(self._tx.scalars(statement))
        return found

    def add_disclosures(self, found: Mapping[Dot, Mapping[int, Disclosure]]) -> int:
        """Store disclosures of operations already held; what is there already stays.

        Returns:
            How many were new here.
        """
        o, count = operation_table.c, 0
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
                count += self._tx.execute(statement, rows).rowcount
        return count

    def assign(self, replica: bytes, first: int, last: int, row: int) -> None:
        """Say that own operations now belong to a signed change set."""
        o = operation_table.c
        self._tx.execute(
            sa.update(operation_table)
            .where(o.replica == replica, o.seq.between(first, last))
            .values(change_set=row)
        )


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
    if len(pieces) != len(classes):
        raise Malformed("commitments")
    return operation.bind(unbound, dict(zip(classes, pieces, strict=True)))


def _held(row: sa.Row[tuple[object, ...]]) -> Held:
    m = row._mapping  # noqa: SLF001  # SQLAlchemy's documented name
    bound = _load(m["body"], m["commitments"])
    disclosures = {
        c: Disclosure(m[f"salt{c}"], m[f"values{c}"]) for c in (2, 3) if m[f"salt{c}"] is not None
    }
    interval = TrustedInterval((m["anchor_time"] or 0) + bound.since, m["received_at"])
    return Held(m["id"], Entry(bound, disclosures), m["change_set"], interval)
