"""A twentieth of `bench.drain` with `hub serve`, `station sync` and a line that really is slow."""

import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import offline
from bench.line import Line
from fixtures.demo.county import County, Desk
from hub.keys import open_hub
from node.clock import SystemClock
from node.config import DataDirectory
from node.runtime import Node
from station.transport import Parent
from station.transport.http import Address
from station.usecases import links
from station.usecases.opening import open_station

FASTER: Final = 5
"""The line is so many times faster than 64 kbit/s, so that it ends in minutes."""
_SPEED: Final = 8000 * FASTER
_BETWEEN_CUTS: Final = 1_000_000
"""Bytes, on average."""
_LOOK_SECONDS: Final = 0.25
_PROGRAM: Final = Path(sys.executable).parent / "station"


@dataclass(slots=True)
class _Seen:
    """Seconds after the beginning; 0: not yet."""

    facts: float = 0
    photo: float = 0
    photos: float = 0


def measure(county: County, village: Desk, *, cases: int) -> None:
    """Work offline, then drain over the slow line, and print when what was there."""
    clock = SystemClock()
    node = open_station(DataDirectory(village.data), None, clock)
    hub = open_hub(DataDirectory(county.hub.data), None, clock)
    offline.work(node, None, cases=cases)
    chance = random.Random(1)
    upstream = ("127.0.0.1", county.hub.server.port)
    cuts = lambda: round(chance.expovariate(1 / _BETWEEN_CUTS))  # noqa: E731  # a draw
    with Line(upstream, speed=_SPEED, next_cut=cuts) as line:
        with node.database.write() as tx:
            links.keep_address(tx, Parent.COUNTY, Address(line.url))
        seen, runs, seconds = _drain(node, hub, village.data)
        _tell(node, line, seen)
    _say(f"{runs} runs of `station sync`, the last ended", seconds)
    node.database.close()
    hub.database.close()


def _drain(node: Node, hub: Node, data: Path) -> tuple[_Seen, int, float]:
    seen, runs, code = _Seen(), 0, 1
    replica, head, count, _ = offline.written(node)
    begun = time.monotonic()
    while code != 0:
        runs += 1
        line = [str(_PROGRAM), "--data", str(data), "sync", "--max-seconds", "600", "--quiet"]
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # our own program
        while process.poll() is None:
            time.sleep(_LOOK_SECONDS)
            facts, photos = offline.arrived(hub, replica)
            after = time.monotonic() - begun
            seen.facts = seen.facts or (after if facts >= head else 0)
            seen.photo = seen.photo or (after if photos else 0)
            seen.photos = seen.photos or (after if photos >= count else 0)
        code = process.returncode
    return seen, runs, time.monotonic() - begun


def _tell(node: Node, line: Line, seen: _Seen) -> None:
    _, head, count, size = offline.written(node)
    sys.stdout.write(f"written offline: {head} operations, {count} photos, {size / 1e6:.2f} MB\n")
    sys.stdout.write(
        f"line: {_SPEED * 8 // 1000} kbit/s ({FASTER} x 64), {line.connections} connections,"
        f" {line.cuts} cut, {line.up} B up and {line.down} B down on the wire\n"
    )
    _say("last fact at the county", seen.facts)
    _say("first photo", seen.photo)
    _say("last photo", seen.photos)


def _say(what: str, seconds: float) -> None:
    scaled = f"{seconds * FASTER:.0f} s at 64 kbit/s"
    sys.stdout.write(f"{what}: after {seconds:.1f} s, that is {scaled}\n")
    sys.stdout.flush()
