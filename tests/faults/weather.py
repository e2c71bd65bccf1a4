"""Bad lines: which fault befalls the next connection, drawn from a seeded chance."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.proxy import (
    Cut,
    Delay,
    Direction,
    DropReply,
    Duplicate,
    Pass,
    Proxy,
    Refuse,
    Trickle,
)

_LONGEST_DELAY = 0.3
_SMALLEST_CUT, _LARGEST_CUT = 4, 17
"""As powers of two: most cuts fall into the first kilobytes, some into a large message."""


def _cut(chance: random.Random) -> Pass:
    after = round(2 ** chance.uniform(_SMALLEST_CUT, _LARGEST_CUT))
    return Cut(after=after, direction=chance.choice(list(Direction)))


_FAULTS: tuple[tuple[Callable[[random.Random], Pass], int], ...] = (
    (lambda _: Pass(), 5),
    (lambda c: Delay(c.uniform(0, _LONGEST_DELAY), c.choice(list(Direction))), 1),
    (_cut, 3),
    (lambda _: DropReply(), 2),
    (lambda _: Duplicate(), 2),
    (lambda c: Trickle(1000, 0.002, c.choice(list(Direction))), 1),
    (lambda _: Refuse(), 1),
)
"""What may befall a connection, and how often."""


@dataclass
class Weather:
    """What befalls connections from now on; one for all lines of a test.

    Attributes:
        bad: whether faults happen at all.
    """

    chance: random.Random
    bad: bool = True

    def over(self, proxy: Proxy) -> None:
        """Let it rule a line."""
        proxy.weather = lambda: self.draw(proxy.usual)

    def draw(self, usual: Pass) -> Pass:
        """A line that is down stays down, whatever the weather."""
        if isinstance(usual, Refuse) or not self.bad:
            return usual
        makers, weights = zip(*_FAULTS, strict=True)
        return self.chance.choices(makers, weights)[0](self.chance)
