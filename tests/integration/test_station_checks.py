"""`station sync --check` and `station prune` on real data directories' use cases."""

from contextlib import closing

import pytest
import sqlalchemy as sa

from fixtures import builders, counters
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from node import anti_entropy, pruning, verifying
from node.casefile import Wanted
from node.policy import DAY_MS
from station.usecases import exchange, housekeeping, intake, listing, search
from sync.adapters.tables import operation as operation_table
from tests.integration.crooked import write


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        counters.furnish(made.add(code))
    with closing(made):
        yield made


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


@pytest.fixture
def wire(world):
    return counters.wire(world, world.stations[TOWNSHIP])


def _case(village):
    item = builders.sample_item("DEMO-YL-01")
    document = builders.case_document(builders.person(builders.seeded(3)), item)
    return intake.open_case(village.node, document, account=village.worker).case


def _sync(village, wire, **more):
    return exchange.run(village.node, max_seconds=60, send=wire, **more)


def test_a_check_by_hand_repairs_in_one_run(world, village, wire):
    case = _case(village)
    _sync(village, wire)
    write(world.hub, case, "case.contact_corrected", {"phone": "13900000001"})
    _sync(village, wire)
    with village.node.database.write() as tx:
        tx.execute(
            sa.delete(operation_table).where(operation_table.c.replica != village.me.replica)
        )
    verifying.rebuild(village.node)
    assert _sync(village, wire).received == 0
    assert _sync(village, wire, check=True).received == 1
    assert village.state(case).text("phone") == "13900000001"
    assert _sync(village, wire, check=True).requests == 1


def test_a_check_waits_for_what_is_still_to_be_sent(world, village, wire):
    _case(village)
    report = _sync(village, wire, check=True)
    assert report.requests == 2
    with village.node.database.read() as tx:
        assert not anti_entropy.is_due(tx, world.hub.code, now=village.node.clock.now_ms())


def test_once_a_day_the_first_request_compares(world, village, wire):
    _case(village)
    _sync(village, wire)
    plain = _sync(village, wire).bytes_up
    world.clock.advance(anti_entropy.EVERY)
    daily = _sync(village, wire)
    assert daily.requests == 1
    assert plain + 100 < daily.bytes_up < plain + 400
    assert _sync(village, wire).bytes_up < plain + 100


def test_the_house_is_kept_once_a_day_and_the_search_forgets(world, village, wire):
    case = _case(village)
    _sync(village, wire)
    archived = {"archived": {"at": 1, "place": world.hub.code, "by": "first"}}
    write(world.hub, case, "case.archived", archived)
    _sync(village, wire)
    number = village.state(case).text("temporary_number")
    assert len(search.find(village.node, number)) == 1
    world.clock.advance(100 * DAY_MS)
    _sync(village, wire)
    housekeeping.tidy(village.node)
    assert village.cases() == []
    assert search.find(village.node, number) == []
    assert listing.listing(village.node, Wanted(), text=number).pruned
    assert not listing.listing(village.node, Wanted(), text="王芳").pruned
    assert pruning.prune_when_due(village.node) == pruning.Pruned()
