"""Photos between places: missing ones are asked for again, safe ones may go, none goes unsaid."""

import io
import os
from contextlib import closing

import pytest
import sqlalchemy as sa
from PIL import Image

from fixtures import builders, counters
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from hub.usecases import lost
from node import (
    acting,
    attachments,
    carrying,
    clearing,
    lacking,
    photographs,
    policy,
    publication,
    verifying,
)
from node.errors import LowSpace, TooManyPhotos
from node.photographs import Whereabouts
from node.policy import DAY_MS
from node.tables import attachment
from station.transport import Parent
from station.usecases import drafts, housekeeping, intake, photos
from sync.limits import DEFAULT

WAIT = policy.DEFAULT.photo_wait_days * DAY_MS
KEEP = policy.DEFAULT.photo_keep_days * DAY_MS


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
def wire(world):
    return counters.wire(world)


def picture(seed=1, size=(320, 240)):
    written = io.BytesIO()
    Image.effect_noise(size, 40 + seed).save(written, "PNG")
    return written.getvalue()


def take_in(one, seed=1):
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    return intake.open_case(one.node, document, account=one.worker).case


def attach(one, case, seed=1, size=(320, 240)):
    return photos.attach(one.node, case, 1, picture(seed, size), one.worker)


def where(one, case, before=None):
    with one.node.database.read() as tx:
        read = acting.load(tx, acting.find_case(tx, case))
        found = photographs.listed(tx, read, before=before)
    return [photo.where for photo in found]


def row(one, added):
    with one.node.database.read() as tx:
        return attachments.row_of(tx, bytes.fromhex(added.sha256))


def blob_files(one):
    return [p for p in one.node.directory.blobs.rglob("*.*") if p.is_file()]


def lose(one, added):
    """The bytes are gone from the disk, as after a bad sector."""
    for path in blob_files(one):
        if path.name.startswith(added.sha256):
            path.unlink()


def held(one):
    with one.node.database.read() as tx:
        return sorted(
            bytes(h) for h in tx.scalars(sa.select(attachment.c.hash).where(attachment.c.held > 0))
        )


# --- what is missing is asked for again (C31)


@pytest.mark.req("R-ZH-21c")
def test_what_does_not_come_days_after_its_facts_is_asked_for_and_shown_as_missing(
    world, village, wire
):
    case = take_in(village)
    added = attach(village, case)
    real, wire.put_chunk = wire.put_chunk, lambda *_: False
    report = counters.sync(village, wire)
    assert (report.pending, report.complete) == (0, False)
    assert "还有 1 张照片" in report.stalled_reason
    with world.hub.node.database.read() as tx:
        assert lost.missing(tx, world.hub.node) == []
    world.clock.advance(WAIT)
    with world.hub.node.database.read() as tx:
        (found,) = lost.missing(tx, world.hub.node)
    assert (found.case, found.station, found.material) == (case, VILLAGE_A, 1)
    counters.sync(village, wire)
    assert row(village, added).wanted
    assert where(village, case) == [Whereabouts.HERE]
    wire.put_chunk = real
    assert counters.sync(village, wire).complete
    with world.hub.node.database.read() as tx:
        assert lost.missing(tx, world.hub.node) == []
    assert not row(village, added).wanted


@pytest.mark.req("R-ZH-21c")
def test_what_the_county_finds_damaged_is_sent_again_by_whoever_holds_it(world, village, wire):
    case = take_in(village)
    added = attach(village, case)
    counters.sync(village, wire)
    (path,) = (p for p in blob_files(world.hub) if p.name.startswith(added.sha256))
    path.write_bytes(b"x" * path.stat().st_size)
    report = verifying.verify(world.hub.node)
    assert (report.ok, report.damaged) == (False, [added.sha256])
    assert not photographs.list_photos(world.hub.node, case)[0].here
    counters.sync(village, wire)
    assert photographs.list_photos(world.hub.node, case)[0].here
    assert verifying.verify(world.hub.node).ok
    assert not row(world.hub, added).wanted


