"""A reconciler with a keyboard: queue, comparison, decision with its reason, and taking it back."""

import pytest
from playwright.sync_api import expect

from casework.facts import Act
from hub.usecases import reconcile
from hub.usecases.projections import CheckState
from hub.usecases.reconcile import Answer
from tests.browser.office import MINUTE, Clerk, open_office
from tests.integration.hub_county import NOW, OUTLET, TOWNSHIP, VILLAGE

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

PHONE_OF_TOWNSHIP = "13900000002"


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with open_office(tmp_path_factory, tmp_path) as opened:
        yield opened


@pytest.fixture
def clerk(page, office):
    hands = Clerk(page, office.address)
    hands.enter("reconciler")
    yield hands
    assert hands.complaints == []


def phone(place, office):
    return place.case(office.cases["phones"]).state.text("phone")


def dot_of(office, name, station):
    sides = office.check_of(name).fields["phone"]
    return next(side.dot for side in sides if side.station == station)


def open_check(clerk, office, name):
    clerk.page.goto(office.url(f"/conflicts/{office.check_of(name).id}"))


def test_a_difference_is_settled_seen_and_taken_back_by_keyboard_alone(clerk, office):
    clerk.open_row("王*")
    clerk.shown("王*《城乡居民基本养老保险参保登记》")
    columns = clerk.page.locator("thead th").all_inner_texts()
    assert [text.splitlines()[0] for text in columns] == ["原来的", "双柳树镇", "甲村", "结果"]
    assert clerk.page.locator("main input:checked").count() == 0
    save = clerk.page.locator("button[name=go]")
    expect(save).to_have_attribute("aria-disabled", "true")

    clerk.choose("choose.phone", dot_of(office, "phones", TOWNSHIP))
    expect(save).to_have_attribute("aria-disabled", "true")
    clerk.reach("button[name=go]")
    clerk.press("Enter")
    expect(clerk.page.locator("#f-reason")).to_be_focused()
    clerk.write("#f-reason", "打电话问过本人,乡镇记的对。")
    expect(save).to_have_attribute("aria-disabled", "false")
    clerk.use("button[name=go]")

    clerk.shown("上一条已经保存")
    check = office.check_of("phones")
    assert check.state is CheckState.RESOLVED
    assert check.settled.reason == "打电话问过本人,乡镇记的对。"
    office.sync()
    for place in (office.county, office.places[VILLAGE], office.places[TOWNSHIP]):
        assert phone(place, office) == PHONE_OF_TOWNSHIP
    case = clerk.page.request.get(office.url(f"/cases/{office.text('phones')}")).text()
    assert "理由:打电话问过本人,乡镇记的对。" in case

    clerk.use("main form[action$='/undo'] button")
    clerk.shown("已经撤销")
    assert office.check_of("phones").state is CheckState.OPEN


def test_opening_a_difference_changes_nothing_and_escape_leads_back(clerk, office):
    before = office.check_of("phones").version
    clerk.open_row("王*")
    clerk.go("Escape")

    expect(clerk.page.get_by_role("heading", name="等人核对的")).to_be_visible()
    assert office.check_of("phones").version == before


def test_the_base_is_what_stood_before_and_differences_are_marked_sign_by_sign(clerk, office):
    open_check(clerk, office, "phones")

    row = clerk.page.locator("tbody tr").nth(1)
    assert row.locator(".compare-base .cell-value").inner_text().strip() == "13800000001"
    marked = row.locator("td").nth(1).locator("mark").all_inner_texts()
    assert marked == ["9", "2"]


