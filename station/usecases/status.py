"""How far everything has come (`station status`, 上传情况): from receipts and heads only."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from casework.ids import Ulid
from node import casefile, cases, incarnations, lacking
from node.casefile import CaseLine
from node.clock import beijing
from node.identity import Identity
from node.runtime import Node
from node.tables import case as case_table
from node.tables import identity as identity_table
from station.usecases import links, standing
from station.usecases.tallies import tally
from sync.adapters.tables import change_set
from sync.adapters.tables import operation as operation_table

_ROWS: Final = 100
_DOUBTFUL: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The counts of `station status`.

    Attributes:
        operations: written here; each is receipted, in custody or pending.
        conflicts: cases that the county is checking.
        last_contact: when a parent last answered, milliseconds; None: never yet.
        last_receipt: when the county last confirmed something.
        clock_offset_ms: this clock less the county's, by its last answer.
        safe_to_switch_off: false only while a migration or restore is under way.
        sending_again: of those in custody or pending, what the county had, lost, and is sent again.
        stopped: why this computer must not write: fork, old-copy or restored; None: it may.
        only_receives: why nothing is accepted here now (`node.pressure.Why`); empty: it may be.
        warnings: what will come to that.
        oldest_pending_at: when the oldest pending operation was written, by this clock.
        attachments_missing: photos of this station that neither it nor the county has.
        free_bytes: on the disk.
    """

    station: str
    replica: str
    operations: int
    receipted: int
    in_custody: int
    pending: int
    attachments_pending: int
    quarantined: int
    conflicts: int
    last_contact: int | None
    last_receipt: int | None
    clock_offset_ms: int | None
    catalogue_version: int
    safe_to_switch_off: bool
    sending_again: int
    stopped: str | None
    only_receives: tuple[str, ...]
    warnings: tuple[str, ...]
    oldest_pending_at: int | None
    attachments_missing: int
    free_bytes: int


def status(node: Node) -> Status:
    """Count."""
    counted = tally(node)
    with node.database.read() as tx:
        me = node.identity_in(tx)
        checking = sa.select(sa.func.count()).select_from(case_table).where(case_table.c.checking)
        stand = standing.standing_in(tx, node)
        return Status(
            station=me.place.code,
            replica=me.replica.hex(),
            operations=counted.operations,
            receipted=counted.receipted,
            in_custody=counted.in_custody,
            pending=counted.pending,
            attachments_pending=counted.attachments,
            quarantined=counted.quarantined,
            conflicts=int(tx.execute(checking).scalar() or 0),
            last_contact=stand.last_contact,
            last_receipt=stand.last_receipt,
            clock_offset_ms=tx.execute(sa.select(identity_table.c.clock_offset)).scalar(),
            catalogue_version=cases.catalogue_version(tx),
            safe_to_switch_off=not node.directory.database.with_suffix(".upgrade").exists(),
            sending_again=counted.sending_again,
            stopped=me.stopped or None,
            only_receives=tuple(why.value for why in stand.pressure.frozen),
            warnings=tuple(why.value for why in stand.pressure.warned),
            oldest_pending_at=counted.oldest,
            attachments_missing=lacking.lost_here(tx, incarnations.own_replicas(tx, me)),
            free_bytes=stand.pressure.free,
        )


