"""Bundles that are not what their author sealed, or not from whom they say."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B
from node import identity, receiving
from node.errors import Stopped
from node.quarantining import list_items, retry
from node.receiving import NoRules
from sync import operation
from sync.adapters.tables import author, change_set, quarantine
from sync.adapters.tables import operation as operation_table
from sync.bundle import Extract
from sync.limits import DEFAULT
from sync.record import Entry
from tests.integration import crooked
from tests.integration.crooked import bundle, codes, county, extracts, give, take_in


@pytest.fixture
def world(memory_path):
    with county(memory_path, TOWNSHIP, VILLAGE_A, VILLAGE_B) as made:
        yield made


def held(one):
    with one.node.database.read() as tx:
        return len(tx.scalars(sa.select(operation_table.c.id)).all())


def altered(entry):
    """The same operation with one word changed."""
    body = entry.operation.body.replace(b"window", b"wind0w")
    assert body != entry.operation.body
    return Entry(operation.read(body, entry.operation.commitments), entry.disclosures)


def tampered(piece, entries):
    return Extract(signed=piece.signed, entries=entries)


# --- a relay changes what it carries


@pytest.mark.parametrize("sender", [VILLAGE_A, TOWNSHIP])
@pytest.mark.parametrize(
    "change",
    [
        lambda p: tampered(p, [altered(p.entries[0]), p.entries[1]]),
        lambda p: tampered(p, p.entries[1:]),
        lambda p: tampered(p, [*p.entries, p.entries[-1]]),
        lambda p: tampered(p, p.entries[::-1]),
    ],
    ids=["alters", "drops", "adds", "reorders"],
)
def test_operations_changed_on_the_way_are_put_aside(world, village, hub, change, sender):
    take_in(village, world)
    [piece] = extracts(village)
    message = bundle(world.stations[sender], [change(piece)], to=[hub])
    taken = give(hub, message, now=world.clock.now)

    assert codes(taken) in (["unauthentic"], ["malformed"])
    assert held(hub) == 0


def test_a_relay_cannot_send_anothers_change_set_with_the_personal_part_left_out(
    world, village, town, hub
):
    """Whatever the county receipts must be whole, else the rest would never come again."""
    case, _ = take_in(village, world)
    [piece] = extracts(village)
    bare = bundle(town, [piece], to=[hub], shows=crooked.nothing)
    taken = give(hub, bare, now=world.clock.now)
    assert codes(taken) == ["unauthorised"]
    assert taken.change_sets == []
    world.exchange(village, hub)
    assert hub.state(case).text("name") == village.state(case).text("name")


def test_the_county_receipts_nothing_of_which_values_are_missing(world, village, hub):
    take_in(village, world)
    [piece] = extracts(village)
    taken = give(
        hub, bundle(village, [piece], to=[hub], shows=crooked.nothing), now=world.clock.now
    )
    assert codes(taken) == ["malformed"]
    with hub.node.database.read() as tx:
        assert tx.scalars(sa.select(change_set.c.receipt)).all() == []


def test_a_partial_extract_of_an_author_is_put_aside(world, village, town, hub):
    take_in(village, world)
    [piece] = extracts(village)
    taken = give(hub, bundle(village, [crooked.part_of(piece, [0])], to=[hub]), now=1)
    assert codes(taken) == ["malformed"]
    assert held(hub) == 0


# --- who signed, and for whom


def test_a_bundle_signed_by_another_station_does_not_open(world, village, hub):
    """Surreptitious forwarding: the outer signature stripped, and one's own put on."""
    take_in(village, world)
    message = world.request(village, hub).message
    [sealed] = crooked.bundles_of(hub, village, message)
    thief = world.stations[VILLAGE_B]
    taken = give(hub, crooked.signed_anew(sealed, thief), now=world.clock.now)

    assert codes(taken) == ["unauthentic"]
    assert held(hub) == 0


def test_an_operation_in_anothers_name_is_put_aside(world, village, hub):
    take_in(village, world)
    [piece] = extracts(village)
    thief = world.stations[VILLAGE_B]
    forged = crooked.signed_by(piece, thief)
    taken = give(hub, bundle(thief, [forged], to=[hub]), now=world.clock.now)

    assert codes(taken)[0] in {"unauthentic", "unknown-replica"}
    assert held(hub) == 0


def test_a_bundle_for_another_audience_is_put_aside(world, village, hub):
    take_in(village, world)
    message = bundle(village, extracts(village), to=[hub], audience="411527000000")
    assert codes(give(hub, message, now=1)) == ["not-for-us"]


