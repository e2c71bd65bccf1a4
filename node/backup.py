"""Backups: one file with everything a node needs to go on, and the way back (sync.md §2).

The file is a tar of whole members: the encrypted database as one snapshot, the key slots (which
open nothing by themselves), the sealed photos, and last a manifest signed by the device that names
every member with its SHA-256. What was not signed is sealed first, so that nothing in a backup is
open. A restored node is no continuation: its program gives it a new replica before it writes.
"""

import contextlib
import hashlib
import io
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from crypto import canonical, envelope
from crypto.entropy import random_bytes
from node import ledger, table_copy
from node.config import DataDirectory
from node.db import connect
from node.driver_errors import BUSY_SECONDS, translated
from node.errors import DiskFull
from node.files import make_private_file, replace_durably, restrict
from node.migrate import Scripts
from node.opening import DATABASE_URL
from node.runtime import Node

MANIFEST: Final = "manifest.cbor"
DATABASE: Final = "database.db"
KEYS: Final = "keys.cbor"
TLS: Final = "tls.sealed"
MANIFEST_TYPE: Final = "application/vnd.bangban.backup+cbor"
BLOB: Final = re.compile(r"blobs/[0-9a-f]{2}/[0-9a-f]{64}\.[0-9]{1,3}", re.ASCII)
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup.

    Attributes:
        station: whose it is.
        replica: hexadecimal, of the incarnation that made it.
        created_at: milliseconds.
        files: photos' pieces in it.
        bytes: of the whole file.
    """

    station: str
    replica: str
    created_at: int
    files: int
    bytes: int


def create(node: Node, target: Path, scripts: Scripts) -> Made:
    """Write a backup of a node that may be serving meanwhile.

    Args:
        node: opened.
        target: file to write, whole or not at all; one that is there is replaced.
        scripts: the revisions of its program.

    Raises:
        DiskFull: there is no room where the file shall lie; nothing was written.
        OSError: the place cannot be written.
    """
    with node.database.write() as tx:
        me = node.identity_in(tx)
        ledger.seal(tx, me)
    _demand_room(node, target)
    fresh = target.with_name(f"{target.name}.new")
    snapshot = target.with_name(f"{target.name}.snapshot")
    try:
        _snapshot(node, snapshot, scripts)
        make_private_file(fresh)
        with fresh.open("wb") as file:
            files = _write(node, file, snapshot)
            file.flush()
        restrict(fresh)
        replace_durably(fresh, target)
    finally:
        for part in (fresh, snapshot):
            part.unlink(missing_ok=True)
    return Made(
        station=me.place.code,
        replica=me.replica.hex(),
        created_at=node.clock.now_ms(),
        files=files,
        bytes=target.stat().st_size,
    )


def _demand_room(node: Node, target: Path) -> None:
    photos = 0
    for path in _blobs(node.directory):
        with contextlib.suppress(FileNotFoundError):
            photos += path.stat().st_size
    base = node.directory.database
    database = base.stat().st_size if base.exists() else 0
    if shutil.disk_usage(target.absolute().parent).free < photos + 2 * database:
        raise DiskFull


def _snapshot(node: Node, target: Path, scripts: Scripts) -> None:
    """One consistent copy of the database under this node's own key."""
    target.unlink(missing_ok=True)
    if node.keys.has_secret(DATABASE_URL):
        table_copy.copy_to_file(node.database, target, node.keys.database_key, scripts)
        return
    make_private_file(target)
    source, key = node.directory.database, node.keys.database_key
    with translated(), closing(connect(source, key, BUSY_SECONDS)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _write(node: Node, file: IO[bytes], snapshot: Path) -> int:
    members: dict[int | str, canonical.Value] = {}
    with tarfile.open(fileobj=file, mode="w|") as archive:
        for name, path in ((KEYS, node.directory.slots), (DATABASE, snapshot)):
            members[name] = _add_file(archive, name, path)
        for path in _blobs(node.directory):
            with contextlib.suppress(FileNotFoundError):  # let go meanwhile: the county has it
                name = f"blobs/{path.parent.name}/{path.name}"
                members[name] = _add_file(archive, name, path)
        if node.directory.tls_key.exists():
            members[TLS] = _add_bytes(archive, TLS, _sealed_tls(node))
        _add_bytes(archive, MANIFEST, _manifest(node, members))
    return sum(1 for name in members if str(name).startswith("blobs/"))


def _blobs(directory: DataDirectory) -> Iterator[Path]:
    for path in sorted(directory.blobs.glob("*/*")):
        if BLOB.fullmatch(f"blobs/{path.parent.name}/{path.name}"):
            yield path


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> canonical.Value:
    entry = tarfile.TarInfo(name)
    with path.open("rb") as source:
        entry.size = os.fstat(source.fileno()).st_size
        hashing = _Hashing(source)
        archive.addfile(entry, hashing)
    return [entry.size, hashing.digest]


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> canonical.Value:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
    return [len(content), hashlib.sha256(content).digest()]


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        piece = self._source.read(size)
        self._hash.update(piece)
        return piece

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was read."""
        return self._hash.digest()


def _sealed_tls(node: Node) -> bytes:
    """The pages' certificate and key: stations have pinned the hub's."""
    pair = [node.directory.tls_certificate.read_bytes(), node.directory.tls_key.read_bytes()]
    return node.keys.seal(canonical.encode(pair), TLS, entropy=random_bytes)


def _manifest(node: Node, members: dict[int | str, canonical.Value]) -> bytes:
    me = node.identity()
    payload: dict[int | str, canonical.Value] = {
        1: _FORMAT,
        2: me.place.code,
        3: me.replica,
        4: node.clock.now_ms(),
        5: members,
    }
    return envelope.sign(canonical.encode(payload), key=me.signing, content_type=MANIFEST_TYPE)
