"""Bags and results by keyboard: scanned, packed, counted in, told, delivered; axe finds nothing."""

import random

import pytest
from playwright.sync_api import expect

from fixtures.builders import case_document, person, sample_item
from fixtures.world import TOWNSHIP, VILLAGE_A
from tests.browser import counter
from tests.browser.hands import Hands
from tests.browser.test_gallery import AXE, FINDINGS

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
RESULTS = [{"name": "参保证明", "serial": "R-77"}]


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    made = counter.furnished(tmp_path_factory.mktemp("village"), VILLAGE_A)
    with counter.serving(made) as address:
        yield made.world, address
    made.world.close()


@pytest.fixture(scope="module")
def township(tmp_path_factory):
    made = counter.furnished(tmp_path_factory.mktemp("township"), TOWNSHIP)
    made.world.add(VILLAGE_A)
    with counter.serving(made) as address:
        yield made.world, address
    made.world.close()


def _hands(page, address):
    hands = Hands(page, address)
    hands.sign_in()
    return hands


@pytest.fixture
def helper(page, village):
    hands = _hands(page, village[1])
    yield hands
    assert hands.complaints == []


@pytest.fixture
def clerk(page, township):
    hands = _hands(page, township[1])
    yield hands
    assert hands.complaints == []


def taken(station, seed, code="DEMO-YL-01"):
    return station.take_in(case_document(person(random.Random(seed)), sample_item(code)))


def clean(hands):
    hands.page.evaluate(AXE)
    assert hands.page.evaluate(FINDINGS) == []


@pytest.mark.req("R-ZH-25")
def test_a_helper_scans_packs_and_prints_a_bag(helper, village):
    world, _ = village
    cases = [taken(world.stations[VILLAGE_A], seed) for seed in ("甲", "乙")]
    helper.page.goto(f"{helper.address}/")
    helper.use("a:has-text('待转交')")
    expect(helper.page.locator("#f-scan")).to_be_focused()
    number = world.stations[VILLAGE_A].state(cases[1]).text("temporary_number")
    helper.page.keyboard.insert_text(number)
    helper.go("Enter")
    helper.shown("加上了")
    expect(helper.page.locator(f"[name=case][value='{cases[1]}']")).to_be_checked()
    expect(helper.page.locator(f"[name=case][value='{cases[0]}']")).not_to_be_checked()
    clean(helper)

    helper.tick(f"[name=case][value='{cases[0]}']")
    helper.write("#f-bag", "东 12")
    helper.use("button[value=pack]")
    helper.shown("袋号 东12")
    helper.shown("还没有数")
    clean(helper)
    state = world.stations[VILLAGE_A].state(cases[0])
    assert state.map("handover.东12")["to"] == TOWNSHIP
    helper.use("a:has-text('打印交接单')")
    helper.shown("材料交接单")


def test_a_bag_with_nothing_in_it_is_told_at_the_page(helper, village):
    taken(village[0].stations[VILLAGE_A], "丙")
    helper.page.goto(f"{helper.address}/handover")
    helper.write("#f-bag", "西1")
    helper.use("button[value=pack]")
    expect(helper.page.locator(".summary")).to_contain_text("还没有选办件")
    expect(helper.page.locator("#f-bag")).to_have_value("西1")
    clean(helper)


@pytest.mark.req("R-ZH-25")
def test_a_clerk_counts_a_bag_in_and_says_what_differs(clerk, township):
    world, _ = township
    village = world.stations[VILLAGE_A]
    case = taken(village, "丁")
    lines = [{"no": 1, "originals": 1, "copies": 0}, {"no": 2, "originals": 0, "copies": 1}]
    village.act(case, "hand_over", {"to": TOWNSHIP, "bag": "B7", "lines": lines, "carrier": "老王"})
    world.exchange(village, world.stations[TOWNSHIP])
    clerk.page.goto(f"{clerk.address}/handover")
    clerk.use("a[role=button]:has-text('收袋')")
    clerk.tick(f"[name='{case}.1.same']")
    clerk.use("main form button[type=submit]")
    expect(clerk.page.locator(".summary")).to_contain_text("还没有数")
    expect(clerk.page.locator(f"[name='{case}.1.same']")).to_be_checked()
    clean(clerk)
    clerk.write(f"[name='{case}.2.originals']", "0")
    clerk.write(f"[name='{case}.2.copies']", "0")
    clerk.write("#f-remark", "身份证复印件没装")
    clerk.use("main form button[type=submit]")
    clerk.shown("有1件数得不一样")
    clerk.shown("身份证复印件没装")
    clean(clerk)
    world.exchange(village, world.stations[TOWNSHIP])
    assert village.state(case).map("handover_received.B7")["differing"] == [2]


@pytest.mark.req("R-ZH-35")
@pytest.mark.req("R-ZH-36a")
@pytest.mark.req("R-ZH-37")
def test_a_result_is_signed_for_told_and_delivered_by_keyboard(clerk, township):
    town = township[0].stations[TOWNSHIP]
    case = taken(town, "戊", "DEMO-SB-01")
    town.act(case, "decide", {"outcome": "yes"})
    town.act(case, "issue", {"to": TOWNSHIP, "results": RESULTS})
    clerk.page.goto(f"{clerk.address}/results")
    clean(clerk)
    clerk.use("a[role=button]:has-text('签收')")
    clerk.write("#f-receive_result-results-0-serial", "R-77")
    clerk.use("#act-receive_result button[type=submit]")
    clerk.shown("已经办好:收到办理结果")

    clerk.page.goto(f"{clerk.address}/results")
    clerk.use("a[role=button]:has-text('告诉本人')")
    clerk.choose("reached", "yes")
    clerk.use("#act-notify button[type=submit]")
    clerk.shown("已经办好:告知申请人")

    clerk.page.goto(f"{clerk.address}/results")
    clerk.shown("告诉了")
    clerk.use("a[role=button]:has-text('送达')")
    clerk.choose("to", "applicant")
    clerk.write("#f-deliver-proof", "本人签字")
    clerk.use("#act-deliver button[type=submit]")
    expect(clerk.page.locator("#act-deliver .summary")).to_contain_text("先核对本人")
    clerk.choose("identity", "id_card")
    clerk.use("#act-deliver button[type=submit]")
    clerk.shown("已送达")
    assert town.state(case).map("delivered")["identity"] == "id_card"


def test_who_has_withdrawn_gets_no_result_and_the_page_says_so_in_red(clerk, township):
    world, _ = township
    town, village = world.stations[TOWNSHIP], world.stations[VILLAGE_A]
    case = taken(village, "己", "DEMO-SB-01")
    world.exchange(village, town)
    village.act(case, "withdraw", {"reason": "不办了"})
    town.act(case, "decide", {"outcome": "yes"})
    town.act(case, "issue", {"to": TOWNSHIP, "results": RESULTS})
    world.exchange(village, town)
    clerk.page.goto(f"{clerk.address}/results")
    row = clerk.page.locator(".row-refused", has_text="参保登记")
    expect(row).to_contain_text("申请人已经撤回")
    expect(row.locator("a[role=button]")).to_have_count(0)
    clerk.page.goto(f"{clerk.address}/cases/{case}")
    expect(clerk.page.locator("main .summary").first).to_contain_text("先别给")
    expect(clerk.page.locator("#act-deliver")).to_have_count(0)
