"""Sticks of others, too old, or for somebody else; nodes that were put back from copies."""

import shutil
from dataclasses import replace

import pytest
import sqlalchemy as sa

from casework.places import Role
from crypto import trust
from crypto.signing import SigningKey
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B, World
from node import cases, heads, publication
from sync.adapters.tables import author
from sync.bundle_file import Frame, Kind
from sync.errors import OldCopy
from tests.integration.stick_tools import export, frames, read, receipted, rewritten, take_in


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


def test_a_file_of_another_county_is_refused_whole(world, memory_path, village):
    elsewhere = World(memory_path / "elsewhere")
    elsewhere.begin()
    stranger = furnish(elsewhere.add(VILLAGE_A))
    take_in(elsewhere, stranger)
    file, _ = export(stranger)
    elsewhere.close()
    brought, _ = read(world.hub, file)
    assert (brought.foreign, brought.imported, brought.quarantined) == (1, 0, 0)
    headless = [one for one in frames(file) if one.kind is not Kind.COUNTY]
    brought, _ = read(world.hub, rewritten(headless))
    assert brought.imported == 0
    assert world.hub.cases() == []


def test_a_colleagues_file_is_passed_over(world, village):
    take_in(world, village)
    file, _ = export(village)
    brought, _ = read(world.stations[VILLAGE_B], file)
    assert (brought.imported, brought.quarantined, brought.complete) == (0, 0, True)
    assert brought.ignored > 0


def test_what_is_lost_shows_from_the_head_on_the_stick(world, village):
    take_in(world, village)
    file, _ = export(village)
    without = [one for one in frames(file) if one.kind is not Kind.BUNDLE]
    brought, _ = read(world.hub, rewritten(without))
    assert brought.heads == 1
    with world.hub.node.database.read() as tx:
        assert heads.known(tx)[village.me.replica].seq == 2


def swap(one, copy, *, back):
    """Copy a node's disk, or put the copy back."""
    file = one.node.directory.database
    one.node.database.close()
    if not back:
        shutil.copy(file, copy)
        return
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
    shutil.copy(copy, file)


def test_a_county_put_back_from_a_copy_is_given_back_by_sticks_what_it_lost(
    world, village, memory_path
):
    case = take_in(world, village)
    world.exchange(village, world.hub)
    swap(world.hub, memory_path / "copy", back=False)
    world.hub.act(case, "correct_contact", {"phone": "13900000009"}, role=Role.CLERK)
    late = take_in(world, village)
    world.exchange(village, world.hub)
    swap(world.hub, memory_path / "copy", back=True)
    world.restore_hub()
    assert world.hub.cases() == [case]
    for _ in range(2):
        _, reply = read(world.hub, export(village)[0])
        read(village, reply)
    assert world.hub.cases() == sorted([case, late])
    assert world.hub.state(case).values["phone"] == "13900000009"
    _, reply = read(world.hub, export(village)[0])
    read(village, reply)
    assert receipted(village) == 4


def test_a_township_passes_over_what_is_for_the_county_alone(world, village, town):
    file, _ = export(village)
    body = frames(file, Kind.COUNTY)[0].body
    brought, _ = read(town, rewritten([Frame(Kind.RETURNED, body)]))
    assert (brought.ignored, brought.refused, brought.quarantined) == (1, [], 0)


def test_a_reply_shows_a_station_that_its_disk_is_an_old_copy(world, village, memory_path):
    take_in(world, village)
    world.exchange(village, world.hub)
    swap(village, memory_path / "copy", back=False)
    take_in(world, village)
    _, reply = read(world.hub, export(village)[0])
    swap(village, memory_path / "copy", back=True)
    with pytest.raises(OldCopy):
        read(village, reply)
    assert village.me.stopped == "old-copy"


def test_a_device_that_was_ended_gets_no_answer_and_what_it_brings_late_does_not_count(
    world, village
):
    take_in(world, village)
    world.exchange(village, world.hub)
    take_in(world, village)
    file, _ = export(village)
    with world.hub.node.database.write() as tx:
        tx.execute(sa.update(author).values(revoked_after=2))
    brought, reply = read(world.hub, file)
    assert (brought.imported, brought.quarantined) == (0, 1)
    assert ("unauthorised", "revoked") in brought.refused
    assert frames(reply, Kind.ANSWER) == []


def catalogue_version(one):
    with one.node.database.read() as tx:
        return cases.catalogue_version(tx)


def test_a_newer_catalogue_comes_with_every_file_of_the_county(world, village):
    hub = world.hub
    with hub.node.database.write() as tx:
        document = dict(publication.current(tx, hub.me).document)
        fresh = publication.publish(2, document, hub.me.signing)
        publication.take_published(tx, hub.me, fresh, now=1)
    _, reply = read(hub, export(village)[0])
    only = [one for one in frames(reply) if one.kind in {Kind.COUNTY, Kind.CATALOGUE}]
    read(village, rewritten(only))
    assert catalogue_version(village) == 2
    forged = publication.publish(3, document, village.me.signing)
    brought, _ = read(village, rewritten([Frame(Kind.CATALOGUE, forged)]))
    assert (catalogue_version(village), len(brought.refused)) == (2, 1)


def test_a_newer_word_on_trust_is_taken_and_an_older_one_never(world, village):
    county = village.me.county
    newer = trust.issue(replace(county, version=9), world._root)
    read(village, rewritten([Frame(Kind.COUNTY, newer)]))
    assert village.me.county.version == 9
    older = trust.issue(replace(county, version=5), world._root)
    read(village, rewritten([Frame(Kind.COUNTY, older)]))
    assert village.me.county.version == 9
    stranger = SigningKey(bytes(32))
    forged = trust.issue(replace(county, version=10, root=stranger.verify_key), stranger)
    brought, _ = read(village, rewritten([Frame(Kind.COUNTY, forged)]))
    assert (brought.foreign, village.me.county.version) == (1, 9)
