"""How far everything has come (`station status`, 上传情况): from receipts and heads only."""

from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from casework.ids import Ulid
from casework.values import day_of
from node import casefile, cases
from node.casefile import CaseLine
from node.clock import beijing
from node.runtime import Node
from node.tables import case as case_table
from node.tables import identity as identity_table
from station.usecases import links, standing
from station.usecases.tallies import tally
from sync.adapters.tables import change_set, link
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


def status(node: Node) -> Status:
    """Count."""
    counted = tally(node)
    with node.database.read() as tx:
        me = node.identity_in(tx)
        checking = sa.select(sa.func.count()).select_from(case_table).where(case_table.c.checking)
        newest = sa.select(sa.func.max(change_set.c.received_at)).where(
            change_set.c.replica == me.replica
        )
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
            last_contact=tx.execute(sa.select(sa.func.max(link.c.last_contact))).scalar(),
            last_receipt=tx.execute(newest).scalar(),
            clock_offset_ms=tx.execute(sa.select(identity_table.c.clock_offset)).scalar(),
            catalogue_version=cases.catalogue_version(tx),
            safe_to_switch_off=not node.directory.database.with_suffix(".upgrade").exists(),
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
        waiting = _lines(tx, node, standing.unreceipted(tx, me))
        waiting.sort(key=lambda line: (line.received_at, line.case))
        today = _lines(tx, node, _received_today(tx, node, me.replica))
        checking = _lines(tx, node, _checking(tx))
        reasons = _refused(tx, me.replica)
        refused = _lines(tx, node, list(reasons))
        stand = standing.standing_in(tx, me)
        t = case_table.c
        here = sa.and_(t.station == me.place.code, t.received_at >= _midnight(node.clock.now_ms()))
        taken = sa.select(sa.func.count()).select_from(case_table).where(here)
        printed = int(tx.execute(taken).scalar_one())
    return Uploads(
        waiting=_block(waiting),
        received=_block(list(reversed(today))),
        refused=_block(refused),
        reasons={line.case: reasons[Ulid.parse(line.case).raw] for line in refused},
        checking=_block(checking),
        photos=stand.photos,
        stalled=stand.last_failure if stand.failing and (waiting or stand.photos) else "",
        retry_at=retry_at,
        last_receipt=stand.last_receipt,
        last_contact=stand.last_contact,
        oldest_at=waiting[0].received_at if waiting else None,
        printed=printed,
    )


def _midnight(now: int) -> int:
    """The beginning of the day in Beijing, milliseconds."""
    start = beijing(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return round(start.timestamp() * 1000)


def _block(lines: list[CaseLine]) -> Block:
    return Block(len(lines), tuple(lines[:_ROWS]))


def _lines(tx: sa.Connection, node: Node, records: list[bytes]) -> list[CaseLine]:
    me = node.identity_in(tx)
    found: list[CaseLine] = []
    for start in range(0, len(records), 500):
        found += casefile.lines_of(tx, me, records[start : start + 500])
    return found


def _checking(tx: sa.Connection) -> list[bytes]:
    statement = sa.select(case_table.c.record).where(case_table.c.checking)
    return [bytes(record) for record in tx.scalars(statement)]


def _refused(tx: sa.Connection, replica: bytes) -> dict[bytes, str]:
    """Cases in which the county refused the last word that was written here, and why."""
    t = case_table.c
    statement = sa.select(t.record).where(t.refused).order_by(t.updated_at.desc()).limit(_DOUBTFUL)
    found = cases.derive(tx, tx.scalars(statement).all())
    return {
        case.record: verdict.reason
        for case in found
        for dot, verdict in case.evidence.merged.refused.items()
        if dot.replica == replica
    }


def _received_today(tx: sa.Connection, node: Node, replica: bytes) -> list[bytes]:
    """Cases of which the county confirmed something that was written here, today."""
    c, o = change_set.c, operation_table.c
    day = day_of(node.clock.now_ms())
    confirmed = tx.execute(
        sa.select(c.id, c.received_at)
        .where(c.replica == replica, c.received_at.is_not(None))
        .order_by(c.received_at.desc())
        .limit(_ROWS)
    )
    sets = [row.id for row in confirmed if day_of(row.received_at) == day]
    statement = sa.select(o.record).distinct().where(o.change_set.in_(sets), o.replica == replica)
    late = set(standing.unreceipted(tx, node.identity_in(tx)))
    return [bytes(record) for record in tx.scalars(statement) if bytes(record) not in late]
