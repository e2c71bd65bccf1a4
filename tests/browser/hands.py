"""A person who has a keyboard and no mouse."""

from playwright.sync_api import Page, expect

from tests.browser import counter

_MOST_TABS = 120
_FINGER_MS = 25
"""How long a finger stays on a key; what types faster is a reader of bar codes (`bangban.js`)."""


class Hands:
    """Presses keys; reaches things only by moving the focus."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message) -> None:
        told = message.text
        if message.type == "error" and "Failed to load resource" not in told:
            self.complaints.append(told)

    def press(self, *keys: str) -> None:
        """Press keys one after another, as fast as fingers do."""
        for key in keys:
            self.page.keyboard.press(key, delay=_FINGER_MS)

    def go(self, key: str) -> None:
        """Press a key that leads to another page, and wait for it."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key, delay=_FINGER_MS)

    def reach(self, selector: str) -> None:
        """Tab on until the thing is focused."""
        wanted = self.page.locator(selector).first
        expect(wanted).to_be_visible()
        for _ in range(_MOST_TABS):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"no way to {selector} by keyboard")

    def write(self, selector: str, text: str) -> None:
        """Reach a field and replace what stands in it."""
        self.reach(selector)
        self.press("Control+a", "Delete")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, value: str) -> None:
        """Reach a group of radio buttons, and go to one of them by the arrow keys."""
        group = f"main input[type=radio][name='{name}']"
        values = self.page.locator(group).evaluate_all("all => all.map(one => one.value)")
        ticked = self.page.locator(f"{group}:checked")
        start = ticked.get_attribute("value") if ticked.count() else None
        self.reach(f"{group}:checked" if start is not None else group)
        if start is None:
            self.press("Space")
        at = values.index(start) if start is not None else 0
        steps = values.index(value) - at
        self.press(*["ArrowDown" if steps > 0 else "ArrowUp"] * abs(steps))
        expect(self.page.locator(f"{group}[value='{value}']")).to_be_checked()

    def tick(self, selector: str) -> None:
        """Reach a box and tick it."""
        self.reach(selector)
        self.press("Space")

    def pick(self, selector: str, label: str) -> None:
        """Reach a drop-down and go to a choice by the arrow keys."""
        self.reach(selector)
        field = self.page.locator(selector)
        labels = field.evaluate("one => [...one.options].map(choice => choice.label)")
        self.press(
            *["ArrowDown"] * (labels.index(label) - field.evaluate("one => one.selectedIndex"))
        )
        assert field.evaluate("one => one.selectedOptions[0].label") == label

    def use(self, selector: str) -> None:
        """Reach a link or button and press it."""
        self.reach(selector)
        self.go("Enter")

    # -- what a helper does every day -------------------------------------------------------------

    def sign_in(self) -> None:
        """Sign in as the one who works here."""
        self.page.goto(f"{self.address}/")
        self.choose("login", counter.LOGIN)
        self.write("#f-password", counter.PASSWORD)
        self.go("Enter")
        expect(self.page.locator("#q")).to_be_focused()

    def begin(self, words: str, code: str) -> None:
        """Find an item by what people call it, and begin."""
        self.go("F2") if not self.page.locator("#q").count() else self.press("F2")
        expect(self.page.locator("#q")).to_be_focused()
        self.page.keyboard.insert_text(words)
        self.go("Enter")
        self.use(f"a.item[href$='{code}']")
        self.use("main form button[name=go]")

    def person(self, who, *, present: str = "self") -> None:
        """Fill in who applies."""
        self.write("#f-applicant-id_no", who.id_no)
        self.write("#f-applicant-name", who.name)
        self.write("#f-applicant-phone", who.phone)
        self.write("#f-applicant-address", who.address)
        self.choose("agent.present", present)

    def papers(self, *numbers: int, form: str = "original") -> None:
        """Say in which form papers were handed in."""
        for no in numbers:
            self.choose(f"materials.{no}.form", form)

    def next(self) -> None:
        """Go on to the next page."""
        self.go("Control+Enter")

    def shown(self, text: str) -> None:
        """Expect words on the page."""
        expect(self.page.locator("main")).to_contain_text(text)
