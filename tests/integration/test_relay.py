"""A township between: what it carries, loses, refuses, and works on while the county is away."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from fixtures import builders
from fixtures.world import COUNTY, TOWNSHIP, VILLAGE_A, VILLAGE_B, World, sample
from node import custody, ledger, letters, outbox, verifying
from node.child import Child
from node.receiving import NoRules, Receiver
from sync import exchange
from sync.adapters.tables import carried, carried_header, change_set, link, operation
from sync.errors import Unauthentic
from sync.exchange import Answer, digest, sign_answer
from sync.limits import DEFAULT
from tests.integration import crooked


@pytest.fixture
def world(memory_path):
    made = World(memory_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A, VILLAGE_B):
        made.add(code)
    yield made
    made.close()


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


@pytest.fixture
def town(world):
    return world.stations[TOWNSHIP]


def take_in(world, station):
    who = builders.person(world.chance)
    return station.take_in(builders.case_document(who, sample("DEMO-YL-01")))


def standing(station):
    """How many of a station's change sets are receipted, in custody and neither."""
    c = change_set.c
    with station.node.database.read() as tx:
        rows = tx.execute(
            sa.select(c.receipt, c.custody).where(c.replica == station.me.replica)
        ).all()
    receipted = sum(1 for row in rows if row.receipt)
    noted = sum(1 for row in rows if row.custody and not row.receipt)
    return receipted, noted, len(rows) - receipted - noted


def empty(town):
    """Lose everything that a township carries and holds of others, as a dead disk does."""
    with town.node.database.write() as tx:
        for table in (carried_header, carried):
            tx.execute(sa.delete(table))
        mine = operation.c.replica == town.me.replica
        tx.execute(sa.text("DELETE FROM feed_item"))
        tx.execute(sa.delete(operation).where(~mine))
        tx.execute(sa.delete(change_set).where(change_set.c.replica != town.me.replica))


def test_carried_is_not_received(world, village, town):
    take_in(world, village)
    world.exchange(village, town)
    assert standing(village) == (0, 1, 0)
    world.exchange(town, world.hub)
    assert standing(village) == (0, 1, 0)  # nobody has told the village yet
    world.exchange(village, town)
    assert standing(village) == (1, 0, 0)


def test_a_township_that_lost_what_it_carried_is_given_it_again(world, village, town):
    case = take_in(world, village)
    world.exchange(village, town)
    empty(town)
    world.exchange(village, town)
    assert standing(village) == (0, 1, 0)
    world.exchange(town, world.hub)
    assert case in world.hub.cases()


def test_a_township_put_back_as_a_new_replica_is_given_everything_again(world, village, town):
    case = take_in(world, village)
    world.exchange(village, town)
    with town.node.database.write() as tx:
        tx.execute(sa.text("DELETE FROM carried_header"))
        tx.execute(sa.text("DELETE FROM carried_bundle"))
    world.enrol_anew(town)
    world.settle()
    assert case in world.hub.cases()
    assert standing(village) == (1, 0, 0)
    assert town.cases() == village.cases()
    assert verifying.verify(town.node).ok


def test_each_child_has_its_own_quota_at_the_township(world, village, town, monkeypatch):
    """A flood of one village takes no room of another; what is refused stays with its author."""
    monkeypatch.setattr(custody, "DEFAULT", replace(DEFAULT, carried_per_child=6000))
    first = [take_in(world, village) for _ in range(2)]
    world.exchange(village, town)
    for _ in range(4):
        first.append(take_in(world, village))
        told = world.take(village, town, world.answer(town, world.request(village, town).message))
    assert ("over-limit", "carried") in told.complaints
    _, noted, kept = standing(village)
    assert (noted > 0, kept > 0) == (True, True)
    other = world.stations[VILLAGE_B]
    take_in(world, other)
    world.exchange(other, town)
    assert standing(other) == (0, 1, 0)
    monkeypatch.undo()
    world.settle()
    assert set(first) <= set(world.hub.cases())
    assert standing(village)[1:] == (0, 0)


