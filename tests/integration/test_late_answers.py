"""Answers that come late, a county put back twice from one copy, letters that nobody answers."""

import shutil

import pytest
import sqlalchemy as sa

from casework.places import Role
from fixtures import builders
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B, World, sample
from node import letters
from sync.adapters.sql import SqlLog
from sync.adapters.tables import letter, link
from sync.exchange import digest
from sync.limits import DEFAULT


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


def receipted(one):
    with one.node.database.read() as tx:
        return SqlLog(tx).receipted(one.me.replica)


def row(one, hub):
    with one.node.database.read() as tx:
        return tx.execute(sa.select(link).where(link.c.station == hub.code)).one()


def file_request(world, one, hub):
    return world._child(one, hub).request_for_file()


def test_a_late_answer_does_not_take_receipts_away(world):
    village, hub = world.stations[VILLAGE_A], world.hub
    take_in(world, village)
    world.exchange(village, hub)
    old = world.answer(hub, file_request(world, village, hub))
    world.clock.advance(1000)
    take_in(world, village)
    world.exchange(village, hub)
    assert receipted(village) == 4
    world.take(village, hub, old)
    assert receipted(village) == 4


def put_back(world, folder, name):
    hub = world.hub
    file = hub.node.directory.database
    hub.node.database.close()
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    shutil.copy(folder / name, file)
    world.clock.advance(3_600_000)
    world.restore_hub()


def save(world, folder, name):
    file = world.hub.node.directory.database
    world.hub.node.database.close()
    shutil.copy(file, folder / name)


def test_a_late_answer_of_an_ended_epoch_is_not_a_new_epoch(world, memory_path):
    village, hub = world.stations[VILLAGE_A], world.hub
    take_in(world, village)
    world.exchange(village, hub)
    old = world.answer(hub, file_request(world, village, hub))
    save(world, memory_path, "c.db")
    put_back(world, memory_path, "c.db")
    world.exchange(village, hub)
    now = row(village, hub).epoch
    assert now == hub.me.epoch
    world.take(village, hub, old)
    assert row(village, hub).epoch == now


def test_give_back_is_taken_only_by_the_answer_to_what_carried_it(world, memory_path):
    village, hub = world.stations[VILLAGE_A], world.hub
    case = take_in(world, village)
    world.exchange(village, hub)
    save(world, memory_path, "c.db")
    hub.act(case, "correct_contact", {"phone": "13900000009"}, role=Role.CLERK)
    world.exchange(village, hub)
    put_back(world, memory_path, "c.db")
    world.clock.advance(1000)
    sent = world.request(village, hub)
    world.take(village, hub, world.answer(hub, sent.message))  # hears of the new epoch
    assert row(village, hub).give_back is not None
    stick = world.answer(hub, file_request(world, village, hub))
    world.request(village, hub)  # carries what is given back; the line cuts it
    world.take(village, hub, stick)
    for _ in range(3):
        world.exchange(village, hub)
    assert hub.state(case).values["phone"] == "13900000009"


def test_a_county_restored_twice_from_one_backup_loses_nothing(world, memory_path):
    village, hub = world.stations[VILLAGE_A], world.hub
    case = take_in(world, village)
    world.exchange(village, hub)
    save(world, memory_path, "c.db")
    put_back(world, memory_path, "c.db")
    hub.act(case, "correct_contact", {"phone": "13900000009"}, role=Role.CLERK)
    world.exchange(village, hub)
    assert village.state(case).values["phone"] == "13900000009"
    put_back(world, memory_path, "c.db")
    for _ in range(3):
        world.exchange(village, hub)
    assert hub.state(case).values["phone"] == "13900000009"
    hub.act(case, "correct_contact", {"phone": "13900000010"}, role=Role.CLERK)
    world.exchange(village, hub)
    assert village.state(case).values["phone"] == "13900000010"


def test_letters_that_nobody_answers_do_not_stand_before_others(world):
    """Devices that the county shut out had written; another village writes after them."""
    town, village = world.stations[TOWNSHIP], world.stations[VILLAGE_A]
    take_in(world, village)
    world.exchange(village, town)
    with town.node.database.write() as tx:
        tx.execute(
            sa.insert(letter),
            [
                {"replica": bytes([n] * 8), "number": 1, "digest": digest(bytes([n]))}
                | {"message": bytes([n]), "taken_at": n}
                for n in range(DEFAULT.letters_per_message)
            ],
        )
    with town.node.database.read() as tx:
        (mine,) = tx.scalars(
            sa.select(letter.c.message).where(letter.c.replica == village.me.replica)
        )
    went = []
    for _ in range(2):
        with town.node.database.write() as tx:
            went += letters.carry(tx)
    assert mine in went
