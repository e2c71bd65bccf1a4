"""What is left of records that were pruned here: numbers, and the hashes of their operations.

While a record has a stub this node does not hold it whole. A late copy of an operation that the
stub names is old news and is not stored again. Anything else of the record is kept and set aside,
not derived, and the whole record is asked for (docs/spec/feed.md §4); when every operation that
the stub names is here again, the stub goes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from sync.adapters.batches import batches
from sync.adapters.tables import operation as operation_table
from sync.adapters.tables import record_stub
from sync.merkle import HASH_BYTES
from sync.operation import Dot
from sync.record import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A record that was pruned.

    Attributes:
        id: its ULID as text.
        hashes: of all its operations that were held here.
        pruned_at: milliseconds.
    """

    record: bytes
    id: str
    temporary_number: str
    official_number: str
    hashes: tuple[bytes, ...]
    pruned_at: int


def plant(tx: sa.Connection, stub: Stub) -> None:
    """Leave a stub, in the transaction that drops the record."""
    tx.execute(
        sa.insert(record_stub).values(
            record=stub.record,
            id=stub.id,
            temporary_number=stub.temporary_number,
            official_number=stub.official_number,
            hashes=b"".join(stub.hashes),
            pruned_at=stub.pruned_at,
        )
    )


def among(tx: sa.Connection, records: Collection[bytes]) -> set[bytes]:
    """Name those of some records that are not held whole here."""
    found: set[bytes] = set()
    for batch in batches(records):
        where = record_stub.c.record.in_(batch)
        found |= {bytes(r) for r in tx.scalars(sa.select(record_stub.c.record).where(where))}
    return found


def named(tx: sa.Connection, *references: str) -> Stub | None:
    """Find a pruned case by ULID, temporary or official number, each as it stands."""
    t = record_stub.c
    numbers = (t.id, t.temporary_number, t.official_number)
    wanted = [column == text for column in numbers for text in references if text]
    row = tx.execute(sa.select(record_stub).where(sa.or_(sa.false(), *wanted))).first()
    return _stub(row) if row else None


def old_news(tx: sa.Connection, entries: Iterable[Entry]) -> set[Dot]:
    """Say which operations were held here, pruned with their record, and are to stay away.

    Where anything that is not old has come of a record, what is old is wanted back.

    Args:
        tx: any transaction.
        entries: operations that are not held.
    """
    arriving: dict[bytes, dict[Dot, bytes]] = defaultdict(dict)
    for entry in entries:
        arriving[entry.operation.record][entry.operation.dot] = entry.operation.hash
    late: set[Dot] = set()
    for record, hashes in _known(tx, arriving).items():
        if hashes.issuperset(arriving[record].values()) and not _set_aside(tx, record):
            late |= arriving[record].keys()
    return late


def settle(tx: sa.Connection, records: Collection[bytes]) -> set[bytes]:
    """Let the stubs go of records of which all is here again.

    Returns:
        Those records: they can be derived now.
    """
    o = operation_table.c
    whole: set[bytes] = set()
    for record, hashes in _known(tx, records).items():
        held = {bytes(h) for h in tx.scalars(sa.select(o.hash).where(o.record == record))}
        if hashes <= held:
            whole.add(record)
    for batch in batches(whole):
        tx.execute(sa.delete(record_stub).where(record_stub.c.record.in_(batch)))
    return whole


def to_ask(tx: sa.Connection, *, most: int) -> list[bytes]:
    """Name records that are to be asked for whole: more of them is known than was pruned."""
    t = record_stub.c
    statement = sa.select(t.record).where(t.asked.is_(False), _has_more()).order_by(t.record)
    return [bytes(record) for record in tx.scalars(statement.limit(most))]


def waiting(tx: sa.Connection) -> bool:
    """Whether a record that was asked for, or is to be, is not here whole yet."""
    return (
        tx.execute(sa.select(record_stub.c.record).where(_has_more()).limit(1)).first() is not None
    )


def note_asked(tx: sa.Connection, records: Collection[bytes]) -> None:
    """Note that the parent has been asked for some records and has answered."""
    for batch in batches(records):
        where = record_stub.c.record.in_(batch)
        tx.execute(sa.update(record_stub).where(where).values(asked=True))


def ask_again(tx: sa.Connection) -> bool:
    """Ask once more for what was asked for and never came whole; says whether there is any."""
    where = sa.and_(record_stub.c.asked, _has_more())
    return tx.execute(sa.update(record_stub).where(where).values(asked=False)).rowcount > 0


def _has_more() -> sa.ColumnElement[bool]:
    """Whether an operation of a stub's record is set aside here."""
    o = operation_table.c
    return sa.select(o.id).where(o.record == record_stub.c.record).exists()


def _set_aside(tx: sa.Connection, record: bytes) -> bool:
    o = operation_table.c
    return tx.execute(sa.select(o.id).where(o.record == record).limit(1)).first() is not None


def _known(tx: sa.Connection, records: Collection[bytes]) -> Mapping[bytes, set[bytes]]:
    """The hashes that stubs name, for those of some records that have one."""
    t = record_stub.c
    found: dict[bytes, set[bytes]] = {}
    for batch in batches(records):
        rows = tx.execute(sa.select(t.record, t.hashes).where(t.record.in_(batch)))
        found |= {bytes(row.record): set(_cut(row.hashes)) for row in rows}
    return found


def _cut(packed: bytes) -> Sequence[bytes]:
    return [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)]


def _stub(row: sa.Row[tuple[object, ...]]) -> Stub:
    m = row._mapping  # noqa: SLF001  # SQLAlchemy's documented name
    return Stub(
        record=m["record"],
        id=m["id"],
        temporary_number=m["temporary_number"],
        official_number=m["official_number"],
        hashes=tuple(_cut(m["hashes"])),
        pruned_at=m["pruned_at"],
    )
