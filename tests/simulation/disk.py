"""Disks that fill up and machines whose power goes, on real encrypted SQLite files."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from typing_extensions import override

from node.db import SqliteDatabase, driver

PATIENCE = 1
"""Seconds to wait for a lock; one thread runs everything, so nobody should ever have to."""
_ROOMY = 1 << 30
_FIRST: dict[str, sa.Engine] = {}


class PowerCut(BaseException):
    """The machine stopped here: nothing that comes after happens, no handler runs."""

    def __init__(self, machine: "Machine") -> None:
        super().__init__(machine.path.name)
        self.machine = machine


@dataclass
class Machine:
    """What stands around a database file: power, and room on the disk.

    Attributes:
        path: the data directory.
        fuse: how many more effects happen before the power goes; None: it stays.
        torn: whether the write-ahead log ends in a half-written page when it does.
        full: whether the disk has no room for another page.
    """

    path: Path
    fuse: int | None = None
    torn: bool = False
    full: bool = False

    @property
    def wreck(self) -> Path:
        """What the disk held at the moment of the cut."""
        return self.path.with_name(f"{self.path.name}.wreck")

    def effect(self) -> None:
        """An effect is about to happen, or has just happened: the power may go here."""
        if self.fuse is None:
            return
        self.fuse -= 1
        if self.fuse > 0:
            return
        self.fuse = None
        copy_directory(self.path, self.wreck)
        if self.torn:
            self._tear(self.wreck / "bangban.db-wal")
        raise PowerCut(self)

    def _tear(self, log: Path) -> None:
        """Leave half a frame of garbage at the end of the write-ahead log, as a cut write does."""
        if log.exists():
            with log.open("ab") as file:
                file.write(random.Random(log.stat().st_size).randbytes(2500))

    def start_again(self) -> None:
        """Put what the disk held in the place of what the dead process tidied up."""
        if self.wreck.exists():
            shutil.rmtree(self.path)
            self.wreck.rename(self.path)


def copy_directory(source: Path, target: Path) -> None:
    """Copy a data directory as a copying machine does: without the shared memory of a process."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*-shm"))


class MachineDatabase(SqliteDatabase):
    """The database of a machine whose power can go before and after every commit."""

    def __init__(self, machine: Machine, key: bytes) -> None:
        super().__init__(machine.path / "bangban.db", key, PATIENCE)
        self._machine = machine
        self._limited = False

    @override
    def _engine(self, begin: str, mode: str, *, size: int) -> sa.Engine:
        """Compile each statement once a process, and not anew for each of hundreds of nodes."""
        engine = super()._engine(begin, mode, size=size)
        first = _FIRST.setdefault(mode, engine)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    @override
    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        self._limit()
        with super().write() as tx:
            yield tx
            self._machine.effect()
        self._machine.effect()

    def _limit(self) -> None:
        """Let SQLite itself find the disk full, or no longer."""
        if self._machine.full != self._limited:
            connection = driver(self._writer())
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            most = pages if self._machine.full else _ROOMY
            connection.execute(f"PRAGMA max_page_count = {most}").fetchall()
            self._limited = self._machine.full
