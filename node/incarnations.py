"""The incarnations of one node: its replica now, those before, and why it must not write.

A database that was restored or copied must never go on under the same replica: two histories under
one number would be a fork. It stops, takes a new replica by enrolling anew, and what its earlier
incarnations had signed still goes to the county (sync.md §2).
"""

from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from node.errors import Stopped
from node.identity import Identity
from node.tables import identity as identity_table
from sync.adapters.tables import former_replica


class Stop(StrEnum):
    """Why a node must not write, or why its earlier incarnation ended."""

    FORK = "fork"
    OLD_COPY = "old-copy"
    RESTORED = "restored"
    RENEWED = "renewed"


def own_replicas(tx: sa.Connection, me: Identity) -> list[bytes]:
    """This node's replicas, the earliest first, the present one last."""
    return [*former_replicas(tx), me.replica]


def former_replicas(tx: sa.Connection) -> list[bytes]:
    """The replicas that this node was before, the earliest first."""
    statement = sa.select(former_replica.c.replica).order_by(former_replica.c.ended_at)
    return [bytes(r) for r in tx.scalars(statement)]


def stop(tx: sa.Connection, why: Stop, *, now: int) -> None:
    """Let this node write no more; the first reason stays.

    Args:
        tx: a write transaction.
        why: the reason.
        now: milliseconds since the epoch.
    """
    tx.execute(
        sa.update(identity_table)
        .where(identity_table.c.stopped == "")
        .values(stopped=why.value, stopped_at=now)
    )


def demand_running(me: Identity) -> None:
    """Return if this node may write.

    Raises:
        Stopped: it may not, until it has enrolled anew.
    """
    if me.stopped:
        raise Stopped(WORDS[Stop(me.stopped)])


WORDS: Final = {
    Stop.FORK: "这台电脑的资料在两处各记了一份",
    Stop.OLD_COPY: "这台电脑的资料是旧的拷贝",
    Stop.RESTORED: "资料是从备份恢复的，还没有重新开通",
    Stop.RENEWED: "这台电脑在县里停用过",
}
"""What a helper reads of the reason."""


def end(tx: sa.Connection, replica: bytes, *, last: int, reason: str, now: int) -> None:
    """Note an incarnation as ended.

    Args:
        tx: a write transaction.
        replica: of the incarnation.
        last: the last operation that it wrote here.
        reason: a word of `Stop`.
        now: milliseconds since the epoch.
    """
    tx.execute(
        sa.insert(former_replica).values(replica=replica, ended_at=now, reason=reason, last=last)
    )