def test_two_paths_to_the_county_at_once_are_harmless(world, village, town):
    case = take_in(world, village)
    by_town = world.request(village, town)
    direct = world.request(village, world.hub)
    world.answer(town, by_town.message)
    answer = world.answer(world.hub, direct.message)
    world.exchange(town, world.hub)
    world.take(village, world.hub, answer)
    world.settle()
    assert world.hub.operations(case) == 2
    assert standing(village) == (1, 0, 0)


def test_town_and_village_work_together_while_the_county_is_away(world, village, town):
    """The county has seen nothing of it, and both see each other's work; then it sees all."""
    case = take_in(world, village)
    world.exchange(village, town)
    town.act(case, "correct_contact", {"phone": "13900000003"})
    world.exchange(village, town)
    assert village.state(case).values["phone"] == "13900000003"
    village.act(case, "correct_contact", {"phone": "13900000004"})
    world.exchange(village, town)
    assert town.state(case).values["phone"] == "13900000004"
    assert world.hub.cases() == []
    world.settle()
    assert world.hub.state(case).values["phone"] == "13900000004"
    assert not world.hub.state(case).conflicts


def test_a_village_that_meets_only_its_township_follows_it_to_a_new_device(world, village, town):
    """The county vouches for the new device by a certificate of a higher version."""
    case = take_in(world, village)
    world.exchange(village, town)
    world.enrol_anew(town)
    world.exchange(town, world.hub)
    for _ in range(2):
        world.exchange(village, town)
    world.exchange(town, world.hub)
    world.exchange(village, town)
    assert case in world.hub.cases()
    assert standing(village) == (1, 0, 0)
    assert village.me.parent == town.certificate


def test_a_device_that_was_replaced_cannot_speak_for_the_township_again(world, village, town):
    """A stolen township computer has a certificate of the county too: of a lower version."""
    world.exchange(village, town)
    stolen = town.me
    world.enrol_anew(town)
    world.exchange(town, world.hub)
    for _ in range(2):
        world.exchange(village, town)
    request = world.request(village, town)
    answer = Answer(
        request=digest(request.message),
        epoch=stolen.epoch,
        trust=1,
        more=False,
        request_bytes=1 << 20,
        certificates=[stolen.certificate],
    )
    with pytest.raises(Unauthentic):
        world.take(village, town, sign_answer(answer, stolen.signing))
    assert village.me.parent == town.certificate


def relay(world, village, town):
    """A round of a village that meets only its township."""
    world.exchange(village, town)
    world.exchange(town, world.hub)
    world.exchange(village, town)


def test_the_county_answers_a_village_that_never_meets_it(world, village, town):
    """By letter: sealed to the village, carried by the township that may not see the account."""
    case = take_in(world, village)
    relay(world, village, town)
    with village.node.database.read() as tx:
        assert village.node.moment(tx).anchor is not None
    account = {"form.bank_account": "6217009999999999999"}
    crooked.write(world.hub, case, "case.application_corrected", account)
    world.clock.advance(11 * 60_000)
    relay(world, village, town)
    assert village.state(case).values["form.bank_account"] == account["form.bank_account"]
    assert town.state(case).values.get("form.bank_account") != account["form.bank_account"]


def test_letters_rest_and_a_reply_goes_once(world, village, town):
    take_in(world, village)
    relay(world, village, town)
    again = world.request(village, town)
    answer = world.answer(town, again.message)
    read = exchange.read_answer(answer, key=town.certificate.verify_key, outstanding=None)
    assert not read.replies
    carried = world.request(town, world.hub)
    assert not exchange.read_request(
        carried.message, key=town.certificate.verify_key, audience=world.hub.code
    ).letters


def test_a_late_reply_moves_the_anchor_only_forward(world, village, town):
    take_in(world, village)
    world.exchange(village, town)
    world.exchange(town, world.hub)
    world.clock.advance(60_000)
    world.exchange(village, world.hub)
    with village.node.database.read() as tx:
        newest = village.node.moment(tx).anchor
    world.exchange(village, town)
    with village.node.database.read() as tx:
        assert village.node.moment(tx).anchor == newest


