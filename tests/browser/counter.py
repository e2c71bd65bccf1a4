"""A real station for tests: real keys, SQLCipher database and catalogue, served by a real process.

Run as a program it serves a data directory that `furnished` has made, so that a test can kill it.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from node import people, serve, tables
from node.clock import Clock, FixedClock, SystemClock
from node.config import DataDirectory
from node.people import NewAccount
from station.app import create_app, open_door
from station.rows import SCRIPTS

ROOT = Path(__file__).parents[2]
NOON = 1795147200000
"""2026-11-20 12:00 in Shanghai, a Friday."""
PASSWORD = "cdfg-hjkm-npqr"
STATION = "双柳树镇 天桥村便民服务站"
LOGIN, NAME = "wang", "王秀兰"


@dataclass(frozen=True)
class Shifted:
    """The system's clock, set to another day, going on over restarts."""

    offset: int

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return SystemClock().now_ms() + self.offset

    def monotonic_ms(self) -> int:
        """Milliseconds of running time."""
        return SystemClock().monotonic_ms()


@dataclass(frozen=True)
class Counter:
    """A station that was made: where it lives, how far its clock is set off."""

    directory: Path
    offset: int
    world: World


def furnished(path: Path, code: str = VILLAGE_A) -> Counter:
    """Make a county with one township and two stations; answers the one that is to be served."""
    world = World(path, clock=FixedClock(NOON))
    world.begin()
    world.add(TOWNSHIP)
    station = world.stations.get(code) or world.add(code)
    furnish(station)
    role = {TOWNSHIP: "clerk"}.get(code, "helper")
    with station.node.database.write() as tx:
        new = NewAccount(LOGIN, NAME, role, code, first=True)
        people.add(tx, new, now=NOON, password=PASSWORD)
        tx.execute(sa.update(tables.identity).values(name=STATION))
        tx.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
        tx.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (SCRIPTS.head,))
    offset = NOON - SystemClock().now_ms()
    return Counter(path / code, offset, world)


def app(directory: DataDirectory, clock: Clock) -> Flask:
    """The app of a station as its program makes it; its jobs find no parent to reach."""
    door, background = open_door(directory, clock=clock, passphrase=None)
    return create_app(door, background, directory=directory, clock=clock)


class Serving:
    """A station in a process of its own."""

    def __init__(self, counter: Counter) -> None:
        program = [sys.executable, "-m", "tests.browser.counter"]
        self._process = subprocess.Popen(
            [*program, str(counter.directory), str(counter.offset)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        line = self._process.stdout.readline()
        self.address = line.split()[1]

    def kill(self) -> None:
        """As a power cut does it."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


@contextmanager
def serving(counter: Counter) -> Iterator[str]:
    """Serve a station until the block ends; gives its address."""
    process = Serving(counter)
    try:
        yield process.address
    finally:
        process.kill()


if __name__ == "__main__":
    served = app(DataDirectory(Path(sys.argv[1])), Shifted(int(sys.argv[2])))
    serve.run(served, "127.0.0.1", 0, tls=None)
