"""Carrying by hand: no network at any step, in any order, any number of times."""

import io
import random

import pytest

from casework.places import Role
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B, World
from node import attachments
from node.stick_export import Room
from node.stick_reply import Reply, devices_of
from sync.adapters.sql import SqlLog
from sync.adapters.tables import carried
from sync.bundle_file import Kind
from tests.integration.stick_tools import (
    attach,
    export,
    frames,
    read,
    receipted,
    rewritten,
    take_in,
)


@pytest.fixture
def world(memory_path):
    made = World(memory_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A, VILLAGE_B):
        furnish(made.add(code))
    yield made
    made.close()


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


@pytest.fixture
def town(world):
    return world.stations[TOWNSHIP]


def test_a_village_straight_to_the_county_and_back(world, village):
    case = take_in(world, village)
    file, done = export(village)
    assert (done.change_sets, done.operations, done.bytes > 0) == (1, 2, True)
    brought, reply = read(world.hub, file)
    assert (brought.imported, brought.duplicate, brought.complete) == (1, 0, True)
    assert world.hub.cases() == [case]
    back, _ = read(village, reply)
    assert (back.answers, back.receipts, back.complete) == (1, 1, True)
    assert receipted(village) == 2
    with village.node.database.read() as tx:
        assert village.node.moment(tx).anchor is not None


def test_village_to_township_to_county_and_all_the_way_back(world, village, town):
    case = take_in(world, village)
    own = take_in(world, town)
    first, _ = export(village)
    brought, custody = read(town, first)
    assert (brought.imported, brought.ignored) == (1, 1)  # the request for the county
    assert case in town.cases()
    back, _ = read(village, custody)
    assert (back.answers, receipted(village)) == (1, 0)
    with village.node.database.read() as tx:
        assert SqlLog(tx).last_change_set(village.me.replica).custody is not None
    second, done = export(town)
    assert done.change_sets == 2
    brought, reply = read(world.hub, second)
    assert brought.imported == 2
    assert world.hub.cases() == sorted([case, own])
    read(town, reply)
    assert receipted(town) == 2
    third, _ = export(village)
    _, last = read(town, third)
    back, _ = read(village, last)
    assert receipted(village) == 2
    with town.node.database.read() as tx:
        assert tx.execute(carried.select()).all() == []


def test_the_countys_own_word_reaches_a_village_by_two_sticks(world, village, town):
    """Its request goes on with the township's stick, and the answer comes back with the reply."""
    attach(village, take_in(world, village))
    first, _ = export(village)
    read(town, first)
    second, _ = export(town)
    assert len(frames(second, Kind.REQUEST)) == 2
    _, reply = read(world.hub, rewritten([*frames(second), *frames(first, Kind.CHUNK)]))
    read(town, reply)
    _, last = read(town, export(village)[0])
    read(village, last)
    assert receipted(village) == 3
    with village.node.database.read() as tx:
        assert village.node.moment(tx).anchor is not None
        assert attachments.waiting(tx) == 0


def test_the_countys_reply_counts_at_the_village_too(world, village, town):
    take_in(world, village)
    file, _ = export(village)
    read(town, file)
    found = frames(export(town)[0])
    theirs = [one for one in found if one.kind is Kind.REQUEST][-1]
    found.remove(theirs)  # the village's own request to the county was lost on the way
    _, reply = read(world.hub, rewritten(found))
    back, _ = read(village, reply)
    assert (back.answers, receipted(village)) == (0, 2)
    with village.node.database.read() as tx:
        assert village.node.moment(tx).anchor is None  # nobody waited for it


def test_again_and_again_changes_nothing(world, village):
    take_in(world, village)
    file, _ = export(village)
    _, reply = read(world.hub, file)
    for _ in range(2):
        brought, again = read(world.hub, file)
        assert (brought.imported, brought.duplicate, brought.complete) == (0, 1, True)
        read(village, reply)
        back, _ = read(village, again)
        assert (back.answers, receipted(village)) == (0, 2)
    assert len(world.hub.cases()) == 1


@pytest.mark.parametrize("seed", range(6))
def test_any_order_any_repetition_and_files_mixed_on_one_stick(world, village, seed):
    chance = random.Random(seed)
    other = world.stations[VILLAGE_B]
    cases = [take_in(world, one) for one in (village, other, village)]
    name = attach(village, cases[0])
    found = [*frames(export(village)[0]), *frames(export(other)[0])] * 2
    chance.shuffle(found)
    brought, reply = read(world.hub, rewritten(found))
    assert brought.refused == []
    assert world.hub.cases() == sorted(cases)
    read(village, reply)
    read(other, reply)
    assert (receipted(village), receipted(other)) == (5, 2)
    with world.hub.node.database.read() as tx:
        assert attachments.missing(tx, [name]) == {name: []}


