"""How this station stands, for the frame of every page: cheap, and from receipts only."""

from dataclasses import dataclass

import sqlalchemy as sa

from casework.places import PlaceKind
from node import attachments, incarnations, pressure
from node.identity import Identity
from node.pressure import Pressure
from node.runtime import Node
from sync.adapters.sql import SqlLog
from sync.adapters.tables import change_set, link
from sync.adapters.tables import operation as operation_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a station stands.

    Attributes:
        township: this is a township's centre.
        waiting: cases of which the county does not hold everything that was written here.
        photos: that the county is not known to hold.
        last_receipt: when the county last confirmed something; None: never yet.
        last_contact: when a parent last answered; None: never yet.
        county_contact: when the county itself did.
        failing: whether the last try of every parent failed.
        last_failure: why, in plain words.
        stopped: why this computer must not write (`node.incarnations.Stop`); empty: it may.
        pressure: what it may still take on.
    """

    name: str
    county: str
    township: bool
    waiting: int
    photos: int
    last_receipt: int | None
    last_contact: int | None
    county_contact: int | None
    failing: bool
    last_failure: str
    stopped: str
    pressure: Pressure


def standing(node: Node) -> Standing:
    """Say how this station stands."""
    with node.database.read() as tx:
        return standing_in(tx, node)


def standing_in(tx: sa.Connection, node: Node) -> Standing:
    """The same inside a transaction."""
    me = node.identity_in(tx)
    rows = tx.execute(sa.select(link)).all()
    tried = [row for row in rows if row.last_contact or row.failures]
    failing = bool(tried) and all(row.failures for row in tried)
    c = change_set.c
    ours = c.replica.in_(incarnations.own_replicas(tx, me))
    newest = sa.select(sa.func.max(c.received_at)).where(ours)
    return Standing(
        name=me.name,
        county=me.county.name,
        township=me.place.kind is PlaceKind.TOWNSHIP,
        waiting=count_unreceipted(tx, me),
        photos=attachments.waiting(tx),
        last_receipt=tx.execute(newest).scalar(),
        last_contact=max((row.last_contact or 0 for row in rows), default=0) or None,
        county_contact=next((r.last_contact for r in rows if r.station == me.county_code), None),
        failing=failing,
        last_failure=next((row.last_failure or "" for row in tried if row.failures), ""),
        stopped=me.stopped,
        pressure=pressure.now_at(node, tx),
    )


def unreceipted(tx: sa.Connection, me: Identity) -> sa.Select[tuple[bytes]]:
    """Select the cases of which something written here has no receipt of the county."""
    return sa.select(operation_table.c.record).where(_is_open(tx, me))


def count_unreceipted(tx: sa.Connection, me: Identity) -> int:
    """Count them."""
    counted = sa.func.count(sa.distinct(operation_table.c.record))
    return int(tx.execute(sa.select(counted).where(_is_open(tx, me))).scalar_one())


def _is_open(tx: sa.Connection, me: Identity) -> sa.ColumnElement[bool]:
    """Own operations without a receipt: those of change sets without one, and not yet signed.

    Those of earlier replicas of this station too; what only came back of them needs no receipt.
    """
    o, c = operation_table.c, change_set.c
    replicas = incarnations.own_replicas(tx, me)
    own = sa.or_(c.replica == me.replica, c.subtrees.is_(None))
    waiting = sa.select(c.id).where(c.receipt.is_(None), c.replica.in_(replicas), own)
    newest = SqlLog(tx).last_change_set(me.replica)
    unsigned = sa.and_(o.replica == me.replica, o.seq > (newest.last if newest else 0))
    return sa.or_(o.change_set.in_(list(tx.scalars(waiting))), unsigned)
