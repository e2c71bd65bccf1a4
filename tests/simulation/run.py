"""One run: do what the plan says, heal everything, and ask the oracle."""

import random
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.simulation import county as counties
from tests.simulation import deeds, faults, healing
from tests.simulation.chance import seeded
from tests.simulation.county import County, Place
from tests.simulation.disasters import Copies
from tests.simulation.network import Letter, Network, meet
from tests.simulation.oracle import Oracle
from tests.simulation.plan import Plan


def _meet(run: "Run", place: Place, chance: random.Random) -> None:
    """Exchange with one of the parents."""
    parents = run.county.reaches(place) if not place.is_hub else []
    if parents and place.works:
        meet(run, place, chance.choice(parents), chance)


ACTIONS = {
    "take_in": deeds.take_in,
    "act": deeds.act,
    "county": deeds.county,
    "settle": deeds.settle,
    "wait": deeds.wait,
    "meet": _meet,
    **faults.ACTIONS,
}


@dataclass
class Run:
    """A run under way.

    Attributes:
        rates: of the faults that befall messages; empty while healing.
        hits: what was really hit, by name.
        cases: records in the order in which they were taken in.
        asleep: how many more actions a machine is without power.
        drawer: files of sticks that lie about.
        copies: backups and copies of disks, by machine.
    """

    plan: Plan
    county: County
    rates: dict[str, float]
    oracle: Oracle = field(default_factory=Oracle)
    network: Network = field(default_factory=Network)
    hits: Counter = field(default_factory=Counter)
    deeds: Counter = field(default_factory=Counter)
    cases: list[bytes] = field(default_factory=list)
    people: list = field(default_factory=list)
    asleep: dict[str, int] = field(default_factory=dict)
    drawer: list[bytes] = field(default_factory=list)
    copies: dict[str, Copies] = field(default_factory=lambda: defaultdict(Copies))

    def hit(self, name: str, *, deed: bool = False) -> None:
        """Count something that really happened."""
        (self.deeds if deed else self.hits)[name] += 1

    def power_cut(self, place: Place) -> None:
        """A machine has lost its power; it comes back some actions later."""
        self.hit("power")
        place.die()
        self.asleep[place.name] = place.serial % 4

    def may_be_refused(self, letter: Letter) -> bool:
        """Whether a parent may turn a request away."""
        return letter.suspect or letter.sender in self.oracle.shut_out

    def sends(self, child: Place, parent: Place, message: bytes, chance: random.Random) -> bytes:
        """What leaves a machine in place of its request: a relay may lie."""
        return faults.lie(self, child, parent, message, chance)

    def step(self, number: int) -> None:
        """Do one action of the plan."""
        for name in [name for name, left in self.asleep.items() if left <= 0]:
            self.wake(self.county.places[name])
        self.asleep = {name: left - 1 for name, left in self.asleep.items()}
        action = self.plan.actions[number]
        chance = random.Random(action.pick)
        places = list(self.county.places.values())
        self.county.advance(chance.randrange(60_000))
        ACTIONS[action.name](self, places[action.who % len(places)], chance)

    def wake(self, place: Place) -> None:
        """Switch a machine on again."""
        self.asleep.pop(place.name, None)
        if not place.up:
            place.open()


@dataclass
class Outcome:
    """What a run came to: empty complaints mean that everything holds."""

    plan: Plan
    complaints: list[str]
    hits: Counter
    deeds: Counter

    def told(self) -> str:
        """For a person who has to find out why."""
        return "\n".join([self.plan.told(), "what does not hold:", *self.complaints[:20]])


def run(plan: Plan, *, meddle=None) -> Outcome:
    """Run a plan.

    Args:
        plan: of a seed, or with actions left out.
        meddle: called with the run before the oracle is asked, to break something on purpose.
    """
    with seeded(plan.seed):
        county = counties.begin(plan.places, plan.relayed)
        under_way = Run(plan, county, dict(plan.rates), Oracle())
        try:
            complaints = _through(under_way, meddle)
        finally:
            county.close()
    return Outcome(plan, complaints, under_way.hits, under_way.deeds)


def _through(under_way: Run, meddle) -> list[str]:
    number = -1
    try:
        for number in range(len(under_way.plan.actions)):
            under_way.step(number)
        number = -1
        return list(healing.heal(under_way, meddle))
    except Exception as error:  # noqa: BLE001  # whatever it is, the seed tells how to meet it again
        where = under_way.plan.actions[number].name if number >= 0 else "healing"
        return [f"{type(error).__name__} in {where}: {error}", traceback.format_exc()]
