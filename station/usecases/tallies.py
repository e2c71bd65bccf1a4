"""Counting what this station has written and how far it has come: from receipts and heads only."""

from dataclasses import dataclass

import sqlalchemy as sa

from node import attachments, incarnations, unsent
from node.identity import Identity
from node.runtime import Node
from sync.adapters.sql import SqlLog
from sync.adapters.tables import change_set, quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far what this station has written has come, its earlier replicas included.

    Attributes:
        operations: written here; each is receipted, in custody or pending.
        receipted: covered by a receipt of the county.
        in_custody: with the township, on their way.
        pending: nowhere but here.
        sending_again: among those two: the county had them, lost them, and is sent them again.
        receipts_up_to: last seq of this replica up to which receipts are held without a gap.
        attachments: photos here that the county is not known to hold.
        quarantined: messages put aside here.
        oldest: when the oldest pending operation was written, milliseconds.
    """

    operations: int
    receipted: int
    in_custody: int
    pending: int
    sending_again: int
    receipts_up_to: int
    attachments: int
    quarantined: int
    oldest: int | None = None


def tally(node: Node) -> Tally:
    """Count, in one snapshot."""
    with node.database.read() as tx:
        me = node.identity_in(tx)
        waiting = unsent.measure(tx, me)
        receipted = _receipted(tx, me)
        held = sa.select(sa.func.count()).where(quarantine.c.state == "held")
        return Tally(
            operations=receipted + waiting.in_custody + waiting.pending,
            receipted=receipted,
            in_custody=waiting.in_custody,
            pending=waiting.pending,
            sending_again=waiting.again,
            receipts_up_to=SqlLog(tx).receipted(me.replica),
            attachments=attachments.waiting(tx),
            quarantined=int(tx.execute(held.select_from(quarantine)).scalar() or 0),
            oldest=waiting.oldest,
        )


def _receipted(tx: sa.Connection, me: Identity) -> int:
    """How many operations of this node's replicas the county has receipted."""
    c = change_set.c
    size = sa.func.coalesce(sa.func.sum(c.last - c.first + 1), 0)
    ours = c.replica.in_(incarnations.own_replicas(tx, me))
    return int(tx.execute(sa.select(size).where(ours, c.receipt.is_not(None))).scalar_one())
