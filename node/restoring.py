"""Reading a backup: laid out beside what counts, every member proven, then opened or checked."""

import hashlib
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import sqlalchemy as sa
from typing_extensions import override

from crypto import canonical, envelope
from crypto.errors import CryptoError
from node import keys as node_keys
from node import opening, verifying
from node.backup import BLOB, DATABASE, KEYS, MANIFEST, MANIFEST_TYPE, TLS, Made
from node.clock import Clock
from node.config import DataDirectory
from node.db import Database
from node.errors import AlreadyInitialised, BackupUnreadable
from node.files import flush_directory, make_private_file, replace_durably, write_private
from node.keys import NodeKeys
from node.migrate import Scripts
from node.runtime import Node
from node.tables import attachment
from node.verifying import Report

_MOST_MANIFEST: Final = 256 << 20
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Staged(DataDirectory):
    """A data directory while it is being restored: it holds no node until the last rename.

    Attributes:
        beside: where the unattended key file of the node lies.
    """

    beside: Path

    @property
    @override
    def key_file(self) -> Path:
        """The unattended key of the node whose backup it is."""
        return self.beside

    @property
    @override
    def database(self) -> Path:
        """The database before it counts."""
        return self.path / "restoring.db"

    @property
    @override
    def slots(self) -> Path:
        """The key slots before they count."""
        return self.path / "restoring.cbor"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup laid out in a staged directory, its members proven against the manifest."""

    directory: Staged
    keys: NodeKeys
    made: Made


def unpack(source: Path, directory: Staged, passphrase: str | None) -> Unpacked:
    """Lay a backup out and check every member.

    Args:
        source: the file.
        directory: where; nothing there counts as a node yet.
        passphrase: None: by the key file beside the directory.

    Raises:
        BackupUnreadable: it is none, it is cut, or a member was altered.
        WrongKey, KeyFileMissing: its key slots are not opened.
    """
    directory.create()
    try:
        found, manifest = _lay_out(source, directory)
    except (OSError, tarfile.TarError, CryptoError) as error:
        raise BackupUnreadable(source.name) from error
    if not directory.slots.exists() or not directory.database.exists():
        raise BackupUnreadable(source.name)
    keys = node_keys.unlock(directory, passphrase)
    made = _proven(source, directory, keys, found=found, manifest=manifest)
    return Unpacked(directory, keys, made)


def _lay_out(source: Path, directory: Staged) -> tuple[dict[str, list[object]], bytes]:
    found: dict[str, list[object]] = {}
    manifest = b""
    with tarfile.open(source, mode="r:") as archive:
        for entry in archive:
            reader = archive.extractfile(entry)
            if reader is None:
                raise BackupUnreadable(source.name)
            if entry.name == MANIFEST and entry.size <= _MOST_MANIFEST:
                manifest = reader.read()
                continue
            path = _place(directory, entry.name)
            if path is None:
                raise BackupUnreadable(source.name)
            found[entry.name] = [entry.size, _extract(reader, path)]
    return found, manifest


def _place(directory: Staged, name: str) -> Path | None:
    """Where a member goes; a name that we did not write goes nowhere."""
    fixed = {
        KEYS: directory.slots,
        DATABASE: directory.database,
        TLS: directory.path / "restoring.tls",
    }
    if name in fixed:
        return fixed[name]
    return directory.path / name if BLOB.fullmatch(name) else None


def _extract(reader: IO[bytes], path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    make_private_file(path)
    hashing = hashlib.sha256()
    with path.open("wb") as file:
        while piece := reader.read(_PIECE):
            hashing.update(piece)
            file.write(piece)
    return hashing.digest()


def _proven(
    source: Path,
    directory: Staged,
    keys: NodeKeys,
    *,
    found: dict[str, list[object]],
    manifest: bytes,
) -> Made:
    """Check what was laid out against the manifest that the device signed."""
    with _database(directory, keys) as database, database.read() as tx:
        sealed = tx.exec_driver_sql("SELECT * FROM node_identity").mappings().one()
    signing, _ = keys.device(sealed.get("device_keys"))
    try:
        signed = envelope.verify(
            manifest,
            key=signing.verify_key,
            content_type=MANIFEST_TYPE,
            max_bytes=_MOST_MANIFEST,
        )
        document = canonical.decode(signed.payload, max_bytes=_MOST_MANIFEST)
    except CryptoError as error:
        raise BackupUnreadable(source.name) from error
    match document:
        case {1: 1, 2: str(station), 3: bytes(replica), 4: int(at), 5: dict(members)}:
            if members != found:
                raise BackupUnreadable(source.name)
            return Made(
                station=station,
                replica=replica.hex(),
                created_at=at,
                files=sum(1 for name in found if name.startswith("blobs/")),
                bytes=source.stat().st_size,
            )
        case _:
            raise BackupUnreadable(source.name)


@contextmanager
def _database(directory: DataDirectory, keys: NodeKeys) -> Iterator[Database]:
    with closing(Database.sqlite(directory.database, keys.database_key)) as database:
        yield database


@contextmanager
def staged(source: Path, target: DataDirectory, passphrase: str | None) -> Iterator[Unpacked]:
    """Unpack beside what will count, and leave nothing behind when it fails.

    Raises:
        AlreadyInitialised: a node lives in the target; it is never written over.
        BackupUnreadable, WrongKey, KeyFileMissing: see `unpack`.
    """
    if target.initialised:
        raise AlreadyInitialised(str(target.path))
    directory = Staged(target.path, target.key_file)
    _sweep(directory)  # a log left by a restore that was cut off would be read into this one
    try:
        yield unpack(source, directory, passphrase)
    finally:
        _sweep(directory)


def _sweep(directory: Staged) -> None:
    for name in ("db", "db-wal", "db-shm", "cbor", "tls"):
        (directory.path / f"restoring.{name}").unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read as a restore would read it.

    Attributes:
        report: of the log and the tables in it.
    """

    made: Made
    report: Report


