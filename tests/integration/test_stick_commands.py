"""Enrolment and carrying by the real commands, without a network at any step."""

import json
from contextlib import closing

import pytest

from fixtures import builders
from hub.cli import PROGRAM as HUB
from node.clock import SystemClock
from node.command import run
from node.config import DataDirectory
from node.incarnations import Stop, stop
from station.cli import PROGRAM as STATION
from station.usecases.opening import open_station

pytestmark = pytest.mark.enable_socket
"""Only for this computer's own name, which the certificate of the pages bears."""

VILLAGE = "411526101201"
TOWN = "411526101000"


class Hands:
    """Somebody at a keyboard: commands on data directories, JSON back."""

    def __init__(self, folder, capsys):
        self.folder = folder
        self.capsys = capsys

    def __call__(self, program, name, *arguments, code=0):
        self.capsys.readouterr()
        data = ["--data", str(self.folder / name)]
        found = run(program, [*data, *arguments, "--json", "--no-input"])
        out, self.told = self.capsys.readouterr()
        assert found == code, (out, self.told)
        return json.loads(out)

    def hub(self, *arguments, code=0):
        return self(HUB, "hub", *arguments, code=code)

    def station(self, name, *arguments, code=0):
        return self(STATION, name, *arguments, code=code)

    def path(self, name):
        return str(self.folder / name)


