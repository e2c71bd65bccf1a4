"""The commands of `station` as interface.md fixes them: keys, exit codes, words."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from fixtures import builders
from node import workbook
from node.command import run
from station.cli import PROGRAM
from tests.integration import station_over_http as over

pytestmark = pytest.mark.enable_socket

ROOT = Path(__file__).parents[2]


class Station:
    """One data directory, asked by commands."""

    def __init__(self, folder, capsys):
        self.folder = folder
        self.capsys = capsys

    def __call__(self, *arguments, code=0):
        self.capsys.readouterr()
        found = run(PROGRAM, ["--data", str(self.folder / "station"), *arguments, "--json"])
        out, self.told = self.capsys.readouterr()
        assert found == code, (out, self.told)
        documents = [json.loads(line) for line in out.splitlines()]
        assert len(documents) == 1
        return documents[0]

    def write(self, name, document):
        path = self.folder / name
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        return str(path)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with over.hub(tmp_path_factory.mktemp("county")) as answering:
        yield answering


_VILLAGES = over.villages()


@pytest.fixture
def fresh(tmp_path, capsys, monkeypatch):
    for name in ("STATION_DATA", "STATION_PASSPHRASE_FILE", "BANGBAN_LANG"):
        monkeypatch.delenv(name, raising=False)
    return Station(tmp_path, capsys)


@pytest.fixture
def station(fresh, hub):
    code = hub.code(next(_VILLAGES), "village", "甲村")
    fresh.first = fresh("init", "--hub", hub.url, "--code", code, "--unattended")
    return fresh


@pytest.fixture
def case(station):
    return station("case", "open", "--file", station.write("case.json", document()))


def document(seed=1, code="DEMO-YL-01", **more):
    who = builders.person(builders.seeded(seed))
    return builders.case_document(who, builders.sample_item(code), **more)


def portal(environ, start_response):
    """Answer for the hub as a captive portal does."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<html>sign in</html>"]


def test_init_tells_what_was_made(station):
    told = {"station", "replica", "state", "match_code", "user", "password"}
    assert set(station.first) == told
    assert station.first["state"] == "approved"
    assert station.first["match_code"] in station.told


def test_init_waits_for_approval_and_goes_on_when_called_again(fresh, hub):
    village = next(_VILLAGES)
    code = hub.code(village, "village", "乙村", pre_approve=False)
    options = ("--hub", hub.url, "--code", code, "--unattended", "--timeout", "0")
    begun = fresh("init", *options, code=3)
    assert (begun["state"], begun["station"], "user" in begun) == ("pending", village, False)
    again = fresh("init", *options, code=3)
    assert (again["replica"], again["match_code"]) == (begun["replica"], begun["match_code"])
    assert fresh("status", code=10)["error"]["type"] == "not_initialised"


def test_init_says_what_is_wrong(fresh, hub):
    assert fresh("init", "--code", "BCDF-GHJK", code=2)["error"]["type"] == "usage"
    refused = fresh(*("init", "--hub", hub.url, "--code", "BCDF-GHJK", "--unattended"), code=15)
    assert "开通码" in refused["error"]["detail"]
    nobody = ("--hub", "http://127.0.0.1:9", "--code", "BCDF-GHJK", "--unattended")
    assert fresh("init", *nobody, code=13)["error"]["type"] == "no_link"


def test_an_enrolled_station_is_not_enrolled_again(station, hub):
    options = ("--hub", hub.url, "--code", "BCDF-GHJK", "--unattended")
    assert station("init", *options, code=1)["error"]["type"] == "already_initialised"


def test_case_open_answers_as_agreed(case):
    assert set(case) == {
        "case",
        "temporary_number",
        "state",
        "kind",
        "due",
        "missing",
        "documents",
    }
    assert case["kind"] == "accepted"


def test_a_refused_intake_names_every_place(station):
    wrong = document() | {"pickup": "by pigeon"}
    wrong["applicant"] = wrong["applicant"] | {"id_no": "411599195605079381"}
    error = station("case", "open", "--file", station.write("w.json", wrong), code=1)["error"]
    assert {e["pointer"] for e in error["errors"]} == {"/pickup", "/applicant/id_no"}
    assert set(error) >= {"type", "title", "detail", "who_can_fix", "retryable"}
    assert station("case", "list")["cases"] == []


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "\ud800"])
def test_a_file_that_is_no_json_object_is_refused(station, text):
    path = station.folder / "w.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    station("case", "open", "--file", str(path), code=1)
    station("case", "open", "--file", str(path) + "x", code=1)


