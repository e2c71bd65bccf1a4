"""The disk is full in the middle of a step: nothing is half written, and it is said.

A database has so many pages and no more, as on a full disk (SQLITE_FULL); a process may write
files of so many bytes and no more, as under a quota (EFBIG). Both are real databases and files.
"""

import io
import resource
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from casework.facts import Act
from casework.ids import Ulid
from casework.places import Role
from fixtures import builders, counters
from fixtures.world import VILLAGE_A, World, account
from node import keys, ledger, tables, verifying
from node.clock import FixedClock
from node.config import DataDirectory
from node.db import Database, driver
from node.errors import DiskFull, NodeError
from node.ledger import CaseAct
from node.runtime import Node
from station.usecases import drafts, intake, photos, status
from sync.adapters.tables import link, operation

ROOT = Path(__file__).parents[2]


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    counters.furnish(made.add(VILLAGE_A))
    with closing(made):
        yield made


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


def pages(one, *, more):
    """Let the database grow by so many pages and no more; None: as it likes."""
    with one.node.database.write() as tx:
        count = driver(tx).execute("PRAGMA page_count").fetchone()[0]
        most = 2_000_000_000 if more is None else count + more
        driver(tx).execute(f"PRAGMA max_page_count = {most}").fetchone()


def document(seed):
    who = builders.person(builders.seeded(seed))
    return builders.case_document(who, builders.sample_item("DEMO-YL-01"))


def picture(seed=1, size=(640, 480)):
    written = io.BytesIO()
    Image.effect_noise(size, 40 + seed).save(written, "PNG")
    return written.getvalue()


def counts(one):
    with one.node.database.read() as tx:
        return [
            tx.execute(sa.select(sa.func.count()).select_from(t)).scalar_one()
            for t in (operation, tables.case, tables.attachment)
        ]


def sound(one):
    with one.node.database.read() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    report = verifying.verify(one.node)
    assert report.ok, report


def until_full(step):
    """Do a step again and again until the disk is full; says how often it was done."""
    for number in range(10_000):
        try:
            step(number)
        except DiskFull:
            return number
    pytest.fail("the disk never became full")


def test_cases_are_whole_or_not_there_when_the_disk_fills_up(village):
    """Pain 16: disk-full destroys data."""
    pages(village, more=60)
    done = until_full(lambda n: intake.open_case(village.node, document(n), account=village.worker))
    assert done > 0
    assert counts(village)[:2] == [2 * done, done]
    assert status.status(village.node).pending == 2 * done
    sound(village)
    pages(village, more=None)
    intake.open_case(village.node, document(done), account=village.worker)
    sound(village)


def test_a_draft_keeps_what_it_had_when_a_photo_finds_no_room(village):
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="item",
        document={},
        account=village.worker,
    )
    pages(village, more=20)
    done = until_full(
        lambda n: drafts.add_photo(village.node, draft, 1, picture(n), village.worker)
    )
    assert len(drafts.get(village.node, draft).photos) == done
    sound(village)


def test_what_a_feed_brings_does_not_move_the_position_when_it_cannot_be_stored(world, village):
    """Pain 16, Mergin's: what could not be stored must not count as taken."""
    for seed in range(40):
        intake.open_case(village.node, document(seed), account=village.worker)
    counters.sync(village, counters.wire(world))
    before = position(village)
    write_at_the_hub(world.hub)
    pages(village, more=3)
    with pytest.raises(DiskFull):
        counters.sync(village, counters.wire(world))
    sound(village)
    assert position(village)["last_answer"] == before["last_answer"]
    taken = position(village)["position"]
    pages(village, more=None)
    report = counters.sync(village, counters.wire(world))
    assert report.complete
    assert position(village)["position"] > taken
    for case in world.hub.cases():
        assert village.operations(case) == world.hub.operations(case)
    sound(village)


def write_at_the_hub(hub):
    """Something for the feed: each case hears of it."""
    acts = [
        CaseAct(Ulid.parse(case).raw, Act("case.contact_corrected", {"address": "河边" * 100}))
        for case in hub.cases()
    ]
    with hub.node.database.write() as tx:
        ledger.write(tx, hub.me, acts, actor="first", at=hub.node.moment(tx))


def position(one):
    with one.node.database.read() as tx:
        return dict(tx.execute(sa.select(link)).mappings().one())


def test_a_file_that_may_not_grow_is_told_and_nothing_is_half_there(tmp_path, world, village):
    """A quota on file sizes: the database's log, then a photo, cannot be written."""
    opened = intake.open_case(village.node, document(1), account=village.worker)
    before = counts(village)
    for most, expected in ((0, {"DiskFailed", "DiskFull"}), (200_000, {"DiskFailed", "DiskFull"})):
        told = limited(village, opened.case, most)
        assert told <= expected, told
        assert told, "nothing failed"
    sound(village)
    assert counts(village) == before
    blobs = village.node.directory.blobs
    assert not [p for p in blobs.rglob("*") if p.name.endswith(".new")]
    assert photos.attach(village.node, opened.case, 1, picture(), village.worker)
    sound(village)


def limited(one, case, most):
    """Try to write in a process that may write files of at most so many bytes."""
    code = textwrap.dedent(
        f"""
        import resource, signal
        from tests.integration import test_disk_full as t
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        t.attempt({str(one.node.directory.path.absolute())!r}, {case!r}, {most})
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def attempt(path, case, most):
    """In the child: attach a photo under a limit, and print which of our errors came of it."""
    directory = DataDirectory(Path(path))
    opened = keys.unlock(directory, None)
    database = Database.sqlite(directory.database, opened.database_key)
    node, image = Node(directory, database, FixedClock(), opened), picture(size=(1600, 1200))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        photos.attach(node, case, 1, image, account(Role.HELPER, VILLAGE_A))
    except NodeError as error:
        sys.stdout.write(type(error).__name__)
