"""Leaving out actions of a failing run as long as it fails in the same way (delta debugging)."""

from collections.abc import Callable, Sequence

from tests.simulation.plan import Action, Plan
from tests.simulation.run import Outcome, run

TRIES = 120
_KIND = 24


def kind_of(outcome: Outcome) -> str:
    """What sort of failure it is: the beginning of its first complaint, without the place."""
    if not outcome.complaints:
        return ""
    first = outcome.complaints[0]
    place, _, rest = first.partition(": ")
    return (rest if place.isdigit() else first)[:_KIND]


def shrink(outcome: Outcome, again: Callable[[Plan], Outcome] = run, *, tries: int = TRIES) -> Plan:
    """Find a shorter plan that fails likewise.

    Args:
        outcome: of the failing plan.
        again: runs a plan.
        tries: runs at most.
    """
    actions, size = list(outcome.plan.actions), max(len(outcome.plan.actions) // 2, 1)
    wanted = kind_of(outcome)
    while tries > 0:
        for start in range(0, len(actions), size):
            fewer = actions[:start] + actions[start + size :]
            tries -= 1
            if kind_of(again(outcome.plan.only(fewer))) == wanted:
                actions = fewer
                break
            if tries <= 0:
                break
        else:
            if size == 1:
                break
            size = max(size // 2, 1)
    return outcome.plan.only(actions)


def listed(actions: Sequence[Action]) -> str:
    """Actions as they can be pasted into a test."""
    return "\n".join(f"    Action({a.name!r}, {a.who}, {a.pick})," for a in actions)
