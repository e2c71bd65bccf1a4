"""`hub verify`, `rebuild`, `doctor`, `supervise run`, `catalogue list`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from hub.commands.opened import hub
from hub.usecases import doctor, supervising
from node import verifying
from node.command import EXIT_DONE, EXIT_FAILED, Call, Outcome
from node.verifying import Report

_EXIT_BAD: Final = 16


def verify(call: Call) -> Outcome:
    """Check every signature, chain and receipt, and the tables against the log."""
    with hub(call) as node:
        return _outcome(verifying.verify(node))


def rebuild(call: Call) -> Outcome:
    """Make the tables anew from the log, then check them."""
    with hub(call) as node:
        supervising.rebuild(node)
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
    with hub(call) as node:
        found = doctor.examine(node)
    well = all(check.ok for check in found)
    text = "\n".join(f"{'√' if c.ok else '✕'} {c.title} {c.words}".rstrip() for c in found)
    document = {"ok": well, "checks": [asdict(check) for check in found]}
    return Outcome(document, EXIT_DONE if well else EXIT_FAILED, text)


def supervise(call: Call) -> Mapping[str, object]:
    """Look through all cases for what should be under check and is not."""
    with hub(call) as node:
        return asdict(supervising.go_round(node))


def list_catalogue(call: Call) -> Mapping[str, object]:
    """List the items of the newest catalogue, and in which mode each kind of place offers them."""
    with hub(call) as node, node.database.read() as tx:
        catalogue = node.catalogue(tx)
        items = [
            {
                "item": item.code,
                "name": item.name,
                "name_en": item.name_en,
                "modes": {column: mode.value for column, mode in item.modes.items()},
                "promised_days": item.promised_days,
                "deficiency_allowed": item.deficiency_allowed,
                "department": item.department,
            }
            for item in catalogue.items.values()
        ]
    return {"version": catalogue.version, "note": catalogue.note, "items": items}
