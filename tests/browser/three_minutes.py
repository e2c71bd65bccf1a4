"""The intake within three minutes: keys pressed and machine seconds of each page, in Chromium.

`python -m tests.browser.three_minutes` prints the table of docs/benchmarks.md. A key is a key:
Tab, arrows and Enter count like letters; a Chinese character counts as three (its pinyin and the
choice). Machine seconds run from the key that leaves a page until the next page is loaded; reading
and talking are not in them.
"""

import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.builders import Person, person
from tests import chromium
from tests.browser import counter
from tests.browser.hands import Hands

BUDGET_SECONDS = 180
KEYS_OF_A_HAN_SIGN = 3
_ROUNDS = 5
_PAGES = ("首页:找事项", "1 事项", "2 人", "3 材料", "4 核对")


@dataclass
class Tally:
    """What one page took: keys, and seconds of the machine."""

    keys: int = 0
    seconds: list[float] = field(default_factory=list)


class Counting(Hands):
    """A pair of hands that counts."""

    def __init__(self, page, address):
        super().__init__(page, address)
        self.keys = 0
        self.left = []
        typed = page.keyboard.insert_text

        def counted(text):
            self.keys += sum(KEYS_OF_A_HAN_SIGN if ord(sign) > 0x2E7F else 1 for sign in text)
            typed(text)

        page.keyboard.insert_text = counted

    def press(self, *keys):
        self.keys += len(keys)
        super().press(*keys)

    def go(self, key):
        self.keys += 1
        begun = time.perf_counter()
        super().go(key)
        self.left.append((self.keys, time.perf_counter() - begun))
        self.keys = 0


def intake(hands: Counting, who: Person) -> list[tuple[int, float]]:
    """Take in an elder allowance whole; answers keys and seconds of each page."""
    hands.page.goto(f"{hands.address}/")
    hands.keys, hands.left = 0, []
    hands.begin("gl", "DEMO-YL-01")
    hands.person(who)
    hands.next()
    hands.papers(1, 2, 3, 4, 5)
    hands.next()
    hands.next()
    return hands.left


def measure(browser, rounds: int = _ROUNDS) -> dict[str, Tally]:
    """Do it several times with several people; the first round warms up and does not count."""
    tallies = {name: Tally() for name in _PAGES}
    with tempfile.TemporaryDirectory(prefix="bangban-minutes-") as folder:
        made = counter.furnished(Path(folder))
        with counter.serving(made) as address:
            context = browser.new_context(locale="zh-CN", viewport=chromium.VIEWPORT)
            hands = Counting(context.new_page(), address)
            hands.sign_in()
            for turn in range(rounds + 1):
                left = intake(hands, person(random.Random(turn)))  # invented people
                for (_, tally), (keys, seconds) in zip(
                    tallies.items(), left[-len(_PAGES) :], strict=True
                ):
                    tally.keys = keys
                    tally.seconds += [seconds] if turn else []
            context.close()
        made.world.close()
    return tallies


def table(found: dict[str, Tally]) -> str:
    """The figures as a table, and what they leave for each key."""
    rows = [(n, tally.keys, statistics.median(tally.seconds)) for n, tally in found.items()]
    keys, seconds = sum(row[1] for row in rows), sum(row[2] for row in rows)
    lines = ["| page | keys | machine seconds (median) |", "|---|---|---|"]
    lines += [f"| {name} | {n} | {s:.2f} |" for name, n, s in (*rows, ("together", keys, seconds))]
    left = (BUDGET_SECONDS - seconds) / keys
    return "\n".join([*lines, "", f"Of {BUDGET_SECONDS} s {left:.2f} s are left for each key.", ""])


if __name__ == "__main__":
    with chromium.browser() as started:
        sys.stdout.write(table(measure(started)))
