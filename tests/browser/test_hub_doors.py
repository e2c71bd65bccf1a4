"""Who gets in where, and that every page is sound: axe, both letter sizes, English, a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from node.sessions import FREE_TRIES
from tests.browser.office import PASSWORD, Clerk, ask_to_join, open_office
from tests.integration.hub_county import VILLAGE

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FINDINGS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 160)}`))"""
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll(".table")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1).length"""
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
VIEWS = ["size=normal&lang=zh", "size=big&lang=zh", "size=normal&lang=en"]
MUST_NOT = {
    "stray": ["/", "/cases", "/cases.csv", "/cases/CASE", "/cases/CASE/unmask", "/conflicts",
              "/conflicts/CHECK", "/stations", "/quarantine", "/stations/devices/DEVICE/revoke",
              "/api/v1/cases", "/api/v1/cases/CASE", "/api/v1/conflicts", "/api/v1/stations"],
    "clerk": ["/cases/CASE/unmask", "/conflicts", "/conflicts.csv", "/conflicts/CHECK",
              "/stations/devices/DEVICE/revoke", "/api/v1/conflicts/CHECK"],
    "approver": ["/conflicts", "/conflicts/CHECK", "/stations/devices/DEVICE/revoke"],
    "admin": ["/cases/CASE/unmask", "/conflicts", "/conflicts/CHECK", "/api/v1/conflicts"],
    "reconciler": ["/stations/devices/DEVICE/revoke"],
}  # fmt: skip
MUST_NOT_DO = {
    "stray": ["/cases/CASE/acts", "/conflicts/CHECK", "/conflicts/CHECK/undo"],
    "admin": ["/cases/CASE/acts", "/cases/CASE/unmask", "/conflicts/CHECK"],
    "approver": ["/conflicts/CHECK", "/conflicts/CHECK/undo", "/stations/requests/REQUEST"],
    "clerk": ["/cases/CASE/unmask", "/stations/requests/REQUEST",
              "/stations/devices/DEVICE/revoke"],
    "reconciler": ["/stations/requests/REQUEST", "/stations/devices/DEVICE/revoke"],
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    path = tmp_path_factory.mktemp("office")
    with open_office(tmp_path_factory, path) as opened:
        ask_to_join(opened.county)
        yield opened


@pytest.fixture
def clerk(page, office):
    hands = Clerk(page, office.address)
    yield hands
    assert hands.complaints == []


def at(office, path):
    names = {
        "CASE": office.text("phones"),
        "CHECK": office.check_of("phones").id,
        "DEVICE": office.places[VILLAGE].me.replica.hex(),
        "REQUEST": "00" * 16,
    }
    for name, value in names.items():
        path = path.replace(name, value)
    return office.url(path)


@pytest.mark.parametrize("login", MUST_NOT)
def test_a_page_opens_only_for_those_whose_work_it_is(clerk, office, login):
    clerk.page.goto(office.url("/sign-in"))
    clerk.write("#f-login", login)
    clerk.write("#f-password", PASSWORD)
    clerk.go("Enter")
    found = {path: clerk.page.request.get(at(office, path)).status for path in MUST_NOT[login]}
    assert found == dict.fromkeys(MUST_NOT[login], 403)


@pytest.mark.parametrize("login", MUST_NOT_DO)
def test_an_act_is_done_only_by_those_whose_work_it_is(clerk, office, login):
    clerk.page.goto(office.url("/sign-in"))
    clerk.write("#f-login", login)
    clerk.write("#f-password", PASSWORD)
    clerk.go("Enter")
    token = clerk.page.locator("[name=csrf_token]").first.get_attribute("value")
    before = office.check_of("phones").version
    for path in MUST_NOT_DO[login]:
        form = {"csrf_token": token, "reason": "r", "purpose": "为了看", "decision": "approve"}
        assert clerk.page.request.post(at(office, path), form=form).status == 403, path
    assert office.check_of("phones").version == before


def test_what_is_posted_without_the_form_token_is_not_done(clerk, office):
    clerk.enter("reconciler")
    form = {"choose.phone": "x", "reason": "r"}
    for path in ("/conflicts/CHECK", "/cases/CASE/acts", "/cases/CASE/unmask", "/sign-out"):
        assert clerk.page.request.post(at(office, path), form=form).status == 400, path


def test_nobody_sees_anything_without_signing_in(page, office):
    for path in ("/", "/cases", "/conflicts", "/stations", "/quarantine"):
        page.goto(office.url(path))
        expect(page.get_by_role("heading", name="登录")).to_be_visible()
    answer = page.request.get(office.url("/api/v1/cases"))
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")


def test_too_many_wrong_passwords_close_a_login_for_a_while_in_plain_words(clerk, office):
    clerk.page.goto(office.url("/sign-in"))
    for _ in range(FREE_TRIES):
        clerk.write("#f-login", "approver")
        clerk.write("#f-password", "wrong")
        clerk.go("Enter")
        clerk.shown("用户名或密码不对")
    clerk.write("#f-password", PASSWORD)
    clerk.go("Enter")
    clerk.shown("等30秒再试")

    office.clock.advance(31_000)
    clerk.write("#f-password", PASSWORD)
    clerk.go("Enter")
    expect(clerk.page.locator(".who-name")).to_be_visible()


def test_a_session_ends_by_itself_and_by_hand(clerk, office):
    clerk.enter("clerk")
    office.clock.advance(16 * 60_000)
    clerk.page.goto(office.url("/cases"))
    expect(clerk.page.get_by_role("heading", name="登录")).to_be_visible()
    clerk.enter("clerk")
    clerk.use(".who button")
    clerk.page.goto(office.url("/cases"))
    expect(clerk.page.get_by_role("heading", name="登录")).to_be_visible()


def pages(office):
    case, device = office.text("phones"), office.places[VILLAGE].me.replica.hex()
    return {
        "reconciler": [
            *("/cases", "/cases?q=nobody", f"/cases/{case}", f"/cases/{case}/unmask"),
            *("/conflicts", "/conflicts?tab=resolved", "/quarantine", "/cases/nothing"),
            *(f"/conflicts/{office.check_of(name).id}" for name in ("phones", "first", "hostile")),
        ],
        "approver": ["/cases", f"/cases/{office.text('to_decide')}"],
        "admin": ["/stations", f"/stations/devices/{device}/revoke"],
    }


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("login", ["reconciler", "approver", "admin"])
def test_every_page_is_sound(clerk, office, login, view):
    cookie = {"name": "bangban_view", "value": view, "url": office.address}
    clerk.page.context.add_cookies([cookie])
    clerk.enter(login)
    found = {}
    for path in pages(office)[login]:
        clerk.page.set_viewport_size(DESK)
        clerk.page.goto(office.url(path))
        clerk.page.evaluate(AXE)
        told = [*clerk.page.evaluate(FINDINGS), *["cut"] * clerk.page.evaluate(CUT)]
        clerk.page.set_viewport_size(PHONE)
        told += ["over the edge"] if clerk.page.evaluate(OVER) > 0 else []
        found |= {path: told} if told else {}
    assert found == {}
