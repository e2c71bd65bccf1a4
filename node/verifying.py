"""Verify and rebuild: the whole log against its signatures, and the tables against the log.

Both stream in the order of the log; memory does not grow with it (budgets in interface.md §5).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from casework.ids import Ulid
from crypto.certificate import DeviceCertificate
from crypto.errors import CryptoError
from crypto.signing import VerifyKey
from node import attachments, cases, lacking
from node.cases import Case
from node.identity import Identity
from node.runtime import Node
from node.tables import case as case_table
from sync import changeset, merkle, receipt
from sync.adapters.sql import Held, SqlLog, StoredChangeSet
from sync.adapters.tables import author, change_set, record_stub
from sync.adapters.tables import operation as operation_table
from sync.changeset import SignedHeader
from sync.errors import Fork, RemoteSyncError, Unauthentic, UnknownReplica
from sync.operation import Dot

_PAGE = 500
_IGNORED = frozenset({"group_key"})
"""Columns that are no function of the operations alone."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A row that differs from what the log says."""

    table: str
    key: str
    field: str
    log: str
    row: str


@dataclass(slots=True)
class Report:
    """What a verification found.

    Attributes:
        first_bad: dot or key of the first thing that does not hold; empty when all does.
        damaged: hashes, hexadecimal, of attachments of which the disk holds something else now.
    """

    operations: int = 0
    change_sets: int = 0
    first_bad: str = ""
    drift: list[Drift] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.first_bad and not self.drift and not self.damaged


def verify(node: Node) -> Report:
    """Check every signature, root, chain and receipt, and every case against a replay.

    In this order, stopping at the first bad change set: (1) header signature by the certified
    key, (2) chain, (3) operations against the root, (4) receipt by the county; then (5) cases and
    (6) attachments. An attachment that is damaged counts as not held from now on, so that it is
    asked for again (C31); nothing else is changed.
    """
    report = Report()
    with node.database.read() as tx:
        me = node.identity_in(tx)
        try:
            _verify_log(tx, me, report)
        except RemoteSyncError as error:
            report.first_bad = report.first_bad or str(error)
        report.drift = list(_drift(tx))
        damage = list(lacking.examine(tx, node.directory.blobs))
    if damage:
        report.damaged = [one.name.hex() for one in damage]
        with node.database.write() as tx:
            lacking.give_up(tx, damage)
    return report


def _verify_log(tx: sa.Connection, me: Identity, report: Report) -> None:
    log = SqlLog(tx)
    keys = _Keys(tx, me)
    previous: dict[bytes, SignedHeader] = {}
    for stored in _all_change_sets(tx):
        report.first_bad = Dot(stored.replica, stored.first).text
        signed = changeset.read(stored.message, key=keys.of(stored.replica))
        _check_chain(previous.get(stored.replica), signed)
        _check_header(stored, signed)
        helds = log.run(stored.replica, stored.first, stored.last)
        _check_rows(tx, helds)
        _check_root(stored, signed, helds)
        if stored.receipt is not None:
            _check_receipt(stored, me.hub.verify_key)
        previous[stored.replica] = signed
        report.operations += len(helds)
        report.change_sets += 1
        report.first_bad = ""
    report.operations += _unsigned(tx, log, me, report)


class _Keys:
    """Verified keys of the replicas, each certificate read once."""

    def __init__(self, tx: sa.Connection, me: Identity) -> None:
        self._tx = tx
        self._me = me
        self._known: dict[bytes, DeviceCertificate] = {me.hub.replica: me.hub}

    def of(self, replica: bytes) -> VerifyKey:
        if replica not in self._known:
            c = author.c
            row = self._tx.execute(sa.select(c.certificate).where(c.replica == replica)).first()
            if row is None:
                raise UnknownReplica(replica.hex())
            self._known[replica] = self._read(row.certificate)
        return self._known[replica].verify_key

    def _read(self, message: bytes) -> DeviceCertificate:
        try:
            return self._me.read_certificate(message)
        except CryptoError as error:
            raise Unauthentic(f"certificate: {error}") from error


def _all_change_sets(tx: sa.Connection) -> Iterator[StoredChangeSet]:
    """Page through all change sets, replica by replica, in order."""
    log = SqlLog(tx)
    replicas = tx.scalars(sa.select(change_set.c.replica).distinct()).all()
    for replica in sorted(replicas):
        after = 0
        while page := log.change_sets_after(replica, after, most=_PAGE):
            yield from page
            after = page[-1].last


def _check_chain(previous: SignedHeader | None, signed: SignedHeader) -> None:
    header = signed.header
    if previous is None or previous.header.last != header.first - 1:
        return
    if header.prev != previous.hash:
        raise Fork("chain")


def _check_header(stored: StoredChangeSet, signed: SignedHeader) -> None:
    """Compare the columns of a header with what was signed."""
    header = signed.header
    said = (header.replica, header.first, header.last, signed.hash)
    if said != (stored.replica, stored.first, stored.last, stored.header_hash):
        raise Unauthentic("columns of a change set")


