"""Receipts of the county and custody of what is on its way there (change-set.md §6)."""

from collections.abc import Iterable, Sequence
from typing import Final

import sqlalchemy as sa

from crypto import envelope
from node.db import Database
from node.identity import Identity
from sync import receipt
from sync.adapters.sql import SqlLog
from sync.adapters.tables import carried, carried_header, change_set, quarantine
from sync.bundle import Extract
from sync.changeset import SignedHeader
from sync.errors import LimitExceeded, RemoteSyncError
from sync.exchange import Complaint, digest
from sync.limits import DEFAULT
from sync.receipt import CustodyNote, Receipt


def issue_receipt(log: SqlLog, me: Identity, signed: SignedHeader, *, now: int) -> None:
    """Receipt a change set that this transaction stores; a second time changes nothing."""
    header = signed.header
    stored = log.change_sets_by_hash([signed.hash])
    if not stored or stored[0].receipt is not None:
        return
    up_to, also = log.contiguous(header.replica)
    message = receipt.sign_receipt(
        Receipt(
            replica=header.replica,
            header_hash=signed.hash,
            up_to=up_to,
            received_at=now,
            also=also,
        ),
        me.signing,
    )
    log.set_receipt(signed.hash, message, now)


def take_receipt(tx: sa.Connection, me: Identity, message: bytes) -> Receipt:
    """Believe and keep a receipt of the county.

    Raises:
        Unauthentic: the county did not sign it.
        Malformed: it is not a receipt.
    """
    found = receipt.read_receipt(message, key=me.hub.verify_key)
    SqlLog(tx).set_receipt(found.header_hash, message, found.received_at)
    return found


def proven(me: Identity, extract: Extract) -> Receipt | None:
    """The county's receipt that comes with an extract, where it holds for just that one."""
    if extract.receipt is None:
        return None
    try:
        found = receipt.read_receipt(extract.receipt, key=me.hub.verify_key)
    except RemoteSyncError:
        return None
    return found if found.header_hash == extract.signed.hash else None


def take_note(tx: sa.Connection, message: bytes, *, note: CustodyNote) -> None:
    """Keep a custody note that was verified."""
    SqlLog(tx).set_custody(note.header_hash, message)


def notes_for(
    tx: sa.Connection, me: Identity, *, replica: bytes, after: int, now: int
) -> list[bytes]:
    """Write custody notes for what we carry for a child and the county has not receipted.

    What is only held here, and in no bundle on its way, gets no note: its author sends it again.
    """
    log = SqlLog(tx)
    up_to, _ = log.contiguous(replica)
    carried_now = set(
        tx.scalars(
            sa.select(carried_header.c.header_hash)
            .join(change_set, change_set.c.header_hash == carried_header.c.header_hash)
            .where(change_set.c.replica == replica, change_set.c.last > after)
        )
    )
    open_ones = [
        s
        for s in log.change_sets_after(replica, after)[: DEFAULT.receipts_per_answer]
        if s.receipt is None and s.header_hash in carried_now
    ]
    return [
        receipt.sign_custody(
            CustodyNote(replica=replica, header_hash=s.header_hash, up_to=up_to, taken_at=now),
            me.signing,
        )
        for s in open_ones
    ]


def carry(
    database: Database, me: Identity, message: bytes, headers: Sequence[bytes], *, now: int
) -> None:
    """Keep a child's sealed bundle for the county, as long as anything in it has no receipt.

    Bundles that the county itself sealed for us are not carried anywhere.

    Raises:
        LimitExceeded: as much is carried for its sender as may be; it gets no note, and keeps it.
    """
    outer = envelope.outer(message, max_bytes=DEFAULT.bundle)
    if outer.audience != me.county_code or outer.sender == me.replica:
        return
    name = digest(message)
    with database.write() as tx:
        if tx.execute(sa.select(carried.c.id).where(carried.c.digest == name)).first():
            return
        if not _unreceipted(tx, headers):
            return
        _demand_room(tx, outer.sender, len(message))
        result = tx.execute(
            sa.insert(carried).values(
                digest=name, sender=outer.sender, taken_at=now, bundle=message
            )
        )
        row = result.inserted_primary_key[0]  # type: ignore[index]  # one row was inserted
        links = [{"bundle": row, "header_hash": h} for h in dict.fromkeys(headers)]
        tx.execute(sa.insert(carried_header), links)


