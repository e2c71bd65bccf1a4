"""A county with every place enrolled by the real documents, made once a process and copied."""

import atexit
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casework.places import PlaceKind, kind_of_code
from hub.keys import open_hub
from hub.usecases import enrolments, setup, stations
from hub.usecases.stations import NewStation
from node import enrolment
from node.clock import FixedClock
from node.config import DataDirectory
from node.runtime import Node
from station.transport.http import Address
from station.usecases import enrol
from tests.simulation.chance import seeded

COUNTY = "411526000000"
TOWN, VILLAGE, NEIGHBOUR, BANK = "411526101000", "411526101201", "411526101202", "411526101901"
OTHER_TOWN, FAR_VILLAGE = "411526102000", "411526102201"
PLACES = (TOWN, VILLAGE, NEIGHBOUR, BANK, OTHER_TOWN, FAR_VILLAGE)
NOW = 1_795_227_000_000
MEMORY = Path("/dev/shm")  # noqa: S108  # made with a private random name


@dataclass
class Desk:
    """The hub's enrolment desk without a web server in between."""

    hub: Node
    clock_ms: int | None = None

    def post(self, path: str, document: dict) -> object:
        """Take a step of the station."""
        if "code" in document:
            offer = enrolments.begin(self.hub, enrolment.parse_asking(document), source="sim")
            return enrolment.format_offer(offer)
        revealed = enrolments.reveal(self.hub, enrolment.parse_revealing(document))
        return enrolment.format_revealed(revealed)

    def get(self, path: str) -> object:
        """Say how far an enrolment is."""
        request = bytes.fromhex(path.rpartition("/")[2])
        return enrolment.format_decision(enrolments.state(self.hub, request))


def folder(below: Path, code: str) -> Path:
    """Where a node lives."""
    return below / ("hub" if code == COUNTY else code)


def memory() -> Path:
    """A new private directory in memory, or where there is none on the disk."""
    return Path(tempfile.mkdtemp(prefix="bangban-sim-", dir=MEMORY if MEMORY.is_dir() else None))


@cache
def template() -> Path:
    """The county that every run begins with a copy of."""
    root = memory()
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    clock = FixedClock(NOW, 1000)
    with seeded("template"):
        data = DataDirectory(folder(root, COUNTY))
        setup.init(data, setup.Request(county="411526"), clock=clock)
        hub = open_hub(data, None, clock)
        with closing(hub.database):
            for code in PLACES:
                _enrol(hub, root, code, clock)
    return root


def _enrol(hub: Node, root: Path, code: str, clock: FixedClock) -> None:
    kind = kind_of_code(code)
    partner = "bank" if kind is PlaceKind.OUTLET else ""
    new = NewStation(code=code, kind=kind.value, name=code, partner=partner, pre_approve=True)
    added = stations.add(hub, new)
    node = enrol.prepare(DataDirectory(folder(root, code)), None, clock=clock)
    with closing(node.database):
        desk = Desk(hub)
        wish = enrol.Wish(hub=Address("https://hub.invalid"), code=added.enrolment_code)
        enrol.begin(node, desk, wish)
        enrol.poll(node, desk)