def test_a_device_whose_clock_is_off_is_named(clerk, office):
    village = office.places[VILLAGE]
    village.clock.advance(-28 * MINUTE - MINUTE // 2)
    village.sync(office.county)
    open_check(clerk, office, "phones")

    expect(clerk.page.locator(".skew")).to_contain_text("慢28分")


def test_without_script_the_server_asks_for_every_answer_and_keeps_what_was_typed(chromium, office):
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(office.url("/sign-in"))
    page.fill("#f-login", "reconciler")
    page.fill("#f-password", "cdfg-hjkm-npqr")
    page.locator("main button[type=submit]").press("Enter")
    page.goto(office.url(f"/conflicts/{office.check_of('phones').id}"))
    page.locator("button[name=go]").press("Enter")
    told = page.locator("#error-summary").inner_text()
    assert "还没有定用哪一个" in told
    assert "还没有写" in told

    page.fill("#f-reason", "问过本人")
    page.locator("button[name=go]").press("Enter")
    assert "还没有写" not in page.locator("#error-summary").inner_text()
    assert page.input_value("#f-reason") == "问过本人"
    assert office.check_of("phones").state is CheckState.OPEN
    context.close()


def test_a_value_typed_by_hand_is_checked_where_it_stands(clerk, office):
    open_check(clerk, office, "phones")
    clerk.choose("choose.phone", "set")
    clerk.write("[id='f-set-phone']", "139")
    clerk.write("#f-reason", "本人重新报的")
    clerk.use("button[name=go]")

    expect(clerk.page.locator("#f-set-phone-error1")).to_contain_text("位数不对")
    assert clerk.page.input_value("#f-set-phone") == "139"

    clerk.write("#f-set-phone", "13900000003")
    clerk.use("button[name=go]")
    assert phone(office.county, office) == "13900000003"


def test_a_stale_page_says_who_was_faster_and_keeps_what_was_typed(clerk, office):
    open_check(clerk, office, "phones")
    clerk.choose("choose.phone", dot_of(office, "phones", TOWNSHIP))
    clerk.write("#f-reason", "我看是乡镇的对")
    answer = Answer(choose={"phone": dot_of(office, "phones", VILLAGE)}, reason="本人来过")
    reconciler = office.county.account("reconciler")
    reconcile.resolve(office.county.node, office.check_of("phones").id, answer, account=reconciler)
    office.clock.advance(2 * MINUTE)
    answers = []
    clerk.page.on("response", lambda answer: answers.append(answer.status))

    clerk.use("button[name=go]")

    assert 412 in answers
    clerk.shown("对*员 2分钟前已处理")
    expect(clerk.page.locator("button[name=go]")).to_have_count(0)
    assert clerk.page.input_value("#f-reason") == "我看是乡镇的对"
    assert phone(office.county, office) == "13900000001"
    clerk.use(f"main a[href$='{office.check_of('phones').id}']")
    clerk.shown("本人来过")
    clerk.use("#undo button")
    assert office.check_of("phones").state is CheckState.OPEN


def test_a_side_that_came_meanwhile_is_shown_before_anything_is_decided(clerk, office):
    open_check(clerk, office, "phones")
    clerk.choose("choose.phone", dot_of(office, "phones", TOWNSHIP))
    clerk.write("#f-reason", "我看是乡镇的对")
    act = Act("case.contact_corrected", {"phone": "13900000009"})
    office.places[VILLAGE].write(office.cases["phones"], act)
    office.sync()

    clerk.use("button[name=go]")

    clerk.shown("又来了新的内容")
    clerk.shown("13900000009")
    assert office.check_of("phones").state is CheckState.OPEN


def test_of_two_cases_of_one_matter_a_main_one_is_chosen(clerk, office):
    open_check(clerk, office, "first")
    clerk.shown("62170001")
    clerk.shown("62170002")
    assert clerk.page.locator("main input:checked").count() == 0
    clerk.choose("set.main", office.text("second"))
    clerk.write("#f-reason", "本人在网点重新报的卡号")
    clerk.use("button[name=go]")

    office.sync()
    for place in (office.county, office.places[VILLAGE]):
        state = place.case(office.cases["first"]).state
        assert state.text("duplicate_of") == office.text("second")
    clerk.page.goto(office.url(f"/conflicts/{office.check_of('first').id}"))
    clerk.shown("主件,接着办")
    outlet = office.places[OUTLET].case(office.cases["second"]).state
    assert outlet.text("main") == office.text("second")


def test_two_acts_that_contradict_are_settled_by_saying_which_counts(clerk, office):
    record = office.cases["to_decide"]
    withdrawn = Act("case.withdrawn", {"withdrawn": {"at": NOW, "place": VILLAGE, "by": "wang"}})
    office.places[VILLAGE].write(record, withdrawn)
    decided = Act("case.decided", {"decided": {"outcome": "yes", "at": NOW}})
    office.places[TOWNSHIP].write(record, decided)
    office.sync()
    open_check(clerk, office, "to_decide")
    clerk.choose("choose.decided", "keep")
    clerk.choose("choose.withdrawn", "clear")
    clerk.write("#f-reason", "本人要接着办")
    clerk.use("button[name=go]")

    assert office.county.case(record).state.state.value == "DECIDED_YES"
