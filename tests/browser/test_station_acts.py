"""Acts on a case at a village and its township, by keyboard; stale tabs, forms sent twice."""

import random

import pytest
from playwright.sync_api import expect

from fixtures.builders import case_document, person, sample_item
from fixtures.world import TOWNSHIP, VILLAGE_A
from tests.browser import counter
from tests.browser.hands import Hands
from tests.browser.pictures import paper

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def _station(path, code):
    """A station with one case that lacks two papers; answers where it is served and the case."""
    made = counter.furnished(path, code)
    village = made.world.stations.get(VILLAGE_A) or made.world.add(VILLAGE_A)
    return made, village


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    made, _ = _station(tmp_path_factory.mktemp("village"), VILLAGE_A)
    with counter.serving(made) as address:
        yield made, address
    made.world.close()


@pytest.fixture(scope="module")
def township(tmp_path_factory):
    made, _ = _station(tmp_path_factory.mktemp("township"), TOWNSHIP)
    with counter.serving(made) as address:
        yield made, address
    made.world.close()


@pytest.fixture
def who(request):
    return person(random.Random(request.node.name))  # invented people


@pytest.fixture
def case(village, who):
    """A case at the village that waits for two papers."""
    made, _ = village
    document = case_document(
        who, sample_item("DEMO-YL-01"), leave_out=(4, 5), commitment={"deficiency": True}
    )
    return made.world.stations[VILLAGE_A].take_in(document)


@pytest.fixture
def hands(page, village):
    hands = Hands(page, village[1])
    hands.sign_in()
    yield hands
    assert hands.complaints == []


def _unfold(hands, verb):
    hands.reach(f"#act-{verb} summary")
    hands.press("Enter")


def _send(hands, verb):
    hands.use(f"#act-{verb} button[type=submit]")


def test_a_paper_that_lacked_comes_in_with_its_photo(hands, case, tmp_path):
    photo = tmp_path / "card.jpg"
    photo.write_bytes(paper())
    hands.page.goto(f"{hands.address}/")
    hands.use(f".row a[role=button][href*='{case}']")
    expect(hands.page.locator("#act-add_material")).to_have_attribute("open", "")
    hands.choose("form", "copy")
    hands.page.locator("#f-add_material-photo").set_input_files(photo)
    _send(hands, "add_material")
    hands.shown("已经办好:补交材料")
    expect(hands.page.locator(".papers img")).to_have_count(1)
    picture = hands.page.locator(".papers img").first
    assert picture.evaluate("one => one.naturalWidth") > 0


def test_a_wrong_phone_number_is_told_at_its_field_and_stays(hands, case):
    hands.page.goto(f"{hands.address}/cases/{case}")
    _unfold(hands, "correct_contact")
    hands.write("#f-correct_contact-phone", "12")
    hands.write("#f-correct_contact-address", "四组9号")
    _send(hands, "correct_contact")
    expect(hands.page.locator(".summary")).to_contain_text("12")
    expect(hands.page.locator("#f-correct_contact-phone")).to_have_value("12")
    expect(hands.page.locator("#f-correct_contact-address")).to_have_value("四组9号")
    hands.write("#f-correct_contact-phone", "139 0000 0001")
    _send(hands, "correct_contact")
    hands.shown("139****0001")


def test_a_stale_tab_does_not_act_and_a_double_click_acts_once(hands, case):
    page = hands.page
    page.goto(f"{hands.address}/cases/{case}")
    send = """async (phone) => {
      const form = document.querySelector("#act-correct_contact form");
      const body = new URLSearchParams([...new FormData(form)]);
      body.set("phone", phone);
      const answer = await fetch(form.action, {method: "POST", body});
      return answer.status;
    }"""
    assert page.evaluate(send, "13900000001") == 200
    assert page.evaluate(send, "13900000001") == 200
    withdraw = """async () => {
      const form = document.querySelector("#act-withdraw form");
      const answer = await fetch(form.action, {method: "POST",
        body: new URLSearchParams([...new FormData(form)])});
      return [answer.status, await answer.text()];
    }"""
    status, text = page.evaluate(withdraw)
    assert status == 412
    assert "刚才有变化" in text
    page.reload()
    expect(page.locator(".timeline li", has_text="更正联系方式")).to_have_count(1)


