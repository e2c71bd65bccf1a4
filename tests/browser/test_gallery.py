"""Every page of both apps, looked at as a person at the counter meets it.

axe finds nothing, at both letter sizes and in both languages; nothing scrolls sideways on a phone;
the keyboard alone reaches the main button; what can be pressed is large enough; nothing breaks the
strict content security policy; and what must work without script does.
"""

import re
from pathlib import Path

import pytest

from tests.browser import gallery

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FINDINGS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 160)}`))"""
PHONE = {"width": 390, "height": 844}
VIEWS = ["size=normal&lang=zh", "size=big&lang=zh", "size=normal&lang=en"]
NOTHING = {"axe": [], "small": [], "wide tables": [], "over the edge": 0}
COLUMNS = "[...document.querySelectorAll('thead tr')].map((row) => row.cells.length)"
# Links in running text are excepted, as WCAG 2.2 excepts them (2.5.8, "inline").
SMALL = """(least) => [...document.querySelectorAll(
    "button, [role=button], summary, select, textarea, .choice, .chip, .menu a, .tabs a, .facet a,"
    + " input:not([type=radio], [type=checkbox], [type=hidden])")]
  .filter((part) => part.offsetParent !== null && part.getBoundingClientRect().height < least - 0.5)
  .map((part) => part.outerHTML.slice(0, 120))"""
MAIN_BUTTON = """() => [...document.querySelectorAll(
    "main :is(button, [role=button]):not(.secondary, .tool, .quiet)")]
  .filter((part) => part.offsetParent !== null).length"""
FOCUSED = """() => document.activeElement.matches(
    "main :is(button, [role=button]):not(.secondary)")"""
OUTLINE = "() => getComputedStyle(document.activeElement).outlineColor"
YELLOW = "rgb(255, 221, 0)"
TABS_AT_MOST = 90
LOUD = {"error", "warning"}

STATION = [f"station/{key}" for key in gallery.APPS["station"][0]]
HUB = [f"hub/{key}" for key in gallery.APPS["hub"][0]]
EVERY = STATION + HUB
FORMS = ["station/person", "station/materials", "station/check"]


@pytest.fixture(scope="module")
def addresses():
    with gallery.serving("station") as station, gallery.serving("hub") as hub:
        yield {"station": station, "hub": hub}


@pytest.fixture
def visit(chromium, addresses):
    """Open a page of the gallery with one person's preferences; complaints of the browser fail."""
    contexts, complaints = [], []

    def open_page(name, *, view="", viewport=None, script=True):
        app, key = name.split("/")
        context = chromium.new_context(
            locale="zh-CN",
            viewport=viewport or {"width": 1366, "height": 768},
            java_script_enabled=script,
        )
        contexts.append(context)
        cookie = {"name": "bangban_view", "value": view, "url": addresses[app]}
        context.add_cookies([cookie] if view else [])
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in LOUD else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{addresses[app]}/page/{key}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_sound(visit, name, view):
    """axe, sizes of what is pressed, columns; then the same page as narrow as a phone."""
    page = visit(name, view=view)
    page.evaluate(AXE)
    found = {
        "axe": page.evaluate(FINDINGS),
        "small": page.evaluate(SMALL, 60 if "big" in view else 44),
        "wide tables": [columns for columns in page.evaluate(COLUMNS) if columns > 7],
    }
    page.set_viewport_size(PHONE)
    over = page.evaluate("document.documentElement.scrollWidth") - PHONE["width"]
    assert found | {"over the edge": max(over, 0)} == NOTHING


@pytest.mark.parametrize("name", EVERY)
def test_the_keyboard_alone_reaches_the_main_button(visit, name):
    page = visit(name)
    if page.evaluate(MAIN_BUTTON):
        for _ in range(TABS_AT_MOST):
            page.keyboard.press("Tab")
            if page.evaluate(FOCUSED):
                break
        assert page.evaluate(FOCUSED)
        assert page.evaluate(OUTLINE) == YELLOW


def test_home_waits_with_the_search_box_in_hand(visit):
    page = visit("station/home", script=False)
    assert page.locator("#q").evaluate("(box) => box === document.activeElement")


def test_big_letters_and_english_without_script(visit):
    page = visit("station/home", script=False)
    page.get_by_role("button", name="大字").click()
    assert page.locator("html").get_attribute("data-size") == "big"
    page.get_by_role("button", name="EN").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.partition("?")[0].endswith("/page/home")
    assert page.get_by_role("button", name="Large").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("name", FORMS)
def test_a_half_filled_form_carries_the_switch_itself(visit, name):
    page = visit(name)
    switch = page.get_by_role("button", name="EN")
    assert switch.get_attribute("form") == "draft"
    assert switch.get_attribute("formnovalidate") is not None


@pytest.mark.parametrize("name", ["station/person", "station/check"])
def test_enter_presses_the_forms_own_button_and_no_switch(visit, name):
    page = visit(name, script=False)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.locator("#draft input:not([type=hidden])").first.press("Enter")
    assert [text for text in sent if "go=" in text]
    assert not [text for text in sent if "preference=" in text]


def test_the_agents_part_opens_without_script(visit):
    page = visit("station/person", script=False)
    name = page.get_by_label("代办人姓名")
    assert not name.is_visible()
    page.get_by_label("受托代办").check()
    assert name.is_visible()


def test_the_error_summary_has_the_focus_and_leads_to_the_field(visit):
    page = visit("station/person-errors")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.get_by_role("link", name="身份证号少1位").first.click()
    assert page.evaluate("document.activeElement.id") == "f-applicant-id_no"


def test_a_counter_tells_how_many_are_typed_and_judges_nothing(visit):
    page = visit("station/person")
    field = page.locator("#f-applicant-id_no")
    field.fill("411599 1940")
    assert page.locator("#f-applicant-id_no-count").inner_text() == "已输10位,还差8位"
    field.fill("4115991940010100112")
    assert page.locator("#f-applicant-id_no-count").inner_text() == "已输19位,多了1位"
    assert field.get_attribute("aria-invalid") is None


def test_enter_goes_to_the_next_field_but_not_while_composing(visit):
    page = visit("station/person")
    page.locator("#f-applicant-name").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-applicant-phone"
    composed = """(name) => {
      const field = document.getElementById(name);
      field.focus();
      const event = new KeyboardEvent("keydown",
        {key: "Enter", isComposing: true, bubbles: true, cancelable: true});
      return field.dispatchEvent(event);
    }"""
    assert page.evaluate(composed, "f-applicant-name") is False
    assert page.evaluate("document.activeElement.id") == "f-applicant-name"


def test_short_cuts_lead_where_they_say_and_can_be_switched_off(visit):
    page = visit("station/cases")
    page.keyboard.press("F8")
    page.wait_for_url("**/page/upload")
    page = visit("station/cases", view="keys=off")
    page.keyboard.press("F8")
    assert page.url.endswith("/page/cases")


def test_a_bar_code_reader_presses_no_short_cut(visit):
    page = visit("station/cases")
    scan = """() => ["1", "F8"].forEach((key) => document.body.dispatchEvent(
      new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))"""
    page.evaluate(scan)
    assert page.url.endswith("/page/cases")


def test_nothing_is_chosen_beforehand_in_a_comparison(visit):
    page = visit("hub/duplicate")
    assert page.locator("main input:checked").count() == 0
    assert not page.locator("details.suggestion[open]").count()


def test_unknown_is_never_green(visit):
    page = visit("hub/stations")
    tag = page.locator(".tag", has_text="未知")
    assert "tone-offline" in tag.get_attribute("class")
    assert page.get_by_text("不清楚").count() >= 3


def test_an_unanswered_poll_turns_the_chip_to_not_known(visit):
    page = visit("station/home")
    page.evaluate("""() => document.getElementById("link-chip").dispatchEvent(
      new CustomEvent("htmx:sendError", {bubbles: true, detail: {
        elt: document.getElementById("link-chip")}}))""")
    chip = page.locator("#link-chip")
    assert chip.inner_text() == "不清楚"
    assert "chip-unknown" in chip.get_attribute("class")


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [("promise", 210, 297), ("notice", 148, 210), ("receipt", 80, 297)],
)
def test_a_document_fits_its_paper(visit, name, width, height):
    printed = visit(f"station/print-{name}").pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    millimetres = {(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes}
    assert len(boxes) == 2
    assert millimetres == {(width, height)}


def test_a_document_prints_one_copy_a_page(visit):
    page = visit("station/print-promise")
    page.emulate_media(media="print")
    assert page.locator(".print-bar").is_hidden()
    assert page.locator(".paper-sheet").count() == 2
    assert (
        page.locator(".paper-sheet").first.evaluate("(sheet) => getComputedStyle(sheet).breakAfter")
        == "page"
    )
