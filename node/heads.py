"""Heads that this node has heard of: what exists of every log, held here or not (heads.md)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

import sqlalchemy as sa

from crypto.errors import CryptoError
from node.db import upsert
from node.identity import Identity
from sync import head
from sync.adapters.sql import SqlLog
from sync.adapters.tables import author, change_set, known_head
from sync.errors import RemoteSyncError, UnknownReplica
from sync.head import Head
from sync.limits import DEFAULT


class Path(StrEnum):
    """How a head came here."""

    EXCHANGE = "exchange"
    FILE = "file"
    TYPED = "typed"


class Known(NamedTuple):
    """The highest head heard of a replica.

    Attributes:
        heard_at: when it came here, milliseconds.
    """

    seq: int
    heard_at: int
    via: str


_PASSED_OVER: Final = (RemoteSyncError, CryptoError)


def own(tx: sa.Connection, me: Identity, *, now: int) -> bytes | None:
    """Sign how far this node's own log reaches; None before anything of it is signed."""
    newest = SqlLog(tx).last_change_set(me.replica)
    if newest is None:
        return None
    reached = Head(me.replica, newest.last, head.mark_of(newest.header_hash), now)
    return head.sign(reached, me.signing)


def to_tell(tx: sa.Connection, me: Identity, *, now: int) -> list[bytes]:
    """Name what the county is not known to hold: our own head and those heard from children.

    What it has receipted needs no head, so that a request with nothing to say stays small.
    """
    c, k = change_set.c, known_head.c
    newest = SqlLog(tx).last_change_set(me.replica)
    mine = own(tx, me, now=now) if newest and newest.receipt is None else None
    ends = sa.and_(c.replica == k.replica, c.last == k.seq, c.receipt.is_not(None))
    open_ones = (
        sa.select(k.message)
        .where(k.replica != me.replica, ~sa.exists().where(ends))
        .order_by(k.heard_at.desc())
        .limit(DEFAULT.heads_per_request - 1)
    )
    heard = [bytes(message) for message in tx.scalars(open_ones)]
    return [mine, *heard] if mine else heard


def hear(tx: sa.Connection, me: Identity, messages: Iterable[bytes], *, via: Path, now: int) -> int:
    """Keep the heads that hold; those that do not are passed over. Says how many did.

    Args:
        tx: a write transaction.
        me: this node.
        messages: as received.
        via: how they came.
        now: milliseconds since the epoch.
    """
    kept = 0
    for message in messages:
        try:
            hear_one(tx, me, message, via=via, now=now)
        except _PASSED_OVER:
            continue
        kept += 1
    return kept


def hear_one(tx: sa.Connection, me: Identity, message: bytes, *, via: Path, now: int) -> Head:
    """Verify a head by its author's certificate, and keep it if it is the highest.

    Raises:
        UnknownReplica: no certificate of its author is known here.
        Unauthentic, Malformed, LimitExceeded, NewerVersion: it does not hold.
    """
    claimed = head.parse(message)
    statement = sa.select(author.c.certificate).where(author.c.replica == claimed.replica)
    certificate = tx.execute(statement).scalar()
    if certificate is None:
        raise UnknownReplica(claimed.replica.hex())
    found = head.read(message, key=me.read_certificate(certificate).verify_key)
    k = known_head.c
    held = tx.execute(sa.select(k.seq).where(k.replica == found.replica)).scalar()
    if held is None or held < found.seq:
        row = {"seq": found.seq, "message": message, "heard_at": now, "via": via.value}
        upsert(tx, known_head, {"replica": found.replica, **row})
    return found


def known(tx: sa.Connection) -> Mapping[bytes, Known]:
    """The highest head heard of each replica."""
    k = known_head.c
    rows = tx.execute(sa.select(k.replica, k.seq, k.heard_at, k.via))
    return {bytes(row.replica): Known(row.seq, row.heard_at, row.via) for row in rows}
