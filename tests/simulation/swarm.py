"""Running many seeds, and saying what they came to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation import plan
from tests.simulation.faults import ACTIONS, SWARM
from tests.simulation.run import Outcome, run
from tests.simulation.shrink import shrink

KNOWN = Path(__file__).with_name("seeds.txt")
"""Every seed that ever failed, with a word on why."""


def of_seed(seed: int) -> Outcome:
    """Run a seed."""
    return run(plan.draw(seed, SWARM, ACTIONS))


def known() -> list[int]:
    """Read the seeds that failed once."""
    lines = KNOWN.read_text("utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


def explained(outcome: Outcome, *, tries: int) -> str:
    """A failure with its rates and (0 tries: all) the actions that it needs."""
    if not tries:
        return outcome.told()
    return run(shrink(outcome, tries=tries)).told()


@dataclass
class Tally:
    """What some seeds came to."""

    seeds: int = 0
    steps: int = 0
    hits: Counter = field(default_factory=Counter)
    deeds: Counter = field(default_factory=Counter)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one."""
        self.seeds += 1
        self.steps += len(outcome.plan.actions)
        self.hits += outcome.hits
        self.deeds += outcome.deeds
        if outcome.complaints:
            self.failed.append(outcome)

    def lines(self) -> Iterable[str]:
        """For a person."""
        yield f"{self.seeds} seeds, {self.steps} steps, {len(self.failed)} failed"
        yield "confirmed: " + _counted(self.deeds)
        yield "hit: " + _counted(self.hits)


def _counted(counter: Counter) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))
