"""Attachments: sealed photos beside the database, and which of them the county holds.

A blob is ciphertext everywhere, named by its SHA-256 and stored in chunks of 256 KiB; its key
travels as a class 3 field of the operation that names it (docs/spec/exchange.md §5).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from casework.values import Fields, read_int, read_list, read_map, read_text
from node.files import make_private_directory, write_private
from node.tables import attachment as table
from sync.errors import LimitExceeded, Malformed, Unauthentic
from sync.limits import DEFAULT

FIELD: Final = "attachment."
"""Fields of a case that name a blob."""


@dataclass(frozen=True, slots=True)
class Blob:
    """What an operation says of a blob."""

    hash: bytes
    size: int
    chunks: tuple[bytes, ...]


def read_blob(value: Fields) -> Blob | None:
    """Parse an `attachment.<id>` value; None when it names no blob that we would store."""
    try:
        name = bytes.fromhex(read_text(value.get("hash")) or "")
        chunks = tuple(bytes.fromhex(read_text(c) or "") for c in read_list(value.get("chunks")))
    except ValueError:
        return None
    size = read_int(value.get("size")) or 0
    expected = -(-size // DEFAULT.attachment_chunk)
    if len(name) != sha256().digest_size or not 0 < size <= DEFAULT.attachment:
        return None
    return Blob(name, size, chunks) if len(chunks) == expected else None


def names_blobs(values: Mapping[str, object]) -> bool:
    """Say whether a field names a blob, well formed or not."""
    return any(name.startswith(FIELD) for name in values)


def blobs_in(values: Mapping[str, object]) -> Iterable[Blob]:
    """Find the blobs that a case's fields name."""
    for name, value in values.items():
        if name.startswith(FIELD):
            found = read_blob(read_map(value))
            if found is not None:
                yield found


def expect(tx: sa.Connection, found: Iterable[Blob]) -> None:
    """Note blobs that an operation held here names; known ones stay as they are."""
    wanted = {blob.hash: blob for blob in found}
    if not wanted:
        return
    known = set(tx.scalars(sa.select(table.c.hash).where(table.c.hash.in_(list(wanted)))))
    rows = [
        {
            "hash": b.hash,
            "size": b.size,
            "chunks": b"".join(b.chunks),
            "held": 0,
            "whole": (1 << len(b.chunks)) - 1,
            "county": False,
        }
        for b in wanted.values()
        if b.hash not in known
    ]
    if rows:
        tx.execute(sa.insert(table), rows)


def missing(tx: sa.Connection, asked: Sequence[bytes]) -> dict[bytes, list[int]]:
    """Say which chunks of the blobs asked for are not held; unknown blobs are left out."""
    if not asked:
        return {}
    rows = tx.execute(sa.select(table).where(table.c.hash.in_(list(asked))))
    return {row.hash: _gaps(row.held, row.whole) for row in rows}


def _gaps(held: int, whole: int) -> list[int]:
    return [i for i in range(whole.bit_length()) if not held >> i & 1]


def to_ask(tx: sa.Connection, *, most: int) -> list[bytes]:
    """Name blobs held here whole that the county is not known to hold, oldest first."""
    statement = (
        sa.select(table.c.hash)
        .where(table.c.county.is_(False), table.c.held == table.c.whole)
        .order_by(table.c.id)
        .limit(most)
    )
    return [bytes(name) for name in tx.scalars(statement)]


def waiting(tx: sa.Connection) -> int:
    """Count blobs held here whole that the county is not known to hold."""
    where = sa.and_(table.c.county.is_(False), table.c.held == table.c.whole)
    statement = sa.select(sa.func.count()).select_from(table).where(where)
    return int(tx.execute(statement).scalar() or 0)


def note_state(tx: sa.Connection, found: Mapping[bytes, Sequence[int]], *, asked: bool) -> None:
    """Keep what a signed answer says about our blobs.

    Args:
        tx: a write transaction.
        found: blob → chunks that the parent lacks.
        asked: whether that parent is the county; a township's word proves nothing.
    """
    done = [name for name, gaps in found.items() if not gaps]
    if asked and done:
        tx.execute(sa.update(table).where(table.c.hash.in_(done)).values(county=True))


def file_of(directory: Path, name: bytes, chunk: int) -> Path:
    """Where a chunk lies; the name is hexadecimal, so that no path can be smuggled in."""
    text = name.hex()
    return directory / text[:2] / f"{text}.{chunk}"


def put_chunk(tx: sa.Connection, directory: Path, name: bytes, chunk: int, data: bytes) -> bool:
    """Store one chunk, durably, before it is noted as held.

    Returns:
        False when no operation held here names the blob.

    Raises:
        LimitExceeded: larger than a chunk.
        Malformed: the blob has no such chunk.
        Unauthentic: it is not the chunk that the operation names.
    """
    if len(data) > DEFAULT.attachment_chunk:
        raise LimitExceeded("attachment chunk")
    row = tx.execute(sa.select(table).where(table.c.hash == name)).first()
    if row is None:
        return False
    if not 0 <= chunk < row.whole.bit_length():
        raise Malformed("chunk number")
    if sha256(data).digest() != row.chunks[32 * chunk : 32 * chunk + 32]:
        raise Unauthentic("attachment chunk")
    _write_chunk(directory, name, chunk, data)
    held = table.c.held.op("|")(1 << chunk)
    tx.execute(sa.update(table).where(table.c.hash == name).values(held=held))
    return True


def _write_chunk(directory: Path, name: bytes, chunk: int, data: bytes) -> None:
    path = file_of(directory, name, chunk)
    make_private_directory(path.parent)
    write_private(path, data)


def write_whole(directory: Path, name: bytes, ciphertext: bytes) -> None:
    """Put a blob of our own on the disk, before the operation that names it is written.

    Args:
        directory: of the blobs.
        name: SHA-256 of the ciphertext.
        ciphertext: at most `DEFAULT.attachment` bytes.

    Raises:
        LimitExceeded: larger than that.
    """
    if len(ciphertext) > DEFAULT.attachment:
        raise LimitExceeded("attachment")
    size = DEFAULT.attachment_chunk
    for chunk, start in enumerate(range(0, len(ciphertext), size)):
        _write_chunk(directory, name, chunk, ciphertext[start : start + size])


def note_whole(tx: sa.Connection, name: bytes) -> None:
    """Note a blob that `write_whole` wrote as held, once an operation names it."""
    tx.execute(sa.update(table).where(table.c.hash == name).values(held=table.c.whole))


def get_chunk(tx: sa.Connection, directory: Path, name: bytes, chunk: int) -> bytes | None:
    """Read one chunk; None where it is not held."""
    row = tx.execute(sa.select(table).where(table.c.hash == name)).first()
    if row is None or not 0 <= chunk < row.whole.bit_length() or not row.held >> chunk & 1:
        return None
    return file_of(directory, name, chunk).read_bytes()


def read_whole(tx: sa.Connection, directory: Path, name: bytes) -> bytes | None:
    """Read a whole blob; None where a chunk is not held."""
    row = tx.execute(sa.select(table).where(table.c.hash == name)).first()
    if row is None or row.held != row.whole:
        return None
    files = (file_of(directory, name, i) for i in range(row.whole.bit_length()))
    return b"".join(file.read_bytes() for file in files)
