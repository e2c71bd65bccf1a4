"""Pages of a matter and of files in and out: the real apps, no network."""

import io
import json
import re
from contextlib import closing

import pytest

from fixtures import builders
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from hub.app import create_app as hub_app
from node import people
from node.config import DataDirectory
from node.people import NewAccount
from station.app import create_app, open_door
from station.rows import SCRIPTS
from station.usecases import intake
from tests.integration import hub_county
from tests.integration.hub_county import TOWNSHIP as TOWN
from tests.integration.hub_county import VILLAGE, accepted, receive

pytestmark = pytest.mark.enable_socket
"""Only for this computer's own name, under which its pages may be visited."""

PASSWORD = "cdfg-hjkm-npqr"
MATTER = "YJS-SHYJ"
WHO = builders.person(builders.seeded(3))
SYSTEM = "医保信息系统"
AT = "2026-11-20T09:00:00+08:00"


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


def enter(client, login):
    form = {"login": login, "password": PASSWORD}
    form["csrf_token"] = token(client.get("/sign-in").text)
    assert client.post("/sign-in", data=form).status_code == 303
    return client


@pytest.fixture
def village(tmp_path):
    world = World(tmp_path)
    world.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        one = furnish(world.add(code))
        role = "clerk" if code == TOWNSHIP else "helper"
        with one.node.database.write() as tx:
            people.add(tx, NewAccount("wang", "王", role, code), now=1, password=PASSWORD)
            tx.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
            tx.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (SCRIPTS.head,))
    with closing(world):
        yield world.stations[VILLAGE_A]


@pytest.fixture
def helper(village):
    directory = DataDirectory(village.node.directory.path)
    door, background = open_door(directory, clock=village.node.clock, passphrase=None)
    app = create_app(door, background, directory=directory, clock=village.node.clock)
    return enter(app.test_client(), "wang")


def papers(page):
    """The papers that a page asks for, each as handed in."""
    numbers = sorted(set(re.findall(r'name="materials\.(\d+)\.form"', page)), key=int)
    fields = {f"materials.{no}.form": "original" for no in numbers}
    return fields | {f"materials.{no}.original_seen": "yes" for no in numbers}


def person(page):
    """The first page, filled in."""
    return {
        "applicant.kind": "natural",
        "applicant.name": WHO.name,
        "applicant.id_type": "resident_id",
        "applicant.id_no": WHO.id_no,
        "applicant.phone": "13800000003",
        "applicant.address": WHO.address,
        "applicant.division": VILLAGE_A,
        "agent.present": "self",
        "pickup": "station",
        "go": "next",
        "csrf_token": token(page),
    }


@pytest.mark.req("R-HC-24")
def test_one_notice_tells_of_the_whole_matter(helper):
    notice = helper.get(f"/items/{MATTER}/notice")
    assert notice.status_code == 200
    assert "身后一件事" in notice.text


@pytest.mark.req("R-HC-24")
def test_a_matter_is_found_filled_in_once_and_ends_with_all_its_parts_on_one_page(helper, village):
    home = helper.get("/").text
    found = helper.post("/look", data={"q": "身后", "to": "/", "csrf_token": token(home)})
    shown = helper.get(found.headers["Location"]).text
    assert f"/items/{MATTER}" in shown
    item = helper.get(f"/items/{MATTER}").text
    assert "身后一件事" in item
    begun = helper.post(f"/items/{MATTER}", data={"csrf_token": token(item)})
    first = begun.headers["Location"]
    page = helper.get(first).text
    answers = person(page) | {"form.bank_account": "6217000000000"}
    after = helper.post(first, data=answers)
    assert after.status_code == 303, after.text
    materials = after.headers["Location"]
    page = helper.get(materials).text
    handed = papers(page)
    assert handed
    after = helper.post(materials, data=handed | {"go": "next", "csrf_token": token(page)})
    assert after.status_code == 303, after.text
    check = after.headers["Location"]
    page = helper.get(check).text
    done = helper.post(check, data={"go": "finish", "csrf_token": token(page)})
    assert done.status_code == 303, done.text
    assert done.headers["Location"].startswith("/matters/")
    whole = helper.get(done.headers["Location"]).text
    for name in ("丧葬补助金", "重度残疾人护理补贴", "户口登记项目变更"):
        assert name in whole
    assert whole.count("打印凭证") == 3
    first = re.search(r'href="(/cases/[^"/]+)"', whole).group(1)
    assert "同一件事的全部办件" in helper.get(first).text
    assert len(village.cases()) == 3


@pytest.mark.req("R-HC-26")
def test_an_intake_for_another_township_is_filled_in_on_the_page(helper, village):
    item = helper.get("/items/DEMO-SB-03").text
    begun = helper.post("/items/DEMO-SB-03", data={"csrf_token": token(item)})
    first = begun.headers["Location"]
    page = helper.get(first).text
    assert '<option value="411526102000"' in page
    assert f'<option value="{TOWNSHIP}"' not in page, "its own township is no other place"
    answers = person(page) | {"handling": "411526102000"}
    materials = helper.post(first, data=answers).headers["Location"]
    page = helper.get(materials).text
    more = {"go": "next", "csrf_token": token(page)}
    check = helper.post(materials, data=papers(page) | more).headers["Location"]
    page = helper.get(check).text
    helper.post(check, data={"go": "finish", "csrf_token": token(page)})
    (case,) = village.cases()
    state = village.state(case)
    assert (state.text("handling"), state.state.value) == ("411526102000", "RECEIVED")


