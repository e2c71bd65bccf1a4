"""Settings, calendar and credit list: published by command, in force at every station (R-NX-42)."""

import json
from datetime import date

import pytest

from casework.facts import Act
from hub.cli import PROGRAM
from node import policy, publication, reckoning, verifying
from node.command import run
from node.people import NewAccount, add
from tests.integration import hub_county as tools
from tests.integration.hub_county import OTHER, TOWNSHIP, VILLAGE, receive

BAD = "411599199006150024"


@pytest.fixture
def hub(county, capsys, tmp_path, monkeypatch):
    """Runs a command; a second administrator is there to approve."""
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "county" / "hub"))
    with county.node.database.write() as tx:
        me = county.node.identity_in(tx)
        second = NewAccount(
            login="second", name="副管理员", role="administrator", station=me.place.code
        )
        add(tx, second, now=tools.NOW)

    def command(*words):
        code = run(PROGRAM, [*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


def limits(place):
    with place.database.read() as tx:
        found = publication.current(tx, place.me)
        return reckoning.limits(found, place.code, date(2026, 12, 1))


def publish(hub, value, scope, first="2026-01-01", name="correction_days"):
    words = (name, str(value), "--scope", scope, "--source", "实施细则第10条", "--from", first)
    code, draft = hub("setting", "set", *words, "--as", "admin")
    assert code == 0, draft
    code, layer = hub("setting", "approve", draft["draft"], "--as", "second")
    assert code == 0, layer
    return layer


@pytest.mark.req("R-NX-42")
def test_a_township_rule_reaches_its_own_stations_alone(hub, county, places):
    publish(hub, 12, "county")
    layer = publish(hub, 9, VILLAGE)
    assert (layer["set_by"], layer["approved_by"]) == ("admin", "second")
    publish(hub, 30, "province")
    publish(hub, 7, "county", first="2026-12-02")
    for code in (VILLAGE, OTHER, TOWNSHIP):
        places[code].sync(county)
    found = {code: limits(places[code]).settings.correction_days for code in places}
    assert found == {VILLAGE: 9, OTHER: 12, TOWNSHIP: 12, tools.OUTLET: 15}

    code, listed = hub("setting", "list", "--place", VILLAGE)
    (shown,) = [one for one in listed["settings"] if one["name"] == "correction_days"]
    assert (shown["value"], shown["layer"]["source"]) == (9, "实施细则第10条")
    assert [one["value"] for one in shown["coming"]] == [7]
    assert listed["drafts"] == []


@pytest.mark.req("R-NX-42")
def test_nobody_approves_his_own_proposal(hub, county):
    words = (
        "deficiency_days",
        "7",
        "--scope",
        "county",
        "--source",
        "第3条",
        "--from",
        "2026-12-01",
    )
    _, draft = hub("setting", "set", *words, "--as", "admin")
    code, told = hub("setting", "approve", draft["draft"], "--as", "admin")
    assert (code, told["error"]["errors"][0]["code"]) == (1, "second_person")
    assert hub("setting", "list")[1]["drafts"][0]["value"] == 7
    assert hub("setting", "withdraw", draft["draft"])[0] == 0
    assert hub("setting", "approve", draft["draft"], "--as", "second")[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("deficiency_days", "0", "--scope", "county"),
        ("nothing", "1", "--scope", "county"),
        ("deficiency_days", "5", "--scope", "411599999999"),
        ("lease_days", "3", "--scope", "county", "--from", "2027-01-01"),
    ],
)
def test_what_cannot_be_set_is_refused(hub, words):
    more = () if "--from" in words else ("--from", "2026-01-01")
    assert hub("setting", "set", *words, "--source", "第1条", *more)[0] == 1


@pytest.mark.req("R-NX-42")
def test_settings_of_machines_are_layered_too(hub, county, places):
    publish(hub, 3, VILLAGE, name="photo_wait_days", first="2026-01-01")
    places[VILLAGE].sync(county)
    with places[VILLAGE].database.read() as tx:
        assert policy.current(tx, places[VILLAGE].me).photo_wait_days == 3


# -- the calendar ---------------------------------------------------------------------------------


def promised_next_year(village, due="2027-01-05"):
    at = tools.NOW + 24 * policy.DAY_MS  # 2026-12-15
    record = receive(village, item="DEMO-YL-01", at=at)
    promise = {"due": due, "statutory_due": "2027-01-20", "estimated": True, "at": at}
    accepted = {"at": at, "kind": "accepted", "due": due, "statutory_due": "2027-01-20"}
    village.write(record, Act("case.accepted", {"accepted": accepted, "promise.1": promise}))
    return record


def notice(tmp_path, *, off=(), working=()):
    path = tmp_path / "2027.json"
    document = {
        "source": "2027年的通知",
        "published_from": "2027-01-01",
        "published_until": "2027-12-31",
        "off": [{"from": day, "to": day, "name": "元旦"} for day in off],
        "working": list(working),
    }
    path.write_text(json.dumps(document), "utf-8")
    return str(path)


def day_at(place, record):
    return place.case(record).dues.promised.isoformat()


def test_an_estimate_moves_earlier_with_the_notice_everywhere(hub, county, places, tmp_path):
    village = places[VILLAGE]
    for one in (village, county.node):
        one.clock.advance(24 * policy.DAY_MS)
    record = promised_next_year(village)
    village.sync(county)
    assert day_at(village, record) == day_at(county, record) == "2027-01-05"

    # Fifteen working days: twelve are left of the year, then 01-01 and the worked weekend.
    file = notice(tmp_path, working=["2027-01-02", "2027-01-03"])
    code, told = hub("calendar", "import", file)
    assert (code, told["until"]) == (0, "2027-12-31")
    village.sync(county)
    assert day_at(county, record) == day_at(village, record) == "2027-01-03"
    assert list(verifying.verify(county.node).drift) == []


def test_a_printed_day_is_kept_where_the_notice_makes_it_later(hub, county, places, tmp_path):
    village = places[VILLAGE]
    for one in (village, county.node):
        one.clock.advance(24 * policy.DAY_MS)
    record = promised_next_year(village)
    village.sync(county)
    off = ["2027-01-01", "2027-01-04", "2027-01-05", "2027-01-06"]
    assert hub("calendar", "import", notice(tmp_path, off=off))[0] == 0
    village.sync(county)
    assert day_at(county, record) == day_at(village, record) == "2027-01-05"


def test_a_notice_that_is_none_changes_nothing(hub, tmp_path):
    for text in ("[]", "{}", '{"published_from": "2027-01-01", "published_until": "2026-01-01"}'):
        path = tmp_path / "bad.json"
        path.write_text(text, "utf-8")
        assert hub("calendar", "import", str(path))[0] == 1
    assert hub("calendar", "show")[1]["version"] == 1


# -- the credit list ------------------------------------------------------------------------------


def credit_file(tmp_path, *rows):
    path = tmp_path / "credit.csv"
    path.write_text("\n".join(["证件号码,类型,起始日期,修复日期", *rows]), "gb18030")
    return str(path)


@pytest.mark.req("R-HC-29e")
def test_the_list_leaves_the_county_without_a_number(hub, county, places, tmp_path):
    file = credit_file(tmp_path, f"{BAD},失信,2026-01-01,", f"{BAD},虚假承诺,2026-02-01,2026-03-01")
    code, told = hub("credit", "import", file)
    assert (code, told["holding"], told["repaired"]) == (
        0,
        {"dishonest": 1, "false_promise": 0},
        1,
    )
    places[VILLAGE].sync(county)
    with places[VILLAGE].database.read() as tx:
        text = json.dumps(publication.current(tx, places[VILLAGE].me).document)
    assert '"credit"' in text
    assert BAD not in text
    logs = (tmp_path / "county" / "hub").rglob("*.jsonl")
    assert not any(BAD in log.read_text("utf-8") for log in logs)


def test_every_wrong_line_is_named_without_its_number_and_nothing_is_published(hub, tmp_path):
    file = credit_file(tmp_path, "41159919900615002X,失信,2026-01-01,", f"{BAD},欠钱,soon,later")
    code, told = hub("credit", "import", file)
    assert code == 1
    assert [one["pointer"] for one in told["error"]["errors"]] == ["/2", "/3", "/3", "/3"]
    assert "41159919900615002X" not in json.dumps(told, ensure_ascii=False)
    assert hub("credit", "show")[1]["as_of"] == ""


def test_a_file_without_the_columns_is_refused(hub, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("姓名,电话\n王芳,1\n", "utf-8")
    assert hub("credit", "import", str(path))[0] == 1
