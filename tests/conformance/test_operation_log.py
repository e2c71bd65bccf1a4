"""The operation log on SQLCipher and on PostgreSQL: the same calls, the same answers."""

import pytest
import sqlalchemy as sa

from crypto.entropy import random_bytes
from node.db import Database
from sync import merkle
from sync.adapters.sql import SqlLog, Within, stored_header
from sync.adapters.tables import METADATA
from sync.changeset import Anchor
from sync.interval import TrustedInterval
from sync.record import Entry
from tests.unit.sync.builders import OTHER, SEEDS, VILLAGE, entry, sealed

ELSEWHERE = b"another-record.."
NAME, NUMBER = {"name": "王秀兰"}, {"id_no": "411599194001010011"}
FIRST = [
    entry(VILLAGE, 1, {"item": "A"}, personal=NAME, sensitive=NUMBER, since=7),
    entry(VILLAGE, 2, {"item": "B"}, personal=NAME, record=ELSEWHERE),
    entry(VILLAGE, 3, {"item": "C"}),
]
SECOND = [entry(VILLAGE, 4, {"item": "D"})]
FIRST_SIGNED = sealed(FIRST, anchor=Anchor(bytes(32), 1000))
SECOND_SIGNED = sealed(SECOND, prev=FIRST_SIGNED.hash)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request, memory_path):
    if request.param == "sqlite":
        opened = Database.sqlite(memory_path / "log.db", random_bytes(32))
    else:
        opened = Database.url(request.getfixturevalue("postgres_url"))
    yield opened
    opened.close()


@pytest.fixture
def log(database):
    """The log inside one transaction."""
    with database.write() as tx:
        METADATA.create_all(tx)
        yield SqlLog(tx)


def store(log, entries, signed, *, subtrees=None):
    row = log.add_change_set(signed, seeds=SEEDS, subtrees=subtrees or {})
    time = signed.header.anchor.county_time if signed.header.anchor else 0
    return row, log.add(entries, within=Within(row, time))


def test_operations_come_back_as_they_were_added(log):
    row, added = store(log, FIRST, FIRST_SIGNED)
    assert [held.entry for held in added] == FIRST
    found = log.run(VILLAGE, 1, 9)
    assert found == added
    assert [held.change_set for held in found] == [row] * 3
    assert [held.entry.disclosures for held in found] == [e.disclosures for e in FIRST]
    assert found[0].interval == TrustedInterval(1007, None)
    assert log.by_rows([held.row for held in found]) == {held.row: held for held in found}
    assert log.hashes(VILLAGE, 2, 3) == {n: FIRST[n - 1].operation.hash for n in (2, 3)}
    assert log.add([], within=Within(None)) == []


def test_records_are_read_whole_and_nothing_twice(log):
    _, added = store(log, FIRST, FIRST_SIGNED)
    later = log.add(SECOND, within=Within(None))
    record = FIRST[0].operation.record
    whole = log.of_records([record, ELSEWHERE])
    assert sorted(h.row for h in whole[record]) == [added[0].row, added[2].row, later[0].row]
    assert [h.row for h in whole[ELSEWHERE]] == [added[1].row]
    at_hand = log.of_records([record], at_hand=later)
    assert sorted(h.row for h in at_hand[record]) == sorted(h.row for h in whole[record])


def test_one_number_is_given_once(database, log):
    log.add(SECOND, within=Within(None))
    with pytest.raises(sa.exc.IntegrityError), log._tx.begin_nested():
        log.add([entry(VILLAGE, 4, {"item": "E"})], within=Within(None))


def test_disclosures_are_united_and_never_overwritten(log):
    bare = [Entry(e.operation) for e in FIRST]
    store(log, bare, FIRST_SIGNED)
    first = FIRST[0]
    assert log.add_disclosures({first.operation.dot: {2: first.disclosures[2]}}) == 1
    assert log.add_disclosures({first.operation.dot: first.disclosures}) == 1
    other = {2: FIRST[1].disclosures[2], 3: first.disclosures[3]}
    assert log.add_disclosures({first.operation.dot: other}) == 0
    assert log.run(VILLAGE, 1, 1)[0].entry.disclosures == first.disclosures


def test_change_sets_are_found_by_what_they_cover(log):
    one, _ = store(log, FIRST, FIRST_SIGNED)
    two, _ = store(log, SECOND, SECOND_SIGNED)
    rows = {
        first: [s.row for s in log.change_set_covering(VILLAGE, first, first)] for first in (3, 4)
    }
    assert rows == {3: [one], 4: [two]}
    assert log.change_set_covering(OTHER, 1, 9) == []
    assert [s.row for s in log.change_set_covering(VILLAGE, 3, 4)] == [one, two]
    assert [s.row for s in log.change_sets_after(VILLAGE, 3)] == [two]
    assert [s.row for s in log.change_sets_by_hash([SECOND_SIGNED.hash, b"?"])] == [two]
    assert log.change_sets_by_row([one])[one].header_hash == FIRST_SIGNED.hash
    last = log.last_change_set(VILLAGE)
    assert last is not None
    assert (stored_header(last), last.seeds) == (SECOND_SIGNED, SEEDS)
    assert log.last_change_set(OTHER) is None
    assert log.contents([one, two]).keys() == {one, two}
    assert log.contents([two])[two] == len(SECOND[0].operation.body)


def test_a_receipt_stays_and_the_seeds_go(log):
    row, _ = store(log, FIRST, FIRST_SIGNED)
    assert [s.row for s in log.unreceipted(VILLAGE)] == [row]
    assert log.set_custody(FIRST_SIGNED.hash, b"note")
    assert log.set_receipt(FIRST_SIGNED.hash, b"receipt", 2000)
    assert not log.set_receipt(b"?" * 32, b"receipt", 2000)
    assert not log.set_custody(b"?" * 32, b"note")
    [stored] = log.change_sets_after(VILLAGE, 0)
    assert (stored.receipt, stored.custody, stored.received_at) == (b"receipt", b"note", 2000)
    assert stored.seeds == {}
    assert log.unreceipted(VILLAGE) == []
    assert log.run(VILLAGE, 1, 1)[0].interval == TrustedInterval(1007, 2000)


def test_gaps_are_told(log):
    assert log.contiguous(VILLAGE) == (0, [])
    store(log, SECOND, SECOND_SIGNED)
    assert log.contiguous(VILLAGE) == (0, [(4, 4)])
    store(log, FIRST, FIRST_SIGNED)
    assert log.contiguous(VILLAGE) == (4, [])


def test_what_a_proof_taught_is_remembered(log):
    leaves = merkle.known_leaves([e.operation.hash for e in FIRST])
    proof = merkle.prove(leaves, 3, [1])
    _, learnt = merkle.check(3, {1: FIRST[1].operation.hash}, proof)
    row, _ = store(log, [FIRST[1]], FIRST_SIGNED, subtrees=learnt)
    assert log.change_sets_by_row([row])[row].subtrees == learnt
    log.update_subtrees(row, {(0, 1): bytes(32)})
    assert log.change_sets_by_row([row])[row].subtrees == {(0, 1): bytes(32)}


def test_own_operations_are_assigned_when_they_are_signed(log):
    log.add(FIRST, within=Within(None, 1000))
    assert {h.change_set for h in log.run(VILLAGE, 1, 3)} == {None}
    row = log.add_change_set(FIRST_SIGNED, seeds={}, subtrees={})
    log.assign(VILLAGE, 1, 3, row)
    assert {h.change_set for h in log.run(VILLAGE, 1, 3)} == {row}
    assert set(log.rows_of(VILLAGE, 1, 2)) == {1, 2}
