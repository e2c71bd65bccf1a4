"""What a counter does when its letters end, are taken back, or were not heard of for too long."""

from dataclasses import replace
from datetime import date

import pytest

from casework import authorisations
from casework.authorisations import Agreement, Book, Letter, Power, Scope
from casework.errors import ActRefused, IntakeRefused
from fixtures import builders, counters
from fixtures.world import BANK, VILLAGE_A
from node import policy, pressure, publication
from node.policy import DAY_MS
from node.pressure import Why
from station.usecases import intake
from ui import words

YEAR = Scope(first=date(2026, 1, 1), last=date(2027, 12, 31))
ITEM = builders.sample_item("DEMO-YL-01")


def letter(code, scope=YEAR, powers=frozenset(Power)):
    return Letter(document_no="1", grantor="", to=frozenset({code}), powers=powers, scope=scope)


def publish(world, one, book):
    """The county publishes letters, and a station hears of it."""
    with one.node.database.write() as tx:
        before = one.node.published(tx)
        part = authorisations.document(book, world.clock.now)
        document = {**before.document, "authorisations": part, "settings": {"lease_days": 400}}
        message = publication.publish(before.version + 1, document, world.hub.me.signing)
        publication.take_published(tx, one.me, message, now=world.clock.now)


def open_case(one, item=ITEM, seed=3):
    document = builders.case_document(builders.person(builders.seeded(seed)), item)
    return intake.open_case(one.node, document, account=one.worker)


def frozen(one):
    with one.node.database.read() as tx:
        return pressure.now_at(one.node, tx).frozen


@pytest.mark.req("R-ZH-21a", "R-HC-30a")
def test_with_a_letter_it_accepts_and_without_it_only_receives(world, village):
    publish(world, village, Book((letter(VILLAGE_A),), (), kept=True))
    assert frozen(village) == ()
    assert open_case(village).kind == "accepted"

    ended = replace(YEAR, ended_at=world.clock.now)
    publish(world, village, Book((letter(VILLAGE_A, ended),), (), kept=True))
    assert frozen(village) == (Why.LETTER,)
    received = open_case(village, seed=4)
    assert (received.kind, received.due) == ("received", None)
    with pytest.raises(ActRefused):
        village.act(received.case, "accept", {})


@pytest.mark.req("R-HC-30a")
def test_a_letter_for_other_items_takes_only_this_one_from_it(world, village):
    only = replace(YEAR, items=frozenset({"DEMO-SB-01"}))
    publish(world, village, Book((letter(VILLAGE_A, only),), (), kept=True))
    assert frozen(village) == ()
    assert open_case(village).kind == "received"
    assert open_case(village, builders.sample_item("DEMO-SB-01")).kind == "accepted"


def test_letters_that_were_not_heard_of_for_fifteen_days_are_not_trusted(world, village):
    publish(world, village, Book((letter(VILLAGE_A),), (), kept=True))
    world.clock.advance(policy.DEFAULT.authorisation_lease_days * DAY_MS)
    assert frozen(village) == ()
    world.clock.advance(DAY_MS)
    assert frozen(village) == (Why.AUTHORITY,)
    assert open_case(village).kind == "received"
    counters.sync(village, counters.wire(world))
    assert frozen(village) == ()
    assert open_case(village, seed=4).kind == "accepted"


@pytest.mark.req("R-HC-30d")
def test_an_outlet_without_an_agreement_takes_nothing_new(world):
    outlet = counters.furnish(world.add(BANK, partner="bank"))
    item = builders.sample_item("DEMO-SB-01")
    agreement = Agreement(document_no="1", outlets=frozenset({BANK}), scope=YEAR)
    publish(world, outlet, Book((letter(BANK),), (agreement,), kept=True))
    assert open_case(outlet, item).kind == "received"

    ended = replace(agreement, scope=replace(YEAR, last=date(2026, 1, 2)))
    publish(world, outlet, Book((letter(BANK),), (ended,), kept=True))
    assert Why.AGREEMENT in frozen(outlet)
    with pytest.raises(IntakeRefused):
        open_case(outlet, item, seed=4)


def test_why_has_words_and_says_what_to_do():
    for why in (Why.AUTHORITY, Why.LETTER, Why.AGREEMENT):
        told = words.word(f"frozen_{why.value}", "pressure")
        assert "打电话" in told or "连上网" in told
