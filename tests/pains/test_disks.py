"""Pains 15 to 17, 19 and 20: power cuts, full disks, copies, what comes back, and old keys."""

import shutil

import pytest
import sqlalchemy as sa

from hub.usecases import devices
from node import pruning, tables, verifying
from node.db import driver
from node.errors import CasePruned, DiskFull, RefusedByCounty, Stopped
from node.incarnations import Stop
from station.transport import Parent
from sync.errors import OldCopy
from tests.integration.newer import SUNG, sing_at
from tests.pains.small import Place

_DAY = 86_400_000


def test_pain_15_the_database_is_corrupt_after_a_power_cut(hub, village, memory_path):
    """What the disk holds at the cut is whole; and tables that are spoilt are made anew."""
    cases = [village.take_in(who) for who in range(3)]
    left = memory_path / "after-the-cut"
    shutil.copytree(village.folder, left)  # nothing was closed
    shutil.copy(f"{village.folder}.key", f"{left}.key")
    again = Place(village.code, left, village.clock, lines=village.lines).open()
    with again.node.database.read() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert {*again.cases()} == {*cases}

    with again.node.database.write() as tx:
        tx.execute(sa.delete(tables.case).where(tables.case.c.id == cases[0]))
    found = verifying.verify(again.node)
    assert (found.ok, found.first_bad) == (False, "")
    assert {drift.key for drift in found.drift} == {cases[0]}
    verifying.rebuild(again.node)
    assert verifying.verify(again.node).ok
    assert again.sync().complete
    assert {*hub.cases()} == {*cases}
    again.close()


def test_pain_16_half_done_syncs_bloat_the_disk_and_a_full_disk_destroys(hub, village):
    """A photo that broke off eight times leaves one beginning; a full disk, all that was there."""
    village.lines.down, village.lines.breaks = {Parent.TOWNSHIP}, 2
    case = village.take_in(1)
    photo = village.attach(case, edge=1000)
    for _ in range(8):
        village.sync()
        village.lines.breaks = 2
    assert _begun(hub) <= photo.bytes
    village.lines.breaks = None
    assert village.sync().complete
    assert _begun(hub) == 0

    _pages(village, more=12)
    confirmed = [case, *_until_the_disk_is_full(village)]
    assert len(confirmed) > 1
    assert {*village.cases()} == {*confirmed}
    _pages(village, more=None)
    assert verifying.verify(village.node).ok
    assert village.sync().complete
    assert {*hub.cases()} == {*confirmed}


def _until_the_disk_is_full(place):
    """Take cases in until none goes in any more; answers those that were confirmed."""
    confirmed = []
    for who in range(2, 500):
        try:
            confirmed.append(place.take_in(who))
        except DiskFull:
            return confirmed
    pytest.fail("the disk never became full")


def _begun(place):
    folder = place.node.directory.blobs / "partial"
    return sum(one.stat().st_size for one in folder.glob("*")) if folder.exists() else 0


def _pages(place, *, more):
    """Let the database grow by so many pages and no more; None: as it likes."""
    with place.node.database.write() as tx:
        count = driver(tx).execute("PRAGMA page_count").fetchone()[0]
        most = 2_000_000_000 if more is None else count + more
        driver(tx).execute(f"PRAGMA max_page_count = {most}").fetchone()


def test_pain_17_a_restored_or_cloned_database_breaks_the_checkpoints(
    county, hub, village, memory_path
):
    """An old copy comes back: it stops before it writes, and goes on when it has joined anew."""
    first = village.take_in(1)
    village.sync()
    village.close()
    shutil.copytree(village.folder, memory_path / "old")
    village.open()
    lost = village.take_in(2)
    village.sync()

    village.close()
    shutil.rmtree(village.folder)
    shutil.copytree(memory_path / "old", village.folder)
    village.open()
    with pytest.raises(OldCopy):
        village.sync()
    assert village.status.stopped == Stop.OLD_COPY.value
    with pytest.raises(Stopped):
        village.take_in(3)
    assert list(village.cases()) == [first]  # it can still be read

    county.enrol_anew(village)
    third = village.take_in(3)
    assert village.sync().complete
    assert {*village.cases()} == {*hub.cases()} == {first, lost, third}


def test_pain_19_deleted_records_come_back_and_dead_devices_forbid_to_purge(
    county, hub, village, town
):
    """A closed case is cleared away while the neighbour is never heard of, and stays away."""
    old, young = village.take_in(1), None
    county.settle(village, town)
    hub.write(old, "case.archived", {"archived": {"at": 1, "place": hub.code, "by": "first"}})
    county.settle(village, town)
    hub.clock.advance(200 * _DAY)
    young = village.take_in(2)
    county.settle(village, town)
    assert pruning.prune(village.node).cases == 1
    assert list(village.cases()) == [young]
    with pytest.raises(CasePruned):
        village.show(old)

    for message in village.lines.sent:  # everything is delivered once more, to everybody
        hub.door.answer(message)
    county.settle(village, town)
    assert list(village.cases()) == [young]
    assert {*hub.cases()} == {old, young}
    assert verifying.verify(village.node).ok


def test_pain_20_keys_and_programs_change_while_devices_are_offline(county, hub, village, town):
    """A lost device is shut out, its successor goes on; a newer program's words are kept."""
    first = village.take_in(1)
    sing_at(village, first)  # by a program that is newer than all the others
    village.sync()
    county.settle(town)
    assert SUNG in {event.fact for event in hub.show(first).timeline}
    assert SUNG in {event.fact for event in town.show(first).timeline}

    devices.revoke(hub.node, village.status.replica, reason="电脑丢了")
    second = village.take_in(2)
    village.lines.down = {Parent.TOWNSHIP}
    with pytest.raises(RefusedByCounty):
        village.sync()
    assert list(hub.cases()) == [first]
    assert village.cases()[second] == "local"  # nothing is lost, nothing is said to be there

    county.enrol_anew(village)
    third = village.take_in(3)
    village.sync()
    assert {first, third} <= {*hub.cases()}
    assert (village.cases()[second] == "received") == (second in hub.cases())
    assert SUNG in {event.fact for event in village.show(first).timeline}
