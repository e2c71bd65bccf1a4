"""A hub put back from an old copy: what it has lost comes again by itself from the stations."""

import shutil
from dataclasses import replace

import pytest

from casework.places import Role
from fixtures import builders
from fixtures.world import COUNTY, TOWNSHIP, VILLAGE_A, World, sample
from node import verifying
from node.errors import Stopped
from node.incarnations import Stop, stop
from sync import exchange
from sync.adapters.sql import SqlLog
from sync.exchange import FeedPosition


def _take_in(world, village):
    who = builders.person(world.chance)
    return village.take_in(builders.case_document(who, sample("DEMO-YL-01")))


@pytest.fixture
def world(memory_path):
    made = World(memory_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        made.add(code)
    yield made
    made.close()


def test_what_a_restored_hub_lost_is_sent_again(world, memory_path):
    village, hub = world.stations[VILLAGE_A], world.hub
    early = _take_in(world, village)
    world.exchange(village, hub)
    database = hub.node.directory.database
    hub.node.database.close()
    shutil.copy(database, memory_path / "copy.db")
    late = _take_in(world, village)
    world.exchange(village, hub)
    assert hub.cases() == sorted([early, late])
    hub.node.database.close()
    for old in database.parent.glob(f"{database.name}*"):
        old.unlink()
    shutil.copy(memory_path / "copy.db", database)
    assert hub.cases() == [early]
    world.exchange(village, hub)
    assert hub.cases() == sorted([early, late])
    with village.node.database.read() as tx:
        assert SqlLog(tx).receipted(village.me.replica) == 4
    assert verifying.verify(hub.node).ok
    assert verifying.verify(village.node).ok
    assert COUNTY in world.stations


def test_a_hub_that_lacks_nothing_is_sent_nothing_again(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    _take_in(world, village)
    world.exchange(village, hub)
    assert world.request(village, hub).operations == 0


def put_back(world, folder, work):
    """Copy the hub's disk, let something happen, and put the copy back as a restore does."""
    hub = world.hub
    file = hub.node.directory.database
    hub.node.database.close()
    shutil.copy(file, folder / "copy.db")
    work()
    hub.node.database.close()
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    shutil.copy(folder / "copy.db", file)
    world.restore_hub()


def test_a_village_behind_its_township_hears_that_the_county_lost_its_work(world, memory_path):
    """It never meets the county: the township begins a new epoch too, and asks on its behalf."""
    village, town, hub = world.stations[VILLAGE_A], world.stations[TOWNSHIP], world.hub

    def relay():
        for _ in range(3):
            world.exchange(village, town)
            world.exchange(town, hub)

    early = _take_in(world, village)
    relay()
    found = []

    def work():
        found.append(_take_in(world, village))
        relay()
        hub.act(found[0], "correct_contact", {"phone": "13900000009"}, role=Role.CLERK)
        relay()

    put_back(world, memory_path, work)
    assert hub.cases() == [early]
    relay()
    assert hub.cases() == sorted([early, *found])
    assert hub.state(found[0]).values["phone"] == "13900000009"
    with village.node.database.read() as tx:
        assert SqlLog(tx).receipted(village.me.replica) == 4
    assert verifying.verify(hub.node).ok
    assert verifying.verify(town.node).ok


def test_what_an_old_copy_numbers_anew_is_not_passed_over(world, memory_path):
    """A file put back by hand has numbered less than the village has taken: a new epoch begins."""
    village, hub = world.stations[VILLAGE_A], world.hub
    case = _take_in(world, village)
    world.exchange(village, hub)
    file = hub.node.directory.database
    hub.node.database.close()
    shutil.copy(file, memory_path / "copy.db")
    for phone in ("13900000001", "13900000002"):
        hub.act(case, "correct_contact", {"phone": phone}, role=Role.CLERK)
    world.exchange(village, hub)
    before = hub.me.epoch
    hub.node.database.close()
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    shutil.copy(memory_path / "copy.db", file)
    world.exchange(village, hub)
    assert hub.me.epoch != before
    assert hub.state(case).values["phone"] == "13900000002"
    hub.act(case, "correct_contact", {"phone": "13900000003"}, role=Role.CLERK)
    world.exchange(village, hub)
    assert village.state(case).values["phone"] == "13900000003"
    assert verifying.verify(hub.node).ok
    assert verifying.verify(village.node).ok


def test_a_stopped_township_does_not_answer(world):
    """It may be one of two copies that number one feed in two ways; its villages wait."""
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    _take_in(world, village)
    world.exchange(village, town)
    with town.node.database.write() as tx:
        stop(tx, Stop.RESTORED, now=1)
    request = world.request(village, town)
    with pytest.raises(Stopped):
        world.answer(town, request.message)
    world.enrol_anew(town)
    world.settle()
    assert town.cases() == village.cases()


def test_one_liar_renews_the_epoch_at_most_once_a_day(world):
    """A new epoch lets every station fetch anew: no child may ask for that as often as it likes."""
    village, hub = world.stations[VILLAGE_A], world.hub
    _take_in(world, village)
    world.exchange(village, hub)

    def lie():
        read = exchange.read_request(
            world.request(village, hub).message,
            key=village.me.signing.verify_key,
            audience=hub.code,
        )
        beyond = replace(read, feed=FeedPosition(hub.me.epoch, 1 << 40))
        world.answer(hub, exchange.sign_request(beyond, village.me.signing))
        return hub.me.epoch

    first = lie()
    assert lie() == first
    world.clock.advance(25 * 60 * 60 * 1000)
    assert lie() != first
