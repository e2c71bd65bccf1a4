"""`hub bundle import`, `hub bundle export`: sticks at the county."""

from collections.abc import Mapping
from pathlib import Path

from hub.usecases import sticks
from node.command import Call, Outcome
from node.commands.opened import opened
from node.commands.sticks import exit_code, told


def import_files(call: Call, *, files: tuple[str, ...], reply: str) -> Outcome:
    """Take in what stations' files hold, and write the answers."""
    with opened(call) as node:
        found = sticks.read_from(node, [Path(name) for name in files], Path(reply))
    document = {
        **told(found.brought),
        "operations": found.brought.operations,
        "receipts": found.replied.receipts,
        "replied": found.replied.answers,
        "bytes": found.replied.size,
    }
    return Outcome(document, exit_code(found.brought))


def export_file(call: Call, *, code: str, file: str) -> Mapping[str, object]:
    """Write what a station is owed: trust, catalogue, receipts, the feed."""
    with opened(call) as node:
        made = sticks.export_to(node, code, Path(file))
    return {
        "station": made.station,
        "devices": made.devices,
        "receipts": made.replied.receipts,
        "bytes": made.replied.size,
    }