def test_a_township_cannot_write_the_countys_reply(world, village, town):
    take_in(world, village)
    letter = exchange.read_request(
        world.request(village, town).message,
        key=village.certificate.verify_key,
        audience=town.code,
    ).letters[0]
    me = town.me
    forged = Answer(
        request=digest(letter), epoch=me.epoch, trust=9, more=False, request_bytes=1, county_time=1
    )
    reply = sign_answer(forged, me.signing)
    asked = world.request(village, town)
    answer = Answer(
        request=digest(asked.message),
        epoch=me.epoch,
        trust=1,
        more=False,
        request_bytes=1,
        replies={digest(letter): reply},
    )
    told = world.take(village, town, sign_answer(answer, me.signing))
    assert [code for code, _ in told.set_aside] == ["unauthentic"]
    with village.node.database.read() as tx:
        assert village.node.moment(tx).anchor is None


def test_a_letter_in_anothers_name_is_not_carried(world, village, town):
    """A village cannot let the township carry a letter that another village's device has signed."""
    other = world.stations[VILLAGE_B]
    letter = world.request(other, world.hub).message
    message = exchange.sign_request(
        replace(_read(world, village, town), letters=[letter]), village.me.signing
    )
    world.answer(town, message)
    with town.node.database.read() as tx:
        assert letters.to_carry(tx) == []


def _read(world, village, town):
    message = world.request(village, town).message
    key = village.certificate.verify_key
    return exchange.read_request(message, key=key, audience=town.code)


def test_a_village_that_writes_at_every_meeting_is_given_its_replies(world, village, town):
    """Found by seed 15: each new letter took the place of the reply to the one before."""
    world.hub.act(take_in_and_settle(world, village), "correct_contact", {"pickup": "mail"})
    for _ in range(3):
        world.clock.advance(15 * 60_000)
        world.exchange(village, town)
        world.exchange(town, world.hub)
    with village.node.database.read() as tx:
        row = tx.execute(sa.select(link).where(link.c.station == world.hub.code)).one()
    assert row.last_contact is not None
    assert row.position > 0


def take_in_and_settle(world, village):
    """A case that everybody has, though the village never meets the county."""
    case = take_in(world, village)
    for _ in range(2):
        world.exchange(village, world.stations[TOWNSHIP])
        world.exchange(world.stations[TOWNSHIP], world.hub)
    return case


def test_a_township_that_lacks_what_went_past_it_is_not_sent_the_rest_for_ever(
    world, village, town
):
    """The village met the county once; what its township gets later lies beyond a gap there."""
    take_in(world, village)
    world.exchange(village, world.hub)
    take_in(world, village)
    for _ in range(3):
        sent = world.request(village, town)
        progress = world.take(village, town, world.answer(town, sent.message))
    assert (sent.operations, progress.more) == (0, False)
    assert standing(village) == (1, 1, 0)


def test_what_the_county_holds_beyond_a_gap_stays_received(world, village, town):
    take_in(world, village)
    world.exchange(village, town)
    take_in(world, village)
    with village.node.database.write() as tx:
        ledger.seal(tx, village.me)
        late = outbox.unsent(tx, village.me, asks_county=True)[1:]
        bundle = outbox.seal(tx, village.me, late)
    taker = Receiver(database=world.hub.node.database, me=world.hub.me, rules=NoRules(), now=1)
    assert taker.take(bundle, audience=COUNTY).complaints == []
    answered = world.answer(world.hub, file_request(world, village))
    world.take(village, world.hub, answered)
    assert standing(village) == (1, 1, 0)


def file_request(world, one):
    """A request without bundles, as it travels on a stick."""
    with one.node.database.read() as tx:
        at = one.node.moment(tx)
    child = Child(database=one.node.database, me=one.me, parent=one.me.hub, at=at)
    return child.request_for_file()
