"""Settings with a second person, files of the county, and the list of what runs out."""

import json

import pytest
from playwright.sync_api import expect

from hub.usecases import supervising
from node import people, publication
from node.people import NewAccount
from tests.browser.office import PASSWORD, Clerk, open_office
from tests.integration.hub_county import NOW, TOWNSHIP

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
DAY = 86_400_000
BAD = "411599199006150024"


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with open_office(tmp_path_factory, tmp_path) as opened:
        yield opened


@pytest.fixture
def clerk(page, office):
    hands = Clerk(page, office.address)
    yield hands
    assert hands.complaints == []


def published(office):
    with office.county.node.database.read() as tx:
        return publication.current(tx, office.county.node.identity_in(tx)).document


def propose(clerk, value="9"):
    clerk.page.goto(f"{clerk.address}/settings")
    clerk.reach("#f-name")
    clerk.page.locator("#f-name").select_option("correction_days")
    clerk.write("#f-value", value)
    clerk.page.locator("#f-scope").select_option(TOWNSHIP)
    clerk.write("#f-source", "实施细则第10条")
    clerk.write("#f-first", "2026-11-01")
    clerk.use("form[action='/settings'][method=post] button")


@pytest.mark.req("R-NX-42")
def test_a_setting_needs_two_administrators(clerk, office):
    node = office.county.node
    with node.database.write() as tx:
        place = node.identity_in(tx).place.code
        new = NewAccount("second", "副管理员", "administrator", place)
        people.add(tx, new, now=NOW, password=PASSWORD)
    clerk.enter("admin")
    propose(clerk, value="0")
    expect(clerk.page.locator("#f-value-error1")).to_contain_text("要在1到60之间")
    propose(clerk)
    clerk.shown("等第二个管理员批")
    clerk.shown("自己提的要换一个管理员来批")
    expect(clerk.page.locator("form[action$='/approve']")).to_have_count(0)
    assert "settings" not in published(office)

    clerk.page.context.clear_cookies()
    clerk.enter("second")
    clerk.page.goto(f"{clerk.address}/settings?place={TOWNSHIP}")
    clerk.use("form[action$='/approve'] button")
    clerk.shown("已公布")
    (layer,) = published(office)["settings"]["layers"]
    assert (layer["value"], layer["set_by"], layer["approved_by"]) == (9, "admin", "second")
    clerk.page.goto(f"{clerk.address}/settings?place={TOWNSHIP}")
    row = clerk.page.locator("tbody tr", has_text="补正期限")
    expect(row).to_contain_text("9个工作日")
    expect(row).to_contain_text("实施细则第10条")


@pytest.mark.req("R-HC-29e")
def test_files_of_the_county_are_published_or_named_line_by_line(clerk, office):
    clerk.enter("admin")
    page = clerk.page
    page.goto(f"{clerk.address}/settings")
    head = "证件号码,类型,起始日期,修复日期\n"
    wrong = {"name": "l.csv", "mimeType": "text/csv", "buffer": (head + "1,失信,x,\n").encode()}
    page.locator("#f-credit").set_input_files(wrong)
    clerk.use("form[action$='/credit'] button")
    expect(page.locator("#error-summary")).to_contain_text("第2行")
    assert "credit" not in published(office)

    line = f"{BAD},失信,2026-01-01,\n"
    good = {"name": "l.csv", "mimeType": "text/csv", "buffer": (head + line).encode()}
    page.locator("#f-credit").set_input_files(good)
    clerk.use("form[action$='/credit'] button")
    clerk.shown("失信1条")
    assert BAD not in json.dumps(published(office))

    year = {"published_from": "2027-01-01", "published_until": "2027-12-31", "source": "2027"}
    text = json.dumps(year | {"off": [], "working": []}).encode()
    file = {"name": "2027.json", "mimeType": "application/json", "buffer": text}
    page.locator("#f-calendar").set_input_files(file)
    clerk.use("form[action$='/calendar'] button")
    clerk.shown("2027年12月31日")


def test_what_runs_out_is_listed_with_the_timer_and_leads_to_its_case(clerk, office):
    office.clock.advance(40 * DAY)
    supervising.go_round(office.county.node)
    clerk.enter("approver")
    clerk.page.goto(f"{clerk.address}/alerts")
    row = clerk.page.locator("tbody tr").first
    expect(row).to_contain_text("承诺时限")
    expect(clerk.page.locator("tbody")).to_contain_text("转交材料")
    expect(row).to_contain_text("天前联上过")
    clerk.reach("tbody th a")
    clerk.go("Enter")
    expect(clerk.page.locator("h1")).to_be_visible()


def test_who_is_no_administrator_may_look_and_change_nothing(clerk):
    clerk.enter("reconciler")
    clerk.page.goto(f"{clerk.address}/settings")
    clerk.shown("补正期限")
    expect(clerk.page.locator("main form[method=post]")).to_have_count(0)