def test_acting_and_looking(station, case):
    number = case["temporary_number"]
    fields = station.write("f.json", {"phone": "13900001111", "said_by": "applicant"})
    done = station("case", "act", number, "correct_contact", "--file", fields)
    assert (done["case"], done["fact"]) == (case["case"], "case.contact_stated")
    shown = station("case", "show", case["case"])
    assert {"case", "state", "transport", "fields", "timeline", "conflicts"} <= set(shown)
    phone = shown["fields"]["phone"]
    assert phone["value"] == "139****1111"
    assert {"dot", "value", "station", "actor", "claimed_at"} <= set(phone["heads"][0])
    facts = [event["fact"] for event in shown["timeline"]]
    assert facts == ["case.contact_stated", "case.accepted", "case.received"]
    opened = station("case", "show", number, "--unmask", "核对电话")
    assert opened["fields"]["phone"]["value"] == "13900001111"
    error = station("case", "show", number, "--unmask", " ", code=1)["error"]
    assert error["type"] == "invalid"


def test_an_act_that_may_not_be_done_says_why(station, case):
    nothing = station.write("f.json", {})
    error = station("case", "act", case["case"], "decide", "--file", nothing, code=1)["error"]
    assert error["type"] in {"invalid", "no_account_for"}
    unknown = station("case", "act", "L1", "withdraw", "--file", nothing, code=1)
    assert unknown["error"]["type"] == "case_unknown"


def test_withdrawing_needs_no_reason(station, case):
    nothing = station.write("f.json", {})
    done = station("case", "act", case["case"], "withdraw", "--file", nothing)
    assert done["state"] == "WITHDRAWN"
    assert station("case", "list", "--state", "WITHDRAWN")["cases"][0]["case"] == case["case"]


def test_a_photo_is_attached(station, case):
    path = station.folder / "p.png"
    Image.effect_noise((600, 400), 40).save(path)
    added = station("case", "attach", case["case"], "--material", "1", "--file", str(path))
    assert set(added) == {"attachment", "bytes", "sha256"}
    wrong = ("case", "attach", case["case"], "--material", "1", "--file", __file__)
    assert station(*wrong, code=1)["error"]["type"] == "not_an_image"


def test_facts_tell_the_fields_of_every_act(station):
    facts = {fact["verb"]: fact for fact in station("case", "facts")["facts"]}
    assert facts["withdraw"]["fields"]["reason"]["required"] == "no"
    asked = {name for name, one in facts["deliver"]["fields"].items() if one["required"] == "yes"}
    assert asked == {"to", "proof"}


def test_sync_and_status_answer_as_agreed(station, case):
    waiting = station("status")
    assert set(waiting) == {
        *("station", "replica", "operations", "receipted", "in_custody", "pending"),
        *("attachments_pending", "quarantined", "conflicts", "last_contact", "last_receipt"),
        *("clock_offset_ms", "catalogue_version", "safe_to_switch_off"),
        *("sending_again", "stopped", "only_receives", "warnings", "oldest_pending_at"),
        *("attachments_missing", "free_bytes"),
    }
    assert (waiting["stopped"], waiting["only_receives"], waiting["sending_again"]) == (None, [], 0)
    assert (waiting["operations"], waiting["pending"], waiting["last_contact"]) == (2, 2, None)
    report = station("sync")
    assert set(report) == {
        *("sent", "received", "pending", "receipts_up_to", "quarantined", "requests"),
        *("bytes_up", "bytes_down", "attachments_pending", "stalled_reason"),
    }
    assert (report["sent"], report["pending"], report["stalled_reason"]) == (2, 0, None)
    done = station("status")
    assert (done["receipted"], done["pending"], done["safe_to_switch_off"]) == (2, 0, True)
    (line,) = station("case", "list")["cases"]
    assert line["transport"] == "received"
    assert line["official_number"]


def test_sync_without_a_county_is_13_and_keeps_everything(station, case, hub, monkeypatch):
    monkeypatch.setattr(hub.app, "instead", portal)
    assert station("sync", code=13)["error"]["type"] == "no_link"
    assert station("status")["pending"] == 2


def test_verify_and_rebuild(station, case):
    for verb in ("verify", "rebuild"):
        report = station(verb)
        keys = {"ok", "operations", "change_sets", "first_bad", "drift", "attachments_damaged"}
        assert set(report) == keys
        assert (report["ok"], report["operations"]) == (True, 2)


def test_the_catalogue_is_listed_with_the_modes_of_this_place(station):
    listed = station("catalogue", "list")
    assert (listed["version"], len(listed["items"])) == (1, 30)
    modes = {item["item"]: item["mode"] for item in listed["items"]}
    assert modes["DEMO-SB-01"] == "entrusted"


def test_a_document_has_the_same_number_each_time_it_is_printed(station, case):
    first = station("print", "receipt", case["temporary_number"])
    again = station("print", "receipt", case["case"])
    assert first["number"] == again["number"] != ""
    assert station("print", "poem", case["case"], code=2)["error"]["type"] == "usage"
    assert station("print", "receipt", case["case"], "--format", "pdf", code=2)


