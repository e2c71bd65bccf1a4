"""Taking in a case by keyboard alone, from sign-in to the receipt, as a helper does it."""

import random
import re
from datetime import date
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from fixtures.builders import id_number, person
from tests.browser import counter
from tests.browser.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
NUMBER = re.compile(r"L411526101201-01-261120-\w{3}-\w")


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    made = counter.furnished(tmp_path_factory.mktemp("county"))
    with counter.serving(made) as address:
        yield address
    made.world.close()


@pytest.fixture
def hands(page, station):
    hands = Hands(page, station)
    hands.sign_in()
    yield hands
    assert hands.complaints == []


@pytest.fixture
def who(request):
    return person(random.Random(request.node.name))  # invented people


@pytest.mark.req("R-ZH-22a")
def test_a_complete_case_is_accepted(hands, who):
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2, 3)
    hands.next()
    hands.shown("今天就算受理")
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已受理")
    assert NUMBER.fullmatch(hands.page.locator(".panel-number").inner_text())
    hands.shown("只在本机")
    assert who.name not in hands.page.locator("main").inner_text()
    hands.use(".prints a")
    expect(hands.page.locator("body")).to_contain_text("材料受理及接收凭证")
    assert hands.page.locator(".paper-qr svg").count() == 2


@pytest.mark.req("R-HC-28b")
def test_a_case_with_a_deficiency_wants_the_promise_first(hands, who):
    hands.begin("老人补贴", "DEMO-YL-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2, 3)
    hands.next()
    hands.shown("还缺这些")
    hands.next()
    expect(hands.page.locator(".summary")).to_be_focused()
    expect(hands.page.locator(".summary")).to_contain_text("还没有承诺")
    hands.tick("#f-commitment-deficiency")
    hands.next()
    expect(hands.page.locator(".summary")).to_contain_text("还没有念给申请人听")
    hands.tick("#f-commitment-read_aloud")
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已容缺受理")
    hands.shown("银行卡")
    hands.shown("容缺受理承诺书")


def test_in_proxy_mode_papers_are_received_and_what_lacks_is_told(hands, who):
    hands.begin("低保", "DEMO-JZ-01")
    hands.person(who)
    hands.next()
    hands.papers(1)
    hands.next()
    hands.shown("今天是收件")
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已收件")
    hands.shown("一次性告知书")
    hands.shown("委托书")


def test_an_agent_is_asked_for_and_named(hands, who):
    other = person(random.Random(7))  # invented people
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who, present="agent")
    hands.write("#f-agent-name", other.name)
    hands.next()
    expect(hands.page.locator(".summary li")).to_have_count(2)
    hands.write("#f-agent-id_no", other.id_no)
    hands.pick("#f-agent-relation", "子女")
    hands.tick("#f-agent-entrustment")
    hands.next()
    hands.papers(1, 2)
    hands.next()
    hands.shown(f"{other.name}(子女)代办,委托书已签")
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已受理")


def test_a_wrong_check_digit_is_told_and_nothing_is_lost(hands, who):
    right = id_number(date(1949, 12, 31), 2)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.write("#f-applicant-id_no", wrong)
    hands.next()
    expect(hands.page.locator(".summary")).to_be_focused()
    expect(hands.page.locator(".summary")).to_contain_text("身份证号最后一位对不上")
    expect(hands.page.locator("#f-applicant-id_no")).to_have_value(wrong)
    expect(hands.page.locator("#f-applicant-address")).to_have_value(who.address)
    hands.reach(".summary a")
    hands.press("Enter")
    expect(hands.page.locator("#f-applicant-id_no")).to_be_focused()
    hands.write("#f-applicant-id_no", right)
    hands.next()
    hands.use(".back a")
    hands.shown("1949年12月31日生,女,76岁")


@pytest.mark.req("R-HC-28a")
def test_without_a_main_paper_it_is_not_accepted_and_nothing_is_lost(hands, who):
    hands.begin("老人补贴", "DEMO-YL-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2)
    hands.next()
    hands.shown("缺“户口簿”（必要），今天不能受理")
    assert hands.page.locator("button[value=finish]:visible").count() == 0
    hands.reach("main a[href$='/notice']")
    hands.use("a[href*='#paper-3']")
    hands.papers(3, 4, 5)
    hands.next()
    hands.shown("今天就算受理")
    hands.shown(who.address)
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已受理")


def test_a_form_sent_twice_is_one_case(hands, who):
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2)
    hands.next()
    sent = hands.page.evaluate(
        """async () => {
          const form = document.getElementById("draft");
          const body = () => new URLSearchParams([...new FormData(form), ["go", "finish"]]);
          const send = () => fetch(form.action, {method: "POST", body: body()});
          return (await Promise.all([send(), send(), send()])).map((answer) => answer.url);
        }"""
    )
    assert len(set(sent)) == 1
    assert sent[0].endswith("/done")
    hands.page.goto(f"{hands.address}/cases")
    hands.page.locator("#q").press_sequentially(who.name)
    hands.press("Enter")
    expect(hands.page.locator("tbody tr")).to_have_count(1)
    assert who.name not in unquote(hands.page.url)  # nobody's name stands in an address


def test_the_same_matter_is_shown_and_can_be_gone_past_with_a_reason(hands, who):
    for turn in range(2):
        hands.begin("养老保险", "DEMO-SB-01")
        hands.person(who)
        hands.next()
        if turn == 0:
            hands.papers(1, 2)
            hands.next()
            hands.next()
    hands.shown("好像已经办过这件事")
    hands.choose("duplicate.choice", "other")
    hands.next()
    hands.shown("选一个理由")
    hands.choose("duplicate.reason", "different")
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("收到哪些材料")


def test_the_language_can_be_switched_in_the_middle(hands, who):
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.use("button[value='lang=en']")
    assert hands.page.locator("html").get_attribute("lang") == "en"
    expect(hands.page.locator("#f-applicant-address")).to_have_value(who.address)
    assert hands.page.locator(".summary").count() == 0
    hands.use("button[value='size=big']")
    expect(hands.page.locator("#f-applicant-name")).to_have_value(who.name)
    hands.use("button[value='lang=zh']")
    expect(hands.page.locator("h1")).to_have_text("谁来办")
