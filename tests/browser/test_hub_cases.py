"""Cases at the county: finding them, deciding and issuing by keyboard, whole numbers on purpose."""

import csv
import io

import pytest
from playwright.sync_api import expect

from hub.usecases import unmasking
from node import acting
from tests.browser.office import HOSTILE, Clerk, open_office
from tests.integration.hub_county import VILLAGE

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
ID_NO, MASKED_ID = "411599194001010011", "411599********0011"


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with open_office(tmp_path_factory, tmp_path) as opened:
        yield opened


@pytest.fixture
def clerk(page, office):
    hands = Clerk(page, office.address)
    yield hands
    assert hands.complaints == []


def state(place, office):
    return place.case(office.cases["to_decide"]).state.state.value


def test_an_approver_decides_and_issues_and_the_village_hears_of_it(clerk, office):
    clerk.enter("approver")
    clerk.press("F2")
    clerk.page.keyboard.insert_text("李建国")
    clerk.go("Enter")
    clerk.use("table tbody th a")
    expect(clerk.page.locator("#act-decide")).to_have_attribute("open", "")

    clerk.choose("outcome", "no")
    clerk.use("#act-decide button[type=submit]")
    expect(clerk.page.locator("#error-summarydecide")).to_contain_text("不予的决定要写明理由")
    clerk.choose("outcome", "yes")
    clerk.use("#act-decide button[type=submit]")
    clerk.shown("已经办好:作出决定")

    clerk.pick("#act-issue select[name=to]", "甲村")
    clerk.write("[name='results.0.name']", "参保证明")
    clerk.write("[name='results.0.serial']", "豫潢-0001")
    clerk.use("#act-issue button[type=submit]")
    clerk.shown("已经办好:出件")
    office.sync()
    assert (state(office.county, office), state(office.places[VILLAGE], office)) == (
        "READY",
        "READY",
    )


def test_an_act_on_a_stale_page_is_not_done_and_can_be_done_after_a_look(clerk, office):
    clerk.enter("approver")
    clerk.page.goto(office.url(f"/cases/{office.text('to_decide')}"))
    fields = {"phone": "13900000077"}
    who = office.county.account("reconciler")
    acting.act(office.county.node, office.text("to_decide"), "correct_contact", fields, who)

    clerk.choose("outcome", "yes")
    clerk.use("#act-decide button[type=submit]")
    clerk.shown("这一件刚才有变化")
    assert state(office.county, office) == "ACCEPTED"
    expect(clerk.page.locator("[name=outcome][value=yes]")).to_be_checked()

    clerk.use("#act-decide button[type=submit]")
    assert state(office.county, office) == "DECIDED_YES"


def test_whole_numbers_are_shown_for_a_purpose_that_is_recorded(clerk, office):
    clerk.enter("approver")
    clerk.page.goto(office.url(f"/cases/{office.text('to_decide')}"))
    clerk.shown(MASKED_ID)
    expect(clerk.page.locator("main")).not_to_contain_text(ID_NO)

    clerk.use("main a[href$='/unmask']")
    clerk.use("main form button")
    expect(clerk.page.locator("#f-purpose-error1")).to_contain_text("写明用途")
    assert unmasking.looks(office.county.node) == []

    clerk.write("#f-purpose", "打电话核对身份证号")
    clerk.use("main form button")
    clerk.shown(ID_NO)
    (look,) = unmasking.looks(office.county.node)
    assert (look.login, look.case, look.purpose) == (
        "approver",
        office.text("to_decide"),
        "打电话核对身份证号",
    )
    clerk.page.goto(office.url(f"/cases/{office.text('to_decide')}"))
    expect(clerk.page.locator("main")).not_to_contain_text(ID_NO)


def test_a_reconcilers_look_at_a_difference_is_recorded_too(clerk, office):
    clerk.enter("reconciler")
    clerk.open_row("王*")

    (look,) = unmasking.looks(office.county.node)
    assert (look.login, look.case) == ("reconciler", office.text("phones"))
    assert office.check_of("phones").id in look.purpose