def test_documents_come_as_pdf_and_as_bytes_for_the_printer(station, case, tmp_path):
    file, roll, sheet = (tmp_path / name for name in ("a.pdf", "a.bin", "test.bin"))
    told = station("print", "receipt", case["case"], "--format", "pdf", "--out", str(file))
    assert (told["file"], told["bytes"]) == (str(file), file.stat().st_size)
    assert file.read_bytes().startswith(b"%PDF-")
    set_ = ("--target", f"file:{roll}", "--line", "B", "--width", "42", "--qr", "picture")
    roll.touch()
    assert station("printer", "set", *set_)["width"] == 42
    shown = station("printer", "show")
    assert (shown["mode"], shown["start"], shown["qr_picture"]) == ("text", "", True)
    sent = station("print", "receipt", case["case"], "--format", "escpos", "--send")
    assert sent["sent"] is True
    assert roll.read_bytes().startswith(b"\x1b@\x1ba")
    assert station("printer", "test", "--out", str(sheet))["bytes"] == sheet.stat().st_size
    roll.unlink()
    gone = station("print", "receipt", case["case"], "--format", "escpos", "--send", code=1)
    assert gone["error"]["type"] == "printer_failed"
    guide = station("print", "guide", "--item", "DEMO-YL-01", "--large", "--lang", "both")
    assert "办事指南 Guide to the item" in guide["html"]
    assert station("print", "guide", code=2)["error"]["type"] == "usage"


def test_accounts(station):
    added = station("user", "add", "--login", "Li", "--name", "李明", "--role", "helper")
    assert (added["user"], len(added["password"])) == ("li", 14)
    taken = ("user", "add", "--login", "LI", "--name", "李", "--role", "helper")
    assert station(*taken, code=1)["error"]["type"] == "login_taken"
    assert station("user", "disable", "li")["disabled"]
    assert [u["disabled"] for u in station("user", "list")["users"]] == [False, True]


def test_doctor_tells_each_thing_it_looked_at(station):
    names = {check["name"] for check in station("doctor")["checks"]}
    assert names >= {"database", "disk", "clock", "catalogue", "search", "link_county"}


def test_an_attended_station_asks_for_its_passphrase(fresh, hub, monkeypatch):
    path = fresh.folder / "pass"
    path.write_text("三只猫在看雪\n", "utf-8")
    code = hub.code(next(_VILLAGES), "village", "丙村")
    fresh("init", "--hub", hub.url, "--code", code, "--passphrase-file", str(path))
    assert fresh("status", "--no-input", code=12)["error"]["type"] == "locked"
    path.write_text("两只猫\n", "utf-8")
    wrong = fresh("status", "--passphrase-file", str(path), code=12)
    assert wrong["error"]["type"] == "wrong_key"
    path.write_text("三只猫在看雪\n", "utf-8")
    monkeypatch.setenv("STATION_PASSPHRASE_FILE", str(path))
    assert fresh("status")["operations"] == 0


def test_an_unattended_station_does_not_mind_a_passphrase_file(station, monkeypatch):
    monkeypatch.setenv("STATION_PASSPHRASE_FILE", station.write("pass", "x"))
    assert station("status")["operations"] == 0


def test_help_is_quick_and_loads_no_database():
    began = time.monotonic()
    script = (
        "import sys; from station.cli import PROGRAM; from node.command import run;"
        "code = run(PROGRAM, ['case', '--help']);"
        "print([m for m in ('sqlalchemy', 'flask', 'requests') if m in sys.modules]);"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert time.monotonic() - began < 5


def test_a_roster_is_taken_in_and_what_is_wrong_in_it_is_told(station):
    one, two = (builders.person(builders.seeded(seed)) for seed in (501, 502))
    path = station.folder / "list.xlsx"
    made = station("case", "template", str(path), "--item", "DEMO-YB-01")
    assert (made["item"], path.stat().st_size) == ("DEMO-YB-01", made["bytes"])
    sheets = workbook.read(path.read_bytes())
    (heads,) = sheets["名单"]
    papers = {head: "原件" for head in heads if head.startswith("材料")}
    rows = [
        papers | {"姓名": who.name, "身份证号": number, "门牌或组": who.address}
        for who, number in ((one, one.id_no), (two, int(two.id_no[:17])))
    ]
    path.write_bytes(
        workbook.write({"名单": [heads, *[[row.get(head) for head in heads] for row in rows]]})
    )
    checked = station("case", "import", str(path), "--item", "DEMO-YB-01", "--check", code=3)
    assert (checked["checked_only"], checked["taken"][0]["case"]) == (True, "")
    told = station("case", "import", str(path), "--item", "DEMO-YB-01", code=3)
    assert [taken["row"] for taken in told["taken"]] == [2]
    assert [(r["row"], r["problems"][0]["code"]) for r in told["refused"]] == [(3, "number_cell")]
    again = station("case", "import", str(path), "--item", "DEMO-YB-01", code=3)
    assert (again["taken"], again["before"]) == ([], told["taken"])
