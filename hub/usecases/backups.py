"""Backups of the hub, and going on from one as a new incarnation of the county.

The stations hold receipts for what the backup does not know, and the county's own operations: with
the new epoch they give both back by themselves (docs/operations/backup.md).
"""

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from casework.values import day_of
from crypto import certificate, trust
from crypto.entropy import random_bytes
from crypto.signing import SigningKey
from hub import keys as hub_keys
from hub.keys import ROOT
from hub.rows import SCRIPTS
from hub.usecases import registering
from node import backup, identity, restoring, sessions, succession, table_copy
from node import keys as node_keys
from node.backup import Made
from node.clock import Clock
from node.config import DataDirectory
from node.db import Database
from node.incarnations import Stop
from node.opening import DATABASE_URL
from node.restoring import Checked, Unpacked
from node.runtime import Node
from node.succession import Succeeded

_REPLICA_BYTES: Final = 8
_TRUST_STEP: Final = 1000
"""Versions that the county may have published since the backup was made."""
_EPOCH_OF_VERSIONS: Final = 1_577_836_800_000
"""2020-01-01, in milliseconds: versions of restored counties are not below the seconds since."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A county as it was put back.

    Attributes:
        made: the backup.
        replica: hexadecimal, the new one.
        lacking: photos that are not whole here; the stations are asked for them.
    """

    made: Made
    replica: str
    work: Succeeded
    lacking: int


def create(node: Node, target: Path) -> Made:
    """Write a backup (see `node.backup.create`)."""
    return backup.create(node, target, SCRIPTS)


def verify(source: Path, passphrase: str | None, *, beside: DataDirectory, clock: Clock) -> Checked:
    """Check a backup as a restore would read it (see `node.backup.check`)."""
    return restoring.check(source, passphrase, beside=beside, scripts=SCRIPTS, clock=clock)


def restore(
    source: Path,
    directory: DataDirectory,
    passphrase: str | None,
    *,
    clock: Clock,
    database_url: str | None = None,
) -> Restored:
    """Put the county back from a backup, as a new replica with a new feed epoch.

    Args:
        source: the file.
        directory: empty or not there yet.
        passphrase: of the hub when the backup was made; None: its key file.
        clock: of this computer.
        database_url: an empty PostgreSQL database; None: a file in the data directory.

    Raises:
        AlreadyInitialised: a hub lives there.
        BackupUnreadable, WrongKey, KeyFileMissing: the file cannot be used; nothing was made.
        DatabaseUnreachable: PostgreSQL does not answer.
    """
    with restoring.staged(source, directory, passphrase) as unpacked:
        node = restoring.open_staged(unpacked, SCRIPTS, clock)
        with closing(node.database), node.database.write() as tx:
            root = SigningKey(node.keys.secret(ROOT))
            work = succeed(tx, node, issuer=hub_keys.issuer(node.keys), root=root)
            sessions.end_all(tx)
            registering.skip_block(tx, day_of(clock.now_ms()).isoformat(), now=clock.now_ms())
            lacking = restoring.keep_photos_that_are_here(tx, directory)
            replica = node.identity_in(tx).replica
        if database_url is not None:
            _move(unpacked, database_url)
        _say_where(unpacked, database_url)
        restoring.finish(unpacked, directory)
    return Restored(unpacked.made, replica.hex(), work, lacking)


def succeed(tx: sa.Connection, node: Node, *, issuer: SigningKey, root: SigningKey) -> Succeeded:
    """Certify a new replica of the hub and let it take over.

    Args:
        tx: a write transaction.
        node: the hub as it was put back.
        issuer: signs device certificates.
        root: signs the county document.
    """
    before, keys = node.identity_in(tx), node.keys
    replica = random_bytes(_REPLICA_BYTES)
    message = certificate.issue(replace(before.hub, replica=replica), issuer)
    now = node.clock.now_ms()
    version = _beyond(before.county.version, now)
    document = replace(before.county, hub=message, version=version)
    values = {
        "replica": replica,
        "certificate": message,
        "county_document": trust.issue(document, root),
        "trust": _beyond(before.trust, now),
        "epoch": random_bytes(_REPLICA_BYTES),
    }
    identity.learn(tx, before.read_certificate(message), message)
    at = node.moment(tx)
    return succession.succeed(tx, before, values, why=Stop.RESTORED, keys=keys.device, at=at)


def _beyond(version: int, now: int) -> int:
    """A version that no county had which was put back from the same backup before this one."""
    return max(version, (now - _EPOCH_OF_VERSIONS) // 1000) + _TRUST_STEP


def _move(unpacked: Unpacked, url: str) -> None:
    """Bring the restored rows into PostgreSQL; the staged file goes."""
    key = unpacked.keys.database_key
    file = unpacked.directory.database
    with closing(Database.sqlite(file, key)) as source, closing(Database.url(url)) as target:
        table_copy.copy_from_file(source, target, SCRIPTS)
    file.unlink()


def _say_where(unpacked: Unpacked, url: str | None) -> None:
    """Note in the key slots where the database will lie, before anything counts."""
    directory, keys = unpacked.directory, unpacked.keys
    if url is not None:
        node_keys.keep_secret(directory, keys, DATABASE_URL, secret=url.encode())
    else:
        node_keys.drop_secret(directory, keys, DATABASE_URL)
