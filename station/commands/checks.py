"""`station rebuild`, `prune`, `doctor`, `catalogue list`."""

from collections.abc import Mapping
from dataclasses import asdict

from node import pruning, verifying
from node.command import Call, Outcome
from node.commands.checks import examined, item_document, verified
from node.commands.opened import opened
from node.powers import powers
from station.usecases import doctor, links, search


def rebuild(call: Call) -> Outcome:
    """Make the tables anew from the log, then check them."""
    with opened(call) as node:
        verifying.rebuild(node)
        search.refresh(node)
        return verified(node)


def prune(call: Call) -> Mapping[str, object]:
    """Drop closed cases that the county keeps and that are old enough."""
    with opened(call) as node:
        done = asdict(pruning.prune(node))
        search.refresh(node)
    return done


def run_doctor(call: Call) -> Outcome:
    """Look after what breaks most often, one plain line each."""
    with opened(call) as node:
        carrier = links.carrier(node)
        try:
            found = doctor.examine(node, carrier)
        finally:
            carrier.close()
    return examined(found)


def list_catalogue(call: Call) -> Mapping[str, object]:
    """List the items of the newest catalogue here, and in which mode this station offers each."""
    with opened(call) as node, node.database.read() as tx:
        held, catalogue = powers(tx, node.identity_in(tx), node.clock.now_ms()), node.catalogue(tx)
        listed = catalogue.items.values()
        items = [item_document(item, {"mode": held.mode(item)}) for item in listed]
    return {"version": catalogue.version, "items": items}
