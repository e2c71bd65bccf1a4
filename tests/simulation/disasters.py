"""Disks that are lost, put back from a backup or an old copy, or copied; and going on afterwards.

Before anything is destroyed the harness looks who else could still bring what was on it. Only what
nobody has is excused, and it is counted.
"""

import random
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa

from casework.places import PlaceKind, kind_of_code
from hub.usecases import backups as hub_backups
from hub.usecases import devices, stations
from hub.usecases.stations import NewStation
from node.config import DataDirectory
from node.errors import DiskFull, NotFound
from station.transport.http import Address
from station.usecases import backups as station_backups
from station.usecases import enrol
from sync.adapters.tables import author, carried_header, change_set
from sync.adapters.tables import operation as operation_table
from tests.simulation.county import Place
from tests.simulation.disk import Machine, PowerCut, copy_directory
from tests.simulation.template import Desk

OLD_COPY = "old copy put back"
Shelf = Mapping[str, set[int]]
"""Operation → classes whose values are there."""


@dataclass
class Copies:
    """What was put aside of a machine for a bad day.

    Attributes:
        backup: a file of `backup create`.
        image: a plain copy of the data directory.
    """

    backup: Path | None = None
    backed_up: Shelf = field(default_factory=dict)
    image: Path | None = None
    imaged: Shelf = field(default_factory=dict)


def shelf(place: Place, *, own: bool, relays: bool = True) -> dict[str, set[int]]:
    """What a machine could bring to the county.

    Args:
        place: the machine.
        own: only what its station (or the county) wrote, and what it carries; else everything.
        relays: whether what it carries counts.
    """
    o = operation_table.c
    with place.node.database.read() as tx:
        statement = sa.select(
            *(o.replica, o.seq, o.hash, o.salt2, o.salt3, o.change_set, author.c.station)
        ).select_from(operation_table.outerjoin(author, o.replica == author.c.replica))
        carried = (
            set()
            if not relays
            else set(
                tx.scalars(
                    sa.select(change_set.c.id).join(
                        carried_header, carried_header.c.header_hash == change_set.c.header_hash
                    )
                )
            )
        )
        found = {}
        for row in tx.execute(statement):
            mine = row.station == place.code or row.station.endswith("000000")
            if not own or mine or row.change_set in carried:
                whole = row.change_set in carried and not mine
                two, three = row.salt2 is not None or whole, row.salt3 is not None or whole
                name = f"{row.replica.hex()}:{row.seq}#{row.hash[:8].hex()}"
                found[name] = {1} | ({2} if two else set()) | ({3} if three else set())
        return found


