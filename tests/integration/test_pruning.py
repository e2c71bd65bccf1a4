"""Whole closed cases leave a station and never rise again by what arrives late."""

from hashlib import sha256

import pytest
import sqlalchemy as sa

from casework.ids import Ulid
from fixtures.world import TOWNSHIP, VILLAGE_A
from node import acting, attachments, pruning, stubs, verifying
from node.errors import CasePruned
from node.policy import DAY_MS
from node.tables import attachment, identity
from node.tables import case as case_table
from station.usecases.tallies import tally
from sync import exchange
from sync.adapters.sql import SqlLog
from sync.adapters.tables import child, feed_item, record_stub
from sync.adapters.tables import operation as operation_table
from tests.integration.crooked import (
    asking,
    bundle,
    compare,
    county,
    extracts,
    give,
    take_in,
    write,
)

DAY = DAY_MS
ARCHIVED = {"archived": {"at": 1, "place": "411526000000", "by": "first"}}


@pytest.fixture
def world(memory_path):
    with county(memory_path, TOWNSHIP, VILLAGE_A) as made:
        yield made


def _closed_case(world, village, days=100):
    """A case that was taken in, archived by the county, and is old."""
    case, _ = take_in(village, world)
    world.settle()
    write(world.hub, case, "case.archived", ARCHIVED)
    world.settle()
    world.clock.advance(days * DAY)
    world.settle()
    return case


def _rows(one, table):
    with one.node.database.read() as tx:
        return tx.execute(sa.select(table)).all()


def _held(one, case):
    with one.node.database.read() as tx:
        o = operation_table.c
        found = tx.scalars(sa.select(o.hash).where(o.record == Ulid.parse(case).raw)).all()
    return {bytes(h) for h in found}


def test_an_old_closed_case_goes_whole_and_the_rest_stays_proven(world, village, town, hub):
    open_one, _ = take_in(village, world)
    case = _closed_case(world, village)
    before, everything = tally(village.node), _held(village, case)
    done = pruning.prune(village.node)
    assert (done.cases, done.operations, done.kept) == (1, len(everything), 0)
    assert village.cases() == [open_one]
    assert _held(village, case) == set()
    assert tally(village.node) == before
    report = verifying.verify(village.node)
    assert report.ok, report
    verifying.rebuild(village.node)
    assert village.cases() == [open_one]
    assert verifying.verify(village.node).ok
    assert pruning.prune(village.node) == pruning.Pruned()
    assert case in hub.cases()


def test_whoever_looks_for_it_by_number_is_told_where_it_is(world, village, hub):
    case = _closed_case(world, village)
    [row] = _rows(village, case_table)
    pruning.prune(village.node)
    for number in (case, row.temporary_number):
        with village.node.database.read() as tx, pytest.raises(CasePruned):
            acting.find_case(tx, number)


def test_what_is_young_open_or_unconfirmed_stays(world, village, hub):
    case = _closed_case(world, village, days=89)
    assert pruning.prune(village.node) == pruning.Pruned()
    world.clock.advance(2 * DAY)
    assert pruning.prune(village.node) == pruning.Pruned()  # the own clock says nothing
    write(village, case, "case.contact_corrected", {"phone": "139"})
    world.clock.advance(100 * DAY)
    world.exchange(village, hub)  # receipted, but only today
    assert pruning.prune(village.node).cases == 0
    assert village.cases() == [case]


def test_the_hub_and_a_station_without_contact_prune_nothing(world, village, hub):
    case = _closed_case(world, village)
    assert pruning.prune(hub.node) == pruning.Pruned()
    with village.node.database.write() as tx:
        tx.execute(sa.update(identity).values(anchor_time=None))
    assert pruning.prune(village.node) == pruning.Pruned()
    assert hub.cases() == village.cases() == [case]


def test_a_late_copy_of_old_operations_is_old_news(world, village, hub):
    case = _closed_case(world, village)
    late = [*extracts(village), *extracts(hub)]
    pruning.prune(village.node)
    message = bundle(hub, late, audience=village.code, to=[village], certificates=[village.message])
    for _ in range(2):
        taken = give(village, message, now=world.clock.now_ms(), audience=village.code)
        assert (taken.operations, taken.complaints) == (0, [])
    assert village.cases() == []
    assert _held(village, case) == set()
    assert verifying.verify(village.node).ok


def test_a_new_word_brings_the_whole_case_back(world, village, hub):
    case = _closed_case(world, village)
    whole, seen = _held(village, case), village.state(case)
    pruning.prune(village.node)
    write(hub, case, "case.contact_corrected", {"phone": "13900000009"})
    sent = world.request(village, hub)
    world.take(village, hub, world.answer(hub, sent.message))
    assert village.cases() == []  # set aside
    with village.node.database.read() as tx:
        assert stubs.to_ask(tx, most=9) == [Ulid.parse(case).raw]
    world.exchange(village, hub)
    assert village.cases() == [case]
    assert _held(village, case) > whole
    assert village.state(case).text("phone") == "13900000009"
    assert village.state(case).state is seen.state
    assert _rows(village, record_stub) == []
    assert verifying.verify(village.node).ok
    assert pruning.prune(village.node).kept == 0


