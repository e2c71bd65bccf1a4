"""When work piles up a station warns, then only receives; receiving itself is never refused."""

import pytest
import sqlalchemy as sa

from casework.errors import ActRefused
from fixtures import builders, counters
from node import policy, pressure, publication, room, tables
from node.errors import LowSpace
from node.incarnations import Stop
from node.policy import DAY_MS, MIB
from node.pressure import Why
from node.room import Room
from station.transport import Parent
from station.usecases import doctor, drafts, intake, photos, status
from ui import words

RULES = policy.DEFAULT
HOUR_MS = 60 * 60 * 1000


def open_case(village, seed=3):
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    return intake.open_case(village.node, document, account=village.worker)


def look(village):
    with village.node.database.read() as tx:
        return pressure.now_at(village.node, tx)


def publish(world, village, **settings):
    """The county publishes settings with its next catalogue, and the village hears of it."""
    with village.node.database.write() as tx:
        before = village.node.published(tx)
        document = {**before.document, "settings": settings}
        message = publication.publish(before.version + 1, document, world.hub.me.signing)
        publication.take_published(tx, village.me, message, now=world.clock.now)


def test_settings_that_are_none_change_nothing():
    assert policy.parse({"warn_unsent_days": 9}).warn_unsent_days == 9
    for bad in (None, "x", [], {"warn_unsent_days": -1}, {"warn_unsent_days": True}, {"new": 3}):
        assert policy.parse(bad) == RULES


def test_what_waits_for_days_warns_and_then_only_papers_are_received(world, village):
    publish(world, village, lease_days=400)
    assert open_case(village).kind == "accepted"
    assert (look(village).frozen, look(village).warned) == ((), ())
    world.clock.advance(RULES.warn_unsent_days * DAY_MS + 1)
    publish(world, village, lease_days=400)
    assert (look(village).frozen, look(village).warned) == ((), (Why.UNSENT_AGE,))
    world.clock.advance((RULES.freeze_unsent_days - RULES.warn_unsent_days) * DAY_MS)
    assert look(village).frozen == (Why.UNSENT_AGE,)
    received = open_case(village, seed=4)
    assert (received.kind, received.state, received.due) == ("received", "RECEIVED", None)
    with pytest.raises(ActRefused) as told:
        village.act(received.case, "accept", {})
    assert [problem.code for problem in told.value.errors] == ["only-receives"]
    counters.sync(village, counters.wire(world))
    assert look(village).frozen == ()
    village.act(received.case, "accept", {})
    assert open_case(village, seed=5).kind == "accepted"


def test_what_the_township_has_in_custody_is_not_only_here(world, village):
    publish(world, village, lease_days=400)
    open_case(village)
    wire = counters.wire(world, world.stations["411526101000"])
    wire.down = {Parent.COUNTY}
    counters.sync(village, wire)
    world.clock.advance(30 * DAY_MS)
    assert (look(village).frozen, look(village).unsent.in_custody) == ((), 2)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"freeze_unsent_operations": 1}, Why.UNSENT_COUNT),
        ({"freeze_unsent_mib": 0}, Why.UNSENT_PHOTOS),
    ],
)
def test_too_much_that_waits_freezes(world, village, picture, settings, why):
    opened = open_case(village)
    photos.attach(village.node, opened.case, 1, picture, village.worker)
    publish(world, village, **settings)
    assert look(village).frozen == (why,)
    assert open_case(village, seed=4).kind == "received"


@pytest.mark.parametrize("ahead", [True, False])
def test_a_clock_a_day_off_only_receives_and_minutes_are_told(world, village, ahead):
    for skew, frozen, warned in (
        (4 * 60_000, (), ()),
        (6 * 60_000, (), (Why.CLOCK,)),
        (23 * HOUR_MS, (), (Why.CLOCK,)),
        (25 * HOUR_MS, (Why.CLOCK,), ()),
    ):
        with village.node.database.write() as tx:
            values = {"clock_offset": skew if ahead else -skew, "anchor_time": world.clock.now}
            tx.execute(sa.update(tables.identity).values(**values))
        found = look(village)
        assert (tuple(w for w in found.frozen if w is Why.CLOCK), found.warned) == (frozen, warned)


def test_a_clock_set_back_makes_nothing_old(world, village):
    open_case(village)
    world.clock.now -= 20 * HOUR_MS
    assert (look(village).frozen, look(village).warned) == ((), ())


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (RULES.warn_free_mib, Room.ENOUGH),
        (RULES.warn_free_mib - 1, Room.LOW),
        (RULES.photo_free_mib - 1, Room.NO_PHOTOS),
        (RULES.intake_free_mib - 1, Room.NO_INTAKE),
    ],
)
def test_room_goes_in_steps(free, expected):
    assert room.room_of(free * MIB, RULES) is expected


def test_where_there_is_little_room_photos_go_first_and_then_cases(world, village, picture):
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="item",
        document={},
        account=village.worker,
    )
    huge = 1 << 40
    publish(world, village, warn_free_mib=huge)
    drafts.add_photo(village.node, draft, 1, picture, village.worker)
    publish(world, village, photo_free_mib=huge)
    with pytest.raises(LowSpace) as caught:
        drafts.add_photo(village.node, draft, 1, picture, village.worker)
    assert caught.value.what == "photos"
    assert open_case(village).kind == "accepted"
    publish(world, village, intake_free_mib=huge)
    with pytest.raises(LowSpace) as caught:
        open_case(village, seed=4)
    assert caught.value.what == "intake"
    assert status.status(village.node).operations == 2
    disk = {check.name: check for check in doctor.examine(village.node, counters.wire(world))}
    assert not disk["disk"].ok
    assert "不能收新的了" in disk["disk"].words


def test_every_reason_has_words_for_the_pages():
    codes = {f"stopped_{one.value}" for one in Stop}
    codes |= {f"frozen_{why.value}" for why in Why if why is not Why.SPACE}
    codes |= {"warned_clock", "warned_unsent_age", "warned_unsent_count"}
    codes |= {f"room_{one.value}" for one in Room if one is not Room.ENOUGH}
    assert set(words.codes("pressure")) == codes
