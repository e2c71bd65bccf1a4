"""The day sheet at a station, and its letters at the county."""

import pytest

from fixtures import builders
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World, sample
from hub.usecases import day_sheets, devices, fleet
from hub.usecases.day_sheets import HeadState
from node import heads, ledger
from station.usecases import day_sheet
from sync import head
from sync.errors import UnknownReplica
from sync.head import Mistyped
from tests.integration import hub_county
from tests.integration.hub_county import VILLAGE, receive


@pytest.fixture
def world(tmp_path_factory, tmp_path):
    with hub_county.copy(tmp_path_factory, tmp_path) as copied:
        yield copied


@pytest.fixture
def county(world):
    return world[0]


@pytest.fixture
def village(world):
    return world[1][VILLAGE]


@pytest.fixture
def counter(memory_path):
    made = World(memory_path)
    made.begin()
    made.add(TOWNSHIP)
    furnish(made.add(VILLAGE_A))
    yield made
    made.close()


def letters(one, clock):
    """Print: sign what is open, and write the head for typing."""
    with one.database.write() as tx:
        ledger.seal(tx, one.me)
        return "\n".join(head.to_lines(heads.own(tx, one.me, now=clock.now_ms())))


def device(county, replica):
    return next(d for d in devices.listed(county.node) if d.replica == replica.hex())


def test_what_never_arrived_shows_from_the_letters_on_paper(county, village):
    receive(village)
    village.sync(county)
    receive(village)
    receive(village)
    found = day_sheets.enter(county.node, letters(village, village.clock))
    assert (found.seq, found.state) == (3, HeadState.MISSING)
    assert found.claimed_at == village.clock.now_ms()
    assert (found.device.last_seq, found.device.known_seq) == (1, 3)
    assert (found.device.missing, found.device.unsent) == (((2, 3),), 2)
    watched = next(
        w for w in fleet.fleet(county.node) if w.device.replica == village.me.replica.hex()
    )
    assert watched.device.missing == ((2, 3),)
    village.sync(county)
    assert day_sheets.enter(county.node, letters(village, village.clock)).state is HeadState.HELD
    assert device(county, village.me.replica).missing == ()


def test_a_device_that_was_never_heard_of_is_known_by_its_sheet(county, village):
    receive(village)
    day_sheets.enter(county.node, letters(village, village.clock))
    known = device(county, village.me.replica)
    assert (known.last_seen, known.known_seq, known.unsent) == (None, 1, 1)


def test_a_slip_in_typing_is_named_and_nothing_is_kept(county, village):
    receive(village)
    lines = letters(village, village.clock).splitlines()
    lines[4] = lines[4].replace(lines[4][0], "K" if lines[4][0] != "K" else "M", 1)
    with pytest.raises(Mistyped) as told:
        day_sheets.enter(county.node, "\n".join(lines))
    assert told.value.lines == (5,)
    assert device(county, village.me.replica).known_seq == 0


def test_a_sheet_of_another_county_is_refused(county, counter):
    village = counter.stations[VILLAGE_A]
    village.take_in(builders.case_document(builders.person(counter.chance), sample("DEMO-YL-01")))
    sheet = day_sheet.day_sheet(village.node)
    with pytest.raises(UnknownReplica):
        day_sheets.enter(county.node, sheet.head.code)


def test_a_copied_disk_shows_from_its_sheet(county, village):
    """Two histories under one number: the paper tells of the one that never came."""
    receive(village)
    village.sync(county)
    forged = head.Head(village.me.replica, 1, bytes(16), village.clock.now_ms())
    code = head.to_code(head.sign(forged, village.me.signing))
    assert day_sheets.enter(county.node, code).state is HeadState.DIFFERS


def test_a_sheet_counts_receipts_against_what_the_county_has(counter):
    village, hub = counter.stations[VILLAGE_A], counter.hub
    empty = day_sheet.day_sheet(village.node)
    assert (empty.taken, empty.head) == (0, None)
    take = lambda: village.take_in(  # noqa: E731  # two lines of a test
        builders.case_document(builders.person(counter.chance), sample("DEMO-YL-01"))
    )
    take()
    counter.exchange(village, hub)
    take()
    sheet = day_sheet.day_sheet(village.node)
    assert (sheet.taken, sheet.received, sheet.waiting) == (2, 1, 1)
    assert (sheet.printed, sheet.waiting_ever, sheet.head.seq) == (0, 1, 4)
    assert day_sheet.tally_of(village.node, sheet.day) == (2, 1)
    counter.clock.advance(86_400_000)
    tomorrow = day_sheet.day_sheet(village.node)
    assert (tomorrow.taken, tomorrow.waiting_ever) == (0, 1)
    assert day_sheet.day_sheet(village.node, sheet.day).taken == 2


def test_nothing_personal_is_in_the_code(counter):
    village = counter.stations[VILLAGE_A]
    who = builders.person(counter.chance)
    village.take_in(builders.case_document(who, sample("DEMO-YL-01")))
    sheet = day_sheet.day_sheet(village.node)
    raw = head.from_text(sheet.head.code)
    assert who.name.encode() not in raw
    assert len(raw) < 110
