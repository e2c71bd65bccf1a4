"""Making room: photos that the county has are dropped here, and what nobody needs is collected.

The row of a dropped photo stays with the day it was dropped; only bytes go, the oldest first, and
never those of a photo that the county is not known to hold (sync.md §2).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from node import attachments, partial, policy, room, settings
from node.policy import DAY_MS, MIB, Policy
from node.room import Room
from node.runtime import Node
from node.tables import attachment as table

_HOUR_MS: Final = 60 * 60 * 1000
_DONE_AT: Final = "cleared_at"
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was dropped.

    Attributes:
        photos: blobs whose bytes went.
        bytes: of them.
        leftovers: files that no row speaks of, and begun chunks that never ended.
    """

    photos: int = 0
    bytes: int = 0
    leftovers: int = 0


def clear_hourly(node: Node) -> Cleared | None:
    """Do `clear`, unless it was done within the hour; the county keeps everything."""
    now = node.clock.now_ms()
    with node.database.read() as tx:
        done = settings.get(tx, _DONE_AT, 0)
    if done <= now < done + _HOUR_MS:
        return None
    found = clear(node)
    with node.database.write() as tx:
        settings.put(tx, _DONE_AT, now, now=now)
    return found


def clear(node: Node) -> Cleared:
    """Drop what the county has and is old, or in the way; collect what nobody needs."""
    now = node.clock.now_ms()
    directory = node.directory.blobs
    with node.database.read() as tx:
        me = node.identity_in(tx)
        rules = policy.current(tx, me)
        chosen = [] if me.is_county else _chosen(tx, rules, room.look(node.directory, rules), now)
    with node.database.write() as tx:
        _let_go(tx, chosen, now)
    for row in chosen:
        _unlink(directory, row)
    leftovers = partial.collect(directory, now=now) + _collect(node, now)
    return Cleared(len(chosen), sum(row.size for row in chosen), leftovers)


def _chosen(tx: sa.Connection, rules: Policy, space: room.Space, now: int) -> list[Any]:
    """The blobs that go: old ones, and while there is too little room, the oldest of the others."""
    t = table.c
    safe = sa.select(table).where(t.county, t.held > 0, t.county_at.is_not(None))
    held = int(
        tx.execute(
            sa.select(sa.func.coalesce(sa.func.sum(t.size), 0)).where(t.held > 0)
        ).scalar_one()
    )
    short = max(held - rules.photo_quota_mib * MIB, 0)
    if space.room is not Room.ENOUGH:
        short = max(short, rules.warn_free_mib * MIB - space.free)
    chosen: list[Any] = []
    for row in tx.execute(safe.order_by(t.county_at, t.id)):
        if short <= 0 and row.county_at > now - rules.photo_keep_days * DAY_MS:
            break
        short -= row.size
        chosen.append(row)
    return chosen


def _let_go(tx: sa.Connection, chosen: Iterable[Any], now: int) -> None:
    """First the rows: a file without its bit is only litter, a bit without its file is a lie."""
    for row in chosen:
        still = sa.and_(table.c.hash == row.hash, table.c.county)
        tx.execute(sa.update(table).where(still).values(held=0, evicted_at=now))


def _unlink(directory: Path, row: Any) -> None:  # noqa: ANN401  # a row of the table
    for chunk in range(row.whole.bit_length()):
        attachments.file_of(directory, bytes(row.hash), chunk).unlink(missing_ok=True)


def _collect(node: Node, now: int) -> int:
    """Remove files older than a day that no row says are held: refused intakes, evictions cut off.

    A day, because a photo lies on the disk before the operation that names it is written.
    """
    gone = 0
    old = (p for p in _files(node.directory.blobs) if p.stat().st_mtime * 1000 < now - DAY_MS)
    with node.database.read() as tx:
        for page in _pages(old):
            held = _held(tx, page)
            for path in page:
                if path.name not in held:
                    path.unlink(missing_ok=True)
                    gone += 1
    return gone


def _files(directory: Path) -> Iterator[Path]:
    skipped = partial.folder(directory)
    for folder in directory.iterdir() if directory.exists() else ():
        if folder.is_dir() and folder != skipped:
            yield from folder.iterdir()


def _pages(files: Iterable[Path]) -> Iterator[list[Path]]:
    page: list[Path] = []
    for path in files:
        page.append(path)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page


def _held(tx: sa.Connection, page: Iterable[Path]) -> frozenset[str]:
    """Names of the files of a page that rows say are held."""
    names = {_name_of(path) for path in page} - {b""}
    rows = tx.execute(sa.select(table).where(table.c.hash.in_(list(names))))
    return frozenset(
        f"{bytes(row.hash).hex()}.{chunk}"
        for row in rows
        for chunk in range(row.whole.bit_length())
        if row.held >> chunk & 1
    )


def _name_of(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.name.partition(".")[0])
    except ValueError:
        return b""
