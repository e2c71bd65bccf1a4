"""`station sync`, `station status`, `station quarantine …`."""

from collections.abc import Mapping
from dataclasses import asdict

from node import quarantining
from node.command import EXIT_DONE, EXIT_PARTLY, Call, Outcome
from node.commands.opened import opened
from node.receiving import NoRules
from station.usecases import exchange, links, status


def sync(call: Call, *, max_seconds: float, check: bool) -> Outcome:
    """Exchange now, whatever the waiting times say; let the county compare where asked."""
    with opened(call) as node:
        carrier = links.carrier(node)
        try:
            report = exchange.run(node, max_seconds=max_seconds, send=carrier, check=check)
        finally:
            carrier.close()
    document = asdict(report)
    complete = document.pop("complete")
    return Outcome(document, EXIT_DONE if complete else EXIT_PARTLY)


def show_status(call: Call) -> Mapping[str, object]:
    """Say how far everything has come."""
    with opened(call) as node:
        return asdict(status.status(node))


def list_quarantine(call: Call) -> Mapping[str, object]:
    """List what is put aside here."""
    with opened(call) as node:
        return {"items": [asdict(item) for item in quarantining.list_items(node)]}


def retry_quarantine(call: Call) -> Mapping[str, object]:
    """Take again what is put aside."""
    with opened(call) as node:
        return asdict(quarantining.retry(node, NoRules()))