def _check_rows(tx: sa.Connection, helds: Sequence[Held]) -> None:
    """Compare the columns of operations with their bytes: look-ups and proofs rest on them."""
    o = operation_table.c
    wanted = sa.select(o.id, o.hash, o.record).where(o.id.in_([held.row for held in helds]))
    columns = {row.id: (row.hash, row.record) for row in tx.execute(wanted)}
    for held in helds:
        operation = held.entry.operation
        if columns[held.row] != (operation.hash, operation.record):
            raise Unauthentic("columns of an operation")


def _check_root(stored: StoredChangeSet, signed: SignedHeader, helds: Sequence[Held]) -> None:
    """Recompute the root from the operations held and what proofs taught of the others."""
    places = {held.entry.operation.dot.seq - stored.first: held for held in helds}
    # A subtree that covers a held operation would hide a change of it: the leaf itself must speak.
    known = {
        (low, high): value
        for (low, high), value in stored.subtrees.items()
        if not any(low <= place < high for place in places)
    }
    for place, held in places.items():
        _check_disclosures(held)
        known[place, place + 1] = held.entry.operation.hash
    try:
        root = merkle.subtree(known, 0, signed.header.size)
    except KeyError as error:
        raise Unauthentic("operations are missing from a change set") from error
    if root != signed.header.root:
        raise Unauthentic("root")


def _check_disclosures(held: Held) -> None:
    operation = held.entry.operation
    for class_, found in held.entry.disclosures.items():
        if operation.commitments.get(class_) != found.commitment:
            raise Unauthentic("disclosure does not match its commitment")


def _check_receipt(stored: StoredChangeSet, county: VerifyKey) -> None:
    found = receipt.read_receipt(stored.receipt or b"", key=county)
    if (found.header_hash, found.received_at) != (stored.header_hash, stored.received_at):
        raise Unauthentic("receipt for another change set")


def _unsigned(tx: sa.Connection, log: SqlLog, me: Identity, report: Report) -> int:
    """Check what this node has written and not signed yet, as far as it can be; count it."""
    o = operation_table.c
    where = (o.replica == me.replica, o.change_set.is_(None))
    seqs = tx.scalars(sa.select(o.seq).where(*where).order_by(o.seq)).all()
    for seq in seqs:
        report.first_bad = Dot(me.replica, seq).text
        helds = log.run(me.replica, seq, seq)
        _check_rows(tx, helds)
        for held in helds:
            _check_disclosures(held)
        report.first_bad = ""
    return len(seqs)


def _records(tx: sa.Connection) -> Iterator[list[bytes]]:
    """Page through the records of the log."""
    o = operation_table.c
    after = b""
    while True:
        statement = sa.select(o.record).where(o.record > after).distinct().order_by(o.record)
        page = [bytes(r) for r in tx.scalars(statement.limit(_PAGE))]
        if not page:
            return
        yield page
        after = page[-1]


def _drift(tx: sa.Connection) -> Iterable[Drift]:
    for records in _records(tx):
        where = case_table.c.record.in_(records)
        rows = {
            r["record"]: dict(r) for r in tx.execute(sa.select(case_table).where(where)).mappings()
        }
        for case in _replayed(tx, records):
            if isinstance(case, Drift):
                yield case
            else:
                yield from _compare(case.id, cases.row_of(case), rows.get(case.record))
    yield from _orphans(tx)


def _replayed(tx: sa.Connection, records: Sequence[bytes]) -> Iterator[Case | Drift]:
    """Derive cases from their operations; one that cannot be read spoils no other."""
    try:
        yield from cases.derive(tx, records)
    except RemoteSyncError as error:
        if len(records) == 1:
            yield Drift("log_operation", Ulid(records[0]).text, "body", str(error), "")
            return
        for record in records:
            yield from _replayed(tx, [record])


def _compare(
    key: str, expected: dict[str, object], row: dict[str, object] | None
) -> Iterable[Drift]:
    if row is None:
        yield Drift("case_file", key, "record", "present", "absent")
        return
    for name, value in expected.items():
        if name not in _IGNORED and row[name] != value:
            yield Drift("case_file", key, name, str(value), str(row[name]))


def _orphans(tx: sa.Connection) -> Iterable[Drift]:
    """Rows of cases that no operation speaks of, or that are not held whole here."""
    o = operation_table.c
    held = sa.select(o.record).where(o.record == case_table.c.record).exists()
    gone = sa.select(record_stub.c.record).where(record_stub.c.record == case_table.c.record)
    risen = sa.or_(~held, gone.exists())
    for record in tx.scalars(sa.select(case_table.c.record).where(risen)):
        yield Drift("case_file", Ulid(record).text, "record", "absent", "present")


def rebuild(node: Node) -> int:
    """Make the rows of all cases anew from the log.

    Returns:
        How many cases there are.
    """
    count = 0
    with node.database.write() as tx:
        o = operation_table.c
        held = sa.select(o.record).where(o.record == case_table.c.record).exists()
        tx.execute(sa.delete(case_table).where(~held))
        gone = sa.select(record_stub.c.record)
        tx.execute(sa.delete(case_table).where(case_table.c.record.in_(gone)))
        for records in _records(tx):
            found = cases.derive(tx, records)
            cases.store(tx, found)
            for case in found:
                attachments.expect(tx, cases.blobs_of(case), now=None)
            count += len(found)
    return count
