"""Every word of status has its evidence in docs/operations/status.md, and no other word is said."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from casework.facts import Act
from casework.ids import Ulid
from fixtures import builders, counters
from fixtures.world import TOWNSHIP
from hub.usecases.fleet import Alert, FleetState
from node import casefile, incarnations, ledger
from node.casefile import Transport
from node.incarnations import Stop
from node.ledger import CaseAct
from node.photographs import Whereabouts
from node.pressure import Why
from station.transport import Parent
from station.usecases import intake, standing, status
from sync.adapters.sql import SqlLog

PAGE = Path(__file__).parents[3] / "docs" / "operations" / "status.md"
CODE = re.compile(r"^\| `([\w-]+)` \|", re.MULTILINE)
TABLES = {
    "一件办到哪儿了": {one.value for one in Transport},
    "照片": {one.value for one in Whereabouts},
    "本站能办什么": {one.value for one in Why},
    "为什么停下": {one.value for one in Stop},
    "县里看各站": {one.value for one in FleetState},
    "县里提醒的": {one.value for one in Alert},
}


def told(title):
    section = PAGE.read_text("utf-8").partition(f"## {title}")[2].partition("\n## ")[0]
    return set(CODE.findall(section))


@pytest.mark.parametrize("title", TABLES)
def test_every_code_is_told_with_its_evidence_and_no_other(title):
    assert told(title) == TABLES[title]


def test_the_counts_that_are_told_are_keys_of_status():
    assert told("`station status` 的数") <= {field.name for field in fields(status.Status)}


def take_in(village, seed=3):
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    return intake.open_case(village.node, document, account=village.worker).case


def word(one, case):
    with one.node.database.read() as tx:
        (line,) = casefile.lines_of(tx, one.me, [Ulid.parse(case).raw])
    return line.transport


def test_a_word_follows_the_evidence_step_by_step(world, village):
    """Pain 1: "sync succeeded" when it failed. Only a receipt of the county says received."""
    township = world.stations[TOWNSHIP]
    case, wire = take_in(village), counters.wire(world, township)
    assert word(village, case) is Transport.LOCAL
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    assert word(village, case) is Transport.IN_CUSTODY
    assert word(township, case) is Transport.IN_CUSTODY, "it is not only on the township's computer"
    counters.sync(township, counters.wire(world))
    assert word(township, case) is Transport.RECEIVED
    wire.down = set()
    counters.sync(village, wire)
    assert word(village, case) is Transport.RECEIVED


def test_what_the_county_took_without_a_receipt_coming_back_is_not_received(world, village):
    """Pain 4: the reply was lost. The county has it; nothing here says so, and so no word does."""
    case = take_in(village)
    world.answer(world.hub, world.request(village, world.hub).message)
    assert world.hub.cases() == [case]
    assert word(village, case) is Transport.LOCAL
    assert status.status(village.node).receipted == 0


def test_never_heard_from_is_its_own_state(village):
    take_in(village)
    found = status.status(village.node)
    assert (found.last_contact, found.last_receipt, found.clock_offset_ms) == (None, None, None)


def test_the_townships_answer_is_no_contact_with_the_county(world, village):
    take_in(village)
    wire = counters.wire(world, world.stations[TOWNSHIP])
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    found = standing.standing(village.node)
    assert found.last_contact is not None
    assert found.county_contact is None
    assert status.uploads(village.node).last_contact is None


def test_what_the_county_lost_counts_as_sent_again(world, village):
    case = take_in(village)
    counters.sync(village, counters.wire(world))
    with village.node.database.write() as tx:
        SqlLog(tx).forget_receipts(village.me.replica, 0)
    found = status.status(village.node)
    assert (found.receipted, found.pending, found.sending_again) == (0, 2, 2)
    assert word(village, case) is Transport.LOCAL
    counters.sync(village, counters.wire(world))
    found = status.status(village.node)
    assert (found.receipted, found.pending, found.sending_again) == (2, 0, 0)


def test_what_an_earlier_replica_of_this_station_wrote_counts_too(world, village):
    first = take_in(village)
    with village.node.database.write() as tx:
        ledger.seal(tx, village.me)
        incarnations.stop(tx, Stop.RESTORED, now=world.clock.now)
    assert status.status(village.node).stopped == "restored"
    world.enrol_anew(village)
    take_in(village, seed=4)
    found = status.status(village.node)
    assert (found.stopped, found.operations, found.pending, found.receipted) == (None, 4, 4, 0)
    assert standing.standing(village.node).waiting == 2
    counters.sync(village, counters.wire(world))
    found = status.status(village.node)
    assert (found.operations, found.pending, found.receipted) == (4, 0, 4)
    assert found.last_receipt is not None
    assert first in {line.case for line in status.uploads(village.node).received.rows}


def test_a_copy_that_stopped_reads_but_writes_nothing_and_says_why(world, village):
    case = take_in(village)
    with village.node.database.write() as tx:
        incarnations.stop(tx, Stop.OLD_COPY, now=world.clock.now)
    assert standing.standing(village.node).stopped == "old-copy"
    assert word(village, case) is Transport.LOCAL


def test_the_countys_own_words_outrank_only_what_it_has(world, village):
    case = take_in(village)
    record = Ulid.parse(case).raw
    counters.sync(village, counters.wire(world))
    opened = Act("case.checking_opened", {"checking.X1": {"fields": ["phone"], "rule": "C3"}})
    with world.hub.node.database.write() as tx:
        ledger.write(
            tx,
            world.hub.me,
            [CaseAct(record, opened)],
            actor="system",
            at=world.hub.node.moment(tx),
        )
    counters.sync(village, counters.wire(world))
    assert word(village, case) in {Transport.COUNTY_CHECKING, Transport.RECEIVED}
    village.act(case, "correct_contact", {"phone": "13900001111"})
    assert word(village, case) is Transport.LOCAL
