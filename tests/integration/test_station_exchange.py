"""The exchange of real nodes over a wire in memory: lost answers, dead links, relays, photos."""

import io
from contextlib import closing

import pytest
import sqlalchemy as sa
from PIL import Image

from fixtures import builders, counters
from fixtures.world import BANK, COUNTY, TOWNSHIP, VILLAGE_A, World
from node import attachments, photographs, quarantining
from node.errors import Busy, LinkFailed, NotFound
from node.receiving import NoRules
from station import turns
from station.transport import Cause, Parent, failed
from station.usecases import exchange, intake, links, photos, search, status
from station.usecases.exchange import Effort
from sync.adapters.tables import author, link


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        counters.furnish(made.add(code))
    with closing(made):
        yield made


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


@pytest.fixture
def township(world):
    return world.stations[TOWNSHIP]


@pytest.fixture
def wire(world, township):
    return counters.wire(world, township)


def open_cases(one, count=1, seed=1, item="DEMO-YL-01"):
    chance = builders.seeded(seed)
    found = builders.sample_item(item)
    documents = [builders.case_document(builders.person(chance), found) for _ in range(count)]
    return [intake.open_case(one.node, d, account=one.worker).case for d in documents]


def attach(one, case, seed=1):
    written = io.BytesIO()
    Image.effect_noise((1600, 1200), 60 + seed).save(written, "PNG")
    return photos.attach(one.node, case, 1, written.getvalue(), one.worker)


def test_everything_arrives_and_only_receipts_say_so(world, village, wire):
    (case,) = open_cases(village)
    before = status.status(village.node)
    assert (before.operations, before.receipted, before.pending) == (2, 0, 2)
    report = counters.sync(village, wire)
    assert (report.sent, report.pending, report.receipts_up_to) == (2, 0, 2)
    assert (report.complete, report.stalled_reason) == (True, None)
    after = status.status(village.node)
    assert (after.receipted, after.pending, after.in_custody) == (2, 0, 0)
    assert after.last_receipt is not None
    assert world.hub.state(case).state == village.state(case).state


def test_nothing_to_do_is_one_small_request(village, wire):
    open_cases(village)
    counters.sync(village, wire)
    report = counters.sync(village, wire)
    assert report.requests == 1
    assert report.bytes_up + report.bytes_down <= 1024


def test_while_the_county_is_away_the_township_takes_things_into_custody(village, township, wire):
    (case,) = open_cases(village)
    wire.down = {Parent.COUNTY}
    report = counters.sync(village, wire)
    assert (report.sent, report.pending, report.complete) == (2, 0, False)
    assert report.stalled_reason == "乡镇已经接到，等乡镇连上县里。"
    counted = status.status(village.node)
    assert (counted.in_custody, counted.receipted, counted.pending) == (2, 0, 0)
    assert township.cases() == [case]


def test_what_a_township_carried_is_receipted_when_the_village_meets_the_county(
    world, village, township, wire
):
    (case,) = open_cases(village)
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    counters.sync(township, counters.wire(world))
    assert world.hub.cases() == [case]
    wire.down = set()
    report = counters.sync(village, wire)
    assert report.complete
    assert status.status(village.node).receipted == 2


def test_nobody_answering_is_no_link_and_nothing_is_lost(village, wire):
    open_cases(village)
    wire.down = {Parent.COUNTY, Parent.TOWNSHIP}
    with pytest.raises(LinkFailed) as caught:
        counters.sync(village, wire)
    assert caught.value.cause == Cause.NO_NETWORK
    assert status.status(village.node).pending == 2
    wire.down = set()
    assert counters.sync(village, wire).complete


def test_an_answer_lost_on_its_way_is_asked_for_again_and_nothing_is_doubled(world, village, wire):
    cases = open_cases(village, 3)
    wire.parents.pop(Parent.TOWNSHIP)
    wire.cut = 0
    with pytest.raises(LinkFailed):
        counters.sync(village, wire)
    assert status.status(village.node).receipted == 0
    wire.cut = None
    assert counters.sync(village, wire).complete
    assert world.hub.cases() == sorted(cases)
    assert [world.hub.operations(case) for case in cases] == [2, 2, 2]


class Foreign:
    """Answers every request with the same bytes, as a captive portal does."""

    def __init__(self, answer):
        self.answer = answer

    def reaches(self, parent):
        return parent is Parent.COUNTY

    def exchange(self, parent, message, *, patience):
        return self.answer


