"""The only place that reads a clock.

Wall time is milliseconds since the epoch, UTC; it is shown and compared with the county's, never
used to order facts. Running time is milliseconds that only go forward.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Beijing time: UTC+8 without summer time since 1992, so no zone database is needed."""


class Clock(Protocol):
    """What the shell needs to know of time."""

    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01T00:00:00Z by this computer's clock, right or wrong."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds of running time; the zero is arbitrary."""
        ...


class SystemClock:
    """The computer's clocks."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds of running time of this computer."""
        return time.monotonic_ns() // 1_000_000


@dataclass(slots=True)
class FixedClock:
    """A clock that moves only when told: for tests, simulations and imports.

    Attributes:
        now: wall time, milliseconds since the epoch.
        running: running time, milliseconds.
    """

    now: int = 1_795_227_000_000
    running: int = 0

    def now_ms(self) -> int:
        """The wall time it was set to."""
        return self.now

    def monotonic_ms(self) -> int:
        """The running time it was set to."""
        return self.running

    def advance(self, milliseconds: int) -> None:
        """Let both clocks run on."""
        self.now += milliseconds
        self.running += milliseconds


def beijing(now: int) -> datetime:
    """The wall time of `now` (milliseconds since the epoch) in Beijing."""
    return datetime.fromtimestamp(now / 1000, BEIJING)
