"""Printing from the pages of a station and of the county: what counts, and what comes."""

import re

import pytest

from casework.documents import DocumentKind
from casework.ids import Ulid
from fixtures import builders
from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from hub.app import create_app as hub_app
from hub.usecases import station_cards
from hub.usecases.station_cards import Card
from node import acting, paperwork, people
from node.config import DataDirectory
from node.errors import InvalidInput, NotFound
from node.people import NewAccount
from station.app import create_app, open_door
from station.rows import SCRIPTS
from station.usecases import documents, intake, printer
from station.usecases.printer import Printer
from tests.integration import hub_county
from tests.integration.hub_county import VILLAGE, receive
from tests.unit.node.printing.reading import read_pdf, read_roll

pytestmark = pytest.mark.enable_socket
"""Only for this computer's own name, under which its pages may be visited."""

PASSWORD = "cdfg-hjkm-npqr"


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


def enter(client, login):
    form = {"login": login, "password": PASSWORD}
    form["csrf_token"] = token(client.get("/sign-in").text)
    assert client.post("/sign-in", data=form).status_code == 303
    return client


@pytest.fixture
def village(memory_path):
    made = World(memory_path)
    made.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        one = furnish(made.add(code))
        role = "clerk" if code == TOWNSHIP else "helper"
        with one.node.database.write() as tx:
            people.add(tx, NewAccount("wang", "王", role, code), now=1, password=PASSWORD)
            tx.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
            tx.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (SCRIPTS.head,))
    yield made.stations[VILLAGE_A]
    made.close()


@pytest.fixture
def helper(village):
    directory = DataDirectory(village.node.directory.path)
    door, background = open_door(directory, clock=village.node.clock, passphrase=None)
    app = create_app(door, background, directory=directory, clock=village.node.clock)
    yield enter(app.test_client(), "wang")
    background.stop()
    door.node.close()


@pytest.fixture
def case(village):
    who = builders.person(builders.seeded(7))
    document = builders.case_document(who, builders.sample_item("DEMO-SB-01"))
    return intake.open_case(village.node, document, account=village.worker).case


def prints(village):
    with village.node.database.read() as tx:
        rows = tx.exec_driver_sql("SELECT document, prints FROM print").all()
    return {row[0]: row[1] for row in rows}


def post(helper, path, **form):
    page = helper.get(path).text
    return helper.post(path, data={"csrf_token": token(page), **form})


