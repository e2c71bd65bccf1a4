"""One log in two places: seen, stopped, and recovered without losing what was not sent yet."""

import shutil
from collections import Counter

import pytest
import sqlalchemy as sa

from fixtures import builders
from fixtures.world import TOWNSHIP, VILLAGE_A, World, sample
from node import verifying
from node.errors import Stopped
from node.incarnations import Stop, stop
from node.quarantining import list_items
from node.succession import REPLACED
from sync.adapters.tables import carried
from sync.errors import OldCopy


@pytest.fixture
def world(memory_path):
    made = World(memory_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        made.add(code)
    yield made
    made.close()


def take_in(world, village):
    who = builders.person(world.chance)
    return village.take_in(builders.case_document(who, sample("DEMO-YL-01")))


class Disk:
    """A station's database file, copied away and put back."""

    def __init__(self, station, folder):
        self.station, self.kept = station, folder / f"{station.code}.copy"

    def copy(self):
        """Keep what the disk holds now."""
        self.station.node.database.close()
        shutil.copy(self.station.node.directory.database, self.kept)

    def swap(self):
        """Put the copy in place and keep what was there instead: now the other computer works."""
        self.station.node.database.close()
        file = self.station.node.directory.database
        aside = self.kept.with_suffix(".other")
        shutil.copy(file, aside)
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()
        shutil.copy(self.kept, file)
        aside.replace(self.kept)


def applicants(station):
    """Name who stands in the cases of a station."""
    return Counter(str(station.state(case).values["name"]) for case in station.cases())


def test_a_cloned_disk_is_seen_stopped_and_recovered(world, memory_path):
    """Both computers worked on; the county has one branch, and no citizen of the other is lost."""
    village, hub = world.stations[VILLAGE_A], world.hub
    take_in(world, village)
    world.exchange(village, hub)
    disk = Disk(village, memory_path)
    disk.copy()
    first = take_in(world, village)
    world.exchange(village, hub)
    disk.swap()
    second = take_in(world, village)
    village.act(second, "correct_contact", {"phone": "13900000007"})
    told = village.state(second)
    world.exchange(village, hub)

    assert village.me.stopped == "fork"
    with pytest.raises(Stopped):
        take_in(world, village)
    assert (first in hub.cases(), second in hub.cases()) == (True, False)

    done = world.enrol_anew(village)
    assert (done.rewritten, done.waiting) == (3, 0)
    world.exchange(village, hub)
    assert village.cases() == hub.cases()
    assert len(hub.cases()) == 3
    assert hub.state(second).values == told.values
    assert hub.state(second).state is told.state
    assert not hub.state(second).conflicts
    assert all(verifying.verify(one.node).ok for one in (village, hub))
    assert [item.reason for item in list_items(village.node, state=REPLACED)] == ["fork"]

    disk.swap()  # the other computer comes back
    world.exchange(village, hub)
    assert village.me.stopped == "fork"


def test_an_old_copy_stops_before_it_writes_and_goes_on_as_a_new_replica(world, memory_path):
    village, hub = world.stations[VILLAGE_A], world.hub
    take_in(world, village)
    world.exchange(village, hub)
    disk = Disk(village, memory_path)
    disk.copy()
    lost = take_in(world, village)
    world.exchange(village, hub)
    disk.swap()
    with pytest.raises(OldCopy):
        world.exchange(village, hub)
    assert village.me.stopped == "old-copy"
    with pytest.raises(Stopped):
        take_in(world, village)
    assert world.enrol_anew(village).rewritten == 0
    mine = take_in(world, village)
    world.exchange(village, hub)
    assert village.cases() == hub.cases()
    assert {lost, mine} < set(hub.cases())
    assert verifying.verify(village.node).ok


def test_a_late_original_is_old_news(world, memory_path):
    """The original turns up after it was written again: the same fact, no conflict, no change."""
    village, hub = world.stations[VILLAGE_A], world.hub
    take_in(world, village)
    world.exchange(village, hub)
    disk = Disk(village, memory_path)
    disk.copy()
    again = take_in(world, village)
    original = world.request(village, hub)
    with village.node.database.write() as tx:
        tx.execute(sa.text("UPDATE node_identity SET stopped = 'old-copy'"))
    world.enrol_anew(village)
    world.exchange(village, hub)
    before = hub.state(again)
    world.answer(hub, original.message)
    assert hub.operations(again) == 4
    assert hub.state(again) == before


def test_a_fork_is_seen_at_the_township_too(world, memory_path):
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    take_in(world, village)
    disk = Disk(village, memory_path)
    world.exchange(village, town)
    disk.copy()
    take_in(world, village)
    world.exchange(village, town)
    disk.swap()
    take_in(world, village)
    world.exchange(village, town)
    assert [item.reason for item in list_items(town.node)] == ["fork"]
    assert village.me.stopped == ""  # a township alone stops nobody
    world.exchange(town, world.hub)
    world.exchange(village, world.hub)
    assert village.me.stopped == "fork"


def lost_branch(world, memory_path):
    """A village's disk is put back; the township holds one branch, the county has the other."""
    village, town, hub = world.stations[VILLAGE_A], world.stations[TOWNSHIP], world.hub
    disk = Disk(village, memory_path)
    disk.copy()
    lost = take_in(world, village)
    world.exchange(village, town)
    disk.swap()
    kept = take_in(world, village)
    world.exchange(village, hub)
    world.exchange(town, hub)
    return lost, kept


def test_the_branch_that_the_county_receipted_displaces_the_other(world, memory_path):
    """The township had applied the losing branch; it must not keep it for ever."""
    town, hub = world.stations[TOWNSHIP], world.hub
    lost, kept = lost_branch(world, memory_path)
    world.settle()
    assert hub.cases() == town.cases() == [kept]
    with town.node.database.read() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(carried)).scalar() == 0
    reasons = {item.reason for item in list_items(town.node)}
    assert reasons == {"fork"}
    assert lost not in town.cases()
    assert verifying.verify(town.node).ok
    assert world.request(town, hub).operations == 0


def test_a_restored_station_sends_only_what_it_holds_whole(world, memory_path):
    """Its township gives it its former work back without the account number: no part of a whole."""
    village, town, hub = world.stations[VILLAGE_A], world.stations[TOWNSHIP], world.hub
    disk = Disk(village, memory_path)
    disk.copy()
    case = take_in(world, village)
    world.exchange(village, town)
    disk.swap()
    with village.node.database.write() as tx:
        stop(tx, Stop.RESTORED, now=1)
    world.enrol_anew(village)
    world.exchange(village, town)
    assert case in village.cases()
    assert world.request(village, hub).operations == 0
    world.settle()
    assert case in hub.cases()
    assert list_items(hub.node) == []
