"""A township sees its centre and its villages: who is silent, what waits (R-HC-07)."""

import pytest

from fixtures import builders
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B, World
from node import heads
from node.errors import NotFound
from station.usecases import township
from station.usecases.township import Question

DAY = 86_400_000
LACKS = builders.sample_item("DEMO-YL-01")
PROXY = builders.sample_item("DEMO-SB-02")


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A, VILLAGE_B):
        made.add(code)
    yield made
    for one in made.stations.values():
        one.node.database.close()


def look(world, question=None):
    found = township.overview(world.stations[TOWNSHIP].node, question)
    return found, {one.code: one for one in found.stations}


def take_in(world, code, item, seed, **more):
    person = builders.person(builders.seeded(seed))
    world.stations[code].receive(builders.case_document(person, item, **more))


@pytest.fixture
def story(world):
    """Village A promised a paper and took one in for the township; village B never called."""
    take_in(world, VILLAGE_A, LACKS, 1, leave_out=(4, 5), commitment={"deficiency": True})
    take_in(world, VILLAGE_A, PROXY, 2)
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    world.exchange(village, town)
    world.exchange(town, world.hub)
    world.exchange(village, town)
    return world


@pytest.mark.req("R-HC-07")
def test_a_township_sees_what_waits_in_its_villages(story):
    found, by_code = look(story, Question.LACKING)
    one = by_code[VILLAGE_A]
    assert (one.today, one.unsent, one.counts[Question.LACKING]) == (True, 0, 1)
    assert one.counts[Question.PAPERS] >= 1
    assert found.totals[Question.LACKING] == 1
    (line,) = found.lines
    assert (line.station, line.item) == (VILLAGE_A, "DEMO-YL-01")
    assert "*" in line.name
    assert found.stations[0].code == VILLAGE_A


@pytest.mark.req("R-HC-07")
def test_what_is_due_comes_up_before_its_day(story):
    assert look(story, Question.DUE)[0].lines == ()
    story.clock.advance(18 * DAY)
    found, _ = look(story, Question.DUE)
    assert [line.item for line in found.lines] == ["DEMO-YL-01"]
    assert found.totals[Question.DUE] == 1


def test_who_was_not_heard_today_is_silent_and_who_never_was_is_not_known(story):
    story.clock.advance(DAY)
    found, by_code = look(story)
    assert not by_code[VILLAGE_A].today
    assert by_code[VILLAGE_A].heard_at is not None
    assert by_code[TOWNSHIP].today
    assert found.totals[Question.SILENT] == len(by_code) - 1
    if VILLAGE_B in by_code:
        assert (by_code[VILLAGE_B].heard_at, by_code[VILLAGE_B].unsent) == (None, None)


def test_what_a_village_still_holds_is_told_under_the_counts(story):
    """A day sheet or a stick brings the head of a log whose end is not here yet."""
    village, town = story.stations[VILLAGE_A], story.stations[TOWNSHIP]
    assert look(story)[0].lagging == (0, 0)
    take_in(story, VILLAGE_A, PROXY, 3)
    story.request(village, town)  # signs what was written; it is not sent
    with village.node.database.read() as tx:
        head = heads.own(tx, village.me, now=story.clock.now_ms())
    with town.node.database.write() as tx:
        heads.hear(tx, town.me, [head], via=heads.Path.FILE, now=story.clock.now_ms())
    found, by_code = look(story)
    assert found.lagging[0] == 1
    assert found.lagging[1] == by_code[VILLAGE_A].unsent > 0

    story.exchange(village, town)
    assert look(story)[0].lagging == (0, 0)


def test_only_a_township_has_the_page(world):
    with pytest.raises(NotFound):
        township.overview(world.stations[VILLAGE_A].node)