def test_opening_a_page_is_no_print_and_pressing_print_is_one(village, helper, case):
    path = f"/cases/{case}/documents/receipt"
    for _ in range(3):
        page = helper.get(path).text
        assert "这是预览,不作凭证" in page
        assert "data-print-now" not in page
    assert prints(village) == {}
    answer = post(helper, path, **{"as": "page", "paper": "a5", "large": "1"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"{path}?printed=1&paper=a5&large=1")
    page = helper.get(answer.location).text
    assert "data-print-now" in page
    assert "补打" not in page
    assert "paper-a5 paper-large" in page
    number = re.search(r"受〔2026〕[A-Y]\d{4}号", page).group()
    assert prints(village) == {"receipt_accepted": 1}
    again = helper.get(post(helper, path, **{"as": "page"}).location).text
    assert "补打第1次" in again
    assert number in again
    assert prints(village) == {"receipt_accepted": 2}


def test_a_pdf_counts_and_its_name_tells_nobodys(village, helper, case):
    path = f"/cases/{case}/documents/receipt"
    answer = post(helper, path, **{"as": "pdf"})
    assert answer.mimetype == "application/pdf"
    name = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="receipt-L\d+[0-9A-Y]\.pdf"', name)
    assert "材料受理及接收凭证" in read_pdf(answer.data)[0].text
    assert prints(village) == {"receipt_accepted": 1}


def test_the_roll_printer_is_offered_once_it_is_set_and_a_silent_one_is_said_so(
    village, helper, case, tmp_path
):
    path = f"/cases/{case}/documents/receipt"
    assert 'value="roll"' not in helper.get(path).text
    paper = tmp_path / "lp0"
    paper.touch()
    printer.keep(village.node, Printer(f"file:{paper}"))
    assert 'value="roll"' in helper.get(path).text
    assert post(helper, path, **{"as": "roll"}).status_code == 303
    assert "材料受理及接收凭证" in read_roll(paper.read_bytes()).lines
    printer.keep(village.node, Printer(f"file:{tmp_path / 'gone'}"))
    failed = post(helper, path, **{"as": "roll"})
    assert failed.status_code == 503
    assert "打印机没有反应" in failed.text
    assert prints(village) == {"receipt_accepted": 2}  # half of it may be on paper


@pytest.mark.parametrize(
    "wrong",
    [
        Printer("lp0"),
        printer.changed(Printer(), {"width": 50}),
        printer.changed(Printer(), {"start": "zz"}),
    ],
)
def test_what_can_be_no_printer_is_refused(village, wrong):
    with pytest.raises(InvalidInput):
        printer.keep(village.node, wrong)


@pytest.mark.req("R-ZH-12")
def test_notice_guide_and_form_are_printed_before_there_is_a_case(helper):
    notice = helper.get("/items/DEMO-YL-01/notice").text
    assert "/items/DEMO-YL-01/papers/guide" in notice
    guide = helper.get("/items/DEMO-YL-01/papers/guide").text
    assert "办理流程" in guide
    form = helper.get("/items/DEMO-YL-01/papers/form").text
    assert "姓名或单位名称" in form
    file = helper.get("/items/DEMO-YL-01/papers/guide?as=pdf")
    assert "办事指南" in read_pdf(file.data)[0].text
    assert helper.get("/items/DEMO-YL-01/papers/receipt").status_code == 404


def test_the_day_sheet_is_a_pdf_too(helper, case):
    text = read_pdf(helper.get("/day-sheet?as=pdf").data)[0].text
    assert "1件，打印回执0张" in text
    assert "给县里的对账码" in text


def test_a_telephone_number_put_right_stands_on_a_slip(village, case):
    kind = DocumentKind.CORRECTION_SLIP
    with pytest.raises(InvalidInput):
        documents.document(village.node, case, kind, village.worker)
    village.act(case, "correct_contact", {"phone": "13800000009"})
    made = documents.document(village.node, case, kind, village.worker)
    (section,) = [s for s in made.sections if s.columns]
    ((what, before, now, _why),) = section.rows
    assert what.zh == "电话"
    assert re.fullmatch(r"\d{3}\*{4}\d{4}", before.zh)
    assert now.zh == "138****0009"


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with hub_county.copy(tmp_path_factory, tmp_path) as (county, places):
        with county.node.database.write() as tx:
            people.set_password(tx, "approver", password=PASSWORD)
        yield county, places[VILLAGE], enter(hub_app(county.node).test_client(), "approver")


def test_a_hotline_that_the_county_publishes_stands_on_the_papers_of_its_station(office):
    county, village, _client = office
    code = village.me.place.code
    assert station_cards.publish(county.node, code, Card(hotline="0376-0000002")) == {
        "hotline": "0376-0000002"
    }
    station_cards.publish(county.node, code, Card(hours="周一至周五"))
    with county.node.database.read() as tx:
        told = county.node.published(tx).document[paperwork.STATIONS]
    assert told == {code: {"hotline": "0376-0000002", "hours": "周一至周五"}}
    with pytest.raises(NotFound):
        station_cards.publish(county.node, "411526999999", Card(hotline="1"))
    with pytest.raises(InvalidInput):
        station_cards.publish(county.node, code, Card(hotline="1" * 61))


def test_the_county_prints_what_it_told_and_counts_it(office):
    county, village, client = office
    case = Ulid(receive(village)).text
    village.sync(county)
    path = f"/cases/{case}/documents/correction_slip"
    assert client.get(path).status_code == 422  # nothing was told yet
    assert client.get(f"/cases/{case}/documents/entrustment").status_code == 404
    with county.node.database.read() as tx:
        judge = next(one for one in people.accounts(tx) if one.role == "reconciler")
    told = {"rule": "C8", "text": "您的件按20个工作日的承诺办。"}
    acting.act(county.node, case, "tell", told, judge)
    assert path in client.get(f"/cases/{case}").text
    shown = client.get(path).text
    assert "您的件按20个工作日的承诺办。" in shown
    file = client.post(path, data={"csrf_token": token(shown), "as": "pdf"})
    assert "更正告知单" in read_pdf(file.data)[0].text
    answer = client.post(path, data={"csrf_token": token(shown), "as": "page"})
    assert "补打第1次" in client.get(answer.location).text