@pytest.mark.req("R-ZH-21c")
def test_what_nobody_holds_any_more_is_told_on_both_sides_and_photographed_again(
    world, village, wire
):
    case = take_in(village)
    added = attach(village, case)
    counters.sync(village, wire)
    world.clock.advance(KEEP + 1)
    assert clearing.clear(village.node).photos == 1
    lose(world.hub, added)
    assert verifying.verify(world.hub.node).damaged == [added.sha256]
    counters.sync(village, wire)
    assert where(village, case) == [Whereabouts.MISSING]
    assert where(world.hub, case) == [Whereabouts.MISSING]
    attach(village, case, seed=2)
    counters.sync(village, wire)
    assert sorted(where(village, case)) == [Whereabouts.HERE, Whereabouts.RETAKEN]
    assert sorted(where(world.hub, case)) == [Whereabouts.HERE, Whereabouts.RETAKEN]
    with world.hub.node.database.read() as tx:
        assert lost.missing(tx, world.hub.node) == []


def test_only_the_place_that_wrote_it_and_its_township_are_asked(world, village, township, wire):
    case = take_in(village)
    added = attach(village, case)
    counters.sync(village, wire)
    lose(world.hub, added)
    verifying.verify(world.hub.node)
    bank = world.add("411526101901")
    for one, asked in ((village, 1), (township, 1), (bank, 0)):
        with world.hub.node.database.read() as tx:
            assert len(lacking.wanted_of(tx, one.certificate, before=None)) == asked, one.code


def test_a_village_behind_a_township_hears_what_the_county_lacks(world, village, township, wire):
    case = take_in(village)
    added = attach(village, case)
    counters.sync(village, wire)
    counters.sync(township, wire)
    lose(world.hub, added)
    verifying.verify(world.hub.node)
    counters.sync(township, wire)
    assert row(township, added).wanted
    through = counters.wire(world, township)
    through.down = {Parent.COUNTY}
    counters.sync(village, through)
    assert row(township, added).held == row(township, added).whole
    counters.sync(township, wire)
    assert photographs.list_photos(world.hub.node, case)[0].here


def test_a_photo_of_ours_that_is_damaged_before_it_was_sent_is_told_and_holds_up_nothing(
    world, village, wire
):
    case = take_in(village)
    added, other = attach(village, case), attach(village, case, seed=2, size=(500, 400))
    lose(village, added)
    report = counters.sync(village, wire)
    assert row(world.hub, other).held == row(world.hub, other).whole
    assert report.pending == 0
    assert sorted(where(village, case)) == [Whereabouts.HERE, Whereabouts.MISSING]


# --- what the county has may go


def test_what_the_county_has_goes_after_its_time_and_its_row_stays(world, village, wire):
    case = take_in(village)
    added = attach(village, case)
    counters.sync(village, wire)
    assert clearing.clear(village.node).photos == 0
    world.clock.advance(KEEP + 1)
    done = clearing.clear(village.node)
    assert (done.photos, done.bytes) == (1, added.bytes)
    assert blob_files(village) == []
    assert (row(village, added).held, row(village, added).evicted_at) == (0, world.clock.now)
    assert where(village, case) == [Whereabouts.CLEARED]
    assert counters.sync(village, wire).complete
    assert photos.fetch(
        village.node, case, photographs.list_photos(village.node, case)[0].attachment, wire
    )
    assert where(village, case) == [Whereabouts.HERE]


def test_what_the_county_is_not_known_to_hold_never_goes(world, village, township, wire):
    case = take_in(village)
    added = attach(village, case)
    through = counters.wire(world, township)
    through.down = {Parent.COUNTY}
    counters.sync(village, through)
    world.clock.advance(10 * KEEP)
    for one in (village, township):
        publish(world, one, photo_quota_mib=0, warn_free_mib=1 << 40)
    assert clearing.clear(village.node).photos == 0
    assert clearing.clear(township.node).photos == 0
    assert row(village, added).held == row(village, added).whole


