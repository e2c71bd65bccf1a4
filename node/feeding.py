"""What a parent owes its children: numbered items, and the bundles made of them (exchange.md §4).

An item is appended in the transaction that stored the operation, under a counter of its child, so
that no position can ever pass a number that commits later.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from casework.places import TOWNSHIP_DIGITS, PlaceKind
from crypto import envelope
from crypto.certificate import DeviceCertificate
from crypto.entropy import random_bytes
from node.identity import Identity
from node.tables import case as case_table
from sync import merkle
from sync.adapters.sql import Held, SqlLog, StoredChangeSet, stored_header
from sync.adapters.tables import author, child, feed_item
from sync.adapters.tables import operation as operation_table
from sync.bundle import Compartment, Extract, pack
from sync.dictionary import CURRENT
from sync.errors import LimitExceeded
from sync.feed import NOWHERE, Place, Scope, in_scope, sees_more, visible
from sync.limits import DEFAULT
from sync.operation import Dot, Operation
from sync.verdict import verdicts_of

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Child:
    """A station that this node feeds."""

    replica: bytes
    place: Place
    next: int


class Moved(NamedTuple):
    """A record that was touched: where it belonged before and belongs now, and all of it."""

    before: Scope
    after: Scope
    helds: Sequence[Held]


def children(tx: sa.Connection) -> list[Child]:
    """Read all children, in the order in which their counters are locked."""
    statement = sa.select(child).order_by(child.c.replica)
    if tx.dialect.name == "postgresql":
        statement = statement.with_for_update()
    return [
        Child(row.replica, Place(row.station, PlaceKind(row.kind)), row.next)
        for row in tx.execute(statement)
    ]


def lock_counters(tx: sa.Connection) -> None:
    """Take the children's counters, in order, before this node's own counter (sync.md §4).

    Where writers take turns anyway (SQLite) there is nothing to take.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(child.c.replica).order_by(child.c.replica).with_for_update())


def owe(
    tx: sa.Connection, me: Identity, touched: Sequence[Moved], *, fresh: Collection[Dot]
) -> None:
    """Append the fresh operations of touched records to the feeds of the children in scope.

    A record that enters a child's scope, or of which the child may now see more, is owed whole. Of
    one that leaves, the child is told where it has gone.
    """
    for one in children(tx):
        if one.replica == me.replica:
            continue
        rows = [
            held.row
            for record in touched
            for held in record.helds
            if held.entry.operation.dot.replica != one.replica
            and _is_owed(one.place, record, held.entry.operation, fresh)
        ]
        _append(tx, one, rows)


def _is_owed(place: Place, record: Moved, operation: Operation, fresh: Collection[Dot]) -> bool:
    """Of what stays, the news; of what enters, everything; of what leaves, the word by which."""
    new = operation.dot in fresh
    if in_scope(place, record.after):
        return new or sees_more(place, record.before, record.after)
    return new and in_scope(place, record.before) and _says_where(operation)


def _says_where(operation: Operation) -> bool:
    """Whether an operation says to whom its record belongs."""
    return operation.sets("station") or operation.sets("handling")


def append(tx: sa.Connection, replica: bytes, rows: Sequence[int]) -> None:
    """Append operations to the feed of a child, under its counter; nobody else is fed."""
    one = _locked(tx, replica)
    if one is not None:
        _append(tx, one, rows)


def _locked(tx: sa.Connection, replica: bytes) -> Child | None:
    wanted = sa.select(child).where(child.c.replica == replica)
    if tx.dialect.name == "postgresql":
        wanted = wanted.with_for_update()
    found = tx.execute(wanted).first()
    if found is None:
        return None
    return Child(found.replica, Place(found.station, PlaceKind(found.kind)), found.next)


def _append(tx: sa.Connection, one: Child, rows: Sequence[int]) -> None:
    if not rows:
        return
    items = [
        {"child": one.replica, "number": one.next + offset, "operation": row}
        for offset, row in enumerate(rows)
    ]
    tx.execute(sa.insert(feed_item), items)
    tx.execute(
        sa.update(child).where(child.c.replica == one.replica).values(next=one.next + len(items))
    )


