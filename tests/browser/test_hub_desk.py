"""A department at its desk, by keyboard: papers looked at, reviewed by two, decided, issued."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from casework.facts import Act
from fixtures.builders import sample_item
from hub.usecases import authorisations, desk
from hub.usecases.authorisations import NewLetter
from hub.usecases.desk import Queue
from node import people
from node.people import NewAccount
from tests.browser.office import PASSWORD, Clerk, open_office
from tests.browser.test_gallery import AXE, FINDINGS
from tests.integration import hub_county
from tests.integration.hub_county import NOW, VILLAGE, received

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
CIVIL = "民政局"
PEOPLE = ("minzheng", "minzheng2", "minzheng3")


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with open_office(tmp_path_factory, tmp_path) as opened:
        with opened.county.node.database.write() as tx:
            for login in PEOPLE:
                new = NewAccount(login, "周科长", "approver", "411526000000", department=CIVIL)
                people.add(tx, new, now=NOW, password=PASSWORD)
        for login in PEOPLE:
            letter = NewLetter(to=login, document_no="民政授〔2026〕1号", grantor=CIVIL)
            authorisations.add(
                opened.county.node, letter, account=opened.county.account("administrator")
            )
        yield opened


@pytest.fixture
def clerk(page, office):
    hands = Clerk(page, office.address)
    yield hands
    assert hands.complaints == []


def numbers(item):
    return [material.no for material in sample_item(item).materials]


def case_of(office, item):
    """A case that the township accepted, all its papers in."""
    record, village = hub_county.new_record(), office.places[VILLAGE]
    office.cases[item] = record
    paper = {"form": "copy", "copies": 1, "original_seen": True}
    papers = {f"material.{no}": {"no": no, **paper} for no in numbers(item)}
    more = {"id_no": "411599194505050018", "name": "周大山"}
    village.write(record, Act("case.received", received(VILLAGE, item=item, **papers, **more)))
    office.sync()
    return record


def accept(clerk, office, item):
    """The county's clerk accepts, so that somebody else decides."""
    record = case_of(office, item)
    clerk.enter("clerk")
    clerk.page.goto(office.url(f"/cases/{office.text(item)}"))
    clerk.use("#act-accept button[type=submit]")
    clerk.shown("已经办好:受理")
    leave(clerk)
    return record


def leave(clerk):
    clerk.page.context.clear_cookies()


def found_good(clerk, item):
    """Every paper will do; sign in."""
    for no in numbers(item):
        clerk.choose(f"papers.{no}", "ok")
    clerk.use("main form button[type=submit]")


def review(clerk, office, login):
    clerk.enter(login)
    clerk.page.goto(office.url("/desk?list=review"))
    clerk.use("a[role=button]:has-text('审核')")
    clerk.choose("agrees", "yes")
    clerk.write("#f-review-opinion", "入户看过,属实")
    clerk.use("#act-review button[type=submit]")
    clerk.shown("已经办好:审核")


def clean(clerk):
    clerk.page.evaluate(AXE)
    assert clerk.page.evaluate(FINDINGS) == []


def state(office, record):
    return office.county.case(record).state.state.value


@pytest.mark.req("R-ZH-23b")
@pytest.mark.req("R-NX-21")
def test_a_department_looks_reviews_decides_and_issues(clerk, office):
    record = accept(clerk, office, "DEMO-JZ-01")
    clerk.enter("minzheng")
    clerk.use("nav a:has-text('部门办件')")
    clean(clerk)
    clerk.use("a[role=button]:has-text('核对签收'):has-text('周*')")
    clerk.use("main form button[type=submit]")
    expect(clerk.page.locator(".summary")).to_contain_text("还没有核对")
    clean(clerk)
    found_good(clerk, "DEMO-JZ-01")
    clerk.shown("已经办好:部门签收")
    assert state(office, record) == "REVIEW"
    for login in PEOPLE[:2]:
        leave(clerk)
        review(clerk, office, login)
    leave(clerk)
    clerk.enter(PEOPLE[2])
    clerk.page.goto(office.url("/desk?list=decide"))
    clerk.use("a[role=button]:has-text('决定')")
    clerk.choose("outcome", "yes")
    clerk.use("#act-decide button[type=submit]")
    clerk.shown("已经办好:作出决定")
    clerk.page.goto(office.url("/desk?list=issue"))
    clean(clerk)
    clerk.use("a[role=button]:has-text('出件')")
    clerk.write("[name='results.0.name']", "低保证")
    clerk.write("[name='results.0.serial']", "DB-1")
    clerk.use("#act-issue button[type=submit]")
    clerk.shown("已经办好:出件")
    assert state(office, record) == "READY"


@pytest.mark.req("R-HN-22")
def test_a_refusal_by_keyboard_asks_for_its_reasons(clerk, office):
    record = accept(clerk, office, "DEMO-YL-01")
    clerk.enter("minzheng")
    clerk.page.goto(office.url(f"/desk/{office.text('DEMO-YL-01')}/sign-in"))
    found_good(clerk, "DEMO-YL-01")
    clerk.choose("outcome", "no")
    clerk.use("#act-decide button[type=submit]")
    expect(clerk.page.locator("#error-summarydecide")).to_contain_text("不予的决定要写明理由")
    clerk.write("#f-decide-reasons", "不满八十周岁")
    clerk.write("#f-decide-clause", "办法第3条")
    clerk.use("#act-decide button[type=submit]")
    clerk.shown("已经办好:作出决定")
    assert state(office, record) == "DECIDED_NO"
    decided = office.county.case(record).state.map("decided")
    assert "行政复议" in decided["remedies"]


def test_another_departments_cases_are_on_no_list(clerk, office):
    accept(clerk, office, "DEMO-YL-01")
    clerk.enter("minzheng")
    clerk.page.goto(office.url("/cases"))
    rows = clerk.page.locator("tbody tr")
    expect(rows.filter(has_text="养老保险")).to_have_count(0)
    expect(rows.filter(has_text="高龄津贴").first).to_be_visible()
    other = replace(office.county.account("approver"), department="医保局")
    assert desk.listing(office.county.node, other, Queue.SIGN_IN) == ()


def test_only_approvers_have_a_desk(clerk, office):
    clerk.enter("clerk")
    expect(clerk.page.locator("nav a:has-text('部门办件')")).to_have_count(0)
    assert clerk.page.request.get(office.url("/desk")).status == 403
