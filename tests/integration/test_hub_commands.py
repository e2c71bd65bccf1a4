"""The hub's commands as other programs use them: documents, exit codes, and a real process."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from casework.facts import Act
from hub.app import create_app
from hub.cli import PROGRAM
from hub.usecases import stations, unmasking
from hub.usecases.stations import NewStation
from node import keys
from node.command import run
from node.config import DataDirectory
from node.enrolment import PATH, Asking, format_asking
from tests.integration import hub_county as tools
from tests.integration.hub_county import OUTLET, TOWNSHIP, VILLAGE, new_record, received

ROOT = Path(__file__).parents[2]
VIEW = {"dot", "value", "station", "actor", "claimed_at", "received_at"}


@pytest.fixture
def world(tmp_path_factory, tmp_path):
    with tools.copy(tmp_path_factory, tmp_path) as copied:
        yield copied


@pytest.fixture
def hub(capsys, tmp_path, monkeypatch):
    """Runs a command; answers its exit code and its document."""
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "county" / "hub"))

    def command(*words):
        code = run(PROGRAM, [*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def story(world):
    """Phones apart, two bank accounts, and an acceptance without the power."""
    county, places = world
    phone, first, second = new_record(), new_record(), new_record()
    places[VILLAGE].write(phone, Act("case.received", received(VILLAGE, id_no="")))
    places[VILLAGE].sync(county)
    places[TOWNSHIP].sync(county)
    for code in (VILLAGE, TOWNSHIP):
        fields = {"phone": f"1390000{code[-4:]}"}
        places[code].write(phone, Act("case.contact_corrected", fields))
    accounts = {"form.bank_account": "62170002"}
    places[VILLAGE].write(first, Act("case.received", received(VILLAGE)))
    places[OUTLET].write(second, Act("case.received", received(OUTLET, **accounts)))
    accepted = {"accepted": {"at": tools.NOW, "kind": "accepted", "due": "2026-12-04"}}
    places[OUTLET].write(second, Act("case.accepted", accepted))
    for code in (VILLAGE, TOWNSHIP, OUTLET):
        places[code].sync(county)
    return {name: county.case(r).id for name, r in zip("pab", (phone, first, second), strict=True)}


@pytest.mark.enable_socket  # asks for the names of this computer
def test_init_says_what_a_person_must_write_down(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "new"))
    code, document = hub("init", "--county", "411526")

    assert code == 0
    assert document["county"] == "411526000000"
    assert document["admin"].keys() == {"user", "password"}
    assert len(document["root_fingerprint"]) == 19
    assert hub("init", "--county", "411526")[0] == 1
    code, verified = hub("verify")
    assert (code, verified["ok"], verified["drift"]) == (0, True, [])


@pytest.mark.enable_socket  # asks for the names of this computer
@pytest.mark.parametrize("county", ["999999", "4115", "x", "411526101000"])
def test_a_county_that_cannot_be_makes_nothing(hub, tmp_path, monkeypatch, county):
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "new"))
    code, document = hub("init", "--county", county)

    assert (code, document["error"]["type"]) == (1, "invalid")
    assert not (tmp_path / "new").exists()
    assert hub("case", "list")[0] == 10


@pytest.mark.enable_socket  # asks for the names of this computer
def test_an_init_that_was_cut_off_goes_on(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "new"))
    keys.create(DataDirectory(tmp_path / "new"), None)
    assert hub("case", "list")[0] == 10, "the keys are there, the county is not"

    assert hub("init", "--county", "411526")[0] == 0


def test_conflicts_are_told_as_the_contract_says(hub, story):
    code, document = hub("conflict", "list", "--open")
    by_kind = {one["kind"]: one for one in document["conflicts"]}

    assert (code, by_kind.keys()) == (0, {"field", "duplicate"})
    field, duplicate = by_kind["field"], by_kind["duplicate"]
    assert (field["rule"], field["case"], field["cases"]) == ("C35", story["p"], [story["p"]])
    assert {v["value"] for v in field["fields"]["phone"]} == {"139****1201", "139****1000"}
    assert all(side.keys() >= VIEW for side in field["fields"]["phone"])
    assert set(duplicate["cases"]) == {story["a"], story["b"]}
    assert field["state"] == duplicate["state"] == "open"


def test_whole_numbers_in_a_conflict_are_shown_for_a_purpose_that_is_recorded(world, hub, story):
    _, listed = hub("conflict", "list", "--open")
    check = next(one["id"] for one in listed["conflicts"] if one["kind"] == "field")

    shown = hub("conflict", "show", check)[1]
    assert {v["value"] for v in shown["fields"]["phone"]} == {"139****1201", "139****1000"}
    code, refused = hub("conflict", "show", check, "--unmask", " ")
    assert (code, refused["error"]["type"]) == (1, "invalid")
    code, told = hub("conflict", "show", check, "--unmask", "打电话核对", "--as", "admin")
    assert (code, told["error"]["type"]) == (1, "not_allowed")

    opened = hub("conflict", "show", check, "--unmask", "打电话核对")[1]
    assert {v["value"] for v in opened["fields"]["phone"]} == {"13900001201", "13900001000"}
    assert opened.keys() == shown.keys()
    (look,) = unmasking.looks(world[0].node)
    assert (look.login, look.case, look.purpose) == ("reconciler", story["p"], "打电话核对")


def test_a_conflict_is_resolved_and_taken_back(hub, story):
    _, listed = hub("conflict", "list", "--open")
    field = next(one for one in listed["conflicts"] if one["kind"] == "field")
    dot = next(s["dot"] for s in field["fields"]["phone"] if s["station"] == VILLAGE)

    code, done = hub(
        "conflict", "resolve", field["id"], "--choose", f"phone={dot}", "--reason", "r"
    )
    assert (code, done["state"], done["resolved_by"]) == (0, "resolved", "reconciler")
    again = hub("conflict", "resolve", field["id"], "--choose", f"phone={dot}", "--reason", "r")
    assert (again[0], again[1]["error"]["type"]) == (1, "changed")
    code, undone = hub("conflict", "undo", field["id"])
    assert (code, undone["state"]) == (0, "open")


def test_a_duplicate_is_resolved_by_its_main_case(hub, story):
    _, listed = hub("conflict", "list", "--open")
    check = next(one["id"] for one in listed["conflicts"] if one["kind"] == "duplicate")
    code, done = hub("conflict", "resolve", check, "--set", f"main={story['a']}", "--reason", "r")

    assert (code, done["state"], done["case"]) == (0, "resolved", story["a"])
    assert hub("case", "show", story["b"])[1]["state"] == "TERMINATED"


def test_what_was_refused_is_listed_and_can_be_ratified(hub, story):
    _, document = hub("verdict", "list")
    (item,) = document["items"]
    assert item.keys() >= {"id", "replica", "seq", "reason", "detail"}
    assert (item["reason"], item["case"], item["refused"]) == ("place", story["b"], True)
    assert hub("verdict", "show", item["id"])[1] == item
    assert hub("case", "show", story["b"])[1]["state"] == "RECEIVED"

    code, done = hub("verdict", "ratify", item["id"], "--reason", "乡镇追认")

    assert (code, done["refused"]) == (0, False)
    assert hub("case", "show", story["b"])[1]["state"] == "ACCEPTED"
    assert hub("verdict", "ratify", item["id"], "--reason", "r")[0] == 1


def test_a_rebuild_makes_the_same_checks_again(hub, story):
    before = hub("conflict", "list")[1]
    verdicts = hub("verdict", "list")[1]
    code, report = hub("rebuild")

    assert (code, report["ok"]) == (0, True)
    assert hub("conflict", "list")[1] == before
    assert hub("verdict", "list")[1] == verdicts
    assert hub("supervise", "run")[1]["opened"] == 0


def test_cases_are_listed_and_masked(hub, story):
    _, document = hub("case", "list", "--station", VILLAGE)
    line = next(one for one in document["cases"] if one["case"] == story["a"])

    keys = {"case", "temporary_number", "official_number", "item", "state", "station", "transport"}
    assert line.keys() >= keys
    assert line["transport"] == "county_checking"
    shown = hub("case", "show", line["official_number"])[1]
    assert shown["fields"]["id_no"]["value"] == "411599********0024"
    opened = hub("case", "show", story["a"], "--unmask", "打电话核对")[1]
    assert opened["fields"]["id_no"]["value"] == "411599199006150024"


def test_the_fleet_knows_what_is_missing_and_what_is_unknown(hub, story):
    _, document = hub("fleet")
    devices = {one["station"]: one for one in document["devices"]}

    assert devices[VILLAGE].keys() >= {
        *("replica", "station", "state", "last_seen", "last_seq", "known_seq", "unsent"),
        *("clock_offset_ms", "version", "missing", "quarantined"),
    }
    assert devices["411526101202"]["state"] == "unknown"
    assert (devices[VILLAGE]["last_seq"], devices[VILLAGE]["missing"]) == (3, [])


def test_a_revoked_device_is_not_heard_any_more(hub, world, story):
    county, places = world
    replica = places[VILLAGE].me.replica.hex()
    places[VILLAGE].write(new_record(), Act("case.received", received(VILLAGE)))
    code, done = hub("device", "revoke", replica, "--reason", "丢了")

    assert (code, done["revoked_after"]) == (0, 3)
    with pytest.raises(Exception, match="revoked"):
        places[VILLAGE].sync(county)


def test_the_rest_answers(hub, story):
    for words in (("doctor",), ("quarantine", "list"), ("catalogue", "list"), ("user", "list")):
        assert hub(*words)[0] == 0
    assert hub("station", "list")[1]["stations"][0]["station"] == TOWNSHIP
    added = hub("user", "add", "--login", "li", "--name", "李", "--role", "clerk")[1]
    assert added.keys() == {"user", "password"}
    assert hub("user", "disable", "li")[1]["disabled"] is True
    code, refused = hub("user", "disable", "admin")
    assert (code, refused["error"]["type"]) == (1, "last_administrator")


@pytest.mark.enable_socket  # asks for the names of this computer
def test_the_documents_of_enrolment_over_http(world):
    county, _ = world
    client = create_app(county.node).test_client()
    new = NewStation(code="411526101203", kind="village", name="丙村")
    code = stations.add(county.node, new).enrolment_code

    offered = client.post(PATH, json=format_asking(Asking(code, bytes(32))))
    assert (offered.status_code, offered.json["station"]["name"]) == (201, "丙村")
    assert client.get(f"{PATH}/{offered.json['id']}").json == {"state": "begun"}
    wrong = client.post(PATH, json=format_asking(Asking("BBBB-BBBB", bytes(32))))
    assert (wrong.status_code, wrong.mimetype) == (403, "application/problem+json")
    for body in (b"", b"[", b"[]", b'{"code": 1}', b"x" * 20_000):
        assert client.post(PATH, data=body).status_code in {400, 413}
    assert client.get(f"{PATH}/{'0' * 32}").status_code == 404


@pytest.mark.enable_socket
def test_serve_prints_one_line_answers_and_ends_cleanly(world, tmp_path):
    data = str(tmp_path / "county" / "hub")
    command = [sys.executable, "-m", "hub.cli", "serve", "--port", "0", "--data", data]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        word, address = process.stdout.readline().split()
        with urllib.request.urlopen(f"{address}/readyz") as answer:  # noqa: S310  # our own
            assert (word, json.load(answer)) == ("ready", {"ready": True})
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
