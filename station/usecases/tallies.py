"""Counting what this station has written and how far it has come: from receipts and heads only."""

from dataclasses import dataclass

import sqlalchemy as sa

from node import attachments, ledger
from node.runtime import Node
from sync.adapters.sql import SqlLog
from sync.adapters.tables import change_set, quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far the operations of this replica have come.

    Attributes:
        operations: written here; each is receipted, in custody or pending.
        receipted: covered by a receipt of the county.
        in_custody: with the township, on their way.
        pending: nowhere but here.
        receipts_up_to: last seq up to which receipts are held without a gap.
        attachments: photos here that the county is not known to hold.
        quarantined: messages put aside here.
    """

    operations: int
    receipted: int
    in_custody: int
    pending: int
    receipts_up_to: int
    attachments: int
    quarantined: int


def tally(node: Node) -> Tally:
    """Count, in one snapshot."""
    me = node.identity()
    with node.database.read() as tx:
        written = ledger.own_head(tx, me)
        receipted, custody = _covered(tx, me.replica)
        waiting = attachments.waiting(tx)
        held = sa.select(sa.func.count()).where(quarantine.c.state == "held")
        return Tally(
            operations=written,
            receipted=receipted,
            in_custody=custody,
            pending=written - receipted - custody,
            receipts_up_to=SqlLog(tx).receipted(me.replica),
            attachments=waiting,
            quarantined=int(tx.execute(held.select_from(quarantine)).scalar() or 0),
        )


def _covered(tx: sa.Connection, replica: bytes) -> tuple[int, int]:
    """How many operations the county has receipted, and how many only a township has taken."""
    c = change_set.c
    size = c.last - c.first + 1
    on_the_way = sa.and_(c.receipt.is_(None), c.custody.is_not(None))
    row = tx.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(sa.case((c.receipt.is_not(None), size), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(sa.case((on_the_way, size), else_=0)), 0),
        ).where(c.replica == replica)
    ).one()
    return int(row[0]), int(row[1])
