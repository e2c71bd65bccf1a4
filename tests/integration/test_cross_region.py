"""A village receives for another township: that one accepts, both see it, the result comes back."""

from contextlib import closing

import pytest

from casework.case import State
from casework.facts import UNDISCLOSED, Act
from fixtures import builders
from fixtures.world import TOWNSHIP, VILLAGE_A, World, sample
from tests.integration import hub_county as tools
from tests.integration.hub_county import VILLAGE, accepted, new_record, received

OTHER_TOWN = "411526102000"
ITEM = "DEMO-SB-03"
RESULT = [{"name": "变更回执", "serial": "BG-1"}]


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A, OTHER_TOWN):
        made.add(code)
    with closing(made):
        yield made


def taken_in(world):
    document = builders.case_document(builders.person(builders.seeded(5)), sample(ITEM))
    return world.stations[VILLAGE_A].take_in(document | {"handling": OTHER_TOWN})


@pytest.mark.req("R-GX-04b", "R-HC-26")
def test_the_other_township_handles_and_the_receiving_village_delivers(world):
    village, there = world.stations[VILLAGE_A], world.stations[OTHER_TOWN]
    case = taken_in(world)
    assert village.state(case).state is State.RECEIVED
    world.settle()
    assert there.state(case).text("id_no") == village.state(case).text("id_no")
    there.act(case, "accept", {})
    world.settle()
    assert village.state(case).state is State.ACCEPTED, "the receiving village sees the progress"
    there.act(case, "decide", {"outcome": "yes"})
    there.act(case, "issue", {"to": VILLAGE_A, "results": RESULT})
    world.settle()
    village.act(case, "deliver", {"to": "applicant", "proof": "签字", "identity": "id_card"})
    world.settle()
    for one in (village, there, world.hub):
        assert one.state(case).state is State.DELIVERED


@pytest.mark.req("R-GX-04b")
def test_the_villages_own_township_sees_that_there_is_a_case_and_not_the_sensitive_fields(world):
    case = taken_in(world)
    world.settle()
    above = world.stations[TOWNSHIP].state(case)
    assert above.text("handling") == OTHER_TOWN
    assert above.values["id_no"] is UNDISCLOSED


@pytest.fixture
def there(world_of_the_hub, tmp_path, monkeypatch):
    """The other township, enrolled at the real hub."""
    monkeypatch.setitem(tools.KINDS, OTHER_TOWN, "township")
    monkeypatch.setitem(tools.NAMES, OTHER_TOWN, "乙镇")
    one = tools.enrol(world_of_the_hub[0], tmp_path, OTHER_TOWN)
    with closing(one.database):
        yield one


@pytest.fixture
def world_of_the_hub(tmp_path_factory, tmp_path):
    with tools.copy(tmp_path_factory, tmp_path) as copied:
        yield copied


@pytest.mark.req("R-HC-26")
def test_the_county_refuses_nothing_that_the_handling_township_does(world_of_the_hub, there):
    county, places = world_of_the_hub
    record = new_record()
    fields = received(VILLAGE, item=ITEM, handling=OTHER_TOWN, mode="proxy")
    places[VILLAGE].write(record, Act("case.received", fields))
    places[VILLAGE].sync(county)
    there.sync(county)
    there.write(record, accepted())
    there.sync(county)
    assert county.case(record).evidence.merged.refused == {}
    assert county.case(record).state.state is State.ACCEPTED
    places[VILLAGE].sync(county)
    assert places[VILLAGE].case(record).state.state is State.ACCEPTED


def test_a_township_that_the_case_is_none_of_does_not_see_it(world_of_the_hub, there):
    county, places = world_of_the_hub
    record = new_record()
    places[VILLAGE].write(record, Act("case.received", received(VILLAGE, item=ITEM)))
    places[VILLAGE].sync(county)
    there.sync(county)
    assert there.case(record) is None
