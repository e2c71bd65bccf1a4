"""`hub rebuild`, `doctor`, `supervise run`, `catalogue list`."""

from collections.abc import Mapping
from dataclasses import asdict

from casework.catalogue import CatalogueItem
from hub.usecases import doctor, supervising
from node.command import Call, Outcome
from node.commands.checks import examined, item_document, verified
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


def list_catalogue(call: Call) -> Mapping[str, object]:
    """List the items of the newest catalogue, and in which mode each kind of place offers them."""
    with opened(call) as node, node.database.read() as tx:
        catalogue = node.catalogue(tx)
        items = [item_document(item, _offered(item)) for item in catalogue.items.values()]
    return {"version": catalogue.version, "note": catalogue.note, "items": items}


def _offered(item: CatalogueItem) -> dict[str, object]:
    return {"modes": {column: mode.value for column, mode in item.modes.items()}}