def test_a_matter_of_another_place_is_not_found(helper):
    assert helper.get(f"/matters/{MATTER}:01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404


@pytest.mark.req("R-GX-04b")
def test_a_shared_case_says_who_does_what(helper, village):
    given = builders.case_document(WHO, builders.sample_item("DEMO-SB-03"))
    there = given | {"handling": "411526102000"}
    opened = intake.open_case(village.node, there, account=village.worker)
    page = helper.get(f"/cases/{opened.case}").text
    assert "两地一起办,谁做什么" in page
    assert "办理的:伞陂镇" in page
    own = intake.open_case(village.node, given, account=village.worker)
    assert "两地一起办" not in helper.get(f"/cases/{own.case}").text


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with hub_county.copy(tmp_path_factory, tmp_path) as (county, places):
        with county.node.database.write() as tx:
            for login in ("admin", "approver"):
                people.set_password(tx, login, password=PASSWORD)
        yield county, places, enter(hub_app(county.node).test_client(), "approver")


def send(client, path, **form):
    data = {**form, "csrf_token": token(client.get("/exchange").text)}
    return client.post(path, data=data, content_type="multipart/form-data")


def a_case(county, places):
    record = receive(places[VILLAGE], item="DEMO-YB-01")
    places[VILLAGE].write(record, accepted())
    places[VILLAGE].sync(county)
    return county.case(record)


def rows(*given):
    data = "".join(json.dumps(row) + "\n" for row in given).encode()
    return io.BytesIO(data), "progress.jsonl"


@pytest.mark.req("R-NX-18b")
def test_what_must_be_entered_again_is_listed_until_its_number_is_noted(office):
    county, places, clerk = office
    case = a_case(county, places)
    number = case.state.text("official_number")
    page = clerk.get("/exchange").text
    assert number in page
    assert SYSTEM in page
    assert f"还要再录入“{SYSTEM}”" in clerk.get(f"/cases/{case.id}").text
    row = {"system": SYSTEM, "number": number, "their_number": "YB-7", "status": "", "at": AT}
    assert "读进来1行。" in send(clerk, "/exchange/import", file=rows(row)).text
    assert number not in clerk.get("/exchange").text
    shown = clerk.get(f"/cases/{case.id}").text
    assert "还要再录入" not in shown
    assert "YB-7" in shown
    places[VILLAGE].sync(county)
    assert "external." in " ".join(places[VILLAGE].case(case.record).state.values)


@pytest.mark.req("R-HN-19a")
def test_progress_stands_in_the_history_of_the_case(office):
    county, places, clerk = office
    case = a_case(county, places)
    row = {"system": "豫事办", "number": case.id, "status": "部门审核中", "at": AT}
    read = send(clerk, "/exchange/import", file=rows(row, {**row, "number": "豫000"}))
    assert "有1行没读进来" in read.text
    assert "第2行:" in read.text
    assert "豫事办 部门审核中" in clerk.get(f"/cases/{case.id}").text


@pytest.mark.req("R-HN-10")
def test_the_page_gives_each_case_once_and_asks_what_names_are_for(office):
    county, places, clerk = office
    case = a_case(county, places)
    bare = send(clerk, "/exchange/export", form="csv", personal="yes")
    assert (bare.status_code, "写明用途" in bare.text) == (422, True)
    first = send(clerk, "/exchange/export", form="csv")
    assert first.headers["Content-Disposition"].endswith('.csv"')
    assert case.id in first.get_data(as_text=True)
    second = send(clerk, "/exchange/export", form="jsonl")
    assert case.id not in second.get_data(as_text=True)
    assert send(clerk, "/exchange/import").status_code == 422


def test_only_who_works_on_cases_sees_files_in_and_out(office):
    county, _places, _clerk = office
    admin = enter(hub_app(county.node).test_client(), "admin")
    assert admin.get("/exchange").status_code == 403


@pytest.mark.req("R-HC-27")
def test_the_lead_department_sees_every_part_of_a_matter_at_the_county(office):
    county, places, clerk = office
    reference = f"{MATTER}:01ARZ3NDEKTSV4RRFFQ69G5FAV"
    for item in ("DEMO-SB-05", "DEMO-CJ-01", "DEMO-HJ-02"):
        receive(places[TOWN], item=item, bundle=reference)
    places[TOWN].sync(county)
    page = clerk.get(f"/matters/{reference}").text
    assert "牵头:民政局" in page
    for department in ("人社局", "民政局/残联", "公安局"):
        assert department in page
    assert "王*" in page
    assert "王芳" not in page
