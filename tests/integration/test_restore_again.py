"""Restoring again: leftovers, a second county of one day; two who adopt; photos that go."""

import shutil
from contextlib import closing

import pytest

from hub.usecases import adopting
from node import quarantining
from node.config import DataDirectory
from node.db import Database
from node.errors import NotAllowed
from node.restoring import Staged
from tests.integration.hub_county import TOWNSHIP, VILLAGE, receive
from tests.integration.test_adopting import forked  # noqa: F401
from tests.integration.test_backups import Restoring, numbers


@pytest.fixture
def restoring(county, tmp_path):
    return Restoring(county, tmp_path)


def test_two_hubs_from_one_backup_give_no_number_twice(county, places, restoring):
    village, town = places[VILLAGE], places[TOWNSHIP]
    restoring.back_up()
    county.node.database.close()
    first, _ = restoring.restore("one")
    with closing(first.node.database):
        a = receive(village)
        village.sync(first)
        given = numbers(first, [a])[a]
    county.node.clock.advance(600_000)
    second, _ = restoring.restore("two")
    with closing(second.node.database):
        b = receive(town, id_no="411599199006150032")
        town.sync(second)
        assert numbers(second, [b])[b] not in {given, ""}


def test_leftovers_of_a_cut_restore_are_not_read(county, places, restoring):
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    restoring.back_up()
    target = DataDirectory(restoring.folder / "anew")
    target.create()
    # what a restore of an older backup leaves when the power fails: a log beside a database
    other = Staged(target.path, target.key_file)
    key = county.node.keys.database_key
    database = Database.sqlite(other.database, key)
    with database.write() as tx:
        tx.exec_driver_sql("CREATE TABLE rubbish (a)")
    wal = other.path / "restoring.db-wal"
    shutil.copy(wal, restoring.folder / "wal")
    database.close()
    other.database.unlink()
    shutil.copy(restoring.folder / "wal", wal)
    again, _ = restoring.restore("anew")
    with closing(again.node.database), again.node.database.read() as tx:
        found = tx.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name='rubbish'")
        assert found.scalar() == 0


def test_two_people_adopt_one_item_once(forked, monkeypatch):  # noqa: F811
    county = forked[0]
    (item,) = quarantining.list_items(county.node)
    who = county.account("reconciler")
    shown = quarantining.show(county.node, item.id)
    adopting.adopt(county.node, item.id, reason="救不出来", account=who)
    monkeypatch.setattr(adopting.quarantining, "show", lambda *_: shown)  # read before the other
    with pytest.raises(NotAllowed):
        adopting.adopt(county.node, item.id, reason="再来", account=who)


def test_a_photo_that_is_let_go_meanwhile_does_not_end_the_backup(county, places, restoring):
    """Between the listing and the reading, making room may have dropped it."""
    folder = county.node.directory.blobs / "ab"
    folder.mkdir(parents=True)
    kept, gone = (folder / f"{'ab' * 32}.{n}" for n in (0, 1))
    kept.write_bytes(b"1")
    gone.symlink_to(folder / "was-here")  # listed, and not there when it is opened
    assert restoring.back_up().files == 1
    assert places
