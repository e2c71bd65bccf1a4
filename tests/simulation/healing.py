"""After the faults: everything is mended, everybody exchanges, and all promises must hold."""

import random
from collections.abc import Iterator

from tests.simulation.county import Place
from tests.simulation.disasters import recover
from tests.simulation.faults import hand_over
from tests.simulation.network import meet
from tests.simulation.observe import view, waiting
from tests.simulation.oracle import Oracle

ROUNDS = 4
"""Rounds of exchanges after which everything must be everywhere: up, down, and through a relay."""

_REST_MS = 11 * 60_000
"""Between two rounds: so long a village lets its letters to the county rest."""
_MOST_RECOVERIES = 6
_LAST_LETTERS = 4
"""Late messages that arrive after everything was mended."""


def heal(run, meddle=None) -> Iterator[str]:
    """Mend everything, exchange, and say what does not hold.

    Args:
        run: after its last action.
        meddle: called with the run before the oracle is asked, to break something on purpose.
    """
    _mend(run)
    chance = random.Random(run.plan.seed)
    chance.shuffle(run.network.bag)
    for letter in run.network.bag[:_LAST_LETTERS]:
        hand_over(run, letter)
    yield from _meet_until_quiet(run, chance)
    if meddle is not None:
        meddle(run)
    yield from demand(run, run.oracle)


def _mend(run) -> None:
    run.rates = {}
    for place in run.county.places.values():
        place.machine.fuse, place.machine.full = None, False
        run.wake(place)
    for place in run.county.below:
        recover(run, place, random.Random(0))
    run.network.apart.clear()


def _meet_until_quiet(run, chance: random.Random) -> Iterator[str]:
    left, anew = ROUNDS, 0
    while left > 0:
        left -= 1
        run.county.advance(_REST_MS)
        for child, parent in _links(run, everybody=left == ROUNDS - 1):
            if not meet(run, child, parent, chance) and left == 0:
                yield f"{child.name} and {parent.name} do not get through"
            if recover(run, child, chance):  # it may find out only now that it is a copy
                left, anew = ROUNDS, anew + 1
                if anew > _MOST_RECOVERIES:
                    yield f"{child.name} stops again and again"
                    return


def _links(run, *, everybody: bool) -> Iterator[tuple[Place, Place]]:
    """Who still has something to exchange, and who relays for them; at first everybody tries."""
    served = [one for one in run.county.below if one.name not in run.oracle.shut_out]
    busy = {one.name for one in served if everybody or any(waiting(run.county, one))}
    busy |= {town.name for one in served if one.name in busy and (town := run.county.above(one))}
    yield from (pair for pair in run.county.links() if pair[0].name in busy)


def demand(run, oracle: Oracle) -> Iterator[str]:
    """Ask the oracle about what the nodes hold now."""
    hub = view(run.county, run.county.hub)
    yield from oracle.complaints(hub, [view(run.county, one) for one in run.county.below])
