"""What was written here and has not arrived: from receipts, custody notes and heads, nothing else.

What earlier incarnations of this node wrote counts too: it is the work of the same counter.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import sqlalchemy as sa

from node.db import driver
from node.identity import Identity
from sync import codec, operation


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


_OPEN: Final = """SELECT replica, first, last, custody IS NOT NULL, former IS NOT NULL
    FROM log_change_set WHERE receipt IS NULL AND (replica = :me
    OR (subtrees IS NULL AND replica IN (SELECT replica FROM log_former_replica)))
    ORDER BY replica = :me, first"""
"""Own change sets without a receipt, those of earlier incarnations first.

Of what only came back of an earlier one (it has proofs, not every operation) the county needs
nothing. Plain SQL, as in `_UNSIGNED`: every intake and every page asks.
"""
_UNSIGNED: Final = "SELECT first, next FROM log_open_change_set WHERE replica = :me"
_BODY: Final = "SELECT body FROM log_operation WHERE replica = :replica AND seq = :seq"


_CLAIMED: Final = 3


class _Row(NamedTuple):
    replica: bytes
    first: int
    last: int
    custody: int
    former: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def measure(tx: sa.Connection, me: Identity) -> Unsent:
    """Count what has not arrived; cheap while little waits.

    Args:
        tx: any transaction of a station (SQLite).
        me: this node.
    """
    own = {"me": me.replica}
    rows = [_Row(*row) for row in driver(tx).execute(_OPEN, own)]
    first, next_ = driver(tx).execute(_UNSIGNED, own).fetchone() or (0, 0)
    alone = [row for row in rows if not row.custody]
    oldest = (alone[0].replica, alone[0].first) if alone else (me.replica, first)
    pending = sum(row.size for row in alone) + next_ - first
    return Unsent(
        pending=pending,
        in_custody=sum(row.size for row in rows if row.custody),
        again=sum(row.size for row in rows if row.former),
        oldest=_written_at(tx, *oldest) if pending else None,
    )


def _written_at(tx: sa.Connection, replica: bytes, seq: int) -> int | None:
    row = driver(tx).execute(_BODY, {"replica": replica, "seq": seq}).fetchone()
    return _claimed(bytes(row[0])) if row else None


@lru_cache(maxsize=64)
def _claimed(body: bytes) -> int:
    """When an operation was written, by its own word (change-set.md §1); the same bytes once."""
    return codec.as_uint(operation.reload(body).message.get(_CLAIMED))
