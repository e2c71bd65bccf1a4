"""`station backup …` as a county technician uses it: a dead disk, a new one, the same village."""

import json
import shutil

import pytest

from fixtures import builders
from hub.usecases import devices
from node.command import run
from station.cli import PROGRAM
from tests.integration import station_over_http as over

pytestmark = pytest.mark.enable_socket

VILLAGES = over.villages()


class Station:
    """Data directories of one village, asked by commands."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys, self.name = folder, capsys, "old"

    def __call__(self, *arguments, code=0):
        self.capsys.readouterr()
        directory = str(self.folder / self.name)
        found = run(PROGRAM, ["--data", directory, *arguments, "--json"])
        out, told = self.capsys.readouterr()
        assert found == code, (out, told)
        return json.loads(out)

    def open_case(self, seed):
        """Take somebody in; answers the document."""
        who = builders.person(builders.seeded(seed))
        document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
        path = self.folder / f"case-{seed}.json"
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        return self("case", "open", "--file", str(path))


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with over.hub(tmp_path_factory.mktemp("county")) as answering:
        yield answering


@pytest.fixture
def village():
    return next(VILLAGES)


@pytest.fixture
def station(tmp_path, capsys, monkeypatch, hub, village):
    for name in ("STATION_DATA", "STATION_PASSPHRASE_FILE", "BANGBAN_LANG"):
        monkeypatch.delenv(name, raising=False)
    made = Station(tmp_path, capsys)
    code = hub.code(village, "village", "甲村")
    made("init", "--hub", hub.url, "--code", code, "--unattended")
    return made


def test_a_dead_disk_costs_nothing_that_was_backed_up_or_sent(station, hub, village):
    """Sent, backed up and unsent: all three are at the county when the new disk has synced."""
    sent = station.open_case(1)
    station("sync")
    unsent = station.open_case(2)
    file = str(station.folder / "village.backup")
    made = station("backup", "create", file)
    assert made["station"] == village
    assert station("backup", "verify", file)["ok"]

    shutil.copy(station.folder / "old.key", station.folder / "new.key")
    shutil.rmtree(station.folder / "old")
    station.name = "new"
    restored = station("backup", "restore", file)
    assert (restored["state"], restored["former_replica"]) == ("restored", made["replica"])
    assert station("backup", "restore", file, code=1)["error"]["type"] == "already_initialised"
    assert station("case", "show", unsent["case"])["case"] == unsent["case"]

    code = hub.code(village, "village", "甲村")
    anew = station("init", "--hub", hub.url, "--code", code, "--unattended")
    assert anew["state"] == "approved"
    assert anew["replica"] != made["replica"]
    later = station.open_case(3)
    report = station("sync")
    assert report["pending"] == 0
    listed = {line["case"]: line["transport"] for line in station("case", "list")["cases"]}
    assert set(listed) == {sent["case"], unsent["case"], later["case"]}
    assert set(listed.values()) == {"received"}
    assert station("verify")["ok"]
    numbers = {later["temporary_number"], sent["temporary_number"], unsent["temporary_number"]}
    assert len(numbers) == 3


def test_a_restored_station_takes_nothing_new_until_it_is_enrolled(station):
    station.open_case(4)
    file = str(station.folder / "village.backup")
    station("backup", "create", file)
    shutil.copy(station.folder / "old.key", station.folder / "new.key")
    station.name = "new"
    station("backup", "restore", file)
    who = builders.person(builders.seeded(5))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    path = station.folder / "case.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    error = station("case", "open", "--file", str(path), code=16)["error"]
    assert (error["type"], error["who_can_fix"]) == ("stopped", "county")


def test_a_running_station_is_not_enrolled_over(station, hub, village):
    code = hub.code(village, "village", "甲村")
    error = station("init", "--hub", hub.url, "--code", code, "--unattended", code=1)["error"]
    assert error["type"] == "already_initialised"


def test_a_code_of_another_village_does_not_take_a_database_over(station, hub):
    file = str(station.folder / "village.backup")
    station("backup", "create", file)
    shutil.copy(station.folder / "old.key", station.folder / "new.key")
    station.name = "new"
    station("backup", "restore", file)
    code = hub.code(next(VILLAGES), "village", "乙村")
    station("init", "--hub", hub.url, "--code", code, "--unattended", code=15)
    assert station("status")["station"]


def test_a_device_that_was_shut_out_and_found_again_loses_nothing(station, hub, village):
    """It joins anew with the same data; the county takes what it would not take of the old one."""
    unsent = station.open_case(6)
    replica = station("status")["replica"]
    devices.revoke(hub.node, replica, reason="找不到了")
    assert station("sync", code=15)["error"]["type"] == "refused_by_county"
    code = hub.code(village, "village", "甲村")
    found = station("init", "--anew", "--hub", hub.url, "--code", code, "--unattended")
    assert found["replica"] != replica
    assert station("sync")["pending"] == 0
    (line,) = station("case", "list")["cases"]
    assert (line["case"], line["transport"]) == (unsent["case"], "received")


def test_revoked_before_the_restored_station_had_sent_its_work(station, hub, village):
    """Whatever order the county works in, what the old device had signed reaches it."""
    unsent = station.open_case(7)
    replica = station("status")["replica"]
    file = str(station.folder / "village.backup")
    station("backup", "create", file)
    devices.revoke(hub.node, replica, reason="硬盘坏了")
    shutil.copy(station.folder / "old.key", station.folder / "new.key")
    station.name = "new"
    station("backup", "restore", file)
    code = hub.code(village, "village", "甲村")
    station("init", "--hub", hub.url, "--code", code, "--unattended")
    station("sync")
    assert station("sync")["pending"] == 0
    (line,) = station("case", "list")["cases"]
    assert (line["case"], line["transport"]) == (unsent["case"], "received")
