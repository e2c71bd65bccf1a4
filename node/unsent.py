"""What was written here and has not arrived: from receipts, custody notes and heads, nothing else.

What earlier incarnations of this node wrote counts too: it is the work of the same counter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from node import incarnations, ledger
from node.identity import Identity
from sync.adapters.sql import SqlLog
from sync.adapters.tables import change_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Operations that the county has not receipted.

    Attributes:
        pending: nowhere but here.
        in_custody: with the township, on their way.
        again: among both, those for which the county gave a receipt and lost them: sent again.
        oldest: when the oldest pending one was written, by this computer's clock, milliseconds.
    """

    pending: int = 0
    in_custody: int = 0
    again: int = 0
    oldest: int | None = None


def measure(tx: sa.Connection, me: Identity) -> Unsent:
    """Count what has not arrived; cheap while little waits."""
    rows = _open(tx, me)
    log = SqlLog(tx)
    newest = log.last_change_set(me.replica)
    signed = newest.last if newest else 0
    unsigned = ledger.own_head(tx, me) - signed
    alone = [row for row in rows if not row.custody]
    first = (alone[0].replica, alone[0].first) if alone else (me.replica, signed + 1)
    pending = sum(map(_size, alone)) + unsigned
    return Unsent(
        pending=pending,
        in_custody=sum(_size(row) for row in rows if row.custody),
        again=sum(_size(row) for row in rows if row.former),
        oldest=_written_at(log, *first) if pending else None,
    )


def _open(tx: sa.Connection, me: Identity) -> Sequence[Any]:
    """Own change sets without a receipt, the oldest incarnation first.

    Of what only came back of an earlier incarnation (it has proofs, not every operation) the
    county needs nothing.
    """
    c = change_set.c
    replicas = incarnations.own_replicas(tx, me)
    columns = (
        *(c.replica, c.first, c.last),
        c.custody.is_not(None).label("custody"),
        c.former.is_not(None).label("former"),
    )
    own = sa.or_(c.replica == me.replica, c.subtrees.is_(None))
    found = tx.execute(sa.select(*columns).where(c.receipt.is_(None), c.replica.in_(replicas), own))
    return sorted(found, key=lambda row: (replicas.index(bytes(row.replica)), row.first))


def _size(row: Any) -> int:  # noqa: ANN401  # a row of the query
    return int(row.last - row.first + 1)


def _written_at(log: SqlLog, replica: bytes, seq: int) -> int | None:
    found = log.run(bytes(replica), seq, seq)
    return found[0].entry.operation.claimed_at if found else None