def test_papers_are_handed_over_and_the_case_withdrawn(hands, case):
    hands.page.goto(f"{hands.address}/cases/{case}")
    _unfold(hands, "hand_over")
    hands.write("#f-hand_over-bag", "天桥-7")
    _send(hands, "hand_over")
    hands.shown("已经办好:交出材料")
    _unfold(hands, "withdraw")
    hands.write("#f-withdraw-reason", "不办了")
    _send(hands, "withdraw")
    hands.shown("已撤回")
    assert hands.page.locator("#act-withdraw").count() == 0
    hands.shown("撤回申请书")


def test_a_form_token_that_ran_out_shows_what_was_typed_and_sends_it_again(hands, case):
    page = hands.page
    page.goto(f"{hands.address}/cases/{case}")
    _unfold(hands, "withdraw")
    hands.write("#f-withdraw-reason", "家里有事")
    page.locator("#act-withdraw input[name=csrf_token]").evaluate("one => { one.value = 'old'; }")
    _send(hands, "withdraw")
    hands.shown("家里有事")
    hands.use("main form button")
    hands.shown("已撤回")


def test_what_a_place_may_not_do_is_not_offered(hands, case):
    hands.page.goto(f"{hands.address}/cases/{case}")
    offered = hands.page.locator("details.act").evaluate_all("all => all.map(one => one.id)")
    assert {one.removeprefix("act-") for one in offered} == {
        *("add_material", "correct_contact", "correct_application", "hand_over", "withdraw"),
        *("entrust", "note", "note_external", "notify"),
    }


@pytest.fixture
def clerk(page, township):
    hands = Hands(page, township[1])
    hands.sign_in()
    yield hands
    assert hands.complaints == []


def _accepted(clerk, case):
    """Accept a case that lacks a paper: refused first, then the paper is taken in."""
    clerk.page.goto(f"{clerk.address}/")
    clerk.use(f".row a[role=button][href*='{case}']")
    _send(clerk, "accept")
    expect(clerk.page.locator("#act-accept .summary")).to_contain_text("备案表")
    _unfold(clerk, "add_material")
    clerk.choose("form", "original")
    _send(clerk, "add_material")
    _unfold(clerk, "accept")
    _send(clerk, "accept")
    clerk.shown("已受理")


def _issued(clerk):
    _unfold(clerk, "issue")
    last = clerk.page.locator("#f-issue-to option").last
    clerk.pick("#f-issue-to", last.inner_text())
    clerk.write("#f-issue-results-0-name", "备案回执")
    clerk.write("#f-issue-results-0-serial", "2026-001")
    _send(clerk, "issue")
    clerk.shown("待取件")


@pytest.mark.req("R-HC-28a")
def test_a_township_accepts_decides_issues_and_delivers(clerk, township, who):
    world = township[0].world
    document = case_document(who, sample_item("DEMO-YB-02"), leave_out=(1,))
    case = world.stations[VILLAGE_A].take_in(document)
    world.exchange(world.stations[VILLAGE_A], world.stations[TOWNSHIP])
    _accepted(clerk, case)
    _unfold(clerk, "decide")
    clerk.choose("outcome", "yes")
    _send(clerk, "decide")
    clerk.shown("准予")
    _issued(clerk)
    _unfold(clerk, "deliver")
    clerk.choose("to", "applicant")
    clerk.choose("identity", "known")
    clerk.write("#f-deliver-proof", "本人签字")
    _send(clerk, "deliver")
    clerk.shown("已送达")
    clerk.shown("办理结果交接单")
