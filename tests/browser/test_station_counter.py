"""What a counter does beside the plain intake: by keyboard, and what is told when it goes wrong."""

import random
import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from casework.roster import columns
from fixtures.builders import person, sample_item
from node import workbook
from tests.browser import counter, pictures
from tests.browser.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
SEASON = "DEMO-YB-01"


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


def unfold(hands, words):
    hands.reach(f"summary:has-text('{words}')")
    hands.press("Enter")


def take_in(hands, who, *papers, words="养老保险", code="DEMO-SB-01"):
    hands.begin(words, code)
    hands.person(who)
    hands.next()
    hands.papers(*(papers or (1, 2)))
    hands.next()
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已受理")
    return hands.page.locator(".panel-number").inner_text()


def test_who_was_here_before_is_offered_and_never_filled_in_silently(hands, who):
    take_in(hands, who)
    hands.begin("医保", SEASON)
    hands.write("#f-applicant-id_no", who.id_no)
    hands.press("Control+s")
    offered = hands.page.locator(".known")
    expect(offered).to_contain_text("这个人来过")
    expect(offered).not_to_contain_text(who.name)
    expect(hands.page.locator("#f-applicant-name")).to_have_value("")
    hands.go("Alt+u")
    expect(hands.page.locator("#f-applicant-name")).to_have_value(who.name)
    expect(hands.page.locator("#f-applicant-phone")).to_have_value(who.phone)
    expect(hands.page.locator("#f-applicant-address")).to_have_value(who.address)
    assert hands.page.locator(".known").count() == 0


def test_a_sign_that_no_keyboard_types_is_put_in_by_its_code(hands, who):
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(replace(who, name="王〓明"))
    unfold(hands, "有字打不出来")
    hands.write("#f-applicant-rare", "XYZ")
    hands.next()
    expect(hands.page.locator(".summary")).to_contain_text("不是汉字的编码")
    hands.write("#f-applicant-rare", "4DAE")
    hands.next()
    hands.papers(1, 2)
    hands.next()
    hands.shown("王䶮明")


@pytest.mark.req("R-ZH-22b")
@pytest.mark.req("R-ZH-21a")
def test_a_paper_not_in_form_goes_back_and_all_corrections_are_told_at_once(hands, who):
    hands.begin("老人补贴", "DEMO-YL-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2, 3)
    unfold(hands, "这份不合要求")
    hands.choose("materials.1.defect", "irregular")
    hands.write("#f-materials-1-cure", "第3栏写全名")
    hands.next()
    hands.shown("不合要求，今天不能受理")
    hands.shown(":填写不规范")
    hands.use("button[value=correct]")
    expect(hands.page.locator("h1")).to_have_text("已收件,已告知补正")
    hands.shown("补正通知书")


@pytest.mark.req("R-ZH-22c")
def test_a_village_writes_its_doubt_down_and_refuses_nobody(hands, who):
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2)
    hands.next()
    unfold(hands, "看样子不符合办理条件")
    hands.use("button[value=doubt]")
    expect(hands.page.locator(".summary")).to_contain_text("哪里不符合条件")
    hands.write("#f-commitment-doubt", "已经在城里参保")
    hands.use("button[value=doubt]")
    expect(hands.page.locator("h1")).to_have_text("已收件")


@pytest.mark.req("R-ZH-21b")
def test_a_copy_without_its_original_is_told_and_can_be_taken(hands, who):
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.next()
    hands.papers(1)
    hands.papers(2, form="copy")
    hands.next()
    hands.shown("没有核对原件")
    hands.next()
    expect(hands.page.locator("h1")).to_have_text("已受理")


def test_progress_is_told_by_any_number_and_no_address_names_anybody(hands, who):
    number = take_in(hands, who)
    for asked in (number.replace("-", " "), who.id_no):
        hands.use("nav a[href$='/progress']")
        hands.write("#f-number", asked)
        hands.go("Control+Enter")
        hands.shown(number)
        hands.shown("已受理")
        assert who.id_no not in hands.page.url
        assert who.name not in hands.page.locator("main").inner_text()
    hands.write("#f-number", "99999")
    hands.go("Control+Enter")
    hands.shown("本站没有查到")


