"""The catalogue's pages at the county by two administrators, and the item card at a station."""

import copy
import io
import re

import pytest

from casework import catalogue_sheet
from fixtures.builders import read_shipped
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from hub.app import create_app as hub_app
from node import people, publication, workbook
from node.config import DataDirectory
from node.people import NewAccount
from station.app import create_app, open_door
from station.rows import SCRIPTS
from tests.integration.hub_county import NOW

pytestmark = pytest.mark.enable_socket
"""Only for this computer's own name, under which its pages may be visited."""

PASSWORD = "cdfg-hjkm-npqr"
ELDER, CARD = "DEMO-YL-01", "DEMO-YL-02"


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


def enter(client, login):
    form = {"login": login, "password": PASSWORD}
    form["csrf_token"] = token(client.get("/sign-in").text)
    assert client.post("/sign-in", data=form).status_code == 303
    return client


def post(client, path, *, file=b"", **form):
    data = {**form, "csrf_token": token(client.get("/catalogue").text)}
    if file:
        data["file"] = (io.BytesIO(file), "目录.xlsx")
    return client.post(path, data=data, content_type="multipart/form-data")


def book(days):
    sheets = catalogue_sheet.write(copy.deepcopy(dict(read_shipped("sample_catalogue.json"))))
    head = sheets["事项"][0]
    sheets["事项"][22][head.index("承诺时限（工作日）")] = days
    return workbook.write(sheets)


@pytest.fixture
def office(county):
    """Signs somebody in at the county's pages."""
    with county.node.database.write() as tx:
        new = NewAccount("second", "第二人", "administrator", "411526000000")
        people.add(tx, new, now=NOW, password=PASSWORD)
        for login in ("admin", "approver"):
            people.set_password(tx, login, password=PASSWORD)
    app = hub_app(county.node)
    return lambda login: enter(app.test_client(), login)


@pytest.mark.req("R-HC-17a")
def test_a_clerk_fills_in_a_workbook_and_a_second_person_publishes_it(office):
    author, second = office("admin"), office("second")
    saved = author.get("/catalogue/template?filled=1")
    with saved:
        assert saved.mimetype.endswith("spreadsheetml.sheet")
        assert len(workbook.read(saved.data)["事项"]) == 31

    assert post(author, "/catalogue/import", file=book(9)).status_code == 303
    draft = author.get("/catalogue/draft").text
    assert "高龄津贴申领" in draft
    assert "承诺时间短了" in draft
    assert "审核通过,公布" not in draft
    assert "没有部门提过就改的" in draft
    assert post(author, "/catalogue/draft/submit", note="").status_code == 422
    assert post(author, "/catalogue/draft/submit", note="改为9天").status_code == 303
    assert "自己写的要另一位管理员来审核" in author.get("/catalogue/draft").text
    alone = post(author, "/catalogue/draft/approve")
    assert alone.status_code == 422
    assert "另一位管理员" in alone.text
    assert post(second, "/catalogue/draft/approve").status_code == 303
    told = second.get("/catalogue?done=published").text
    assert "admin写,second审" in told
    assert "0/4站已收到" in told
    assert second.get("/catalogue/versions/2/arrival").text.count("不清楚") == 4


def test_refused_rows_are_shown_and_nothing_is_kept(office):
    author = office("admin")
    answer = post(author, "/catalogue/import", file=book(99))
    assert answer.status_code == 422
    assert "第23行" in answer.text
    assert "什么都没有改" in answer.text
    assert author.get("/catalogue/draft").status_code == 404
    assert post(author, "/catalogue/import", file=b"PK nothing").status_code == 422
    assert post(author, "/catalogue/import").status_code == 422


@pytest.mark.req("R-GX-03")
def test_an_approver_of_a_department_only_looks(office):
    approver = office("approver")
    page = approver.get("/catalogue")
    assert page.status_code == 200
    assert "导入,做成草稿" not in page.text
    posted = {"csrf_token": token(page.text)}
    for path in ("import", "draft/approve", "draft/submit", "rollback/1", "requests"):
        assert approver.post(f"/catalogue/{path}", data=posted).status_code == 403


