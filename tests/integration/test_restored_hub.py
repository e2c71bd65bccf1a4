"""A hub put back from an old copy: what it has lost comes again by itself from the stations."""

import shutil

import pytest

from fixtures import builders
from fixtures.world import COUNTY, TOWNSHIP, VILLAGE_A, World, sample
from node import child, verifying


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
        assert child.receipted_up_to(tx, village.me.replica) == 4
    assert verifying.verify(hub.node).ok
    assert verifying.verify(village.node).ok
    assert COUNTY in world.stations


def test_a_hub_that_lacks_nothing_is_sent_nothing_again(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    _take_in(world, village)
    world.exchange(village, hub)
    assert world.request(village, hub).operations == 0