def adopt(tx: sa.Connection, found: DeviceCertificate) -> None:
    """Begin to feed a station: it is owed every case in its scope from the beginning.

    Raises:
        LimitExceeded: this node feeds as many as it can.
    """
    held = tx.execute(sa.select(child.c.replica).where(child.c.replica == found.replica)).first()
    if held is not None:
        return
    lock_counters(tx)  # whoever writes meanwhile would not know of this child
    if int(tx.scalar(sa.select(sa.func.count()).select_from(child)) or 0) >= DEFAULT.children:
        raise LimitExceeded("children")
    place = Place(found.station, PlaceKind(found.station_kind))
    tx.execute(
        sa.insert(child).values(
            replica=found.replica, station=place.code, kind=place.kind.value, next=1
        )
    )
    _owe_scope(tx, place, found.replica)


def _owe_scope(tx: sa.Connection, place: Place, replica: bytes) -> None:
    """Number everything in scope inside the database: there may be more than memory holds."""
    c, o = case_table.c, operation_table.c
    number = sa.func.row_number().over(order_by=o.id)
    owed = (
        sa.select(sa.literal(replica, sa.LargeBinary), number, o.id)
        .select_from(operation_table.join(case_table, o.record == c.record))
        .where(o.replica != replica, lies_within(place))
    )
    tx.execute(sa.insert(feed_item).from_select(["child", "number", "operation"], owed))
    last = sa.select(sa.func.max(feed_item.c.number)).where(feed_item.c.child == replica)
    following = int(tx.scalar(last) or 0) + 1
    tx.execute(sa.update(child).where(child.c.replica == replica).values(next=following))


def lies_within(place: Place) -> sa.ColumnElement[bool]:
    """`in_scope` as a condition on the rows of cases; a test holds the two together."""
    c = case_table.c
    if place.kind is PlaceKind.COUNTY:
        return sa.true()
    own = c.station == place.code
    if place.kind is not PlaceKind.TOWNSHIP:
        return own
    theirs = sa.func.substr(c.station, 1, TOWNSHIP_DIGITS) + "000" == place.code
    return sa.or_(own, c.handling == place.code, theirs)


@dataclass(frozen=True, slots=True)
class Page:
    """Feed items `start`…`end` sealed to a child; `bundle` None when nothing is owed."""

    start: int
    end: int
    bundle: bytes | None
    more: bool


def page(tx: sa.Connection, me: Identity, one: DeviceCertificate, *, after: int) -> Page:
    """Seal what a child is owed after a position.

    Own operations must have been signed before (`ledger.seal`); what is not signed yet waits.
    Items whose record has meanwhile left the child's scope are passed over, but for the word by
    which it left.
    """
    place = Place(one.station, PlaceKind(one.station_kind))
    position = after
    while True:
        listed, more = _listed(tx, one.replica, position)
        if not listed:
            return Page(after, after, None, more=False)
        position = listed[-1].number
        extracts = _extracts(tx, [row.operation for row in listed], place, one.replica)
        if extracts:
            return Page(after + 1, position, _seal(tx, me, one, extracts), more=more)


def _listed(
    tx: sa.Connection, replica: bytes, after: int
) -> tuple[Sequence[sa.Row[Any, Any, Any, Any]], bool]:
    """Read the next items that fit one bundle, at least one, and whether more follow."""
    f, o = feed_item.c, operation_table.c
    length = sa.func.length
    size = length(o.body) + sum(
        sa.func.coalesce(length(values), 0) for values in (o.values2, o.values3)
    )
    rows = tx.execute(
        sa.select(f.number, f.operation, o.change_set, size.label("size"))
        .select_from(feed_item.join(operation_table, f.operation == o.id))
        .where(f.child == replica, f.number > after)
        .order_by(f.number)
        .limit(DEFAULT.feed_page_operations + 1)
    ).all()
    count = fitting([(row.change_set, row.size) for row in rows])
    return rows[:count], count < len(rows)


def fitting(sizes: Sequence[tuple[int | None, int]]) -> int:
    """Count the operations that fit one bundle within all its limits, at least one.

    Args:
        sizes: of each operation in order, its change set and its bytes.
    """
    room = DEFAULT.bundle_contents
    change_sets: set[int | None] = set()
    for count, (change_set, size) in enumerate(sizes):
        room -= size
        change_sets.add(change_set)
        full = room < 0 or len(change_sets) > DEFAULT.change_sets_per_bundle
        if count and (full or count >= DEFAULT.feed_page_operations):
            return count
    return len(sizes)


