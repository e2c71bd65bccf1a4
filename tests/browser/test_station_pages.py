"""Every page of a working station: nothing for axe to complain of, nothing wider than a phone."""

import random
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fixtures.builders import case_document, person, sample_item
from fixtures.world import VILLAGE_A
from tests.browser import counter
from tests.browser.hands import Hands
from tests.browser.pictures import paper

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PAYLOAD = "<script>window.hurt=1</script>\"'><img src=x onerror='window.hurt=1'>{{7*7}}"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = counter.furnished(tmp_path_factory.mktemp("county"))
    village = made.world.stations[VILLAGE_A]
    chance = random.Random(3)  # invented people
    for code, more in (
        ("DEMO-YL-01", {"leave_out": (4, 5), "commitment": {"deficiency": True}}),
        ("DEMO-JZ-01", {"leave_out": (3,)}),
        ("DEMO-SB-01", {}),
    ):
        village.take_in(case_document(person(chance), sample_item(code), **more))
    yield made
    made.world.close()


@pytest.fixture(scope="module")
def station(made):
    with counter.serving(made) as address:
        yield address


@pytest.fixture
def hands(page, station):
    hands = Hands(page, station)
    hands.sign_in()
    yield hands
    assert hands.complaints == []


def _hurt(name):
    """A person each of whose words is an attack; the number alone must be right."""
    who = person(random.Random(name))  # invented people
    return type(who)(PAYLOAD, who.id_no, who.phone, PAYLOAD, who.division, who.bank_account)


def _judge(page, where):
    """What axe says of a page in both sizes, and whether it is wider than a phone."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [f"{where}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(DESK)
    return told + ([f"{where}: {width} px wide on a phone"] if width > PHONE["width"] else [])


def _begun(hands, who):
    """Leave a draft on its last page; answers its address."""
    hands.begin("老人补贴", "DEMO-YL-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2, 3)
    hands.next()
    return hands.page.url.rsplit("/", 1)[0]


@pytest.mark.parametrize("size", ["normal", "big"])
def test_every_page_is_fit_for_everybody(hands, who, size):
    page = hands.page
    draft = _begun(hands, who)
    if size == "big":
        hands.use("button[value='size=big']")
    page.goto(f"{hands.address}/cases")
    cases = page.locator("tbody a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    papers = ("receipt", "one_time_notice", "deficiency_promise", "entrustment", "offline_slip")
    paths = [
        *("/", "/?q=老年", "/?q=没有这种事", "/items/DEMO-YL-01", "/items/DEMO-SB-02", "/keys"),
        *("/stick", "/day-sheet"),
        *("/cases", "/cases?state=RECEIVED", "/upload", "/items/DEMO-YL-01/notice", "/cases/0"),
        *(f"{case}{rest}" for case in cases for rest in ("", "/done")),
        *(f"{cases[0]}/documents/{paper}" for paper in papers),
    ]
    addresses = [f"{hands.address}{path}" for path in paths]
    addresses += [f"{draft}/{step}" for step in ("person", "materials", "check", "discard")]
    told = []
    for address in addresses:
        page.goto(address)
        told += _judge(page, address.removeprefix(hands.address))
    page.goto(f"{draft}/person")
    hands.write("#f-applicant-name", "")
    hands.next()
    told += _judge(page, "person with errors")
    assert told == []


@pytest.fixture
def who(request):
    return person(random.Random(request.node.name))  # invented people


def test_what_citizens_say_stays_text_on_every_page_and_paper(hands, tmp_path):
    page, who = hands.page, _hurt("attack")
    shots = tmp_path / "a.jpg"
    shots.write_bytes(paper())
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who, present="agent")
    hands.write("#f-agent-name", PAYLOAD)
    hands.write("#f-agent-id_no", who.id_no)
    hands.pick("#f-agent-relation", "子女")
    hands.write("#f-form-bank_account", "6217001234567890123")
    hands.next()
    hands.papers(1, 2)
    page.locator("input[name='materials.1.photo']").set_input_files(shots)
    expect(page.locator(".thumbs img")).to_have_count(1)
    hands.papers(1, 2)
    hands.next()
    hands.shown(PAYLOAD)
    draft = page.url.split("/")[-2]
    hands.next()
    expect(page.locator("h1")).to_have_text("已受理")
    case = f"{hands.address}/cases/{draft}"
    papers = [f"{case}/documents/{name}" for name in ("receipt", "entrustment", "withdrawal")]
    search = f"{hands.address}/?q={PAYLOAD.replace('{', '')}"
    for address in (case, f"{case}/done", *papers, f"{hands.address}/cases", search):
        page.goto(address)
        assert page.evaluate("window.hurt") is None
        assert page.locator("img[src='x']").count() == 0
        assert "49" not in page.title()


def test_a_file_that_is_no_photo_is_told_at_its_row(hands, who, tmp_path):
    wrong = tmp_path / "photo.jpg"
    wrong.write_text("<html>not a photo</html>", encoding="utf-8")
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.next()
    hands.papers(1)
    hands.page.locator("input[name='materials.2.photo']").set_input_files(wrong)
    expect(hands.page.locator(".summary a")).to_have_attribute("href", "#f-materials-2-photo")
    assert hands.page.locator("input[name='materials.1.form'][value=original]").is_checked()


def test_a_photo_can_be_looked_at_and_taken_again(hands, who, tmp_path):
    shot = tmp_path / "a.jpg"
    shot.write_bytes(paper())
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.next()
    hands.papers(1)
    hands.page.locator("input[name='materials.1.photo']").set_input_files(shot)
    expect(hands.page.locator(".thumbs img")).to_have_count(1)
    hands.use(".thumbs button")
    expect(hands.page.locator(".thumbs img")).to_have_count(0)
    expect(hands.page.locator("input[name='materials.1.form'][value=original]")).to_be_checked()
    for taken in (1, 2):
        hands.page.locator("input[name='materials.1.photo']").set_input_files(shot)
        expect(hands.page.locator(".thumbs img")).to_have_count(taken)
    assert _judge(hands.page, "a paper with photos") == []