def test_when_there_is_little_room_the_oldest_go_first(world, village, wire):
    case = take_in(village)
    added = []
    for number in range(3):
        added.append(attach(village, case, number, size=(2000, 1500)))
        if number < 2:
            counters.sync(village, wire)
        world.clock.advance(DAY_MS)
    assert sum(one.bytes for one in added) > 2 << 20
    publish(world, village, photo_quota_mib=2)
    assert clearing.clear(village.node).photos == 1
    assert not row(village, added[0]).held
    publish(world, village, photo_quota_mib=0)
    assert clearing.clear(village.node).photos == 1
    assert held(village) == [bytes.fromhex(added[2].sha256)], "the county has it not"


def test_a_township_carries_only_so_much_that_the_county_has_not(world, village, township):
    case = take_in(village)
    added = attach(village, case)
    through = counters.wire(world, township)
    through.down = {Parent.COUNTY}
    counters.sync(village, through)
    carrying.demand_room(township.node, bytes.fromhex(added.sha256))
    publish(world, township, carried_quota_mib=0)
    with pytest.raises(LowSpace):
        carrying.demand_room(township.node, bytes.fromhex(added.sha256))
    carrying.demand_room(world.hub.node, bytes.fromhex(added.sha256))


def publish(world, one, **values):
    """Let the county publish settings, and one place hear of it."""
    with one.node.database.write() as tx:
        before = one.node.published(tx)
        settings = {**before.document.get("settings", {}), **values}
        message = publication.publish(
            before.version + 1, {**before.document, "settings": settings}, world.hub.me.signing
        )
        publication.take_published(tx, one.me, message, now=world.clock.now)


def test_a_county_put_back_from_a_copy_is_asked_again_for_every_photo(world, village, wire):
    case = take_in(village)
    added = attach(village, case)
    counters.sync(village, wire)
    with world.hub.node.database.write() as tx:
        tx.execute(sa.update(attachment).values(held=0))
        tx.exec_driver_sql("UPDATE node_identity SET epoch = randomblob(8)")
    lose(world.hub, added)
    counters.sync(village, wire)
    assert row(world.hub, added).held == row(world.hub, added).whole
    assert row(village, added).county


# --- litter and limits


def test_what_no_operation_names_is_collected_after_a_day(world, village):
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="item",
        document={},
        account=village.worker,
    )
    drafts.add_photo(village.node, draft, 1, picture(), village.worker)
    photos.seal_staged(village.node, draft)
    case = take_in(village)
    kept = attach(village, case)
    assert clearing.clear(village.node).leftovers == 0
    age(village, hours=25)
    assert clearing.clear(village.node).leftovers == 1
    assert [p.name for p in blob_files(village)] == [f"{kept.sha256}.0"]


def age(one, hours):
    for path in blob_files(one):
        then = one.node.clock.now_ms() / 1000 - hours * 3600
        os.utime(path, (then, then))


def test_photos_of_drafts_that_nobody_touches_go_and_the_draft_stays(world, village):
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="item",
        document={"a": 1},
        account=village.worker,
    )
    drafts.add_photo(village.node, draft, 1, picture(), village.worker)
    world.clock.advance(DAY_MS)
    assert housekeeping.tidy(village.node) is not None
    assert housekeeping.tidy(village.node) is None, "once an hour is enough"
    assert len(drafts.get(village.node, draft).photos) == 1
    world.clock.advance(policy.DEFAULT.draft_photo_days * DAY_MS)
    housekeeping.tidy(village.node)
    found = drafts.get(village.node, draft)
    assert (found.photos, found.document) == ((), {"a": 1})


def test_a_case_has_so_many_photos_and_no_more(village, monkeypatch):
    case = take_in(village)
    attach(village, case)
    with monkeypatch.context() as few:
        few.setattr(photos, "DEFAULT", type(DEFAULT)(attachments_per_case=1))
        with pytest.raises(TooManyPhotos):
            attach(village, case, seed=2)
    attach(village, case, seed=2)
