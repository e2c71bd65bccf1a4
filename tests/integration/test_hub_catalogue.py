"""The catalogue's way: imported, submitted by one, approved by another, arrived at stations."""

import copy
import json
from pathlib import Path

import pytest
from flask import Flask

from casework import catalogue_sheet, facts
from casework.places import Role
from fixtures.builders import read_shipped
from hub.cli import PROGRAM
from hub.usecases import catalogue_drafts as drafts
from hub.usecases import catalogue_requests, catalogue_versions, publishing, setup
from hub.usecases.catalogue_requests import NewRequest
from node import people, publication, workbook
from node.command import run
from node.config import DataDirectory
from node.errors import InvalidInput, NotAllowed
from node.people import NewAccount
from station import web as station_web
from station.cli import PROGRAM as STATION_PROGRAM
from sync.errors import Unauthentic
from tests.integration.hub_county import (
    KINDS,
    NOW,
    VILLAGE,
    Station,
    accepted,
    receive,
)

ELDER, PENSION = "DEMO-YL-01", "DEMO-SB-01"


@pytest.fixture
def admins(county):
    """The first administrator, and a second one."""
    with county.node.database.write() as tx:
        new = NewAccount(
            login="second", name="第二人", role=Role.ADMINISTRATOR, station="411526000000"
        )
        people.add(tx, new, now=NOW)
        return people.acting(tx, "admin", ["administrator"]), people.acting(
            tx, "second", ["administrator"]
        )


def shipped(code=None, **more):
    """The shipped catalogue, one item changed."""
    document = copy.deepcopy(dict(read_shipped("sample_catalogue.json")))
    for item in document["items"]:
        if item["code"] == code:
            item.update(more)
    return document


def given(document):
    return json.dumps(document, ensure_ascii=False).encode()


def publish(county, admins, document, note="改了承诺时限"):
    made = drafts.import_file(county.node, given(document), account=admins[0])
    drafts.submit(county.node, made.draft.id, note=note, account=admins[0])
    return drafts.approve(county.node, made.draft.id, account=admins[1])


def item_at(node, code):
    with node.database.read() as tx:
        return node.catalogue(tx).item(code)


@pytest.mark.req("R-HC-17a")
def test_two_people_make_a_version_and_stations_get_it(county, places, admins):
    made = drafts.import_file(
        county.node, given(shipped(ELDER, promised_days=9)), account=admins[0]
    )
    assert [change.code for change in made.changes.changed] == [ELDER]
    with pytest.raises(InvalidInput):  # nobody has submitted it
        drafts.approve(county.node, made.draft.id, account=admins[1])
    drafts.submit(county.node, made.draft.id, note="高龄津贴改为9天", account=admins[0])
    with pytest.raises(InvalidInput) as refused:  # nobody approves his own
        drafts.approve(county.node, made.draft.id, account=admins[0])
    assert refused.value.errors[0].code == "second_person"
    assert item_at(county.node, ELDER).promised_days == 15

    done = drafts.approve(county.node, made.draft.id, account=admins[1])
    assert (done.version, done.author, done.decided_by) == (2, "admin", "second")
    assert item_at(county.node, ELDER).promised_days == 9
    with pytest.raises(InvalidInput):  # once is enough
        drafts.approve(county.node, made.draft.id, account=admins[1])
    village = places[VILLAGE]
    receive(village)
    village.sync(county)
    with village.database.read() as tx:
        found = publication.current(tx, village.me)
    assert (found.version, found.document["note"]) == (2, "高龄津贴改为9天")


@pytest.mark.req("R-HC-18b")
def test_every_place_reads_the_same_guide_from_one_document(county, places, admins):
    publish(county, admins, shipped(ELDER, promised_days=9))
    seen = set()
    for place in places.values():
        receive(place)
        place.sync(county)
        with place.database.read() as tx:
            found = publication.current(tx, place.me)
            seen.add((found.version, json.dumps(found.document["catalogue"], sort_keys=True)))
    with county.node.database.read() as tx:
        own = county.node.published(tx)
    seen.add((own.version, json.dumps(own.document["catalogue"], sort_keys=True)))
    assert len(seen) == 1