def test_an_administrator_sees_cases_masked_and_may_do_nothing_to_them(clerk, office):
    clerk.enter("admin")
    clerk.page.goto(office.url(f"/cases/{office.text('phones')}"))

    clerk.shown("139****0001")
    expect(clerk.page.locator("main form")).to_have_count(0)
    expect(clerk.page.locator("main a[href$='/unmask']")).to_have_count(0)


def test_cases_are_found_by_filters_words_and_numbers(clerk, office):
    clerk.enter("clerk")
    rows = clerk.page.locator("tbody tr")
    expect(rows).to_have_count(6)
    clerk.use(".facet a:has-text('已受理')")
    expect(rows).to_have_count(1)
    clerk.shown("李*国")
    clerk.use(".facet a:has-text('已受理')")
    expect(rows).to_have_count(6)
    clerk.use(".facet a:has-text('农行网点')")
    expect(rows).to_have_count(1)
    clerk.use("a:has-text('去掉筛选')")

    clerk.write("#q", "高龄")
    clerk.go("Enter")
    expect(rows).to_have_count(3)
    number = office.county.case(office.cases["phones"]).state.text("official_number")
    clerk.write("#q", number)
    clerk.go("Enter")
    expect(rows).to_have_count(1)
    clerk.write("#q", "100%")
    clerk.go("Enter")
    clerk.shown("没有找到")


def test_the_table_twin_has_the_same_rows_masked_and_harmless(clerk, office):
    clerk.enter("clerk")
    link = clerk.page.locator("a.csv").get_attribute("href")
    answer = clerk.page.request.get(office.url(link))

    rows = list(csv.DictReader(io.StringIO(answer.text().removeprefix("\ufeff"))))
    assert answer.headers["content-type"].startswith("text/csv")
    assert {row["case"] for row in rows} == {office.text(name) for name in office.cases}
    assert {row["name"] for row in rows} >= {"李*国", "王*"}
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]


def test_pages_go_on_by_cursor(clerk, office):
    clerk.enter("clerk")
    first = clerk.page.request.get(office.url("/api/v1/cases?limit=3")).json()
    rest = clerk.page.request.get(office.url(f"/api/v1/cases?limit=3&after={first['next']}")).json()

    named = [line["case"] for line in (*first["items"], *rest["items"])]
    assert sorted(named) == sorted(office.text(name) for name in office.cases)
    assert (len(first["items"]), rest["next"]) == (3, None)


@pytest.mark.parametrize("login", ["reconciler", "approver"])
def test_what_a_hostile_station_writes_stays_text(clerk, office, login):
    clerk.enter(login)
    check = office.check_of("hostile").id
    paths = [f"/cases/{office.text('hostile')}", "/cases", "/cases?q=%3Cscript%3E"]
    paths += ["/conflicts", f"/conflicts/{check}"] if login == "reconciler" else []
    for path in paths:
        clerk.page.goto(office.url(path))
        assert clerk.page.evaluate("window.struck") is None
        assert clerk.page.locator("main img[src='x']").count() == 0
    clerk.page.goto(office.url(f"/cases/{office.text('hostile')}/unmask"))
    clerk.write("#f-purpose", HOSTILE)
    clerk.use("main form button")
    clerk.shown(HOSTILE)
    assert clerk.page.evaluate("window.struck") is None


def test_who_accepted_may_not_decide(clerk, office):
    clerk.enter("approver")
    clerk.page.goto(office.url(f"/cases/{office.text('to_accept')}"))
    clerk.use("#act-accept button[type=submit]")
    clerk.shown("已经办好:受理")
    clerk.choose("outcome", "yes")
    clerk.use("#act-decide button[type=submit]")

    clerk.shown("受理的人不能自己作决定")
    assert office.county.case(office.cases["to_accept"]).state.state.value == "ACCEPTED"
