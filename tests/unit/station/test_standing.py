"""Counts, blocks and papers: from receipts and from the log, never from hope."""

import pytest

from casework.documents import DocumentKind
from casework.facts import Act
from casework.ids import Ulid
from fixtures import builders, counters
from node import acting, casefile, ledger
from node.errors import LinkFailed, NoCatalogue
from node.ledger import CaseAct
from station.transport import Parent
from station.usecases import documents, intake, status
from sync.verdict import Verdict


def open_case(village, seed=3):
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    return intake.open_case(village.node, document, account=village.worker).case


def numbers(found):
    return [line.case for line in found.rows]


def test_before_anything_was_sent_all_is_waiting(village):
    case = open_case(village)
    found = status.uploads(village.node)
    assert (numbers(found.waiting), found.waiting.count) == ([case], 1)
    assert (found.received.count, found.refused.count, found.checking.count) == (0, 0, 0)
    assert (found.printed, found.last_receipt, found.stalled) == (1, None, "")


def test_only_a_receipt_moves_a_case_to_the_received_ones(world, village):
    case = open_case(village)
    wire = counters.wire(world, world.stations["411526101000"])
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    assert numbers(status.uploads(village.node).waiting) == [case]
    wire.down = set()
    counters.sync(village, wire)
    found = status.uploads(village.node)
    assert (found.waiting.count, numbers(found.received)) == (0, [case])
    village.act(case, "correct_contact", {"phone": "13900001111"})
    found = status.uploads(village.node)
    assert (numbers(found.waiting), found.received.count) == ([case], 0)


def test_a_dead_link_says_why_and_when_it_is_tried_again(world, village):
    open_case(village)
    wire = counters.wire(world)
    wire.down = {Parent.COUNTY}
    with pytest.raises(LinkFailed):
        counters.sync(village, wire)
    assert status.uploads(village.node).stalled == "没有信号，或者网线没插好。"


def test_what_the_county_refused_stands_with_its_reason(world, village):
    case = open_case(village)
    counters.sync(village, counters.wire(world))
    hub, record = world.hub, Ulid.parse(case).raw
    with hub.node.database.write() as tx:
        helds = acting.load(tx, record).helds
        (accepted,) = (
            h.entry.operation for h in helds if h.entry.operation.fact == "case.accepted"
        )
        said = Verdict(
            dot=accepted.dot,
            hash=accepted.hash,
            refused=True,
            code="not-authorised",
            reason="本站没有受理权。",
        )
        judged = CaseAct(record, Act("case.judged", {said.field: said.value()}))
        ledger.write(tx, hub.me, [judged], actor="system", at=hub.node.moment(tx))
    counters.sync(village, counters.wire(world))
    found = status.uploads(village.node)
    assert numbers(found.refused) == [case]
    assert found.reasons == {case: "本站没有受理权。"}
    assert village.state(case).state == "RECEIVED"
    with village.node.database.read() as tx:
        (line,) = casefile.lines_of(tx, village.me, [record])
    assert line.transport is casefile.Transport.REFUSED
    village.act(case, "accept", {})  # answered: the refusal is history
    counters.sync(village, counters.wire(world))
    with village.node.database.read() as tx:
        (line,) = casefile.lines_of(tx, village.me, [record])
    assert line.transport is casefile.Transport.RECEIVED


def test_a_paper_keeps_its_number_and_counts_its_prints(village):
    case = open_case(village)
    first = documents.document(village.node, case, DocumentKind.RECEIPT, village.worker)
    again = documents.document(village.node, case, DocumentKind.RECEIPT, village.worker)
    assert first.number == again.number
    assert (first.reprint, again.reprint) == (0, 1)
    assert first.digest == again.digest
    other = documents.document(
        village.node, open_case(village, 4), DocumentKind.RECEIPT, village.worker
    )
    assert other.number != first.number


def test_a_notice_before_there_is_a_case_has_no_number(village):
    made = documents.of_item(
        village.node, "DEMO-YL-01", DocumentKind.ONE_TIME_NOTICE, village.worker
    )
    assert (made.number, made.case_number) == ("", "")
    assert made.sections


def test_without_the_catalogue_of_its_time_a_paper_is_not_guessed(village):
    case = open_case(village)
    with village.node.database.write() as tx:
        tx.exec_driver_sql("DELETE FROM published")
    with pytest.raises(NoCatalogue):
        documents.document(village.node, case, DocumentKind.RECEIPT, village.worker)
