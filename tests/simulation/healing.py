"""After the faults: everything is mended, everybody exchanges, and all promises must hold."""

import random
from collections.abc import Iterator

from tests.simulation.county import Place
from tests.simulation.faults import hand_over
from tests.simulation.network import meet
from tests.simulation.observe import view, waiting
from tests.simulation.oracle import Oracle

ROUNDS = 3
"""Rounds of exchanges after which everything must be everywhere: up, down, and through a relay."""

_LAST_LETTERS = 4
"""Late messages that arrive after everything was mended."""


def heal(run, meddle=None) -> Iterator[str]:
    """Mend everything, exchange, and say what does not hold.

    Args:
        run: after its last action.
        meddle: called with the run before the oracle is asked, to break something on purpose.
    """
    run.rates = {}
    for place in run.county.places.values():
        place.machine.fuse, place.machine.full = None, False
        run.wake(place)
    run.network.apart.clear()
    chance = random.Random(run.plan.seed)
    chance.shuffle(run.network.bag)
    for letter in run.network.bag[:_LAST_LETTERS]:
        hand_over(run, letter)
    for number in range(ROUNDS):
        for child, parent in _links(run, everybody=number == 0):
            if not meet(run, child, parent, chance):
                yield f"round {number}: {child.code} and {parent.code} do not get through"
    if meddle is not None:
        meddle(run)
    yield from demand(run, run.oracle)


def _links(run, *, everybody: bool) -> Iterator[tuple[Place, Place]]:
    """Who still has something to exchange; in the first round everybody tries."""
    for child, parent in run.county.links():
        served = child.code not in run.oracle.shut_out
        if served and (everybody or any(waiting(run.county, child))):
            yield child, parent


def demand(run, oracle: Oracle) -> Iterator[str]:
    """Ask the oracle about what the nodes hold now."""
    hub = view(run.county, run.county.hub)
    yield from oracle.complaints(hub, [view(run.county, one) for one in run.county.below])