def test_a_case_asked_for_that_has_left_the_scope_is_not_given(world, village, hub):
    case = _closed_case(world, village)
    pruning.prune(village.node)
    elsewhere = {"station": "411526102201", "handling": "411526102201"}
    write(hub, case, "checking.resolved", elsewhere)
    world.exchange(village, hub)
    assert village.cases() == []
    assert len(_held(village, case)) <= 1  # at most the word by which it left


def test_a_township_waits_until_its_villages_have_taken_it(world, village, town, hub):
    case = _closed_case(world, village)
    write(hub, case, "case.archived", ARCHIVED)
    world.exchange(town, hub)
    world.clock.advance(100 * DAY)
    world.exchange(town, hub)
    assert pruning.prune(town.node).kept == 1
    world.exchange(village, town)
    with town.node.database.read() as tx:
        taken, following = tx.execute(sa.select(child.c.taken, child.c.next)).one()
    world.exchange(village, town)
    assert pruning.prune(town.node).cases == 1
    assert taken < following
    assert _rows(town, feed_item) == []
    assert verifying.verify(town.node).ok
    fresh, _ = take_in(village, world)
    write(town, case := fresh, "case.contact_corrected", {"phone": "139"})
    world.settle()
    assert village.state(case).text("phone") == town.state(case).text("phone")


def test_photos_go_with_their_case_once_the_county_has_them(world, village, hub):
    case, _ = take_in(village, world)
    name = _photo(village, case)
    world.settle()
    write(hub, case, "case.archived", ARCHIVED)
    world.settle()
    world.clock.advance(100 * DAY)
    world.settle()
    assert pruning.prune(village.node).kept == 1
    with village.node.database.write() as tx:
        tx.execute(sa.update(attachment).values(county=True, wanted=False))
    done = pruning.prune(village.node)
    assert (done.cases, done.attachments) == (1, 1)
    assert not attachments.file_of(village.node.directory.blobs, name, 0).exists()
    assert _rows(village, attachment) == []


def _photo(one, case):
    data = b"ciphertext"
    name = sha256(data).digest()
    attachments.write_whole(one.node.directory.blobs, name, data)
    value = {"hash": name.hex(), "size": len(data), "chunks": [name.hex()]}
    write(one, case, "case.attached", {"attachment.01": value})
    with one.node.database.write() as tx:
        attachments.note_whole(tx, name)
    return name


def test_a_change_set_pruned_in_part_is_still_forwarded_with_proof(world, village, town, hub):
    """One change set, two cases: one is pruned at the township, the other goes to a late child."""
    (first, _), (second, _) = (take_in(village, world) for _ in range(2))
    world.settle()
    write(hub, first, "case.archived", ARCHIVED)
    world.settle()
    world.clock.advance(100 * DAY)
    world.settle()
    assert pruning.prune(town.node).cases == 1
    late = world.add(VILLAGE_A[:-1] + "8")
    move = {"station": late.code, "handling": late.code}
    write(hub, second, "checking.resolved", move)
    world.exchange(town, hub)
    world.exchange(late, town)
    assert second in late.cases()
    with late.node.database.read() as tx:
        assert SqlLog(tx).contiguous(village.me.replica)[0] > 0
    assert verifying.verify(late.node).ok
    assert verifying.verify(town.node).ok


def _asks(world, one, parent, *, daily=False):
    """The records that a request asks for, perhaps the first one of the day."""
    sent = asking(world, one).request() if daily else world.request(one, parent)
    key = one.certificate.verify_key
    return list(exchange.read_request(sent.message, key=key, audience=parent.code).records)


def test_what_the_township_dropped_too_is_asked_of_the_county(world, village, town, hub):
    case = _closed_case(world, village)
    for one in (village, town):
        assert pruning.prune(one.node).cases == 1
    write(hub, case, "case.contact_corrected", {"phone": "13900000009"})
    sent = world.request(village, hub)
    world.take(village, hub, world.answer(hub, sent.message))
    world.exchange(village, town)
    assert village.cases() == town.cases() == []
    assert _asks(world, village, hub) == [Ulid.parse(case).raw]
    world.exchange(village, hub)
    assert village.cases() == [case]


def test_what_can_never_be_whole_is_asked_for_once_a_day(world, village, town, hub):
    case = _closed_case(world, village)
    pruning.prune(village.node)
    record = Ulid.parse(case).raw
    write(hub, case, "case.contact_corrected", {"phone": "13900000009"})
    with village.node.database.write() as tx:  # it held what nobody has any more
        known = tx.scalar(sa.select(record_stub.c.hashes))
        tx.execute(sa.update(record_stub).values(hashes=known + bytes(32)))
    world.exchange(village, hub)
    assert village.cases() == []
    assert _asks(world, village, hub) == []
    assert _asks(world, village, hub, daily=True) == [record]
    assert compare(world, village) is None
    world.exchange(village, hub)
    assert _asks(world, village, hub) == []
    assert verifying.verify(village.node).ok