@dataclass(frozen=True, slots=True)
class Block:
    """One block of 上传情况: how many cases, and the first of them."""

    count: int = 0
    rows: tuple[CaseLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """上传情况: every case with something written here stands in one of the four blocks.

    Attributes:
        waiting: the county has not confirmed everything of them; the oldest first.
        received: confirmed today; the newest first.
        refused: the county refused something in them.
        checking: the county is comparing two records.
        reasons: case → why the county refused, in its words.
        photos: that the county is not known to hold.
        lost: photos that neither this computer nor the county has any more (C31).
        last_contact: when the county itself last answered.
        stalled: why nothing goes, in plain words; empty: nothing stalls.
        retry_at: when it is tried by itself again, milliseconds.
        oldest_at: when the oldest waiting case was received.
        printed: cases taken in here today: as many receipts were printed.
    """

    waiting: Block = field(default_factory=Block)
    received: Block = field(default_factory=Block)
    refused: Block = field(default_factory=Block)
    checking: Block = field(default_factory=Block)
    reasons: dict[str, str] = field(default_factory=dict)
    photos: int = 0
    lost: int = 0
    stalled: str = ""
    retry_at: int | None = None
    last_receipt: int | None = None
    last_contact: int | None = None
    oldest_at: int | None = None
    printed: int = 0


def uploads(node: Node) -> Uploads:
    """Lay out what waits, what has arrived and what needs somebody."""
    retry_at = links.next_try(node)
    with node.database.read() as tx:
        me = node.identity_in(tx)
        t = case_table.c
        late = t.record.in_(standing.unreceipted(tx, me))
        ours = incarnations.own_replicas(tx, me)
        confirmed = t.record.in_(_confirmed_today(tx, node, ours))
        waiting = _block(tx, me, late, t.received_at, t.id)
        received = _block(
            tx, me, sa.and_(confirmed, sa.not_(late)), t.received_at.desc(), t.id.desc()
        )
        checking = _block(tx, me, t.checking, t.received_at, t.id)
        reasons = _refused(tx, ours)
        refused = _block(tx, me, t.record.in_(list(reasons)), t.received_at, t.id)
        stand = standing.standing_in(tx, node)
        lost = lacking.lost_here(tx, ours)
        here = sa.and_(t.station == me.place.code, t.received_at >= _midnight(node.clock.now_ms()))
        taken = sa.select(sa.func.count()).select_from(case_table).where(here)
        printed = int(tx.execute(taken).scalar_one())
    return Uploads(
        waiting=waiting,
        received=received,
        refused=refused,
        reasons={line.case: reasons[Ulid.parse(line.case).raw] for line in refused.rows},
        checking=checking,
        photos=stand.photos,
        stalled=stand.last_failure if stand.failing and (waiting.count or stand.photos) else "",
        retry_at=retry_at,
        last_receipt=stand.last_receipt,
        last_contact=stand.county_contact,
        lost=lost,
        oldest_at=waiting.rows[0].received_at if waiting.rows else None,
        printed=printed,
    )


def _midnight(now: int) -> int:
    """The beginning of the day in Beijing, milliseconds."""
    start = beijing(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return round(start.timestamp() * 1000)


def _block(
    tx: sa.Connection,
    me: Identity,
    where: sa.ColumnElement[bool],
    *order: sa.ColumnElement[object],
) -> Block:
    """Count the cases of a block, and read the first of them."""
    count = int(tx.execute(sa.select(sa.func.count()).where(where)).scalar_one())
    statement = sa.select(case_table.c.record).where(where).order_by(*order).limit(_ROWS)
    records = tx.scalars(statement).all() if count else []
    ids = {bytes(record): place for place, record in enumerate(records)}
    lines = casefile.lines_of(tx, me, list(ids))
    return Block(count, tuple(sorted(lines, key=lambda line: ids[Ulid.parse(line.case).raw])))


def _refused(tx: sa.Connection, ours: Collection[bytes]) -> dict[bytes, str]:
    """Cases in which the county refused the last word that was written here, and why."""
    t = case_table.c
    statement = sa.select(t.record).where(t.refused).order_by(t.updated_at.desc()).limit(_DOUBTFUL)
    found = cases.derive(tx, tx.scalars(statement).all())
    return {
        case.record: verdict.reason
        for case in found
        for dot, verdict in case.evidence.merged.refused.items()
        if dot.replica in ours
    }


def _confirmed_today(
    tx: sa.Connection, node: Node, ours: Collection[bytes]
) -> sa.Select[tuple[bytes]]:
    """Select the cases of which the county confirmed something that was written here, today."""
    c, o = change_set.c, operation_table.c
    since = _midnight(node.clock.now_ms())
    confirmed = sa.select(c.id).where(c.replica.in_(ours), c.received_at >= since)
    sets = list(tx.scalars(confirmed))
    return sa.select(o.record).where(o.change_set.in_(sets), o.replica.in_(ours))
