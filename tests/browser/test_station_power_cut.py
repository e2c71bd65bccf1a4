"""The power goes in the middle of an intake: what was kept is there, and said so."""

import random

import pytest
from playwright.sync_api import expect

from fixtures.builders import person
from tests.browser import counter
from tests.browser.counter import Serving
from tests.browser.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def who(request):
    return person(random.Random(request.node.name))  # invented people


@pytest.fixture
def made(tmp_path):
    made = counter.furnished(tmp_path)
    yield made
    made.world.close()


def _draft(hands, who):
    """Come to the third page, and keep it."""
    hands.sign_in()
    hands.begin("老人补贴", "DEMO-YL-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2, 3)
    hands.go("Control+s")


def _go_on(hands, who):
    """Take up the draft where it was left, and finish it."""
    hands.use(".interrupted a")
    expect(hands.page.locator("h1")).to_have_text("收到哪些材料")
    for no in (1, 2, 3):
        ticked = hands.page.locator(f"input[name='materials.{no}.form'][value=original]")
        expect(ticked).to_be_checked()
    hands.papers(4, 5)
    hands.next()
    hands.shown(who.address)
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已受理")


def test_after_a_power_cut_the_draft_is_offered_and_goes_on(page, made, who):
    first = Serving(made)
    _draft(Hands(page, first.address), who)
    first.kill()
    second = Serving(made)
    page.goto(second.address)
    expect(page.locator("#interrupted-title")).to_contain_text("高龄津贴申领")
    _go_on(Hands(page, second.address), who)
    second.kill()
    third = Serving(made)
    page.goto(f"{third.address}/cases?q={who.name}")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto(third.address)
    assert page.locator(".interrupted").count() == 0
    third.kill()


def test_put_aside_it_stays_among_the_drafts_and_can_be_let_go(page, made, who):
    first = Serving(made)
    hands = Hands(page, first.address)
    hands.sign_in()
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.go("Control+s")
    first.kill()
    second = Serving(made)
    page.goto(second.address)
    hands.use(".interrupted form button")
    assert page.locator(".interrupted").count() == 0
    hands.use("a.row-more")
    hands.shown("不要这份草稿了")
    hands.use("main form button")
    hands.shown("没有草稿")
    second.kill()