@pytest.mark.req("R-HC-17a")
def test_what_departments_asked_for_is_told_and_adjusted_in_time_or_flagged(county, admins):
    def asked(**more):
        new = {
            "kind": "adjust",
            "items": [ELDER],
            "department": "民政局",
            "proposer": "李某",
            "basis": "《高龄津贴规定（示例）》",
            "law_date": "2026-11-16",
            "told_on": "2026-11-19",
        }
        return catalogue_requests.note(county.node, NewRequest(**(new | more)), account=admins[0])

    in_time = asked()
    late = asked(law_date="2026-11-02", told_on="2026-11-06", items=[PENSION])
    assert (in_time.told_late, in_time.adjusted_late) == (False, False)
    assert in_time.tell_by.isoformat() == "2026-11-19"
    assert in_time.adjust_by.isoformat() == "2026-11-25"
    assert (late.told_late, late.adjusted_late) == (True, True)
    assert catalogue_requests.uncovered(county.node, [ELDER, "X"]) == ("X",)

    publish(county, admins, shipped(ELDER, promised_days=9))
    by_item = {one.items: one for one in catalogue_requests.listed(county.node)}
    assert by_item[(ELDER,)].version == 2
    assert by_item[(ELDER,)].adjusted_on.isoformat() == "2026-11-21"
    assert by_item[(PENSION,)].adjusted_on is None


@pytest.mark.req("R-NX-13")
@pytest.mark.req("R-HN-13")
@pytest.mark.parametrize(("told", "is_late"), [("2026-10-09", False), ("2026-10-10", True)])
def test_three_and_seven_working_days_are_counted_by_the_published_calendar(
    county, admins, told, is_late
):
    """Over the holidays of October: 30 September, then 8, 9 and, a Saturday, 10 October."""
    new = NewRequest(
        kind="cancel",
        items=[ELDER],
        department="民政局",
        proposer="李某",
        basis="《规定（示例）》",
        law_date="2026-09-29",
        told_on=told,
    )
    found = catalogue_requests.note(county.node, new, account=admins[0])
    assert found.tell_by.isoformat() == "2026-10-09"
    assert found.adjust_by.isoformat() == "2026-10-14"
    assert (found.told_late, found.adjusted_late) == (is_late, True)


@pytest.mark.req("R-GX-03")
def test_a_department_proposes_and_cannot_publish(county, admins):
    with county.node.database.write() as tx:
        approver = people.acting(tx, "approver", ["approver"])
    document = given(shipped(ELDER, promised_days=9))
    with pytest.raises(NotAllowed):
        drafts.import_file(county.node, document, account=approver)
    made = drafts.import_file(county.node, document, account=admins[0])
    drafts.submit(county.node, made.draft.id, note="改了", account=admins[0])
    with pytest.raises(NotAllowed):
        drafts.approve(county.node, made.draft.id, account=approver)
    with pytest.raises(NotAllowed):
        drafts.send_back(county.node, made.draft.id, reason="不", account=approver)
    assert item_at(county.node, ELDER).promised_days == 15


def test_a_bad_row_leaves_nothing_behind(county, admins):
    document = shipped(ELDER, promised_days=9)
    document["items"][0]["promised_days"] = 20
    made = drafts.import_file(county.node, given(document), account=admins[0])
    assert made.draft is None
    assert [(p.row, p.field) for p in made.given.problems] == [(1, "promised_days")]
    assert drafts.waiting(county.node) is None


def test_a_draft_is_sent_back_with_a_reason_and_submitted_anew(county, admins):
    made = drafts.import_file(
        county.node, given(shipped(ELDER, promised_days=9)), account=admins[0]
    )
    drafts.submit(county.node, made.draft.id, note="改了", account=admins[0])
    with pytest.raises(InvalidInput):  # one waits
        drafts.import_file(county.node, given(shipped(PENSION, name="x")), account=admins[0])
    back = drafts.send_back(county.node, made.draft.id, reason="天数不对", account=admins[1])
    assert (back.state.value, back.reason) == ("returned", "天数不对")
    drafts.submit(county.node, made.draft.id, note="改好了", account=admins[0])
    assert drafts.approve(county.node, made.draft.id, account=admins[1]).version == 2