@pytest.fixture
def hands(tmp_path, capsys, monkeypatch):
    for name in ("STATION_DATA", "HUB_DATA", "STATION_PASSPHRASE_FILE", "HUB_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    made = Hands(tmp_path, capsys)
    made.root = made.hub("init", "--county", "411526")["root_fingerprint"]
    return made


def ask(hands, name, station, kind):
    """Register a place and write its device's request."""
    options = ("--code", station, "--kind", kind, "--name", name)
    code = hands.hub("station", "add", *options)["enrolment_code"]
    options = ("--request-file", hands.path(f"{name}.ask"), "--code", code, "--unattended")
    return hands.station(name, "init", *options)


def approve(hands, name, fingerprint, code=0):
    files = (
        "--request-file",
        hands.path(f"{name}.ask"),
        "--approval-file",
        hands.path(f"{name}.ok"),
    )
    return hands.hub("device", "approve", *files, "--fingerprint", fingerprint, code=code)


def accept(hands, name, fingerprint, code=0):
    options = ("--approval-file", hands.path(f"{name}.ok"), "--fingerprint", fingerprint)
    return hands.station(name, "init", *options, code=code)


def enrolled(hands, name, station, kind):
    asked = ask(hands, name, station, kind)
    approve(hands, name, asked["request_fingerprint"])
    return accept(hands, name, hands.root)


@pytest.fixture
def town(hands):
    return enrolled(hands, "town", TOWN, "township")


@pytest.fixture
def village(hands, town):
    return enrolled(hands, "village", VILLAGE, "village")


def open_case(hands, name):
    who = builders.person(builders.seeded(7))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    path = hands.folder / "case.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return hands.station(name, "case", "open", "--file", str(path))


def test_a_station_is_enrolled_without_a_network(hands):
    asked = ask(hands, "town", TOWN, "township")
    assert {"station", "replica", "state", "match_code"} <= set(asked)
    assert asked["request_fingerprint"] in hands.told
    done = approve(hands, "town", asked["request_fingerprint"].lower().replace("-", " "))
    assert (done["station"], done["replica"]) == (TOWN, asked["replica"])
    assert done["root_fingerprint"] == hands.root
    assert hands.root in hands.told
    found = accept(hands, "town", hands.root)
    assert (found["station"], found["state"], bool(found["password"])) == (TOWN, "approved", True)
    assert hands.station("town", "catalogue", "list")["version"] == 1
    assert hands.station("town", "status")["last_contact"] is None
    (device,) = hands.hub("device", "list")["devices"]
    assert (device["replica"], device["state"]) == (asked["replica"], "active")


def test_nothing_is_trusted_before_the_fingerprint_was_typed(hands):
    asked = ask(hands, "town", TOWN, "township")
    files = ("--request-file", hands.path("town.ask"), "--approval-file", hands.path("town.ok"))
    hands.hub("device", "approve", *files, code=2)
    approve(hands, "town", "BBBB-BBBB-BBBB-BBBB", code=15)
    assert hands.hub("device", "list")["devices"] == []
    approve(hands, "town", asked["request_fingerprint"])
    hands.station("town", "init", "--approval-file", hands.path("town.ok"), code=2)
    accept(hands, "town", asked["request_fingerprint"], code=15)
    hands.station("town", "status", code=10)
    accept(hands, "town", hands.root)


def test_files_may_be_written_and_read_again(hands):
    first = ask(hands, "town", TOWN, "township")
    approve(hands, "town", first["request_fingerprint"])
    again = approve(hands, "town", first["request_fingerprint"])
    assert again["replica"] == first["replica"]
    accept(hands, "town", hands.root)
    assert len(hands.hub("device", "list")["devices"]) == 1
    accept(hands, "town", hands.root, code=1)


def test_an_approval_is_of_use_to_its_own_device_only(hands):
    first = ask(hands, "town", TOWN, "township")
    approve(hands, "town", first["request_fingerprint"])
    code = hands.hub("station", "add", "--code", TOWN, "--kind", "township", "--name", "镇")
    options = ("--request-file", hands.path("other.ask"), "--code", code["enrolment_code"])
    hands.station("other", "init", *options, "--unattended")
    (hands.folder / "town.ok").rename(hands.folder / "other.ok")
    accept(hands, "other", hands.root, code=15)


def test_what_is_no_request_and_no_approval_is_refused(hands):
    (hands.folder / "town.ask").write_bytes(b"PK\x03\x04" + bytes(40))
    error = approve(hands, "town", "x", code=1)["error"]
    assert error["type"] == "foreign_file"
    asked = ask(hands, "town", TOWN, "township")
    (hands.folder / "town.ok").write_bytes((hands.folder / "town.ask").read_bytes())
    assert accept(hands, "town", hands.root, code=1)["error"]["type"] == "foreign_file"
    data = bytearray((hands.folder / "town.ask").read_bytes())
    data[-1] ^= 1
    (hands.folder / "town.ask").write_bytes(data)
    approve(hands, "town", asked["request_fingerprint"], code=1)


def test_a_case_goes_by_stick_to_the_county_and_its_receipt_back(hands, village):
    case = open_case(hands, "village")
    made = hands.station("village", "bundle", "export", hands.path("up.stick"))
    assert {"change_sets", "operations", "bytes"} <= set(made)
    assert (made["change_sets"], made["operations"]) == (1, 2)
    assert made["bytes"] == (hands.folder / "up.stick").stat().st_size
    options = (hands.path("up.stick"), "--reply", hands.path("town.reply"))
    found = hands.station("town", "bundle", "import", *options)
    assert (found["change_sets"], found["operations"], found["replied"]) == (1, 2, 1)
    hands.station("village", "bundle", "import", hands.path("town.reply"))
    assert hands.station("village", "status")["in_custody"] == 2
    hands.station("town", "bundle", "export", hands.path("town.stick"))
    options = (hands.path("town.stick"), "--reply", hands.path("county.reply"))
    found = hands.hub("bundle", "import", *options)
    assert {"imported", "duplicate", "quarantined", "receipts"} <= set(found)
    assert (found["imported"], found["quarantined"], found["receipts"]) == (1, 0, 1)
    found = hands.hub("bundle", "import", hands.path("up.stick"), *options)
    assert (found["imported"], found["duplicate"], found["replied"]) == (0, 2, 2)
    hands.station("village", "bundle", "import", hands.path("county.reply"))
    status = hands.station("village", "status")
    assert (status["receipted"], status["pending"]) == (2, 0)
    assert status["last_contact"]
    (line,) = hands.station("village", "case", "list")["cases"]
    assert line["case"] == case["case"]
    assert line["official_number"]


def test_a_file_from_the_county_that_nobody_asked_for(hands, village):
    open_case(hands, "village")
    hands.station("village", "bundle", "export", hands.path("up.stick"))
    options = (hands.path("up.stick"), "--reply", hands.path("lost.reply"))
    hands.hub("bundle", "import", *options)
    made = hands.hub("bundle", "export", "--station", VILLAGE, hands.path("down.stick"))
    assert (made["station"], made["devices"], made["receipts"]) == (VILLAGE, 1, 1)
    hands.station("village", "bundle", "import", hands.path("down.stick"))
    status = hands.station("village", "status")
    assert (status["receipted"], status["last_contact"]) == (2, None)
    nowhere = ("bundle", "export", "--station", "411526101299", hands.path("x"))
    assert hands.hub(*nowhere, code=1)["error"]["type"] == "not_found"


def test_what_can_be_wrong_with_a_file_on_a_stick(hands, village):
    open_case(hands, "village")
    hands.station("village", "bundle", "export", hands.path("up.stick"))
    whole = (hands.folder / "up.stick").read_bytes()
    (hands.folder / "cut.stick").write_bytes(whole[:-5])
    (hands.folder / "zip.stick").write_bytes(b"PK\x03\x04")
    reply = ("--reply", hands.path("r"))
    assert hands.hub("bundle", "import", hands.path("cut.stick"), *reply, code=3)["cut"] == 1
    found = hands.hub(
        "bundle", "import", hands.path("up.stick"), hands.path("zip.stick"), *reply, code=3
    )
    assert found["foreign"] == 1
    error = hands.hub("bundle", "import", hands.path("zip.stick"), *reply, code=1)["error"]
    assert error["type"] == "foreign_file"
    same = ("bundle", "import", hands.path("up.stick"), "--reply", hands.path("up.stick"))
    assert hands.hub(*same, code=1)["error"]["type"] == "invalid"
    assert (hands.folder / "up.stick").read_bytes() == whole
    error = hands.hub("bundle", "import", hands.path("none"), *reply, code=1)["error"]
    assert error["type"] == "file_unreadable"
    later = bytearray(whole)
    later[16] = 2
    (hands.folder / "later.stick").write_bytes(later)
    error = hands.hub("bundle", "import", hands.path("later.stick"), *reply, code=1)["error"]
    assert error["type"] == "newer_version"
    full = ("bundle", "export", "/dev/full/x")
    assert hands.station("village", *full, code=1)["error"]["type"] == "file_unreadable"


def test_the_letters_of_a_printed_sheet_tell_the_county_what_it_lacks(hands, village):
    open_case(hands, "village")
    sheet = hands.station("village", "print", "day-sheet")
    assert (sheet["taken"], sheet["waiting"], sheet["seq"]) == (1, 1, 2)
    assert "<svg" in sheet["html"]
    assert sheet["head"][0] in sheet["html"]
    found = hands.hub("head", "enter", "\n".join(sheet["head"]))
    assert (found["station"], found["state"]) == (VILLAGE, "missing")
    assert (found["known_seq"], found["unsent"], found["missing"]) == (2, 2, [[1, 2]])
    assert hands.hub("head", "enter", sheet["qr"])["unsent"] == 2
    told = {d["station"]: (d["known_seq"], d["unsent"]) for d in hands.hub("fleet")["devices"]}
    assert told == {TOWN: (0, 0), VILLAGE: (2, 2)}
    slip = ["K" * 30, *sheet["head"][1:]]
    error = hands.hub("head", "enter", "\n".join(slip), code=2)["error"]
    assert (error["type"], "line 1" in error["detail"]) == ("mistyped", True)
    assert hands.station("village", "print", "day-sheet", "--date", "2020-01-01")["taken"] == 0
    hands.station("village", "print", "day-sheet", "--date", "x", code=2)
    hands.station("village", "print", "receipt", code=2)


def test_a_station_put_back_from_a_copy_joins_anew_by_stick_and_loses_nothing(hands, village):
    case = open_case(hands, "village")
    directory = DataDirectory(hands.folder / "village")
    node = open_station(directory, None, SystemClock())
    with closing(node.database), node.database.write() as tx:
        stop(tx, Stop.RESTORED, now=1)
    fields = hands.folder / "f.json"
    fields.write_text("{}", "utf-8")
    act = ("case", "act", case["case"], "withdraw", "--file", str(fields))
    assert hands.station("village", *act, code=16)["error"]["type"] == "stopped"
    again = ask(hands, "village", VILLAGE, "village")
    assert again["replica"] != village["replica"]
    approve(hands, "village", again["request_fingerprint"])
    found = accept(hands, "village", hands.root)
    assert (found["replica"], "password" in found) == (again["replica"], False)
    hands.station("village", "bundle", "export", hands.path("up.stick"))
    options = (hands.path("up.stick"), "--reply", hands.path("back.stick"))
    assert hands.hub("bundle", "import", *options)["quarantined"] == 0
    hands.station("village", "bundle", "import", hands.path("back.stick"))
    assert hands.station("village", "status")["pending"] == 0
    (line,) = hands.hub("case", "list")["cases"]
    assert line["case"] == case["case"]
