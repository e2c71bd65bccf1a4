"""What is missing, too much or too large: it waits, is told, and blocks nothing."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from crypto.envelope import Part
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B
from node import ledger, outbox
from node.errors import Stopped
from node.tables import attachment
from sync import codec, exchange, receipt
from sync.adapters.tables import carried, carried_header, change_set, child
from sync.dictionary import CURRENT
from sync.errors import LimitExceeded, OldCopy
from sync.exchange import digest
from sync.limits import DEFAULT
from tests.integration import crooked
from tests.integration.crooked import bundle, codes, county, extracts, give, take_in, write


@pytest.fixture
def world(memory_path):
    with county(memory_path, TOWNSHIP, VILLAGE_A, VILLAGE_B) as made:
        yield made


def three(village, world):
    """Three change sets of one case, and the case."""
    case, _ = take_in(village, world)
    extracts(village)
    village.act(case, "correct_contact", {"phone": "13900000001"})
    extracts(village)
    village.act(case, "correct_contact", {"phone": "13900000002"})
    return case, extracts(village)


def receipts_of(hub):
    with hub.node.database.read() as tx:
        messages = tx.scalars(sa.select(change_set.c.receipt).order_by(change_set.c.id)).all()
    return [receipt.read_receipt(m, key=hub.certificate.verify_key) for m in messages]


def head_of(hub, village):
    request = crooked.without_bundles(village, hub)
    with hub.node.database.read() as tx:
        assert tx.execute(sa.select(child)).all() is not None
    key = hub.certificate.verify_key
    answered = crooked.answer(hub, request)
    return exchange.read_answer(answered, key=key, outstanding={exchange.digest(request)}).head


def test_what_lies_beyond_a_gap_is_stored_and_receipted(world, village, hub):
    case, (first, second, third) = three(village, world)
    for piece in (first, third):
        assert codes(give(hub, bundle(village, [piece], to=[hub]), now=5)) == []
    assert [(r.up_to, list(r.also)) for r in receipts_of(hub)] == [(2, []), (2, [(4, 4)])]
    assert head_of(hub, village) == (2, first.signed.hash)
    assert hub.operations(case) == 3

    give(hub, bundle(village, [second], to=[hub]), now=6)
    assert hub.state(case).text("phone") == "13900000002"
    assert receipts_of(hub)[-1].up_to == 4
    assert head_of(hub, village) == (4, third.signed.hash)


def test_a_truncated_tail_is_seen_and_sent_again(world, village, hub):
    case, (first, _, third) = three(village, world)
    give(hub, bundle(village, [first], to=[hub]), now=5)
    request = world.request(village, hub)
    assert request.operations == 4
    bare = crooked.without_bundles(village, hub, head=(4, third.signed.hash, 4))
    crooked.answer(hub, bare)
    with hub.node.database.read() as tx:
        status = codec.decode_map(tx.scalar(sa.select(child.c.status)), max_bytes=4096)
    assert status[1] == 4
    assert head_of(hub, village)[0] == 2
    world.exchange(village, hub)
    assert hub.operations(case) == 4


def test_a_station_that_finds_more_of_its_log_at_the_county_is_an_old_copy(world, village, hub):
    three(village, world)
    world.exchange(village, hub)
    crooked.forget(village, after=2)
    request = world.request(village, hub).message
    answer = world.answer(hub, request)
    before = crooked.dump(village)
    with pytest.raises(OldCopy):
        world.take(village, hub, answer)
    after = crooked.dump(village)
    assert before.pop("node_identity") != after.pop("node_identity")
    assert after == before
    assert village.me.stopped == "old-copy"
    with pytest.raises(Stopped):
        take_in(village, world)


# --- more than fits


def test_months_of_small_change_sets_go_in_several_bundles(world, village, hub, monkeypatch):
    monkeypatch.setattr(outbox, "DEFAULT", replace(DEFAULT, change_sets_per_bundle=3))
    cases = [village.node.new_id() for _ in range(8)]
    for case in cases:
        crooked.one_set_each(village, case, {"station": VILLAGE_A, "handling": VILLAGE_A})
    first = world.request(village, hub)
    assert (first.operations, first.more) == (3, True)
    world.exchange(village, hub)
    assert hub.cases() == sorted(cases)


def test_more_carried_bundles_than_a_request_may_hold_go_in_several(world, village, hub):
    town = world.stations[TOWNSHIP]
    case, _ = take_in(village, world)
    never = {"replica": bytes(8), "first": 1, "last": 1, "header_hash": b"?", "message": b""}
    with town.node.database.write() as tx:
        tx.execute(sa.insert(change_set).values(never))
        for number in range(DEFAULT.bundles_per_message):
            values = {"id": number + 1, "digest": digest(bytes([number])), "sender": bytes(8)}
            tx.execute(sa.insert(carried).values(taken_at=0, bundle=bytes([number]), **values))
            link = {"bundle": number + 1, "header_hash": b"?"}
            tx.execute(sa.insert(carried_header).values(link))
    world.exchange(village, town)
    for _ in range(2):
        world.exchange(town, hub)
    assert hub.operations(case) == 2


def test_large_operations_are_cut_into_change_sets_that_fit(world, village, hub):
    case = village.node.new_id()
    write(village, case, "case.received", {"station": VILLAGE_A, "handling": VILLAGE_A})
    texts = [world.chance.randbytes(7_000).hex() for _ in range(3)]
    for _ in range(90):
        values = {f"form.{i}": text for i, text in enumerate(texts)}
        write(village, village.node.new_id(), "case.application_corrected", values)
    progress = world.exchange(village, hub)
    assert progress.complaints == []
    assert hub.cases() == village.cases()


def test_an_operation_that_nobody_would_read_is_not_written(world, village):
    case = village.node.new_id()
    for value in ("长" * 6_000, [["x" * 16_000] * 5]):
        with pytest.raises(LimitExceeded):
            write(village, case, "case.application_corrected", {"form.a": value})
    with village.node.database.read() as tx:
        assert ledger.own_head(tx, village.me) == 0


def test_a_decompression_bomb_is_put_aside(world, village, hub):
    key = hub.certificate.encryption_key
    bomb = codec.deflate(bytes(DEFAULT.part_inflated + 1), dictionary=CURRENT)
    taken = give(hub, crooked.reseal(village, [Part(bomb, (key,))]), now=1)
    assert codes(taken) == ["over-limit"]


def test_an_oversize_bundle_is_put_aside_and_an_oversize_request_refused(world, village, hub):
    assert codes(give(hub, bytes(DEFAULT.bundle + 1), now=1)) == ["over-limit"]
    before = crooked.dump(hub)
    with pytest.raises(LimitExceeded):
        world.answer(hub, bytes(DEFAULT.message + 1))
    assert crooked.dump(hub) == before


def test_a_node_feeds_no_more_children_than_it_can(world, village, hub):
    with hub.node.database.write() as tx:
        rows = [
            {"replica": n.to_bytes(8, "big"), "station": "x", "kind": "village"}
            for n in range(DEFAULT.children)
        ]
        tx.execute(sa.insert(child), rows)
    request = world.request(village, hub).message
    with pytest.raises(LimitExceeded):
        world.answer(hub, request)


def test_a_case_has_no_more_attachments_than_it_may(world, village, hub):
    case, _ = take_in(village, world)
    blob = {"size": 1, "chunks": [bytes(32).hex()]}
    for start in (0, 40):
        values = {
            f"attachment.{n}": {**blob, "hash": n.to_bytes(32, "big").hex()}
            for n in range(start, start + 40)
        }
        write(village, case, "case.attached", values)
    world.exchange(village, hub)
    with hub.node.database.read() as tx:
        assert len(tx.execute(sa.select(attachment)).all()) == DEFAULT.attachments_per_case