def test_a_draft_is_stale_once_another_catalogue_stands(county, admins):
    made = drafts.import_file(
        county.node, given(shipped(ELDER, promised_days=9)), account=admins[0]
    )
    drafts.submit(county.node, made.draft.id, note="改了", account=admins[0])
    with county.node.database.write() as tx:
        publishing.republish(tx, county.node, {"settings": {"lease_days": 8}})
    with county.node.database.write() as tx:
        publishing.republish(tx, county.node, {"catalogue": shipped(PENSION, remarks="新的")})
    with pytest.raises(InvalidInput) as refused:
        drafts.approve(county.node, made.draft.id, account=admins[1])
    assert refused.value.errors[0].code == "stale"


def test_settings_published_meanwhile_are_kept(county, admins):
    made = drafts.import_file(
        county.node, given(shipped(ELDER, promised_days=9)), account=admins[0]
    )
    drafts.submit(county.node, made.draft.id, note="改了", account=admins[0])
    with county.node.database.write() as tx:
        publishing.republish(tx, county.node, {"settings": {"lease_days": 8}})
    assert drafts.approve(county.node, made.draft.id, account=admins[1]).version == 3
    with county.node.database.read() as tx:
        assert county.node.published(tx).document["settings"] == {"lease_days": 8}


def test_rolling_back_publishes_the_old_as_new(county, admins):
    publish(county, admins, shipped(ELDER, promised_days=9))
    made = drafts.roll_back(county.node, 1, account=admins[1])
    drafts.submit(county.node, made.draft.id, note="退回第1版", account=admins[1])
    done = drafts.approve(county.node, made.draft.id, account=admins[0])
    assert (done.version, done.restores) == (3, 1)
    assert item_at(county.node, ELDER).promised_days == 15


def test_the_difference_counts_open_cases_in_one_question(county, places, admins):
    village = places[VILLAGE]
    for _ in range(2):
        receive(village, item=ELDER, id_no="")
    ended = receive(village, item=ELDER, id_no="")
    village.write(ended, accepted())
    receive(village, item=PENSION, id_no="")
    village.sync(county)
    made = drafts.import_file(
        county.node, given(shipped(ELDER, promised_days=9)), account=admins[0]
    )
    found = catalogue_versions.difference(county.node, made.draft)
    assert dict(found.affected) == {ELDER: 3}


def test_arrival_is_what_stations_said(county, places, admins):
    publish(county, admins, shipped(ELDER, promised_days=9))
    for code in (VILLAGE, VILLAGE):
        receive(places[code])
        places[code].sync(county)  # takes version 2, and says so at its next request
    newest = catalogue_versions.versions(county.node)[0]
    assert (newest.version, newest.author, newest.approver) == (2, "admin", "second")
    assert (newest.have, newest.stations) == (1, len(KINDS))
    first = catalogue_versions.versions(county.node)[-1]
    assert (first.version, first.have) == (1, 1)


# --- no station can change it


@pytest.mark.req("R-HC-17c")
def test_a_station_cannot_sign_a_catalogue(county, places):
    village: Station = places[VILLAGE]
    with village.database.read() as tx:
        document = dict(publication.current(tx, village.me).document)
    document["catalogue"] = {"items": []}
    forged = publication.publish(9, document, village.signing)
    with village.database.write() as tx, pytest.raises(Unauthentic):
        publication.take_published(tx, village.me, forged, now=NOW)
    with county.node.database.write() as tx, pytest.raises(Unauthentic):
        publication.take_published(tx, county.node.identity_in(tx), forged, now=NOW)


