"""The losing branch of a fork whose disk is gone: the county writes it again, the filing stands."""

import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from hub.usecases import adopting, verdicts
from node import quarantining, verifying
from node.db import Database
from node.errors import NotAllowed
from tests.integration.hub_county import NOW, VILLAGE, receive


@pytest.fixture
def forked(county, places, tmp_path):
    """Two copies of a village's disk; the county has one branch, the other lies aside."""
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    village.database.close()
    copy = tmp_path / "copy.db"
    shutil.copy(village.database.path, copy)
    kept = receive(village, id_no="411599199006150032")
    village.sync(county)
    twin = replace(village, database=Database.sqlite(copy, village.key))
    lost = receive(twin, id_no="411599199006150040")
    twin.sync(county)
    with closing(twin.database):
        yield county, village, kept, lost


def test_what_lies_aside_is_written_again_with_number_and_day(forked):
    county, village, kept, lost = forked
    (item,) = quarantining.list_items(county.node)
    who = county.account("reconciler")
    done = adopting.adopt(county.node, item.id, reason="硬盘坏了，救不出来", account=who)
    assert (done.operations, len(done.cases)) == (1, 1)
    state = county.case(lost).state
    assert state.instant("received") == NOW
    assert state.text("official_number")
    assert state.values["id_no"] == "411599199006150040"
    assert county.case(kept).state.text("official_number") != state.text("official_number")
    assert verdicts.listed(county.node) == []
    assert verifying.verify(county.node).ok
    assert [i.state for i in quarantining.list_items(county.node, state=adopting.ADOPTED)] == [
        adopting.ADOPTED
    ]
    village.sync(county)
    assert village.case(lost).state.values["name"] == "王芳"


def test_it_is_adopted_once(forked):
    county = forked[0]
    (item,) = quarantining.list_items(county.node)
    who = county.account("reconciler")
    adopting.adopt(county.node, item.id, reason="硬盘坏了", account=who)
    with pytest.raises(NotAllowed):
        adopting.adopt(county.node, item.id, reason="再来", account=who)


def test_what_lies_aside_for_another_reason_is_not_adopted(county, places):
    """A bundle of a device that was shut out needs a look, not a signature of the county."""
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    with county.node.database.write() as tx:
        tx.exec_driver_sql("UPDATE log_author SET frozen_after = NULL")
        tx.exec_driver_sql(
            "INSERT INTO quarantine (at, digest, code, detail, message, state)"
            " VALUES (1, x'00', 'unauthentic', '', x'00', 'held')"
        )
    (item,) = quarantining.list_items(county.node)
    with pytest.raises(NotAllowed):
        adopting.adopt(county.node, item.id, reason="x", account=county.account("reconciler"))
