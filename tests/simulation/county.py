"""The nodes of one run: opened from copies, killed, opened again, each with a clock of its own."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casework.places import township_of
from fixtures.world import Station
from hub.usecases.rules import HubRules
from node import keys
from node.child import Child
from node.clock import FixedClock
from node.config import DataDirectory
from node.errors import NotInitialised
from node.parent import Parent
from node.receiving import NoRules
from node.runtime import Node
from tests.simulation.disk import Machine, MachineDatabase, copy_directory
from tests.simulation.template import COUNTY, NOW, folder, memory, template


@dataclass
class Place:
    """One node of the run.

    Attributes:
        name: of the machine; the code of its station, but for a copy of it.
        machine: its disk and power.
        clock: its own, right or wrong.
        up: whether its process runs; a dead one answers nobody.
        node: opened, where it is up.
        station: the same, where it is enrolled.
        serial: of its next temporary number.
    """

    name: str
    code: str
    machine: Machine
    clock: FixedClock
    up: bool = False
    node: Node | None = None
    station: Station | None = None
    serial: int = 0

    @property
    def is_hub(self) -> bool:
        """Whether this is the county."""
        return self.code == COUNTY

    @property
    def works(self) -> bool:
        """Whether it can act and exchange: its process runs, and the county has let it in."""
        return self.up and self.station is not None

    @property
    def runs(self) -> bool:
        """Whether it may write; not after it found out that it is a copy."""
        return self.works and not self.station.me.stopped

    def open(self) -> None:
        """Start the process."""
        directory = DataDirectory(self.machine.path)
        opened = keys.unlock(directory, None)
        database = MachineDatabase(self.machine, opened.database_key)
        self.node = Node(directory, database, self.clock, opened)
        self.up = True
        try:
            me = self.node.identity()
        except NotInitialised:
            return
        rules = HubRules(self.node) if self.is_hub else NoRules()
        self.station = Station(self.code, self.node, me.certificate, rules, self.serial)

    def stop(self) -> None:
        """End the process in good order."""
        if self.node is not None:
            self.node.database.close()
        if self.station is not None:
            self.serial = self.station.serial
        self.node = self.station = None
        self.up = False

    def die(self) -> None:
        """Lose the process and what it had not written; the disk is as it was at the cut."""
        self.stop()
        self.machine.start_again()
        self.clock.running = 0

    def child(self, parent: "Place") -> Child:
        """The asking side towards a parent."""
        with self.node.database.read() as tx:
            at = self.node.moment(tx)
        me = self.station.me
        known = me.hub if parent.is_hub else me.parent
        return Child(database=self.node.database, me=me, parent=known, at=at)

    def answer(self, message: bytes) -> bytes:
        """The answering side."""
        return Parent(
            database=self.node.database,
            me=self.station.me,
            rules=self.station.rules,
            now=self.clock.now_ms(),
        ).answer(message)


@dataclass
class County:
    """All nodes of a run.

    Attributes:
        relayed: places that reach the county through their township only.
    """

    directory: Path
    places: dict[str, Place]
    relayed: frozenset[str] = frozenset()

    @property
    def hub(self) -> Place:
        """The county."""
        return self.places[COUNTY]

    @property
    def below(self) -> list[Place]:
        """All but the county."""
        return [place for place in self.places.values() if not place.is_hub]

    def above(self, place: Place) -> Place | None:
        """The township of a village or outlet, where it takes part."""
        town = self.places.get(township_of(place.code))
        return None if place.code.endswith("000") else town

    def reaches(self, place: Place) -> list[Place]:
        """Whom a place can exchange with."""
        town = self.above(place)
        straight = [] if place.code in self.relayed else [self.hub]
        return ([town] if town else []) + straight

    def parents(self, place: Place) -> list[Place]:
        """Who must owe a place nothing in the end: the county too, by letters if need be."""
        return list(filter(None, [self.above(place), self.hub]))

    def links(self) -> list[tuple[Place, Place]]:
        """Every (child, parent) of the run, villages before townships."""
        places = sorted(self.below, key=lambda place: place.code.endswith("000"))
        return [(place, parent) for place in places for parent in self.reaches(place)]

    def advance(self, milliseconds: int) -> None:
        """Let time pass everywhere."""
        for place in self.places.values():
            place.clock.advance(milliseconds)

    def close(self) -> None:
        """End everything and leave nothing behind."""
        for place in self.places.values():
            place.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def begin(codes: Sequence[str], relayed: frozenset[str] = frozenset()) -> County:
    """Copy the template and open the hub and the places named."""
    source, target = template(), memory()
    places: dict[str, Place] = {}
    for code in (COUNTY, *codes):
        path = folder(target, code)
        copy_directory(folder(source, code), path)
        shutil.copy(path_of_key(folder(source, code)), path_of_key(path))
        places[code] = Place(code, code, Machine(path), FixedClock(NOW, 1000))
        places[code].open()
    return County(target, places, relayed)


def path_of_key(path: Path) -> Path:
    """The key file beside a data directory."""
    return DataDirectory(path).key_file
