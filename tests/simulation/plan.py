"""What a seed is: which places take part, what goes wrong how often, and what is done in order.

Everything is drawn beforehand and each action carries its own chance, so that actions can be left
out (`shrink`) without changing what the others do.
"""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from tests.simulation.template import (
    BANK,
    FAR_VILLAGE,
    NEIGHBOUR,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
)

LAYOUTS = (
    ((VILLAGE,), 2),
    ((TOWN, VILLAGE), 5),
    ((TOWN, BANK), 1),
    ((VILLAGE, NEIGHBOUR), 1),
    ((TOWN, VILLAGE, BANK), 3),
    ((TOWN, VILLAGE, NEIGHBOUR), 3),
    ((TOWN, VILLAGE, OTHER_TOWN, FAR_VILLAGE), 1),
    ((TOWN, VILLAGE, NEIGHBOUR, BANK, OTHER_TOWN), 1),
)
"""Places beside the hub, and how often."""
STEPS = (18, 38)
_NORMAL = {"take_in": 8.0, "act": 16.0, "meet": 22.0, "county": 4.0, "settle": 1.5, "wait": 3.0}
"""What goes on without any fault, and how often."""


class Action(NamedTuple):
    """One thing that happens.

    Attributes:
        who: picks the place.
        pick: seeds every other choice inside the action.
    """

    name: str
    who: int
    pick: int


@dataclass(frozen=True)
class Plan:
    """A run, before it is run.

    Attributes:
        relayed: places that reach the county through their township only.
        rates: of each fault; 0 where it does not happen in this run.
    """

    seed: int
    places: tuple[str, ...]
    relayed: frozenset[str]
    rates: Mapping[str, float]
    actions: tuple[Action, ...]

    def only(self, actions) -> "Plan":
        """The same with other actions."""
        return replace(self, actions=tuple(actions))

    def told(self) -> str:
        """Everything that is needed to run it again, to be read by a person."""
        rates = ", ".join(f"{name} {rate:.2f}" for name, rate in self.rates.items() if rate)
        lines = [
            f"seed {self.seed}: {' '.join(self.places)}",
            f"  only through the township: {' '.join(sorted(self.relayed)) or 'nobody'}",
            f"  rates: {rates or 'none'}",
        ]
        return "\n".join(lines + [f"  {a.name} {a.who} {a.pick}" for a in self.actions])


class Swarm(NamedTuple):
    """How a fault's rate is drawn.

    Attributes:
        likely: how often a run has it at all.
        low: its smallest rate; `high`: its largest.
    """

    likely: float
    low: float
    high: float


def draw(seed: int, faults: Mapping[str, Swarm], actions: Collection[str]) -> Plan:
    """Draw the plan of a seed.

    Args:
        seed: everything follows from it.
        faults: every fault that a run may have.
        actions: those that are actions of their own; the others befall messages.
    """
    chance = random.Random(f"plan {seed}")
    places = chance.choices([p for p, _ in LAYOUTS], [w for _, w in LAYOUTS])[0]
    relayed = frozenset(p for p in places if _may_be_relayed(p, places) and chance.random() < 0.3)
    rates = {name: _rate(seed, name, swarm) for name, swarm in faults.items()}
    weights = _NORMAL | {name: rates[name] for name in faults if name in actions}
    count = chance.randint(*STEPS)
    return Plan(
        seed, places, relayed, rates, tuple(_action(seed, step, weights) for step in range(count))
    )


def _may_be_relayed(place: str, places: tuple[str, ...]) -> bool:
    return not place.endswith("000") and f"{place[:9]}000" in places


def _rate(seed: int, name: str, swarm: Swarm) -> float:
    """Each fault has a chance of its own: a new one in the table does not change the others."""
    chance = random.Random(f"rate {seed} {name}")
    drawn = chance.uniform(swarm.low, swarm.high)
    return drawn if chance.random() < swarm.likely else 0.0


def _action(seed: int, step: int, weights: Mapping[str, float]) -> Action:
    chance = random.Random(f"step {seed} {step}")
    name = chance.choices(list(weights), list(weights.values()))[0]
    return Action(name, chance.randrange(1 << 16), chance.randrange(1 << 32))