def test_a_bundle_sealed_to_others_is_put_aside(world, village, town, hub):
    take_in(village, world)
    assert codes(give(hub, bundle(village, extracts(village), to=[town]), now=1)) == ["not-for-us"]


def test_only_county_and_township_pass_anything_down(world, village):
    thief = world.stations[VILLAGE_B]
    take_in(thief, world)
    crooked.introduce(village, thief)
    message = bundle(thief, extracts(thief), to=[village], audience=VILLAGE_A)
    taken = give(village, message, now=1, audience=VILLAGE_A)
    assert codes(taken) == ["unauthorised"]
    assert village.cases() == []


# --- forks, revocation, what is not known yet


def test_two_headers_of_one_replica_are_a_fork_and_nothing_more_of_it_is_taken(world, village, hub):
    """What has a receipt stays; the other branch and everything later waits for a person."""
    case, _ = take_in(village, world)
    first = extracts(village)
    twin = crooked.rewritten(village, first[0])
    give(hub, bundle(village, first, to=[hub]), now=1)
    village.act(case, "correct_contact", {"phone": "13900000001"})
    second = extracts(village, after=first[0].signed.header.last)
    taken = give(hub, bundle(village, [twin, *second], to=[hub]), now=2)

    assert codes(taken) == ["fork", "fork"]
    assert hub.operations(case) == 2
    assert [item.reason for item in list_items(hub.node)] == ["fork"]
    progress = world.exchange(village, hub)
    assert {code for code, _ in progress.complaints} == {"fork"}
    assert village.me.stopped == "fork"
    with pytest.raises(Stopped):
        village.act(case, "correct_contact", {"phone": "13900000002"})


def test_a_header_whose_predecessor_differs_is_a_fork(world, village, hub):
    take_in(village, world)
    [first] = extracts(village)
    take_in(village, world)
    [second] = extracts(village, after=first.signed.header.last)
    give(hub, bundle(village, [crooked.rewritten(village, first)], to=[hub]), now=1)
    assert codes(give(hub, bundle(village, [second], to=[hub]), now=2)) == ["fork"]


def test_our_own_numbers_given_twice_are_a_fork(world, village):
    """A copy of this node wrote elsewhere: what came back must not mix with what stands here."""
    take_in(village, world)
    [piece] = crooked.unsigned(village)
    twin = crooked.rewritten(village, piece)
    message = bundle(world.hub, [twin], to=[village], audience=VILLAGE_A)
    assert codes(give(village, message, now=1, audience=VILLAGE_A)) == ["fork"]


def test_what_a_revoked_device_signed_later_is_put_aside(world, village, town, hub):
    case, _ = take_in(village, world)
    world.exchange(village, hub)
    crooked.revoke(hub, village, after=2)
    village.act(case, "correct_contact", {"phone": "13900000001"})
    world.exchange(village, town)
    world.exchange(town, hub)

    assert hub.operations(case) == 2
    assert [item.reason for item in list_items(hub.node)] == ["unauthorised"]
    crooked.revoke(hub, village, after=None)
    assert retry(hub.node, NoRules()).released == 1
    assert hub.operations(case) == 3


def test_quarantine_is_tried_again_when_the_certificate_has_come(world, village, hub):
    case, _ = take_in(village, world)
    with hub.node.database.write() as tx:
        tx.execute(sa.delete(author).where(author.c.replica == village.me.replica))
    taken = give(hub, bundle(village, extracts(village), to=[hub]), now=1)
    assert codes(taken) == ["unknown-replica"]
    assert retry(hub.node, NoRules()).released == 0
    with hub.node.database.write() as tx:
        identity.learn(tx, village.certificate, village.message)
    assert retry(hub.node, NoRules()).released == 1
    assert hub.operations(case) == 2


def test_the_same_contents_sealed_anew_are_kept_once(world, village, hub):
    take_in(village, world)
    [piece] = extracts(village)
    part = crooked.part_of(piece, [0])
    for _ in range(3):
        give(hub, bundle(village, [part], to=[hub]), now=1)
    with hub.node.database.read() as tx:
        assert len(tx.scalars(sa.select(quarantine.c.id)).all()) == 1


def test_quarantine_has_an_end(world, hub, monkeypatch):
    small = replace(DEFAULT, quarantine_bytes=40)
    monkeypatch.setattr(receiving, "DEFAULT", small)
    for junk in (b"a" * 30, b"b" * 30):
        assert codes(give(hub, junk, now=1)) == ["malformed"]
    assert [item.bytes for item in list_items(hub.node)] == [30]