def test_a_request_of_a_department_is_noted_or_told_what_lacks(office):
    admin = office("admin")
    typed = {
        "kind": "cancel",
        "items": f"{ELDER}、{CARD}",
        "department": "民政局",
        "proposer": "李某",
        "basis": "《规定（示例）》",
        "law_date": "2026-11-02",
        "told_on": "2026-11-09",
    }
    assert post(admin, "/catalogue/requests", **typed | {"law_date": "昨天"}).status_code == 422
    assert post(admin, "/catalogue/requests", **typed).status_code == 303
    page = admin.get("/catalogue").text
    assert "晚了" in page
    assert CARD in page


# --- at a station


@pytest.fixture
def village(tmp_path):
    made = World(tmp_path)
    made.begin()
    furnish(made.add(TOWNSHIP))
    one = furnish(made.add(VILLAGE_A))
    with one.node.database.write() as tx:
        people.add(tx, NewAccount("wang", "王", "helper", VILLAGE_A), now=1, password=PASSWORD)
        tx.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
        tx.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (SCRIPTS.head,))
    yield made, one
    made.close()


@pytest.fixture
def helper(village):
    _, one = village
    directory = DataDirectory(one.node.directory.path)
    door, background = open_door(directory, clock=one.node.clock, passphrase=None)
    app = create_app(door, background, directory=directory, clock=one.node.clock)
    return enter(app.test_client(), "wang")


def publish(village, code, change_note="", **more):
    world, one = village
    with one.node.database.write() as tx:
        before = one.node.published(tx)
        catalogue = copy.deepcopy(dict(read_shipped("sample_catalogue.json")))
        item = next(item for item in catalogue["items"] if item["code"] == code)
        item.update(more)
        item["guide"]["change_note"] = change_note
        document = {**before.document, "catalogue": catalogue, "published_on": "2026-11-20"}
        message = publication.publish(before.version + 1, document, world.hub.me.signing)
        publication.take_published(tx, one.me, message, now=world.clock.now)


@pytest.mark.req("R-NX-11")
@pytest.mark.req("R-HC-18b")
def test_the_item_card_shows_every_text_of_the_guide(village, helper):
    publish(village, "DEMO-WF-01", remarks="x")
    page = helper.get("/items/DEMO-WF-01").text
    item = next(
        i for i in read_shipped("sample_catalogue.json")["items"] if i["code"] == "DEMO-WF-01"
    )
    guide = item["guide"]
    told = (
        *(item["name"], item["department"], guide["result_name"], guide["sample"]),
        *(guide["consult"], guide["complain"], guide["place_and_hours"]),
        *guide["conditions"],
        *guide["common_errors"],
        *guide["flow"],
        *(material["name"] for material in item["materials"]),
        *("承诺20个工作日", "(法定30个工作日)", "不收费", "房屋鉴定,10个工作日", "个人"),
        *("必要", "可容缺", "可共享或承诺", "没有的,写承诺代替也行", "2026年11月20日"),
    )
    assert [text for text in told if text not in page] == []


def test_what_changed_is_told_once_until_read(village, helper):
    assert "办法有变" not in helper.get(f"/items/{ELDER}").text
    publish(village, ELDER, "改成9天了。", promised_days=9)
    page = helper.get(f"/items/{ELDER}").text
    assert "办法有变" in page
    assert "承诺时间从15个工作日改成9个。" in page
    form = {"csrf_token": token(page)}
    assert helper.post(f"/items/{ELDER}/read/2", data=form).status_code == 303
    assert "办法有变" not in helper.get(f"/items/{ELDER}").text


@pytest.mark.req("R-HC-17b")
def test_a_stopped_item_cannot_be_begun_and_leads_to_its_successor(village, helper):
    publish(village, ELDER, cancelled_on="2026-11-21", successor=CARD)
    page = helper.get(f"/items/{ELDER}").text
    assert "停办" in page
    assert f'href="/items/{CARD}"' in page
    assert "开始受理" not in page
