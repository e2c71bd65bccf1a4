"""How long a village takes to drain after three days offline, over 64 kbit/s that breaks.

`python -m bench.drain` measures in the clock of a virtual line: real nodes, real messages, the
product's own `exchange.run` and its waiting times, and nothing waits. With `--real` a twentieth of
it is done with `hub serve`, `station sync` and a line that trickles.
"""

import argparse
import random
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import offline, real_drain
from bench.__main__ import documents, enrol
from bench.virtual import VirtualLine
from fixtures.demo.county import County
from hub.keys import open_hub
from hub.usecases.rules import HubRules
from node.clock import FixedClock, SystemClock
from node.config import DataDirectory
from node.errors import LinkFailed
from node.runtime import Node
from node.web import sync_api
from station import jobs
from station.usecases import exchange
from station.usecases.exchange import Effort
from station.usecases.intake import open_case
from station.usecases.opening import open_station

CASES: Final = 200
SPEED: Final = 8000
"""Bytes a second: 64 kbit/s."""
ROUND_TRIP_MS: Final = 300
BREAKS: Final = 50
"""One message in so many."""
_TICK_MS: Final = jobs.EXCHANGE_SECONDS * 1000
_RUN_SECONDS: Final = 120
_MEANWHILE_MS: Final = 20 * 60_000
"""So often somebody takes a case in while the photos are on their way."""


def main() -> int:
    """Measure one of the two and print it."""
    words = argparse.ArgumentParser(prog="bench.drain")
    words.add_argument("--cases", type=int, default=CASES)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--real", action="store_true", help="a twentieth, with real processes")
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="bangban-drain-") as name:
        county = County.at(Path(name))
        try:
            village = enrol(county)
            if given.real:
                real_drain.measure(county, village, cases=max(1, given.cases // 20))
            else:
                county.stop()
                _measure(county, village.data, cases=given.cases, seed=given.seed)
        finally:
            county.stop()
    return 0


def _measure(county: County, data: Path, *, cases: int, seed: int) -> None:
    clock = FixedClock(now=SystemClock().now_ms())
    village = open_station(DataDirectory(data), None, clock)
    hub = open_hub(DataDirectory(county.hub.data), None, clock)
    offline.work(village, clock, cases=cases)
    watch = _Watch(village, hub, clock, begun=clock.now)
    line = VirtualLine(
        door=sync_api.door_of(hub, lambda: HubRules(hub)),
        clock=clock,
        chance=random.Random(seed),
        speed=SPEED,
        round_trip_ms=ROUND_TRIP_MS,
        breaks=BREAKS,
        passed=watch.look,
    )
    _drain(village, line, clock)
    watch.tell(line)
    village.database.close()
    hub.database.close()


def _drain(village: Node, line: VirtualLine, clock: FixedClock) -> None:
    """What `station serve` does in the background, until the county has it all."""
    complete = False
    while not complete:
        began = clock.now
        try:
            complete = exchange.run(
                village,
                max_seconds=_RUN_SECONDS,
                send=line,
                effort=Effort.BACKGROUND,
                jitter=line.chance.random(),
            ).complete
        except LinkFailed:
            complete = False
        clock.advance(_TICK_MS - (clock.now - began) % _TICK_MS)


@dataclass(slots=True)
class _Watch:
    """Notes when what was written offline is at the county, and what is written meanwhile."""

    village: Node
    hub: Node
    clock: FixedClock
    begun: int
    head: int = 0
    photos: int = 0
    facts_at: int | None = None
    photos_at: int | None = None
    first_photo_at: int | None = None
    open: list[tuple[int, int]] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    _busy: bool = False
    _replica: bytes = b""
    _size: int = 0

    def __post_init__(self) -> None:
        self._replica, self.head, self.photos, self._size = offline.written(self.village)

    def look(self) -> None:
        """Look what has arrived; now and then somebody takes a case in."""
        if self._busy:
            return
        self._busy = True
        due = self.begun + (len(self.open) + len(self.waits) + 1) * _MEANWHILE_MS
        if self.clock.now >= due and self.photos_at is None:
            self._take_in(due)
        self._note(self.clock.now)
        self._busy = False

    def _take_in(self, due: int) -> None:
        number = len(self.open) + len(self.waits)
        (document,) = documents(CASES + number + 1)[-1:]
        open_case(self.village, document, account=offline.account_of(self.village))
        _, head, _, _ = offline.written(self.village)
        self.open.append((head, due))

    def _note(self, now: int) -> None:
        up_to, there = offline.arrived(self.hub, self._replica)
        if up_to >= self.head and self.facts_at is None:
            self.facts_at = now
            _say("last fact at the county after", self._after(now))
        if there:
            self.first_photo_at = self.first_photo_at or now
        if there >= self.photos:
            self.photos_at = self.photos_at or now
        self.waits += [now - since for head, since in self.open if head <= up_to]
        self.open = [one for one in self.open if one[0] > up_to]

    def tell(self, line: VirtualLine) -> None:
        """Print what was seen."""
        size = f"{self._size / 1e6:.1f} MB"
        _say("written offline", f"{self.head} operations, {self.photos} photos, {size}")
        _say(
            "line",
            f"{SPEED * 8 // 1000} kbit/s, {ROUND_TRIP_MS} ms; {line.messages} messages,"
            f" {line.broken} broken, {line.carried / 1e6:.1f} MB carried",
        )
        _say("first photo after", self._after(self.first_photo_at))
        _say("last photo after", self._after(self.photos_at))
        _say("everything confirmed at the village after", self._after(self.clock.now))
        if self.waits:
            shown = [f"{w / 1000:.0f} s" for w in (statistics.median(self.waits), max(self.waits))]
            what = f"{len(self.waits)} cases taken in meanwhile were there after"
            _say(what, f"median {shown[0]}, longest {shown[1]}")

    def _after(self, at: int | None) -> str:
        seconds = ((at or 0) - self.begun) // 1000
        return f"{seconds} s ({seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02})"


def _say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:44} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