@pytest.mark.parametrize("answer", [b"", b"<html>sign in</html>", b"\xd2\x84\x40\xa0\x40\x40"])
def test_an_answer_that_the_county_did_not_sign_changes_nothing(village, answer):
    open_cases(village)
    with pytest.raises(LinkFailed) as caught:
        counters.sync(village, Foreign(answer))
    assert caught.value.cause == Cause.NOT_COUNTY
    counted = status.status(village.node)
    assert (counted.receipted, counted.last_contact) == (0, None)


def test_an_old_answer_played_again_changes_nothing(village, wire):
    answers = []
    real = wire.exchange

    def recording(parent, message, *, patience):
        answers.append(real(parent, message, patience=patience))
        return answers[-1]

    wire.exchange = recording
    open_cases(village)
    counters.sync(village, wire)
    contact = status.status(village.node).last_contact
    open_cases(village, seed=2)
    with pytest.raises(LinkFailed):
        counters.sync(village, Foreign(answers[0]))
    counted = status.status(village.node)
    assert (counted.pending, counted.last_contact) == (2, contact)


def test_photos_follow_the_facts_and_count_only_when_a_signed_answer_says_so(world, village, wire):
    (case,) = open_cases(village)
    added = attach(village, case)
    report = counters.sync(village, wire)
    assert (report.attachments_pending, report.complete) == (0, True)
    kinds = [kind for _, kind in wire.log]
    assert kinds[0] == "exchange"
    assert kinds[-1] == "exchange"
    assert kinds.count("put") >= -(-added.bytes // (256 << 10))
    assert photographs.list_photos(world.hub.node, case)[0].here


def test_a_photo_broken_off_goes_on_with_the_chunks_that_lack(world, village, wire):
    (case,) = open_cases(village)
    added = attach(village, case)
    real, brought = wire.put_chunk, []

    def breaking(parent, name, chunk, data):
        if len(brought) == 1:
            raise failed(Cause.CUT)
        brought.append(chunk)
        return real(parent, name, chunk, data)

    wire.put_chunk = breaking
    wire.parents.pop(Parent.TOWNSHIP)
    report = counters.sync(village, wire)
    assert (report.pending, report.attachments_pending, report.complete) == (0, 1, False)
    assert report.stalled_reason == "传到一半断了。"
    with world.hub.node.database.read() as tx:
        ((_, gaps),) = attachments.missing(tx, [bytes.fromhex(added.sha256)]).items()
    assert 0 < len(gaps) < -(-added.bytes // (256 << 10))
    wire.put_chunk, wire.log[:] = real, []
    assert counters.sync(village, wire).complete
    assert [kind for _, kind in wire.log].count("put") == len(gaps)
    assert photographs.list_photos(world.hub.node, case)[0].here


def test_a_photo_that_only_the_township_has_is_still_pending(village, wire):
    (case,) = open_cases(village)
    attach(village, case)
    wire.down = {Parent.COUNTY}
    report = counters.sync(village, wire)
    assert (report.attachments_pending, report.complete) == (1, False)
    requests = counters.sync(village, wire).requests
    assert requests == 2, "one that did not reach the county, one to the township"


def test_the_township_carries_a_villages_photo_on(world, village, township, wire):
    (case,) = open_cases(village)
    attach(village, case)
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    assert counters.sync(township, counters.wire(world)).complete
    assert photographs.list_photos(world.hub.node, case)[0].here


def at_the_township(world, village, township, wire, *, item):
    """A case with a photo that the township has heard of, but not got the photo of."""
    (case,) = open_cases(village, item=item)
    attach(village, case)
    wire.parents.pop(Parent.TOWNSHIP)
    counters.sync(village, wire)
    above = counters.wire(world)
    counters.sync(township, above)
    (photo,) = photographs.list_photos(township.node, case)
    assert not photo.here
    return case, photo.attachment, above


def test_a_photo_of_another_place_is_fetched_when_somebody_wants_to_see_it(
    world, village, township, wire
):
    place = at_the_township(world, village, township, wire, item="DEMO-SB-02")
    case, photo, above = place
    above.down = {Parent.COUNTY}
    with pytest.raises(LinkFailed):
        photos.fetch(township.node, case, photo, above)
    above.down = set()
    honest = above.get_chunk
    above.get_chunk = lambda *_: b"something else"
    assert not photos.fetch(township.node, case, photo, above)
    above.get_chunk = honest
    assert photos.fetch(township.node, case, photo, above)
    seen = photographs.read(township.node, case, photo)
    assert seen == photographs.read(village.node, case, photo)


def test_a_photo_that_a_place_may_not_see_stays_ciphertext_there(world, village, township, wire):
    """The village accepts this item by itself: the township is not given the key."""
    case, photo, above = at_the_township(world, village, township, wire, item="DEMO-YL-01")
    assert photos.fetch(township.node, case, photo, above)
    with pytest.raises(NotFound):
        photographs.read(township.node, case, photo)


def test_cases_that_arrive_by_feed_are_found(village, township, wire):
    open_cases(village)
    name = village.state(village.cases()[0]).text("name")
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    assert [hit.line.case for hit in search.find(township.node, name)] == village.cases()


def test_many_cases_go_in_several_requests(village, wire):
    open_cases(village, 40)
    with village.node.database.write() as tx:
        tx.execute(sa.insert(link).values(station=COUNTY, budget=16 << 10))
    report = counters.sync(village, wire)
    assert (report.sent, report.complete) == (80, True)


def test_a_time_out_halves_what_is_sent_and_waits_longer_each_time(world, village, wire):
    open_cases(village)
    wire.parents.pop(Parent.TOWNSHIP)

    def silent(parent, message, *, patience):
        raise failed(Cause.NO_ANSWER)

    wire.exchange = silent
    waits, budgets = [], []
    for _ in range(3):
        with pytest.raises(LinkFailed):
            counters.sync(village, wire)
        waits.append(links.retry_at(village.node, Parent.COUNTY) - world.clock.now_ms())
        with village.node.database.read() as tx:
            budgets.append(tx.execute(sa.select(link.c.budget)).scalar())
    assert waits == [15_000, 30_000, 60_000]
    assert budgets == [512 << 10, 256 << 10, 128 << 10]


def test_in_the_background_the_waiting_time_counts_and_by_hand_it_does_not(world, village, wire):
    open_cases(village)
    wire.down = {Parent.COUNTY, Parent.TOWNSHIP}
    with pytest.raises(LinkFailed):
        counters.sync(village, wire)
    wire.down = set()
    run = {"max_seconds": 60, "send": wire}
    waiting = exchange.run(village.node, **run, effort=Effort.BACKGROUND)
    assert (waiting.requests, waiting.pending) == (0, 2)
    world.clock.advance(20_000)
    assert exchange.run(village.node, **run, effort=Effort.BACKGROUND).complete
    assert links.next_try(village.node) is None


def test_a_clock_set_back_does_not_stop_the_background_for_years(world, village, wire):
    open_cases(village)
    wire.down = {Parent.COUNTY, Parent.TOWNSHIP}
    with pytest.raises(LinkFailed):
        counters.sync(village, wire)
    world.clock.now -= 365 * 24 * 60 * 60 * 1000
    assert links.is_due(village.node, Parent.COUNTY, by_hand=False)


def test_another_exchange_on_the_same_directory_is_told(village, wire):
    lock = village.node.directory.spool / "exchange.lock"
    with turns.taken(lock), pytest.raises(Busy), turns.taken(lock, patience=0):
        pass
    open_cases(village)
    assert counters.sync(village, wire).complete


def test_what_was_put_aside_is_taken_when_it_can_be_trusted(world, village, township, wire):
    """A village's bundle reaches the county before the county knows the village's key."""
    (case,) = open_cases(village)
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    hub = world.hub.node
    with hub.database.write() as tx:
        tx.execute(sa.delete(author).where(author.c.station == VILLAGE_A))
    counters.sync(township, counters.wire(world))
    (held,) = quarantining.list_items(hub)
    assert held.reason == "unknown-replica"
    with hub.database.write() as tx:  # the village's letter has introduced it in the meantime
        tx.execute(sa.delete(author).where(author.c.station == VILLAGE_A))
    assert quarantining.retry(hub, NoRules()).held == 1
    with hub.database.write() as tx:
        message = village.message
        tx.execute(
            sa.insert(author).values(
                replica=village.me.replica,
                station=VILLAGE_A,
                kind="village",
                certificate=message,
            )
        )
    done = quarantining.retry(hub, NoRules())
    assert (done.released, done.operations, done.held) == (1, 2, 0)
    assert world.hub.cases() == [case]
    assert quarantining.list_items(hub) == []


def test_an_outlet_exchanges_with_the_county_alone(world):
    bank = counters.furnish(world.add(BANK, partner="bank"))
    who = builders.person(builders.seeded(9))
    document = builders.case_document(who, builders.sample_item("DEMO-SB-01"), channel="outlet")
    opened = intake.open_case(bank.node, document, account=bank.worker)
    assert opened.kind == "received"
    assert counters.sync(bank, counters.wire(world)).complete