def test_photos_come_last_and_are_known_to_have_arrived(world, village):
    case = take_in(world, village)
    attach(village, case)
    file, done = export(village)
    assert (done.photos, done.photos_left) == (1, 0)
    kinds = [one.kind for one in frames(file)]
    assert kinds[-2:] == [Kind.CHUNK, Kind.CHUNK]
    assert kinds.index(Kind.BUNDLE) < kinds.index(Kind.CHUNK)
    _, reply = read(world.hub, file)
    read(village, reply)
    with village.node.database.read() as tx:
        assert attachments.waiting(tx) == 0
    assert export(village)[1].photos == 0


def test_more_photos_than_one_request_asks_about(world, village):
    case = take_in(world, village)
    for number in range(3):
        attach(village, case, picture=bytes([number]) * 100)
    file, _ = export(village)
    requests = [one for one in frames(file) if one.kind is not Kind.REQUEST]
    village_request = frames(export(village)[0], Kind.REQUEST)
    _, reply = read(world.hub, rewritten([*village_request, *requests]))
    answers = frames(reply, Kind.ANSWER)
    assert len(answers) >= 2  # the answer, and the state of every photo in the file
    read(village, rewritten(answers))
    with village.node.database.read() as tx:
        assert attachments.waiting(tx) == 0


def test_photos_may_stay_behind(world, village):
    attach(village, take_in(world, village))
    assert export(village, Room(photos=False))[1].photos_left == 1
    assert export(village, Room(most=1))[1].photos_left == 1


def test_a_copy_that_was_cut_brings_what_is_whole(world, village):
    case = take_in(world, village)
    attach(village, case)
    file, _ = export(village)
    brought, reply = read(world.hub, file[:-10])
    assert (brought.imported, brought.cut, brought.complete) == (1, 1, False)
    read(village, reply)
    assert receipted(village) == 3
    with village.node.database.read() as tx:
        assert attachments.waiting(tx) == 1
    brought, _ = read(world.hub, file)
    assert brought.complete


def test_sticks_and_the_line_side_by_side(world, village):
    take_in(world, village)
    early, _ = export(village)
    take_in(world, village)
    world.exchange(village, world.hub)
    assert receipted(village) == 4
    brought, reply = read(world.hub, early)
    assert (brought.imported, brought.duplicate) == (0, 1)
    back, _ = read(village, reply)
    assert back.answers == 1
    take_in(world, village)
    late, _ = export(village)
    world.exchange(village, world.hub)
    brought, reply = read(world.hub, late)
    assert brought.duplicate == 1
    read(village, reply)
    assert receipted(village) == 6
    world.exchange(village, world.hub)


def test_two_sticks_under_way_at_once_come_back_in_the_wrong_order(world, village):
    take_in(world, village)
    one, _ = export(village)
    take_in(world, village)
    two, done = export(village)
    assert done.change_sets == 2  # nothing is taken as sent because it was written
    _, reply_two = read(world.hub, two)
    _, reply_one = read(world.hub, one)
    read(village, reply_two)
    back, _ = read(village, reply_one)
    assert (back.answers, receipted(village)) == (1, 4)


def test_what_comes_down_comes_whole_however_much_it_is(world, town, village):
    cases = [take_in(world, village) for _ in range(30)]
    world.exchange(village, world.hub)
    file, _ = export(town)
    _, reply = read(world.hub, file)
    back, _ = read(town, reply)
    assert back.operations == 60
    assert town.cases() == sorted(cases)


def test_a_file_made_at_the_county_without_having_been_asked(world, village):
    case = take_in(world, village)
    world.exchange(village, world.hub)
    world.hub.act(case, "correct_contact", {"phone": "13900000009"}, role=Role.CLERK)
    with world.hub.node.database.read() as tx:
        (device,) = devices_of(tx, VILLAGE_A)
    file = io.BytesIO()
    reply = Reply(world.hub.node, world.hub.rules, file)
    reply.begin()
    reply.unasked(village.certificate, after=device.taken, receipted=0)
    before = village.operations(case)
    back, _ = read(village, file.getvalue())
    assert (back.answers, back.operations) == (0, 1)
    assert village.operations(case) == before + 1
    again, _ = read(village, file.getvalue())
    assert again.operations == 0
    world.exchange(village, world.hub)


def test_a_file_for_one_station_does_nothing_at_another(world, village):
    case = take_in(world, village)
    world.exchange(village, world.hub)
    world.hub.act(case, "correct_contact", {"phone": "13900000009"}, role=Role.CLERK)
    file = io.BytesIO()
    reply = Reply(world.hub.node, world.hub.rules, file)
    reply.begin()
    reply.unasked(village.certificate, after=0, receipted=0)
    other = world.stations[VILLAGE_B]
    back, _ = read(other, file.getvalue())
    assert (back.operations, back.quarantined, other.cases()) == (0, 0, [])
    world.exchange(other, world.hub)
