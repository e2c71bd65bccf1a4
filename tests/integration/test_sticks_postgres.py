"""A stick read by a hub on PostgreSQL."""

import io

import pytest

from hub.usecases import day_sheets, sticks
from hub.usecases.day_sheets import HeadState
from node import heads, ledger, outbox
from node.child import Child
from node.identity import moment
from sync import bundle_file, exchange, head
from sync.bundle_file import Kind
from tests.integration import hub_county as tools
from tests.integration.hub_county import TOWNSHIP, VILLAGE, receive


@pytest.fixture
def county(tmp_path, postgres_url):
    with tools.hub(tmp_path, database_url=postgres_url) as opened:
        yield opened


@pytest.fixture
def village(county, tmp_path):
    return {c: tools.enrol(county, tmp_path, c) for c in (TOWNSHIP, VILLAGE)}[VILLAGE]


def saved(village, *, facts):
    """The file of a station that is no whole node: a request, its head, and its bundles."""
    file = io.BytesIO()
    bundle_file.begin(file)
    me = village.me
    with village.database.write() as tx:
        ledger.seal(tx, me)
        at = moment(tx, village.clock)
        bundle = outbox.seal(tx, me, outbox.unsent(tx, me, asks_county=True))
        message = heads.own(tx, me, now=1)
    child = Child(database=village.database, me=me, parent=me.hub, at=at)
    bundle_file.write(file, Kind.REQUEST, child.request_for_file())
    bundle_file.write(file, Kind.HEAD, message)
    if facts:
        bundle_file.write(file, Kind.BUNDLE, bundle)
    file.seek(0)
    return file, child, message


def test_a_file_is_taken_and_answered(county, village):
    record = receive(village)
    file, child, _ = saved(village, facts=True)
    answers = io.BytesIO()
    found = sticks.read(county.node, [file, file], answers)
    assert (found.brought.imported, found.brought.duplicate) == (1, 1)
    assert county.case(record).id
    (answer,) = bundle_file.frames(answers, {Kind.ANSWER})
    assert child.take(answer.body).received == 1  # the county's word on the case
    read = exchange.read_answer(answer.body, key=child.parent.verify_key, outstanding=None)
    assert (found.replied.receipts, len(read.receipts)) == (1, 1)


def test_what_a_file_had_lost_is_known_from_its_head(county, village):
    receive(village)
    file, _, message = saved(village, facts=False)
    found = sticks.read(county.node, [file], io.BytesIO())
    assert (found.brought.imported, found.brought.heads) == (0, 1)
    entered = day_sheets.enter(county.node, head.to_code(message))
    assert (entered.state, entered.device.missing) == (HeadState.MISSING, ((1, 1),))