def test_a_whole_village_is_taken_in_from_a_list(hands, tmp_path, request):
    chance = random.Random(request.node.name)  # invented people
    heads = [column.head for column in columns(sample_item(SEASON))]
    papers = {head: "原件" for head in heads if head.startswith("材料")}
    people = [person(chance) for _ in range(4)]
    rows = [papers | {"姓名": p.name, "身份证号": p.id_no, "门牌或组": p.address} for p in people]
    rows[2]["身份证号"] = int(people[2].id_no[:17])
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook.write({"名单": [heads, *[[r.get(h) for h in heads] for r in rows]]}))
    hands.page.goto(f"{hands.address}/items/{SEASON}")
    hands.use("main a[href$='/roster']")
    hands.page.locator("#f-file").set_input_files(path)
    hands.use("button[value=check]")
    hands.shown("看过了,还没有收")
    hands.page.locator("#f-file").set_input_files(path)
    hands.use("button[value=take]")
    hands.shown("已受理 3件")
    expect(hands.page.locator("tbody tr")).to_have_count(1)
    expect(hands.page.locator("tbody tr")).to_contain_text("把这一列改成文本")
    with hands.page.expect_download() as download:
        hands.page.locator("a[href$='/template']").press("Enter")
    assert list(workbook.read(download.value.path().read_bytes())["名单"][0]) == heads


@pytest.mark.req("R-GX-07")
@pytest.mark.req("R-NX-17")
def test_who_was_asked_first_is_kept_and_the_notice_handed_out(hands):
    hands.page.goto(f"{hands.address}/items/DEMO-YL-01")
    hands.use("main a[href$='/asked']")
    hands.tick("#f-later")
    hands.go("Control+Enter")
    expect(hands.page.locator(".summary")).to_contain_text("写一句他问什么")
    hands.write("#f-question", "户口在外县能不能领")
    hands.write("#f-phone", "13800000321")
    hands.go("Control+Enter")
    expect(hands.page.locator("body")).to_contain_text("一次性告知书")
    expect(hands.page.locator("body")).to_contain_text(counter.NAME)
    hands.page.goto(f"{hands.address}/asked")
    row = hands.page.locator("tbody tr").first
    expect(row).to_contain_text("户口在外县能不能领")
    expect(row).to_contain_text(counter.NAME)
    expect(row).to_contain_text("11月24日")  # two working days after a Friday
    hands.use("tbody button")
    expect(hands.page.locator("tbody tr").first).to_contain_text("答复了")


def test_whole_numbers_are_shown_once_for_a_purpose_that_is_kept(hands, who):
    take_in(hands, who)
    hands.use(".after a[href*='/cases/']")
    assert who.phone not in hands.page.locator("main").inner_text()
    hands.use("main a[href$='/unmask']")
    hands.use("main button")
    expect(hands.page.locator(".summary")).to_contain_text("为什么要看")
    hands.write("#f-purpose", "打电话核对地址")
    hands.use("main button")
    hands.shown(who.phone)
    hands.shown("用途记下了:打电话核对地址")


@pytest.mark.req("R-HC-23c")
def test_a_photo_of_today_serves_the_next_item(hands, who):
    hands.begin("养老保险", "DEMO-SB-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2)
    with hands.page.expect_navigation():
        hands.page.locator("#f-materials-2-photo").set_input_files(
            {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": pictures.paper()}
        )
    hands.next()
    hands.next()
    hands.begin("老人补贴", "DEMO-YL-01")
    hands.person(who)
    hands.next()
    hands.shown("用过的材料")
    hands.tick("main input[name$='.reuse']")
    hands.go("Control+s")
    expect(hands.page.locator(".thumbs img")).to_have_count(1)


def test_a_refused_or_withdrawn_case_is_filed_again_with_what_is_known(hands, who):
    take_in(hands, who)
    hands.use(".after a[href*='/cases/']")
    unfold(hands, "撤回申请")
    hands.use("#act-withdraw button")
    unfold(hands, "重新申请")
    hands.use("#act-again button")
    expect(hands.page.locator("#f-applicant-name")).to_have_value(who.name)
    expect(hands.page.locator("#f-applicant-id_no")).to_have_value(who.id_no)
    assert re.search(r"/drafts/\w{26}/person$", hands.page.url)
