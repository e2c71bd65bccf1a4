"""A row that somebody edits in the database is named."""

import pytest
import sqlalchemy as sa

from fixtures.world import TOWNSHIP, VILLAGE_A
from node import verifying
from node.tables import case as case_table
from node.verifying import rebuild, verify
from sync.adapters.tables import author, change_set, operation
from tests.integration import crooked
from tests.integration.crooked import county, take_in


@pytest.fixture
def world(memory_path):
    with county(memory_path, TOWNSHIP, VILLAGE_A) as made:
        case, _ = take_in(made.stations[VILLAGE_A], made)
        made.settle(rounds=2)
        made.stations[VILLAGE_A].act(case, "correct_contact", {"phone": "13900000001"})
        yield made


@pytest.fixture(params=["hub", "village"])
def node(world, request):
    return {"hub": world.hub, "village": world.stations[VILLAGE_A]}[request.param].node


def edit(node, table, *where, **values):
    with node.database.write() as tx:
        tx.execute(sa.update(table).where(*where).values(**values))


def first(world):
    return f"{world.stations[VILLAGE_A].me.replica.hex()}:1"


def test_nothing_is_bad_where_nothing_was_edited(world):
    for one in world.stations.values():
        assert verify(one.node).ok


def test_a_log_is_read_in_pages(world, monkeypatch):
    village = world.stations[VILLAGE_A]
    for number in range(3):
        village.act(village.cases()[0], "correct_contact", {"phone": f"1390000010{number}"})
        world.exchange(village, world.hub)
    whole = [verify(one.node) for one in world.stations.values()]
    monkeypatch.setattr(verifying, "_PAGE", 1)
    assert [verify(one.node) for one in world.stations.values()] == whole
    assert max(report.change_sets for report in whole) > 3


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (operation, "body"),
        (operation, "commitments"),
        (operation, "values2"),
        (operation, "salt3"),
        (operation, "hash"),
        (operation, "record"),
        (change_set, "message"),
        (change_set, "receipt"),
        (change_set, "header_hash"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_an_edited_row_of_the_log_is_named(world, node, table, column):
    with node.database.read() as tx:
        key, value = tx.execute(sa.select(table.c.id, table.c[column]).order_by("id")).first()
    edit(node, table, table.c.id == key, **{column: flipped(value)})
    report = verify(node)
    assert report.first_bad == first(world)


@pytest.mark.parametrize("column", ["body", "commitments"])
def test_a_row_that_can_no_longer_be_read_is_named(world, node, column):
    edit(node, operation, operation.c.seq == 1, **{column: b"junk"})
    report = verify(node)
    assert report.first_bad == first(world)
    assert [d.table for d in report.drift] == ["log_operation"]


def test_a_receipt_time_that_was_moved_is_named(world, node):
    edit(node, change_set, received_at=1)
    assert verify(node).first_bad == first(world)


def test_an_operation_that_was_taken_out_is_named(world):
    hub = world.hub
    with hub.node.database.write() as tx:
        tx.execute(sa.text("DELETE FROM feed_item"))
        tx.execute(sa.delete(operation).where(operation.c.seq == 2))
    assert verify(hub.node).first_bad == first(world)


def test_a_certificate_that_was_changed_is_named(world):
    where = author.c.replica == world.stations[VILLAGE_A].me.replica
    edit(world.hub.node, author, where, certificate=b"junk")
    assert verify(world.hub.node).first_bad == first(world)


def test_an_edited_case_is_shown_and_mended(world, node):
    edit(node, case_table, name="别人", state="DELIVERED")
    report = verify(node)
    assert {(d.table, d.field) for d in report.drift} == {
        ("case_file", "name"),
        ("case_file", "state"),
    }
    assert report.first_bad == ""
    rebuild(node)
    assert verify(node).ok


def test_a_case_that_was_taken_out_or_made_up_is_shown_and_mended(world, node):
    with node.database.write() as tx:
        row = dict(tx.execute(sa.select(case_table)).mappings().one())
        tx.execute(sa.delete(case_table))
        tx.execute(sa.insert(case_table).values(row | {"record": bytes(16), "id": "made up"}))
    assert {d.row for d in verify(node).drift} == {"absent", "present"}
    rebuild(node)
    assert verify(node).ok


def test_disclosures_that_come_later_are_read(world):
    """The township first holds an operation without what it may see of it."""
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    take_in(village, world)
    last = crooked.extracts(village)[-1:]
    for shows in (crooked.nothing, crooked.everything):
        message = crooked.bundle(world.hub, last, to=[town], audience=TOWNSHIP, shows=shows)
        assert crooked.give(town, message, now=1, audience=TOWNSHIP).complaints == []
    assert verify(town.node).ok


def test_an_unsigned_operation_that_was_edited_is_named(world):
    village = world.stations[VILLAGE_A]
    with village.node.database.read() as tx:
        open_ones = sa.select(operation).where(operation.c.change_set.is_(None))
        row = tx.execute(open_ones).one()
    edit(village.node, operation, operation.c.id == row.id, hash=flipped(row.hash))
    assert verify(village.node).first_bad == f"{village.me.replica.hex()}:{row.seq}"