def check(
    source: Path, passphrase: str | None, *, beside: DataDirectory, scripts: Scripts, clock: Clock
) -> Checked:
    """Check a backup: its members, its log, its tables; nothing of it is kept.

    Args:
        source: the file; room for its contents is needed where it lies.
        passphrase: of the node when the backup was made; None: by its key file.
        beside: the node's data directory; only its key file is used.
        scripts: the revisions of its program.
        clock: of this computer.

    Raises:
        BackupUnreadable, WrongKey, KeyFileMissing: it could not be restored.
    """
    with tempfile.TemporaryDirectory(dir=source.absolute().parent) as folder:
        directory = Staged(Path(folder), beside.key_file)
        unpacked = unpack(source, directory, passphrase)
        with closing(open_staged(unpacked, scripts, clock).database) as database:
            node = Node(directory, database, clock, unpacked.keys)
            return Checked(unpacked.made, verifying.verify(node))


def open_staged(unpacked: Unpacked, scripts: Scripts, clock: Clock) -> Node:
    """Open what was unpacked as a node, upgraded to this program."""
    database = opening.open_file(unpacked.directory, unpacked.keys, scripts)
    return Node(unpacked.directory, database, clock, unpacked.keys)


def keep_photos_that_are_here(tx: sa.Connection, directory: DataDirectory) -> int:
    """Note of every photo which pieces lie in the directory; says how many are not whole."""
    rows = tx.execute(sa.select(attachment.c.hash, attachment.c.held, attachment.c.whole)).all()
    for row in rows:
        name = row.hash.hex()
        places = range(row.whole.bit_length())
        here = sum(1 << i for i in places if (directory.blobs / name[:2] / f"{name}.{i}").exists())
        if here != row.held:
            where = attachment.c.hash == row.hash
            tx.execute(sa.update(attachment).where(where).values(held=here))
    lacking = sa.select(sa.func.count()).where(attachment.c.held != attachment.c.whole)
    return int(tx.execute(lacking).scalar_one())


def finish(unpacked: Unpacked, target: DataDirectory) -> None:
    """Let what was restored count: the database first, the key slots last.

    Without the slots nothing counts: after a crash in between, the same restore goes on.
    """
    tls = unpacked.directory.path / "restoring.tls"
    if tls.exists():
        opened = canonical.decode(unpacked.keys.opened(tls.read_bytes(), TLS), max_bytes=_PIECE)
        match opened:
            case [bytes(certificate), bytes(key)]:
                write_private(target.tls_certificate, certificate)
                write_private(target.tls_key, key)
            case _:
                raise BackupUnreadable(TLS)
    if unpacked.directory.database.exists():  # it may have gone into PostgreSQL
        replace_durably(unpacked.directory.database, target.database)
    replace_durably(unpacked.directory.slots, target.slots)
    flush_directory(target.path)
