"""Pains 1 to 4: what people are told about an upload, and what a lost reply does."""

import pytest

from hub.usecases import day_sheets, fleet
from node.errors import LinkFailed
from station.transport import Parent
from station.usecases import day_sheet, links
from station.usecases.exchange import Effort

_HOUR = 3_600_000


def test_pain_01_sync_succeeded_when_it_failed(county, hub, village):
    """A sign-in page answers 200, then the county's answer is lost: both are told as they are."""
    case = village.take_in()
    village.lines.down = {Parent.TOWNSHIP}
    village.lines.instead = b"<html>200 OK, please sign in</html>"
    with pytest.raises(LinkFailed) as told:
        village.sync()
    assert told.value.cause == "not_county"
    assert village.cases() == {case: "local"}
    assert (village.uploads.waiting.count, village.uploads.received.count) == (1, 0)
    assert village.uploads.stalled

    village.lines.instead, village.lines.lost = None, 1
    with pytest.raises(LinkFailed):
        village.sync()
    assert list(hub.cases()) == [case]  # it did arrive; nobody here knows
    assert village.status.receipted == 0

    assert village.sync().complete
    assert village.cases() == {case: "received"}
    assert (village.uploads.waiting.count, village.uploads.received.count) == (0, 1)
    assert village.uploads.stalled == ""


def test_pain_02_nobody_can_say_whether_a_station_is_fully_synced(county, hub, village):
    """The letters on a printed day sheet say what exists; the county names what it lacks."""
    village.take_in(1)
    village.sync()
    (device,) = [one.device for one in fleet.fleet(hub.node) if one.device.last_seq]
    assert (device.unsent, device.missing) == (0, ())

    village.take_in(2)
    sheet = day_sheet.day_sheet(village.node)
    entered = day_sheets.enter(hub.node, "".join(sheet.head.lines))
    assert entered.state is day_sheets.HeadState.MISSING
    assert entered.device.missing == ((3, 4),)
    assert entered.device.unsent == village.status.pending == 2

    village.sync()
    assert day_sheets.enter(hub.node, sheet.head.code).state is day_sheets.HeadState.HELD
    quiet = [one for one in fleet.fleet(hub.node) if one.device.last_seen is None]
    assert {one.state for one in quiet} == {fleet.FleetState.UNKNOWN}


def test_pain_03_an_item_is_stuck_in_the_outbox_for_ever(village, hub):
    """Twelve failures in a row, nothing new written: it still goes by itself, within minutes."""
    case = village.take_in()
    village.lines.down = {Parent.COUNTY, Parent.TOWNSHIP}
    for _ in range(12):
        with pytest.raises(LinkFailed):
            village.sync()
    assert village.uploads.stalled == "没有信号，或者网线没插好。"
    wait = village.uploads.retry_at - village.clock.now_ms()
    assert 0 < wait < _HOUR // 2

    village.lines.down = set()
    village.clock.advance(wait)
    assert links.next_try(village.node) <= village.clock.now_ms()
    assert village.sync(effort=Effort.BACKGROUND).complete
    assert list(hub.cases()) == [case]


def test_pain_04_duplicates_because_the_reply_was_lost(village, hub):
    """The same request three times, each answer lost but the last: one case, the same receipt."""
    case = village.take_in()
    village.lines.down, village.lines.lost = {Parent.TOWNSHIP}, 2
    for _ in range(2):
        with pytest.raises(LinkFailed):
            village.sync()
    assert village.sync().complete
    assert list(hub.cases()) == [case]
    before = hub.show(case)
    for message in village.lines.sent:
        hub.door.answer(message)
    after = hub.show(case)
    assert [e.dot for e in after.timeline] == [e.dot for e in before.timeline]
    assert [e.received_at for e in after.timeline] == [e.received_at for e in before.timeline]
    assert village.status.receipted == village.status.operations == 2