def _everything(shelves: Iterable[Shelf]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for one in shelves:
        for name, classes in one.items():
            found[name] |= classes
    return found


def excuse(run, place: Place, left: Shelf, why: str) -> None:
    """Note what nobody can bring any more once a machine has only `left`."""
    others = [one for one in run.county.places.values() if one is not place and one.works]
    # What only a relay has of an old copy may turn out to be the losing branch of a fork.
    relays = why != OLD_COPY
    safe = _everything([left, *(shelf(o, own=not o.is_hub, relays=relays) for o in others)])
    for name, classes in shelf(place, own=not place.is_hub).items():
        if name not in safe:
            if run.oracle.excused.setdefault(name, why) == why:
                run.hit(f"beyond every copy: {why}")
        elif classes - safe[name]:
            run.oracle.dimmed.setdefault(name, set()).update(classes - safe[name])


def back_up(run, place: Place, _chance: random.Random) -> None:
    """Make a backup while the node serves, and a plain copy of its disk."""
    if not place.works:
        return
    copies = run.copies[place.name]
    target = place.machine.path.with_name(f"{place.name}.backup")
    create = hub_backups.create if place.is_hub else station_backups.create
    try:
        create(place.node, target)
    except DiskFull:
        run.hit("disk full")
        return
    except PowerCut:
        run.power_cut(place)
        return
    copies.backup, copies.backed_up = target, shelf(place, own=not place.is_hub)
    copies.image = place.machine.path.with_name(f"{place.name}.image")
    place.stop()
    copy_directory(place.machine.path, copies.image)
    place.open()
    copies.imaged = copies.backed_up
    run.hit("backup")


def lose_disk(run, place: Place, chance: random.Random) -> None:
    """The disk is gone; a backup is restored where there is one."""
    unprepared = not any(one.backup for one in run.copies.values())
    place = _whose(run, place, chance)
    copies = run.copies[place.name]
    if unprepared and copies.backup is not None:
        return  # the backup came first; the disaster comes another day
    if not place.works or (place.is_hub and copies.backup is None):
        return
    why = "hub disk lost" if place.is_hub else "disk lost"
    excuse(run, place, copies.backed_up, why)
    place.stop()
    place.machine.full = False
    shutil.rmtree(place.machine.path)
    if copies.backup is not None:
        restore = hub_backups.restore if place.is_hub else station_backups.restore
        restore(copies.backup, DataDirectory(place.machine.path), None, clock=place.clock)
        place.open()
        run.hit(f"restored {'hub' if place.is_hub else 'station'}")
    else:
        _begin_anew(run, place)
    if chance.random() < 0.5:
        recover(run, place, chance)


def _whose(run, place: Place, chance: random.Random) -> Place:
    """Disasters find those the more often who are prepared: there is more to be seen."""
    prepared = [one for one in run.county.places.values() if run.copies[one.name].backup]
    if not prepared and chance.random() < 0.7:
        back_up(run, place, chance)
        return place
    return chance.choice(prepared) if prepared and chance.random() < 0.9 else place


def _begin_anew(run, place: Place) -> None:
    """A new computer stands in for one of which nothing is left."""
    directory = DataDirectory(place.machine.path)
    enrol.prepare(directory, None, clock=place.clock).database.close()
    place.open()
    run.hit("new device")


def put_back(run, place: Place, chance: random.Random) -> None:
    """Somebody puts an old copy of the disk back, and tells nobody."""
    place = _whose(run, place, chance)
    copies = run.copies[place.name]
    if not place.works or place.is_hub or copies.image is None:
        return
    excuse(run, place, copies.imaged, OLD_COPY)
    run.oracle.suspects.add(place.station.me.replica.hex())
    place.stop()
    shutil.rmtree(place.machine.path)
    shutil.copytree(copies.image, place.machine.path)
    place.open()
    run.hit(OLD_COPY)


def clone(run, place: Place, chance: random.Random) -> None:
    """A disk is copied into a second computer, and both work on."""
    name = f"{place.code}~2"
    if not place.works or place.is_hub or place.name in run.oracle.shut_out:
        return
    if place.name != place.code or name in run.county.places:
        return
    source, path = place.machine.path, place.machine.path.with_name(name)
    place.stop()
    copy_directory(source, path)
    shutil.copy(DataDirectory(source).key_file, DataDirectory(path).key_file)
    place.open()
    clock = replace(place.clock, now=place.clock.now + chance.randrange(-60_000, 60_000))
    twin = Place(name, place.code, Machine(path), clock)
    twin.open()
    twin.serial = place.station.serial + 1000
    twin.station.serial = twin.serial
    run.county.places[name] = twin
    if twin.works:
        run.oracle.suspects.add(twin.station.me.replica.hex())
    run.hit("clone")


def revoke(run, place: Place, _chance: random.Random) -> None:
    """The county shuts a device out: what it has not received of it does not count."""
    hub = run.county.hub
    town = place.is_hub or place.code.endswith("000")
    if (
        town
        or not (place.runs and hub.works)
        or run.oracle.shut_out
        or f"{place.code}~2" in run.county.places
    ):
        return
    replica = place.station.me.replica.hex()
    try:
        devices.revoke(hub.node, replica, reason="丢了")
    except (DiskFull, NotFound):
        return
    except PowerCut:
        run.power_cut(hub)
        return
    run.oracle.revoked.add(replica)
    run.oracle.shut_out.add(place.name)
    run.oracle.suspects.add(replica)
    run.hit("revoke")


def recover(run, place: Place, _chance: random.Random) -> bool:
    """Enrol a machine anew that must not write, or was never enrolled; says whether it was."""
    hub = run.county.hub
    if (
        not place.up
        or place.is_hub
        or not hub.works
        or place.runs
        or place.name in run.oracle.shut_out
    ):
        return False
    place.machine.fuse = hub.machine.fuse = None  # people are at both ends and begin again
    try:
        _enrol(place, hub)
    except DiskFull:
        run.hit("disk full")
        return False
    place.stop()
    place.open()
    run.oracle.renewed.add(place.name)
    run.hit("enrolled anew")
    return True


def _enrol(place: Place, hub: Place) -> None:
    new = NewStation(
        code=place.code,
        kind=kind_of_code(place.code).value,
        name=place.code,
        partner=_partner(place),
        pre_approve=True,
    )
    added = stations.add(hub.node, new)
    wish = enrol.Wish(hub=Address("https://hub.invalid"), code=added.enrolment_code)
    enrol.begin(place.node, Desk(hub.node), wish)
    enrol.poll(place.node, Desk(hub.node))


def _partner(place: Place) -> str:
    return "bank" if kind_of_code(place.code) is PlaceKind.OUTLET else ""
