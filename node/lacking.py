"""Attachments that should be here and are not: asked for again (C31, docs/spec/attachments.md §5).

The county asks for what has not come whole days after the facts that name it, and for what it
found damaged. It asks the devices of the place that wrote them, and that place's township; a
township asks its villages for what was asked of it and it has not. Whoever still holds it sends it
again; where nobody does, the paper is photographed again: an ordinary new fact.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from casework.places import PlaceKind, township_of
from crypto.certificate import DeviceCertificate
from node import attachments
from node.tables import ATTACHMENT_LACKING
from node.tables import attachment as table
from sync.adapters.tables import author
from sync.limits import DEFAULT

_LACKING: Final = sa.text(ATTACHMENT_LACKING)
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Damage:
    """An attachment of which something on this disk is not what it was."""

    name: bytes
    record: bytes | None
    chunks: int


def overdue(before: int) -> sa.ColumnElement[bool]:
    """What has been asked for again, or was named before an instant and has not come whole.

    Args:
        before: milliseconds since the epoch.
    """
    late = sa.and_(table.c.noted_at.is_(None), table.c.record.is_not(None))
    return sa.and_(_LACKING, sa.or_(table.c.wanted, table.c.noted_at <= before, late))


def wanted_of(tx: sa.Connection, one: DeviceCertificate, *, before: int | None) -> list[bytes]:
    """Name the attachments that a child is asked to send again.

    Args:
        tx: any transaction.
        one: the child.
        before: at the county, when something named has waited too long; None at a township, which
            asks only for what it was asked for.
    """
    due = overdue(before) if before is not None else sa.and_(_LACKING, table.c.wanted)
    wanted = sa.select(table.c.hash).where(due, table.c.replica.in_(_writers(one)))
    found = tx.scalars(wanted.order_by(table.c.id).limit(DEFAULT.asks_per_message))
    return [bytes(name) for name in found]


def _writers(one: DeviceCertificate) -> sa.Select[tuple[bytes]]:
    """The devices, present and former, whose attachments a child may hold."""
    written = sa.select(author.c.replica)
    if one.station_kind != PlaceKind.TOWNSHIP:
        return written.where(author.c.station == one.station)
    own = township_of(one.station)[:9]
    return written.where(author.c.station.startswith(own, autoescape=True))


def take_wanted(tx: sa.Connection, names: Collection[bytes]) -> int:
    """Note what a parent asks for again; what is here whole will be offered again.

    Returns:
        How many of them are known here and were not asked for before.
    """
    if not names:
        return 0
    known = sa.and_(table.c.hash.in_(list(names)), table.c.wanted.is_(False))
    values = {"wanted": True, "county": False, "county_at": None}
    return tx.execute(sa.update(table).where(known).values(**values)).rowcount


def lacking(tx: sa.Connection, *, before: int) -> Mapping[bytes, list[bytes]]:
    """Cases of which an attachment is overdue, with the hashes of those.

    Args:
        tx: any transaction.
        before: see `overdue`.
    """
    rows = tx.execute(
        sa.select(table.c.record, table.c.hash)
        .where(overdue(before), table.c.record.is_not(None))
        .order_by(table.c.id)
    )
    found: dict[bytes, list[bytes]] = {}
    for row in rows:
        found.setdefault(bytes(row.record), []).append(bytes(row.hash))
    return found


def lost_here(tx: sa.Connection, replicas: Collection[bytes]) -> int:
    """Count attachments that these devices wrote, that are not whole here and that nobody has.

    Args:
        tx: any transaction.
        replicas: of this node.
    """
    ours = sa.and_(_LACKING, table.c.replica.in_(list(replicas)))
    lost = sa.and_(ours, table.c.county.is_(False), table.c.wanted)
    return int(tx.execute(sa.select(sa.func.count()).select_from(table).where(lost)).scalar_one())


def examine(tx: sa.Connection, directory: Path) -> Iterable[Damage]:
    """Compare every chunk on the disk with its hash, in pages; what differs is named.

    Args:
        tx: any transaction.
        directory: of the blobs.
    """
    after = 0
    while True:
        page = sa.select(table).where(table.c.id > after, table.c.held > 0)
        rows = tx.execute(page.order_by(table.c.id).limit(_PAGE)).all()
        if not rows:
            return
        for row in rows:
            bad = attachments.damaged_chunks(row, directory)
            if bad:
                yield Damage(bytes(row.hash), row.record, bad)
        after = rows[-1].id


def give_up(tx: sa.Connection, found: Iterable[Damage]) -> None:
    """Note what is damaged as not held: it is asked for again."""
    for one in found:
        attachments.give_up(tx, one.name, one.chunks)
