"""Attachments: sealed photos beside the database, and which of them the county holds.

A blob is ciphertext everywhere, named by its SHA-256 and stored in chunks of 256 KiB; its key
travels as a class 3 field of the operation that names it (docs/spec/attachments.md).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from casework.values import Fields, read_int, read_list, read_map, read_text
from node.files import make_private_directory, storing, write_private
from node.tables import ATTACHMENT_LACKING, ATTACHMENT_WAITING
from node.tables import attachment as table
from sync.errors import LimitExceeded, Malformed, Unauthentic
from sync.limits import DEFAULT

FIELD: Final = "attachment."
"""Fields of a case that name a blob."""
_WAITING: Final = sa.text(ATTACHMENT_WAITING)
_WAITING_BYTES: Final = sa.select(sa.func.coalesce(sa.func.sum(table.c.size), 0)).where(_WAITING)
_LACKING_COUNT: Final = (
    sa.select(sa.func.count()).select_from(table).where(sa.text(ATTACHMENT_LACKING))
)
_WAITING_COUNT: Final = sa.select(sa.func.count()).select_from(table).where(_WAITING)


@dataclass(frozen=True, slots=True)
class Blob:
    """What an operation says of a blob."""

    hash: bytes
    size: int
    chunks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """An operation that names a blob: of which case, written by which device."""

    blob: Blob
    record: bytes
    replica: bytes


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


def expect(tx: sa.Connection, found: Iterable[Naming], *, now: int | None) -> None:
    """Note blobs that an operation held here names; what is known of them stays as it is.

    Args:
        tx: a write transaction.
        found: who names which; the first to name a blob stays.
        now: when they were named here, milliseconds; None where that is not known.
    """
    wanted = {one.blob.hash: one for one in reversed(list(found))}
    if not wanted:
        return
    known = tx.execute(
        sa.select(table.c.hash, table.c.record).where(table.c.hash.in_(list(wanted)))
    ).all()
    for row in known:
        if row.record is None:  # noted by a program that did not keep whose it is
            one = wanted[bytes(row.hash)]
            values = {"record": one.record, "replica": one.replica}
            tx.execute(sa.update(table).where(table.c.hash == row.hash).values(**values))
    held = {bytes(row.hash) for row in known}
    rows = [_row(one, now) for name, one in wanted.items() if name not in held]
    if rows:
        tx.execute(sa.insert(table), rows)


def _row(one: Naming, now: int | None) -> dict[str, object]:
    return {
        "hash": one.blob.hash,
        "size": one.blob.size,
        "chunks": b"".join(one.blob.chunks),
        "held": 0,
        "whole": (1 << len(one.blob.chunks)) - 1,
        "county": False,
        "noted_at": now,
        "record": one.record,
        "replica": one.replica,
    }


def missing(tx: sa.Connection, asked: Sequence[bytes]) -> dict[bytes, list[int]]:
    """Say which chunks of the blobs asked for are not held; unknown blobs are left out."""
    if not asked:
        return {}
    rows = tx.execute(sa.select(table).where(table.c.hash.in_(list(asked))))
    return {row.hash: gaps_of(row.held, row.whole) for row in rows}


def gaps_of(held: int, whole: int) -> list[int]:
    """Numbers of the chunks that are not held.

    >>> gaps_of(0b101, 0b111)
    [1]
    """
    return [i for i in range(whole.bit_length()) if not held >> i & 1]


def to_ask(tx: sa.Connection, *, most: int, skip: Collection[bytes] = ()) -> list[bytes]:
    """Name blobs held here whole that the county is not known to hold, small ones and old first.

    Args:
        tx: any transaction.
        most: how many at most.
        skip: blobs that are not asked for now.
    """
    statement = sa.select(table.c.hash).where(_WAITING).order_by(table.c.size, table.c.id)
    names = (bytes(name) for name in tx.scalars(statement.limit(most + len(skip))))
    return [name for name in names if name not in skip][:most]


def waiting(tx: sa.Connection) -> int:
    """Count blobs held here whole that the county is not known to hold."""
    return int(tx.execute(_WAITING_COUNT).scalar_one())


def lacking(tx: sa.Connection) -> int:
    """Count blobs that operations held here name and of which a chunk is not here."""
    return int(tx.execute(_LACKING_COUNT).scalar_one())


def waiting_bytes(tx: sa.Connection) -> int:
    """Add up the sizes of the blobs that `waiting` counts."""
    return int(tx.execute(_WAITING_BYTES).scalar_one())


def by_size(tx: sa.Connection, names: Collection[bytes]) -> list[bytes]:
    """Put blobs in the order in which they are sent: small ones first, then old ones."""
    wanted = sa.select(table.c.hash).where(table.c.hash.in_(list(names)))
    return [bytes(name) for name in tx.scalars(wanted.order_by(table.c.size, table.c.id))]


def note_state(
    tx: sa.Connection, found: Mapping[bytes, Sequence[int]], *, asked: bool, now: int
) -> None:
    """Keep what a signed answer says about our blobs.

    Args:
        tx: a write transaction.
        found: blob → chunks that the parent lacks.
        asked: whether that parent is the county; a township's word proves nothing.
        now: milliseconds since the epoch.
    """
    done = [name for name, gaps in found.items() if not gaps]
    if asked and done:
        known = sa.and_(table.c.hash.in_(done), table.c.county.is_(False))
        values = {"county": True, "county_at": now, "wanted": False}
        tx.execute(sa.update(table).where(known).values(**values))


def doubt(tx: sa.Connection) -> None:
    """Let the county be asked again for everything held here: it was put back from a copy."""
    held = table.c.held == table.c.whole
    tx.execute(sa.update(table).where(held).values(county=False, county_at=None))


def file_of(directory: Path, name: bytes, chunk: int) -> Path:
    """Where a chunk lies; the name is hexadecimal, so that no path can be smuggled in."""
    text = name.hex()
    return directory / text[:2] / f"{text}.{chunk}"


def chunk_size(row: Any, chunk: int) -> int:  # noqa: ANN401  # a row of the table
    """Bytes of a chunk of a blob.

    Raises:
        Malformed: the blob has no such chunk.
    """
    if not 0 <= chunk < row.whole.bit_length():
        raise Malformed("chunk number")
    return min(DEFAULT.attachment_chunk, int(row.size) - chunk * DEFAULT.attachment_chunk)


def row_of(tx: sa.Connection, name: bytes) -> Any:  # noqa: ANN401  # a row of the table, or None
    """Read what is known of a blob; None where no operation held here names it."""
    return tx.execute(sa.select(table).where(table.c.hash == name)).first()


def rows_of(tx: sa.Connection, names: Collection[bytes]) -> Mapping[bytes, Any]:
    """Read what is known of some blobs."""
    if not names:
        return {}
    found = tx.execute(sa.select(table).where(table.c.hash.in_(list(names))))
    return {bytes(row.hash): row for row in found}


def put_chunk(tx: sa.Connection, directory: Path, name: bytes, chunk: int, data: bytes) -> bool:
    """Store one chunk, durably, before it is noted as held.

    Returns:
        False when no operation held here names the blob.

    Raises:
        LimitExceeded: larger than a chunk.
        Malformed: the blob has no such chunk.
        Unauthentic: it is not the chunk that the operation names.
        DiskFull, DiskFailed: it is not stored, nor noted.
    """
    if len(data) > DEFAULT.attachment_chunk:
        raise LimitExceeded("attachment chunk")
    row = row_of(tx, name)
    if row is None:
        return False
    chunk_size(row, chunk)
    if not is_chunk(row, chunk, data):
        raise Unauthentic("attachment chunk")
    if row.held >> chunk & 1 and file_of(directory, name, chunk).exists():
        return True
    _write_chunk(directory, name, chunk, data)
    held = table.c.held.op("|")(1 << chunk)
    tx.execute(sa.update(table).where(table.c.hash == name).values(held=held))
    whole = sa.and_(table.c.hash == name, table.c.held == table.c.whole)
    tx.execute(sa.update(table).where(whole).values(wanted=False, evicted_at=None))
    return True


def is_chunk(row: Any, chunk: int, data: bytes) -> bool:  # noqa: ANN401  # a row of the table
    """Whether bytes are the chunk that the operation names."""
    return bool(sha256(data).digest() == row.chunks[32 * chunk : 32 * chunk + 32])


def _write_chunk(directory: Path, name: bytes, chunk: int, data: bytes) -> None:
    path = file_of(directory, name, chunk)
    with storing():
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
        DiskFull, DiskFailed: what was written of it is collected later.
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
    """Read one chunk; None where it is not held, or what lies there is not it any more."""
    row = row_of(tx, name)
    if row is None or not 0 <= chunk < row.whole.bit_length() or not row.held >> chunk & 1:
        return None
    return _read(row, directory, chunk)


def _read(row: Any, directory: Path, chunk: int) -> bytes | None:  # noqa: ANN401  # a row
    try:
        data = file_of(directory, bytes(row.hash), chunk).read_bytes()
    except OSError:
        return None
    return data if is_chunk(row, chunk, data) else None


def read_whole(tx: sa.Connection, directory: Path, name: bytes) -> bytes | None:
    """Read a whole blob; None where a chunk is not held, or is damaged."""
    row = row_of(tx, name)
    if row is None or row.held != row.whole:
        return None
    read = [_read(row, directory, i) for i in range(row.whole.bit_length())]
    found = [data for data in read if data is not None]
    return b"".join(found) if len(found) == len(read) else None


def damaged_chunks(row: Any, directory: Path) -> int:  # noqa: ANN401  # a row of the table
    """Look at the chunks of a blob that should be here; a bit for each that is not what it was."""
    held = (i for i in range(row.whole.bit_length()) if row.held >> i & 1)
    return sum(1 << i for i in held if _read(row, directory, i) is None)


def give_up(tx: sa.Connection, name: bytes, chunks: int) -> None:
    """Note chunks as not held any more: they are damaged or gone.

    They must come again, but where the county is known to hold them.

    Args:
        tx: a write transaction.
        name: of the blob.
        chunks: a bit for each.
    """
    row = row_of(tx, name)
    values = {"held": row.held & ~chunks, "wanted": not row.county}
    tx.execute(sa.update(table).where(table.c.hash == name).values(**values))