@pytest.mark.req("R-HC-17c")
def test_no_command_page_or_fact_of_a_station_writes_a_catalogue():
    assert set(STATION_PROGRAM.tree["catalogue"].verbs) == {"list"}
    app = Flask("station")
    for blueprint in station_web.blueprints():
        app.register_blueprint(blueprint)
    posts = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert posts
    assert not [rule for rule in posts if "catalog" in rule or "publish" in rule]
    touched = {field for fact in facts.FACTS.values() for field in fact.sets}
    assert touched
    assert not [field for field in touched if field.startswith(("catalogue", "items"))]


# --- commands


@pytest.fixture
def hub(county, capsys, tmp_path, monkeypatch, admins):
    """Runs a command; answers its exit code and its document."""
    del county, admins
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "county" / "hub"))

    def command(*words):
        code = run(PROGRAM, ["catalogue", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


def test_a_workbook_goes_all_the_way(hub, tmp_path):
    file = str(tmp_path / "目录.xlsx")
    assert hub("template", file, "--filled")[1]["sheets"]["事项"] == 30
    sheets = {name: [list(r) for r in rows] for name, rows in read(file).items()}
    head = sheets["事项"][0]
    sheets["事项"][22][head.index("承诺时限（工作日）")] = 12
    (tmp_path / "目录.xlsx").write_bytes(workbook.write(sheets))
    code, made = hub("import", file)
    assert (code, made["version"], made["errors"]) == (0, 2, [])
    assert (made["added"], made["changed"], made["removed"]) == ([], [ELDER], [])
    code, told = hub("diff")
    assert code == 0
    assert told["details"][0]["days"] == [15, 12]
    assert told["without_request"] == [ELDER]
    code, done = hub("publish", "--note", "高龄津贴12天")
    assert (code, done["state"], done["version"]) == (0, "submitted", None)
    assert hub("publish")[0] != 0  # the same person
    code, done = hub("publish", "--as", "second")
    assert (code, done["state"], done["version"]) == (0, "published", 2)
    code, listed = hub("list")
    assert [one["version"] for one in listed["versions"]] == [2, 1]
    assert listed["draft"] is None
    assert hub("rollback", "1", "--as", "second")[0] == 0


def read(file):
    return workbook.read(Path(file).read_bytes())


def test_refused_rows_are_told_and_nothing_is_kept(hub, tmp_path):
    sheets = catalogue_sheet.write(shipped())
    sheets["事项"][4][0] = 10234
    sheets["材料"][2][2] = "其他材料"
    file = tmp_path / "bad.xlsx"
    file.write_bytes(workbook.write(sheets))
    code, made = hub("import", str(file))
    assert (code, made["version"], made["draft"]) == (3, None, None)
    places = {(e["sheet"], e["row"], e["field"]) for e in made["errors"]}
    assert ("事项", 5, "事项编码") in places
    assert ("材料", 3, "材料名称") in places
    assert all(e["message"] for e in made["errors"])
    code, told = hub("diff")
    assert code == 1
    assert told["error"]["type"] == "invalid"
    assert hub("list")[1]["draft"] is None


def test_requests_of_departments_by_command(hub):
    words = ("--kind", "cancel", "--item", ELDER, "--department", "民政局", "--proposer", "李某")
    dates = ("--law-date", "2026-11-02", "--told-on", "2026-11-04")
    code, made = hub("request", *words, "--basis", "《规定（示例）》", *dates)
    assert (code, made["told_late"], made["adjust_by"]) == (0, False, "2026-11-11")
    assert hub("requests")[1]["requests"][0]["adjusted_late"] is True


@pytest.mark.req("R-GX-22")
def test_a_secret_item_comes_in_neither_at_the_first_nor_at_a_later_version(
    county, admins, tmp_path
):
    file = tmp_path / "catalogue.json"
    file.write_bytes(given(shipped(ELDER, confidential=True)))
    request = setup.Request(county="411526", catalogue=file)
    with pytest.raises(InvalidInput) as refused:
        setup.init(DataDirectory(tmp_path / "hub"), request, clock=county.node.clock)
    assert refused.value.errors[0].code == "confidential"
    made = drafts.import_file(county.node, file.read_bytes(), account=admins[0])
    assert made.draft is None
    assert [p.field for p in made.given.problems] == ["confidential"]
