"""Chunks that come in pieces over a slow line: kept beside the blobs until they are whole.

A piece is only ever added where the last one ended, so that a line that breaks at any byte costs
one piece. What is kept here proves nothing: a whole chunk is compared with its hash like any other.
What was begun and never ended is thrown away: the oldest first, when there is too much of it, and
all that is older than a week.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from node import attachments
from node.db import Database
from node.files import make_private_directory, make_private_file, storing
from sync.errors import Malformed, Unauthentic
from sync.limits import DEFAULT

_KEPT_MS: Final = 7 * 24 * 60 * 60 * 1000
_TURN: Final = threading.Lock()
"""Two requests must not add to one file at once; there is one serving process (interface.md §1)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a chunk.

    Attributes:
        start: where they begin in the chunk.
        total: bytes of the whole chunk.
    """

    name: bytes
    chunk: int
    start: int
    total: int
    data: bytes


def folder(directory: Path) -> Path:
    """Where begun chunks lie, beside the blobs."""
    return directory / "partial"


def put(database: Database, directory: Path, piece: Piece) -> int | None:
    """Keep a piece; with the last one the chunk is stored.

    Args:
        database: of this node.
        directory: of the blobs.
        piece: one that does not begin where the last one ended changes nothing.

    Returns:
        How many bytes of the chunk are here now; None when no operation held here names the blob.

    Raises:
        Malformed: the blob has no such chunk, or not of this size.
        Unauthentic: the whole chunk is not the one that the operation names; it begins anew.
        DiskFull, DiskFailed: the piece was not kept.
    """
    with database.read() as tx:
        row = attachments.row_of(tx, piece.name)
        if row is None:
            return None
        _check(row, piece)
        held = attachments.gaps_of(row.held, row.whole)
    if piece.chunk not in held:
        return piece.total
    with _TURN:
        there = _add(directory, piece)
        if there < piece.total:
            return there
        return _finish(database, directory, piece)


def _check(row: sa.Row[tuple[object, ...]], piece: Piece) -> None:
    size = attachments.chunk_size(row, piece.chunk)
    if piece.total != size or piece.start + len(piece.data) > size:
        raise Malformed("piece of a chunk")


def _add(directory: Path, piece: Piece) -> int:
    path = _file(directory, piece)
    with storing():
        make_private_directory(path.parent)
        there = path.stat().st_size if path.exists() else 0
        if piece.start > there or piece.start + len(piece.data) <= there:
            return there
        _keep_within(path.parent, DEFAULT.attachment_parts - len(piece.data), spare=path)
        make_private_file(path)
        with path.open("r+b") as file:
            file.seek(piece.start)
            file.write(piece.data)
        return piece.start + len(piece.data)


def _finish(database: Database, directory: Path, piece: Piece) -> int:
    path = _file(directory, piece)
    try:
        data = path.read_bytes()
        with database.write() as tx:
            attachments.put_chunk(tx, directory, piece.name, piece.chunk, data)
    except Unauthentic:
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)
    return piece.total


def _file(directory: Path, piece: Piece) -> Path:
    return folder(directory) / f"{piece.name.hex()}.{piece.chunk}"


def _keep_within(place: Path, most: int, *, spare: Path) -> None:
    """Throw the oldest begun chunks away until the rest is no more than `most` bytes."""
    begun = sorted((p for p in place.iterdir() if p != spare), key=_age)
    total = sum(path.stat().st_size for path in begun)
    for path in begun:
        if total <= most:
            return
        total -= path.stat().st_size
        path.unlink(missing_ok=True)


def _age(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name


def collect(directory: Path, *, now: int) -> int:
    """Throw away what was begun more than a week ago; says how many chunks.

    Args:
        directory: of the blobs.
        now: milliseconds since the epoch.
    """
    old = [p for p in _listed(folder(directory)) if p.stat().st_mtime * 1000 < now - _KEPT_MS]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _listed(place: Path) -> Iterable[Path]:
    return place.iterdir() if place.exists() else ()