def _demand_room(tx: sa.Connection, sender: bytes, size: int) -> None:
    carried_bytes = sa.func.coalesce(sa.func.sum(sa.func.length(carried.c.bundle)), 0)
    held = tx.execute(sa.select(carried_bytes).where(carried.c.sender == sender)).scalar_one()
    if int(held) + size > DEFAULT.carried_per_child:
        raise LimitExceeded("carried")


def _unreceipted(tx: sa.Connection, headers: Sequence[bytes]) -> bool:
    return any(s.receipt is None for s in SqlLog(tx).change_sets_by_hash(headers))


def carried_bundles(tx: sa.Connection, *, most: int, count: int) -> list[bytes]:
    """Read the oldest bundles carried for others.

    Args:
        tx: any transaction.
        most: bytes at most, but at least one bundle.
        count: bundles at most.
    """
    found: list[bytes] = []
    size = 0
    oldest = sa.select(carried.c.bundle).order_by(carried.c.taken_at, carried.c.id).limit(count)
    for row in tx.execute(oldest):
        size += len(row.bundle)
        if found and size > most:
            break
        found.append(row.bundle)
    return found


def newest_carried(tx: sa.Connection) -> int:
    """Say which bundle carried for others came last; 0: none."""
    return int(tx.execute(sa.select(sa.func.max(carried.c.id))).scalar() or 0)


def move_back(tx: sa.Connection, digests: Sequence[bytes], *, now: int) -> None:
    """Let bundles of which the county complained wait behind the others."""
    where = carried.c.digest.in_(list(digests))
    tx.execute(sa.update(carried).where(where).values(taken_at=now))


_NEVER: Final = frozenset({"fork", "unauthorised"})
"""What the county will never take, as its complaint says; it has kept a copy for a person."""


def put_aside_refused(tx: sa.Connection, said: Iterable[Complaint], *, now: int) -> None:
    """Take carried bundles off the way that the county has said it will never take."""
    for complaint in said:
        row = tx.execute(
            sa.select(carried).where(carried.c.digest == complaint.bundle)
        ).one_or_none()
        if row is None or complaint.code not in _NEVER:
            continue
        tx.execute(
            sa.insert(quarantine).values(
                at=now,
                digest=row.digest,
                sender=row.sender,
                code=complaint.code,
                detail="the county put it aside",
                message=row.bundle,
            )
        )
        tx.execute(sa.delete(carried_header).where(carried_header.c.bundle == row.id))
        tx.execute(sa.delete(carried).where(carried.c.id == row.id))


def drop_delivered(tx: sa.Connection) -> int:
    """Forget carried bundles whose change sets the county has all receipted."""
    waiting = (
        sa.select(carried_header.c.bundle)
        .join(change_set, change_set.c.header_hash == carried_header.c.header_hash)
        .where(change_set.c.receipt.is_(None))
    )
    done = [
        row.id for row in tx.execute(sa.select(carried.c.id).where(carried.c.id.not_in(waiting)))
    ]
    tx.execute(sa.delete(carried_header).where(carried_header.c.bundle.in_(done)))
    tx.execute(sa.delete(carried).where(carried.c.id.in_(done)))
    return len(done)


def receipts_for(
    tx: sa.Connection, *, replica: bytes, after: int, also: Sequence[bytes]
) -> list[bytes]:
    """Collect the county's receipts that a child should be given.

    Args:
        tx: any transaction.
        replica: the child's.
        after: it holds receipts of its own up to here.
        also: header hashes of what it has just sent, whoever wrote them.
    """
    log = SqlLog(tx)
    found = {s.header_hash: s.receipt for s in log.change_sets_by_hash(also)}
    found |= {s.header_hash: s.receipt for s in log.change_sets_after(replica, after)}
    return [message for message in found.values() if message][: DEFAULT.receipts_per_answer]
