"""The fleet: devices are let in by comparing a code, turned away with a reason, and ended."""

import pytest
from playwright.sync_api import expect

from hub.usecases import devices, enrolments
from node.enrolment import EnrolmentState
from tests.browser.office import NEW_VILLAGE, Clerk, ask_to_join, open_office
from tests.integration.hub_county import OTHER

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
DAY = 86_400_000


@pytest.fixture
def office(tmp_path_factory, tmp_path):
    with open_office(tmp_path_factory, tmp_path) as opened:
        yield opened


@pytest.fixture
def clerk(page, office):
    hands = Clerk(page, office.address)
    yield hands
    assert hands.complaints == []


def asked(office):
    (one,) = devices.asking(office.county.node)
    return bytes.fromhex(one.request)


def state_of(office, request):
    return enrolments.state(office.county.node, request).state


def test_an_administrator_compares_the_code_and_lets_a_device_in(clerk, office):
    code = ask_to_join(office.county).match_code
    request = asked(office)
    clerk.enter("admin")

    shown = clerk.page.locator(".match-code").inner_text()
    assert shown.replace(" ", "") == code
    assert len(code) == 6
    clerk.use("button[value=approve]")

    clerk.shown("已经批准")
    assert state_of(office, request) is EnrolmentState.APPROVED
    row = clerk.page.locator("tbody tr", has_text="丙村")
    expect(row).to_contain_text("未知")
    expect(row.locator(".tone-received")).to_have_count(0)


def test_a_device_is_turned_away_only_with_a_reason(clerk, office):
    ask_to_join(office.county)
    request = asked(office)
    clerk.enter("admin")
    clerk.use("button[value=refuse]")
    expect(clerk.page.locator("article .error")).to_contain_text("不同意要写理由")
    assert state_of(office, request) is EnrolmentState.PENDING

    clerk.write("article input[name=reason]", "码不一样")
    clerk.use("button[value=refuse]")
    clerk.shown("没有同意")
    assert state_of(office, request) is EnrolmentState.REFUSED


def test_a_device_is_ended_after_it_was_said_what_that_means(clerk, office):
    replica = office.places[OTHER].me.replica.hex()
    clerk.enter("admin")
    clerk.use(f"a[href='/stations/devices/{replica}/revoke']")
    clerk.shown("县里已经收到的办件都留着")
    clerk.use("main form button")
    expect(clerk.page.locator("#f-reason-error1")).to_contain_text("停用要写理由")
    clerk.write("#f-reason", "电脑丢了")
    clerk.use("main form button")

    clerk.shown("已经停用")
    expect(clerk.page.locator("tbody tr", has_text="乙村")).to_contain_text("已停用")
    found = {one.replica: one.state for one in devices.listed(office.county.node)}
    assert found[replica] == "revoked"


def test_what_was_not_heard_for_long_comes_first_and_is_never_green(clerk, office):
    office.clock.advance(4 * DAY)
    for code, place in office.places.items():
        if code != OTHER:
            place.clock.advance(4 * DAY)
            place.sync(office.county)
    ask_to_join(office.county, NEW_VILLAGE)
    clerk.enter("clerk")
    clerk.page.goto(office.url("/stations"))

    rows = clerk.page.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("乙村")
    expect(rows.nth(0)).to_contain_text("失联3天")
    expect(rows.nth(1)).to_contain_text("未知")
    for at in (0, 1):
        expect(rows.nth(at).locator(".tone-received")).to_have_count(0)
    expect(clerk.page.locator(".match-code")).to_have_count(0)
    clerk.use(".facet a:has-text('失联3天')")
    expect(rows).to_have_count(1)


def test_packets_put_aside_are_listed_without_stopping_anything(clerk, office):
    clerk.enter("admin")
    clerk.use("a[href='/quarantine']")
    clerk.shown("没有搁置的包")