def _extracts(
    tx: sa.Connection, rows: Sequence[int], place: Place, replica: bytes
) -> list[Extract]:
    helds = [held for held in SqlLog(tx).by_rows(rows).values() if held.change_set is not None]
    scopes = scopes_of(tx, {held.entry.operation.record for held in helds})
    return lay_out(
        tx,
        [
            held
            for held in helds
            if in_scope(place, scopes.get(held.entry.operation.record, NOWHERE))
            or _says_where(held.entry.operation)
            or _is_about(held.entry.operation, replica)
        ],
    )


def lay_out(tx: sa.Connection, helds: Iterable[Held]) -> list[Extract]:
    """Lay signed operations out as extracts of their change sets, with proofs."""
    log = SqlLog(tx)
    grouped: dict[int, list[Held]] = defaultdict(list)
    for held in helds:
        if held.change_set is not None:
            grouped[held.change_set].append(held)
    stored = log.change_sets_by_row(grouped)
    return [_extract(log, stored[row], found) for row, found in sorted(grouped.items())]


def _is_about(operation: Operation, replica: bytes) -> bool:
    """Say whether an operation judges one of a replica's: its author is always told."""
    return any(said.dot.replica == replica for said in verdicts_of(operation))


def _extract(log: SqlLog, stored: StoredChangeSet, helds: Sequence[Held]) -> Extract:
    """Lay out operations of one change set with the proof that they belong to it."""
    ordered = sorted(helds, key=lambda held: held.entry.operation.dot)
    size = stored.last - stored.first + 1
    proof = b""
    if len(ordered) < size:
        hashes = log.hashes(stored.replica, stored.first, stored.last)
        known = dict(stored.subtrees)
        known |= {(s - stored.first, s - stored.first + 1): h for s, h in hashes.items()}
        shown = [held.entry.operation.dot.seq - stored.first for held in ordered]
        proof = merkle.prove(known, size, shown)
    return Extract(
        signed=stored_header(stored),
        entries=[held.entry for held in ordered],
        proof=proof,
        receipt=stored.receipt,
    )


def _seal(
    tx: sa.Connection, me: Identity, one: DeviceCertificate, extracts: Sequence[Extract]
) -> bytes:
    place = Place(one.station, PlaceKind(one.station_kind))
    scopes = scopes_of(tx, {e.operation.record for x in extracts for e in x.entries})

    def shows(operation: Operation, class_: int) -> bool:
        return visible(class_, place, scopes.get(operation.record, NOWHERE))

    plan = [Compartment(recipients=(one.encryption_key,), holds_operations=True, shows=shows)]
    replicas = {x.origin.replica for x in extracts} - {me.hub.replica}
    parts = pack(extracts, plan=plan, certificates=certificates_of(tx, replicas))
    return envelope.seal(
        parts,
        key=me.signing,
        sender=me.replica,
        audience=one.station,
        dictionary=CURRENT,
        entropy=random_bytes,
    )


def scopes_of(tx: sa.Connection, records: Collection[bytes]) -> Mapping[bytes, Scope]:
    """Read where records belong."""
    found: dict[bytes, Scope] = {}
    listed = list(records)
    c = case_table.c
    for start in range(0, len(listed), _BATCH):
        where = c.record.in_(listed[start : start + _BATCH])
        rows = tx.execute(sa.select(c.record, c.station, c.handling).where(where))
        found |= {row.record: Scope(row.station, row.handling) for row in rows}
    return found


def certificates_of(tx: sa.Connection, replicas: Collection[bytes]) -> list[bytes]:
    """Read the certificates of some replicas."""
    c = author.c
    rows = tx.execute(
        sa.select(c.certificate).where(c.replica.in_(list(replicas))).order_by(c.replica)
    )
    return [row.certificate for row in rows]


def tell(tx: sa.Connection, replica: bytes, record: bytes, row: int) -> None:
    """Owe an operation to the device it is about, where the case itself is out of its scope.

    Does nothing where the operation is owed already because the case is in scope.
    """
    scope = scopes_of(tx, [record]).get(record, NOWHERE)
    one = _locked(tx, replica)
    if one is not None and not in_scope(one.place, scope):
        _append(tx, one, [row])
