"""Adopting the losing branch of a fork that nobody is left to write again.

A device's disk is gone, and what it had signed lies aside, because its twin had used the numbers.
The county writes those operations again in its own name: same record, fact and values, the
originals named, so that the citizen's filing stands. A person decides it, with a reason.
"""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.ids import Ulid
from hub.usecases.rules import HubRules, look_at
from hub.usecases.sitting import Sitting
from node import quarantining, succession
from node.errors import NotAllowed
from node.people import Account
from node.receiving import Receiver
from node.runtime import Node
from sync.adapters.sql import SqlLog
from sync.adapters.tables import quarantine
from sync.record import Entry

ADOPTED: Final = "adopted"
_FORK: Final = "fork"


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was written again by the county."""

    operations: int
    cases: tuple[str, ...]


def adopt(node: Node, item: int, *, reason: str, account: Account) -> Adopted:
    """Write again what lies aside as the losing branch of a fork.

    Args:
        node: the hub.
        item: of the quarantine.
        reason: why nobody else can.
        account: who decides it.

    Raises:
        NotFound: there is none of this id.
        NotAllowed: it does not lie aside as a fork.
        RemoteSyncError: it does not prove itself.
    """
    found = quarantining.show(node, item)
    if (found.reason, found.state) != (_FORK, quarantining.HELD):
        raise NotAllowed(found.reason)
    me, now = node.identity(), node.clock.now_ms()
    receiver = Receiver(database=node.database, me=me, rules=HubRules(node), now=now)
    extracts = receiver.prove(quarantining.message_of(node, item), audience=me.place.code)
    with node.database.write() as tx:
        _claim(tx, item, f"{account.login}: {reason}")
        sitting = Sitting.begin(tx, node)
        lost = [e for x in extracts for e in x.entries if not _is_held(tx, e)]
        succession.rewrite(tx, sitting.me, lost, at=sitting.at)
        records = {entry.operation.record for entry in lost}
        look_at(sitting, sitting.derive(records))
    return Adopted(len(lost), tuple(sorted(Ulid(record).text for record in records)))


def _claim(tx: sa.Connection, item: int, detail: str) -> None:
    """Mark an item as adopted; of two people who decide at once, one does.

    Raises:
        NotAllowed: somebody else has adopted or refused it meanwhile.
    """
    where = sa.and_(quarantine.c.id == item, quarantine.c.state == quarantining.HELD)
    marked = tx.execute(sa.update(quarantine).where(where).values(state=ADOPTED, detail=detail))
    if marked.rowcount == 0:
        raise NotAllowed(_FORK)


def _is_held(tx: sa.Connection, entry: Entry) -> bool:
    dot = entry.operation.dot
    return SqlLog(tx).hashes(dot.replica, dot.seq, dot.seq).get(dot.seq) == entry.operation.hash
