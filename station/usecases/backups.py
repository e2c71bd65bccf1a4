"""Backups of a station, and going on from one: never as the same replica."""

from dataclasses import dataclass
from pathlib import Path

from node import backup, restoring, sessions
from node.backup import Made
from node.clock import Clock
from node.config import DataDirectory
from node.incarnations import Stop, stop
from node.restoring import Checked
from node.runtime import Node
from station.rows import SCRIPTS


@dataclass(frozen=True, slots=True)
class Restored:
    """A station as it was put back; it must be enrolled anew before it writes.

    Attributes:
        made: the backup.
        lacking: photos that are not whole here; the county may have them.
    """

    made: Made
    lacking: int


def create(node: Node, target: Path) -> Made:
    """Write a backup (see `node.backup.create`)."""
    return backup.create(node, target, SCRIPTS)


def verify(source: Path, passphrase: str | None, *, beside: DataDirectory, clock: Clock) -> Checked:
    """Check a backup as a restore would read it, log and tables included.

    Args:
        source: the file.
        passphrase: of the station when the backup was made; None: its key file.
        beside: the station's data directory; its key file is used, nothing in it is touched.
        clock: of this computer.

    Raises:
        BackupUnreadable, WrongKey: it cannot be restored.
    """
    return restoring.check(source, passphrase, beside=beside, scripts=SCRIPTS, clock=clock)


def restore(
    source: Path, directory: DataDirectory, passphrase: str | None, *, clock: Clock
) -> Restored:
    """Put a station back from a backup; it reads and delivers, and waits to be enrolled anew.

    Args:
        source: the file.
        directory: empty or not there yet.
        passphrase: of the station when the backup was made; None: its key file.
        clock: of this computer.

    Raises:
        AlreadyInitialised: a station lives there.
        BackupUnreadable, WrongKey, KeyFileMissing: the file cannot be used; nothing was made.
    """
    with restoring.staged(source, directory, passphrase) as unpacked:
        node = restoring.open_staged(unpacked, SCRIPTS, clock)
        try:
            with node.database.write() as tx:
                stop(tx, Stop.RESTORED, now=clock.now_ms())
                sessions.end_all(tx)
                lacking = restoring.keep_photos_that_are_here(tx, directory)
        finally:
            node.database.close()
        restoring.finish(unpacked, directory)
    return Restored(unpacked.made, lacking)
