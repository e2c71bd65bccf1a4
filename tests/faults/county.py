"""A county of real processes whose every line is a proxy: hub, relaying township, villages.

Places enrol over their lines as real ones do, without the waiting: the calls of `station init`
and `hub station add`, made in this process. Whatever runs afterwards is a process of its own, was
started here, and is ended here.
"""

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.demo.programs import Server, free_port
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B
from hub.keys import open_hub
from hub.usecases import setup, stations
from hub.usecases.stations import NewStation
from node.clock import SystemClock
from node.config import DataDirectory
from node.enrolment import EnrolmentState
from node.runtime import Node
from station.transport.enrolling import HubDesk
from station.transport.http import Address
from station.usecases import enrol
from station.usecases.enrol import Wish
from station.usecases.opening import open_station
from tests.faults.busy import Busy
from tests.faults.proxy import Pass, Proxy, Refuse
from tests.faults.weather import Weather
from tests.simulation import observe
from tests.simulation.oracle import Oracle
from tests.simulation.template import COUNTY

_PROGRAMS = Path(sys.executable).parent
KINDS = {TOWNSHIP: "township", VILLAGE_A: "village", VILLAGE_B: "village"}
RELAYED = VILLAGE_B
"""Never meets the county itself after its enrolment."""


@dataclass
class Opened:
    """A place whose processes have ended, opened to be looked at."""

    code: str
    node: Node

    @property
    def name(self) -> str:
        """Of the machine; there is one at each place."""
        return self.code

    @property
    def is_hub(self) -> bool:
        """Whether this is the county."""
        return self.code == COUNTY


