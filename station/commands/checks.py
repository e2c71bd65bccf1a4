"""`station verify`, `rebuild`, `doctor`, `catalogue list`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from node import verifying
from node.command import EXIT_DONE, EXIT_FAILED, Call, Outcome
from node.runtime import mode_here
from node.verifying import Report
from station.commands.opened import station
from station.usecases import doctor, links, search

_EXIT_BAD: Final = 16


def verify(call: Call) -> Outcome:
    """Check every signature, chain and receipt, and the tables against the log."""
    with station(call) as node:
        return _outcome(verifying.verify(node))


def rebuild(call: Call) -> Outcome:
    """Make the tables anew from the log, then check them."""
    with station(call) as node:
        verifying.rebuild(node)
        search.refresh(node)
        return _outcome(verifying.verify(node))


def _outcome(report: Report) -> Outcome:
    document = {
        "ok": report.ok,
        "operations": report.operations,
        "change_sets": report.change_sets,
        "first_bad": report.first_bad or None,
        "drift": [asdict(one) for one in report.drift],
    }
    return Outcome(document, EXIT_DONE if report.ok else _EXIT_BAD)


def run_doctor(call: Call) -> Outcome:
    """Look after what breaks most often, one plain line each."""
    with station(call) as node:
        carrier = links.carrier(node)
        try:
            found = doctor.examine(node, carrier)
        finally:
            carrier.close()
    well = all(check.ok for check in found)
    text = "\n".join(f"{'√' if c.ok else '✕'} {c.title} {c.words}".rstrip() for c in found)
    document = {"ok": well, "checks": [asdict(check) for check in found]}
    return Outcome(document, EXIT_DONE if well else EXIT_FAILED, text)


def list_catalogue(call: Call) -> Mapping[str, object]:
    """List the items of the newest catalogue here, and in which mode this station offers each."""
    with station(call) as node, node.database.read() as tx:
        me, catalogue = node.identity_in(tx), node.catalogue(tx)
        items = [
            {
                "item": item.code,
                "name": item.name,
                "name_en": item.name_en,
                "mode": mode_here(me, item),
                "promised_days": item.promised_days,
                "deficiency_allowed": item.deficiency_allowed,
                "department": item.department,
            }
            for item in catalogue.items.values()
        ]
    return {"version": catalogue.version, "items": items}
