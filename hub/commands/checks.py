"""`hub rebuild`, `doctor`, `supervise run`."""

from collections.abc import Mapping
from dataclasses import asdict

from hub.usecases import doctor, supervising
from node.command import Call, Outcome
from node.commands.checks import examined, verified
from node.commands.opened import opened


def rebuild(call: Call) -> Outcome:
    """Make the tables anew from the log, then check them."""
    with opened(call) as node:
        supervising.rebuild(node)
        return verified(node)


def run_doctor(call: Call) -> Outcome:
    """Look after what breaks most often, one plain line each."""
    with opened(call) as node:
        found = doctor.examine(node)
    return examined(found)


def supervise(call: Call) -> Mapping[str, object]:
    """Look through all cases for what should be under check and is not."""
    with opened(call) as node:
        return asdict(supervising.go_round(node))