@dataclass
class RealCounty:
    """Everybody, and the lines between them.

    Attributes:
        below: the places that take part, townships first.
        lines: (child, parent) → the proxy in between.
        counters: place → the counter at work there.
    """

    directory: Path
    chance: random.Random
    hub: Server
    town: Server
    below: tuple[str, ...] = tuple(KINDS)
    lines: dict[tuple[str, str], Proxy] = field(default_factory=dict)
    counters: dict[str, Busy] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    weather: Weather = field(init=False)
    seen: dict[str, Opened] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weather = Weather(self.chance, bad=False)

    def data(self, code: str) -> DataDirectory:
        """Where a place lives."""
        return DataDirectory(self.directory / ("hub" if code == COUNTY else code))

    def line(self, child: str, parent: str) -> Proxy:
        """The line between two places."""
        return self.lines[child, parent]

    def county_away(self) -> None:
        """Cut every line to the county."""
        for (child, parent), proxy in self.lines.items():
            if parent == COUNTY and child != RELAYED:
                proxy.usual = Refuse()

    def county_back(self) -> None:
        """Mend them."""
        for (child, parent), proxy in self.lines.items():
            if parent == COUNTY and child != RELAYED:
                proxy.usual = Pass()

    def kill(self, code: str) -> None:
        """Cut the power of a place: all its processes, which then start again."""
        self.kills[code] = self.kills.get(code, 0) + 1
        server = {COUNTY: self.hub, TOWNSHIP: self.town}.get(code)
        counter = self.counters.get(code)
        at_work = counter is not None and counter.runs
        if at_work:
            counter.kill()
        if server is not None:
            server.kill()
            server.start()
        if at_work:
            counter.start()

    def begin_sync(self, code: str, *, seconds: int = 20) -> "subprocess.Popen[str]":
        """Start `station sync` at a place."""
        line = [str(_PROGRAMS / "station"), "--data", str(self.data(code).path), "sync"]
        return subprocess.Popen(
            [*line, "--json", "--max-seconds", str(seconds)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def sync(self, *codes: str) -> dict[str, tuple[int, str]]:
        """Let places sync at once; answers exit code and output of each."""
        begun = {code: self.begin_sync(code) for code in codes}
        found = {}
        for code, process in begun.items():
            told, _ = process.communicate(timeout=120)
            found[code] = (process.returncode, told)
        return found

    def drain(self, code: str) -> tuple[int, str]:
        """Let a place exchange until it says that the county has it all, or cannot.

        On a busy machine an answer may take longer than a first attempt waits: that is tried again.
        """
        for _ in range(5):
            found = self.sync(code)[code]
            if found[0] == 0:
                break
        return found

    def stop_counters(self) -> None:
        """End all counters, in whatever they are at."""
        for counter in self.counters.values():
            if counter.runs:
                counter.kill()

    @contextmanager
    def opened(self, code: str) -> Iterator[Opened]:
        """Open a place's database beside its processes."""
        data, clock = self.data(code), SystemClock()
        make = open_hub if code == COUNTY else open_station
        node = make(data, None, clock)
        with closing(node.database):
            yield Opened(code, node)

    def parents(self, place: Opened) -> list[Opened]:
        """Who must owe a place nothing in the end (`observe`); looked at by `complaints`."""
        return [self.seen[TOWNSHIP if place.code == RELAYED else COUNTY]] if self.seen else []

    def complaints(self) -> list[str]:
        """Everything that does not hold, by the oracle of the simulation."""
        oracle = Oracle(relayed=frozenset({RELAYED}))
        for counter in self.counters.values():
            oracle.confirmed += counter.confirmed
            oracle.unsure += counter.unsure
        with self._all_opened() as self.seen:
            views = {code: observe.view(self, place) for code, place in self.seen.items()}
            return list(oracle.complaints(views.pop(COUNTY), list(views.values())))

    @contextmanager
    def _all_opened(self) -> Iterator[dict[str, Opened]]:
        with ExitStack() as open_ones:
            codes = (COUNTY, *self.below)
            yield {code: open_ones.enter_context(self.opened(code)) for code in codes}


@contextmanager
def running(
    directory: Path,
    *,
    seed: int,
    database_url: str | None = None,
    below: tuple[str, ...] = tuple(KINDS),
) -> Iterator[RealCounty]:
    """A county at work; everything that was started has ended when the block has.

    Args:
        directory: for all data.
        seed: of faults and deeds.
        database_url: of the hub's PostgreSQL; None: a file.
        below: who takes part beside the county.
    """
    chance = random.Random(seed)
    hub = Server("hub", directory / "hub", free_port())
    town = Server("station", directory / TOWNSHIP, free_port(), ("--relay",))
    county = RealCounty(directory, chance, hub, town, below)
    codes = _found(county, database_url)
    hub.start()
    try:
        with _lines(county):
            for code in below:
                _enrol(county, code, codes[code])
            if TOWNSHIP in below:
                town.start()
                county.line(RELAYED, COUNTY).usual = Refuse()
            try:
                yield county
            finally:
                county.stop_counters()
                town.stop()
    finally:
        hub.stop()


def _found(county: RealCounty, database_url: str | None) -> dict[str, str]:
    """Make the hub; answers the enrolment codes of its places."""
    data, clock = county.data(COUNTY), SystemClock()
    request = setup.Request(county=COUNTY[:6], database_url=database_url)
    setup.init(data, request, clock=clock)
    node = open_hub(data, None, clock)
    with closing(node.database):
        new = [
            NewStation(code=code, kind=kind, name=code, pre_approve=True)
            for code, kind in KINDS.items()
        ]
        return {one.code: stations.add(node, one).enrolment_code for one in new}


@contextmanager
def _lines(county: RealCounty) -> Iterator[None]:
    """Lay a line from everybody to the county, and from the villages to their township."""
    ports = {COUNTY: county.hub.port, TOWNSHIP: county.town.port}
    pairs = [(code, parent) for code in county.below for parent in ports if code != parent]
    with ExitStack() as laid:
        for pair in pairs:
            county.lines[pair] = laid.enter_context(Proxy(("127.0.0.1", ports[pair[1]])))
            county.weather.over(county.lines[pair])
        yield


def _enrol(county: RealCounty, code: str, enrolment_code: str) -> None:
    def url(parent: str) -> Address:
        host, port = county.line(code, parent).address
        return Address(f"http://{host}:{port}")

    node = enrol.prepare(county.data(code), None, clock=SystemClock())
    with closing(node.database):
        desk = HubDesk(url(COUNTY))
        above = None if code == TOWNSHIP else url(TOWNSHIP)
        enrol.begin(node, desk, Wish(hub=url(COUNTY), code=enrolment_code, township=above))
        assert enrol.poll(node, desk).state is EnrolmentState.APPROVED
    counter_seed = county.chance.randrange(1 << 32)
    # The county's word on photos reaches a relayed village by letters, in rounds of their own.
    words = ("no-photos",) if code == RELAYED else ()
    county.counters[code] = Busy(code, county.data(code).path, counter_seed, *words)
