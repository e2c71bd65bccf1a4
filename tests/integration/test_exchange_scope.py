"""Who gets what of a case, also when somebody lies about whose case it is."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from fixtures import builders
from fixtures.world import BANK, COUNTY, TOWNSHIP, VILLAGE_A, VILLAGE_B
from node import feeding
from node.verifying import verify
from sync.adapters.tables import operation
from sync.limits import DEFAULT
from tests.integration import crooked
from tests.integration.crooked import county, one_set_each, refuse, take_in, write


@pytest.fixture
def world(memory_path):
    with county(memory_path) as made:
        yield made


def test_an_act_that_arrives_before_the_receipt_reaches_the_village(world):
    """The township's own bundle stands before the village's that it carries."""
    village, town, hub = (world.stations[c] for c in (VILLAGE_A, TOWNSHIP, COUNTY))
    world.exchange(village, hub)
    case, _ = take_in(village, world)
    world.exchange(village, town)
    town.act(case, "correct_contact", {"phone": "13900000002"})
    world.exchange(town, hub)
    world.exchange(village, hub)

    assert village.operations(case) == hub.operations(case) == 3


def test_other_places_see_nothing_of_a_case(world):
    case, _ = take_in(world.stations[VILLAGE_A], world)
    world.settle()
    for code in (VILLAGE_B, BANK):
        assert world.stations[code].cases() == []
        assert crooked.dump(world.stations[code])["log_operation"] == []
    assert world.stations[TOWNSHIP].cases() == [case]


def _texts(one):
    """Everything that can be read at a place, in one string."""
    with one.node.database.read() as tx:
        rows = tx.execute(sa.select(operation)).mappings().all()
    return b"".join(v for row in rows for v in row.values() if isinstance(v, bytes))


def test_sensitive_values_never_reach_a_township_that_does_not_accept(world):
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    who = builders.person(world.chance)
    fields = {"station": VILLAGE_A, "handling": VILLAGE_A, "name": who.name, "id_no": who.id_no}
    case = village.node.new_id()
    write(village, case, "case.received", fields)
    world.settle()

    assert who.name.encode() in _texts(town)
    assert who.id_no.encode() not in _texts(town)
    assert all(who.id_no.encode() not in m for _, _, m in world.wire)
    assert who.id_no.encode() in _texts(world.hub)
    assert verify(town.node).ok


def test_sensitive_values_reach_the_township_that_accepts(world):
    case, who = take_in(world.stations[VILLAGE_A], world)
    world.settle()
    handling = world.hub.state(case).text("handling")
    assert (who.id_no.encode() in _texts(world.stations[TOWNSHIP])) == (handling == TOWNSHIP)


def test_a_place_cannot_draw_a_case_to_itself(world):
    village, thief = world.stations[VILLAGE_A], world.stations[VILLAGE_B]
    case, who = take_in(village, world)
    world.settle()
    write(thief, case, "case.received", {"station": VILLAGE_B, "handling": VILLAGE_B})
    world.settle()

    assert thief.operations(case) == 1
    assert who.name.encode() not in _texts(thief)


def test_a_place_does_not_lose_a_case_that_another_claims_once_the_county_has_said_whose_it_is(
    world,
):
    village, thief, hub = world.stations[VILLAGE_A], world.stations[VILLAGE_B], world.hub
    case, _ = take_in(village, world)
    world.settle()
    [stolen] = write(thief, case, "case.received", {"station": VILLAGE_B, "handling": VILLAGE_B})
    world.settle()
    refuse(hub, case, stolen.operation)
    world.settle()

    assert village.operations(case) == hub.operations(case)
    assert village.state(case).text("station") == VILLAGE_A
    assert thief.operations(case) == 2  # its own, and the word that it does not count


def test_a_case_that_comes_to_another_place_comes_whole(world):
    """The county gives the case to another village: that one gets all of it."""
    case, who = take_in(world.stations[VILLAGE_A], world)
    world.settle()
    fields = {"station": VILLAGE_B, "handling": VILLAGE_B}
    write(world.hub, case, "checking.resolved", fields)
    world.settle()

    heir = world.stations[VILLAGE_B]
    assert heir.operations(case) == world.hub.operations(case)
    assert who.id_no.encode() in _texts(heir)
    write(world.hub, case, "case.contact_corrected", {"phone": "13900000009"})
    before = world.stations[VILLAGE_A].operations(case)
    world.settle()
    assert world.stations[VILLAGE_A].operations(case) == before


def test_more_change_sets_than_fit_one_bundle_come_in_pages(world, monkeypatch):
    monkeypatch.setattr(feeding, "DEFAULT", replace(DEFAULT, change_sets_per_bundle=3))
    village, hub = world.stations[VILLAGE_A], world.hub
    world.exchange(village, hub)
    cases = [village.node.new_id() for _ in range(8)]
    for case in cases:
        one_set_each(hub, case, {"station": VILLAGE_A, "handling": VILLAGE_A})
    first = world.take(village, hub, world.answer(hub, world.request(village, hub).message))
    assert (first.received, first.more) == (3, True)
    world.exchange(village, hub)
    assert village.cases() == sorted(cases)


def test_a_page_holds_no_more_than_one_bundle_may():
    most = DEFAULT.change_sets_per_bundle
    assert feeding.fitting([(n, 1) for n in range(most + 1)]) == most
    assert feeding.fitting([(1, 1)] * (DEFAULT.feed_page_operations + 1)) == (
        DEFAULT.feed_page_operations
    )
    assert feeding.fitting([(1, DEFAULT.bundle_contents), (1, 1)]) == 1
    assert feeding.fitting([(1, DEFAULT.bundle_contents + 1), (1, 1)]) == 1
