"""What a relay can do to messages that pass it by: nothing but delay them."""

import pytest
import sqlalchemy as sa

from fixtures.world import TOWNSHIP, VILLAGE_A
from node.tables import identity
from sync.adapters.tables import change_set, child
from sync.errors import Malformed, NotOutstanding, Unauthentic
from sync.exchange import Answer, FeedBundle, digest, read_answer, sign_answer
from tests.integration import crooked
from tests.integration.crooked import county, take_in


@pytest.fixture
def world(memory_path):
    with county(memory_path, TOWNSHIP, VILLAGE_A) as made:
        yield made


def status(hub, one):
    """What the hub shows of a station."""
    with hub.node.database.read() as tx:
        wanted = sa.select(child).where(child.c.replica == one.me.replica)
        return dict(tx.execute(wanted).mappings().one())


def receipts(hub):
    with hub.node.database.read() as tx:
        return set(tx.scalars(sa.select(change_set.c.receipt)))


def anchor(one):
    with one.node.database.read() as tx:
        return tx.execute(sa.select(identity.c.anchor_answer, identity.c.anchor_time)).one()


def read(hub, request, answer):
    return read_answer(answer, key=hub.certificate.verify_key, outstanding={digest(request)})


# --- repeated messages


def test_a_request_that_comes_twice_changes_nothing(world, village, hub):
    take_in(village, world)
    request = world.request(village, hub).message
    first = world.answer(hub, request)
    before = crooked.dump(hub)
    world.clock.advance(60_000)
    second = world.answer(hub, request)

    assert crooked.dump(hub) == before
    assert read(hub, request, second).receipts == read(hub, request, first).receipts


def test_an_old_request_does_not_move_the_status(world, village, hub):
    old = world.request(village, hub).message
    world.answer(hub, old)
    take_in(village, world)
    world.exchange(village, hub)
    before = status(hub, village)
    world.clock.advance(60_000)
    world.answer(hub, old)

    assert status(hub, village) == before


def test_an_old_answer_is_refused_and_the_anchor_stays(world, village, hub):
    request = world.request(village, hub).message
    old = world.answer(hub, request)
    world.take(village, hub, old)
    before = anchor(village)
    world.clock.advance(60_000)
    with pytest.raises(NotOutstanding):
        world.take(village, hub, old)
    world.request(village, hub)
    with pytest.raises(NotOutstanding):
        world.take(village, hub, old)
    assert anchor(village) == before


def test_an_answer_of_another_parent_is_refused(world, village, hub):
    town = world.stations[TOWNSHIP]
    request = world.request(village, hub).message
    body = {"epoch": town.me.epoch, "trust": 1, "more": False, "request_bytes": 1}
    forged = Answer(request=digest(request), county_time=1, **body)
    before = crooked.dump(village)
    with pytest.raises(Unauthentic):
        world.take(village, hub, sign_answer(forged, town.me.signing))
    assert crooked.dump(village) == before


def test_a_township_cannot_move_the_anchor(world, village):
    town = world.stations[TOWNSHIP]
    request = world.request(village, town).message
    body = {"epoch": town.me.epoch, "trust": 999, "more": False, "request_bytes": 1}
    answer = Answer(
        request=digest(request), county_time=1, county_document=village.me.county_message, **body
    )
    world.take(village, town, sign_answer(answer, town.me.signing))

    assert anchor(village).anchor_answer is None
    assert village.me.trust == 1


# --- lost and reordered messages


def test_after_a_lost_answer_the_retry_doubles_nothing(world, village, hub):
    case, _ = take_in(village, world)
    world.answer(hub, world.request(village, hub).message)
    before = hub.operations(case)
    world.exchange(village, hub)

    assert hub.operations(case) == before == village.operations(case)
    assert world.request(village, hub).operations == 0


def test_requests_may_arrive_in_the_wrong_order(world, village, hub):
    case, _ = take_in(village, world)
    first = world.request(village, hub).message
    village.act(case, "correct_contact", {"phone": "13900000001"})
    second = world.request(village, hub).message
    world.answer(hub, second)
    world.answer(hub, first)
    world.exchange(village, hub)

    assert hub.operations(case) == village.operations(case) == 3
    assert village.state(case).text("phone") == "13900000001"


def test_a_feed_that_leaves_something_out_is_refused_whole(world, village, hub):
    request = world.request(village, hub).message
    body = {"epoch": hub.me.epoch, "trust": 1, "more": False, "request_bytes": 1}
    hole = Answer(request=digest(request), feed=[FeedBundle(2, 3, b"x")], **body)
    before = crooked.dump(village)
    with pytest.raises(Malformed):
        world.take(village, hub, sign_answer(hole, hub.me.signing))
    assert crooked.dump(village) == before


def test_a_request_in_anothers_name_changes_nothing(world, village, hub):
    """A certificate is public: who shows one has proven nothing yet."""
    request = world.request(village, hub).message
    before = crooked.dump(hub)
    cut = request[:-1] + bytes([request[-1] ^ 1])
    with pytest.raises(Unauthentic):
        world.answer(hub, cut)
    assert crooked.dump(hub) == before


# --- receipts and custody


def forged_answer(world, village, town, **more):
    request = world.request(village, town).message
    body = {"epoch": town.me.epoch, "trust": 1, "more": False, "request_bytes": 1}
    return sign_answer(Answer(request=digest(request), **body, **more), town.me.signing)


def stored(one):
    with one.node.database.read() as tx:
        return tx.execute(sa.select(change_set.c.receipt, change_set.c.custody)).one()


def test_a_township_cannot_write_a_receipt(world, village):
    town = world.stations[TOWNSHIP]
    take_in(village, world)
    [piece] = crooked.extracts(village)
    pretended = crooked.receipt_of(town, piece)
    answer = forged_answer(world, village, town, receipts=[pretended])
    progress = world.take(village, town, answer)

    assert stored(village).receipt is None
    assert progress.set_aside[0][0] == "unauthentic"


def test_a_bad_receipt_does_not_keep_a_good_one_back(world, village, hub):
    town = world.stations[TOWNSHIP]
    take_in(village, world)
    [piece] = crooked.extracts(village)
    good = crooked.receipt_of(hub, piece)
    answer = forged_answer(world, village, town, receipts=[b"junk", good])
    world.take(village, town, answer)

    assert stored(village).receipt == good


def test_a_custody_note_is_never_counted_as_a_receipt(world, village, hub):
    town = world.stations[TOWNSHIP]
    take_in(village, world)
    world.exchange(village, town)

    note = stored(village)
    assert note.custody is not None
    assert note.receipt is None
    assert world.request(village, town).operations == 0  # on its way
    assert world.request(village, hub).operations == 2  # but not received
    answer = forged_answer(world, village, town, receipts=[note.custody])
    world.take(village, town, answer)
    assert stored(village).receipt is None
    world.exchange(town, hub)
    world.exchange(village, town)
    assert stored(village).receipt in receipts(hub)


def test_a_note_is_given_only_for_what_is_carried(world, village):
    """The township stored the operations and lost the bundle: its author must send it again."""
    town = world.stations[TOWNSHIP]
    take_in(village, world)
    world.answer(town, world.request(village, town).message)
    crooked.empty(town, "carried_header", "carried_bundle")
    bare = crooked.without_bundles(village, town)

    assert read(town, bare, world.answer(town, bare)).custody == []
