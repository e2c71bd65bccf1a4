"""What exists is known from any signed head, on any path."""

import pytest

from fixtures import builders
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B, World, sample
from node import heads, ledger
from sync.errors import UnknownReplica


@pytest.fixture
def world(memory_path):
    made = World(memory_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A, VILLAGE_B):
        made.add(code)
    yield made
    made.close()


def take_in(world, one):
    return one.take_in(builders.case_document(builders.person(world.chance), sample("DEMO-YL-01")))


def signed_head(world, one):
    with one.node.database.write() as tx:
        ledger.seal(tx, one.me)
        return heads.own(tx, one.me, now=world.clock.now_ms())


def known(one):
    with one.node.database.read() as tx:
        return {replica: (found.seq, found.via) for replica, found in heads.known(tx).items()}


def hear(one, message, via=heads.Path.TYPED):
    with one.node.database.write() as tx:
        return heads.hear_one(tx, one.me, message, via=via, now=1)


def test_a_head_tells_what_exists_and_only_the_highest_is_kept(world):
    village = world.stations[VILLAGE_A]
    world.exchange(village, world.hub)
    take_in(world, village)
    early = signed_head(world, village)
    take_in(world, village)
    late = signed_head(world, village)
    assert hear(world.hub, late).seq == 4
    assert hear(world.hub, early).seq == 2
    assert known(world.hub) == {village.me.replica: (4, "typed")}


def test_a_head_of_nobody_known_is_refused(world, memory_path):
    other = World(memory_path / "elsewhere")
    other.begin()
    stranger = other.add(VILLAGE_A)
    take_in(other, stranger)
    message = signed_head(other, stranger)
    other.close()
    with pytest.raises(UnknownReplica):
        hear(world.hub, message)
    assert known(world.hub) == {}


def test_a_township_passes_on_the_heads_of_its_villages(world):
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    world.exchange(village, town)
    take_in(world, village)
    hear(town, signed_head(world, village))
    world.exchange(town, world.hub)
    assert known(world.hub)[village.me.replica] == (2, "exchange")


def test_a_request_with_nothing_to_say_names_no_head(world):
    village = world.stations[VILLAGE_A]
    take_in(world, village)
    world.exchange(village, world.hub)
    assert known(world.hub) == {village.me.replica: (2, "exchange")}
    with village.node.database.read() as tx:
        assert heads.to_tell(tx, village.me, now=1) == []


def test_a_township_stops_telling_what_the_county_has_receipted(world):
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    take_in(world, village)
    world.exchange(village, town)
    world.exchange(town, world.hub)
    with town.node.database.read() as tx:
        assert heads.to_tell(tx, town.me, now=1) == []
