"""`hub head enter`: the letters of a printed day sheet."""

from collections.abc import Mapping

from hub.usecases import day_sheets
from node.command import Call
from node.commands.opened import opened


def enter(call: Call, *, text: str) -> Mapping[str, object]:
    """Take a head that was typed or scanned, and say what it shows to be missing."""
    with opened(call) as node:
        found = day_sheets.enter(node, text)
    device = found.device
    return {
        "replica": device.replica,
        "station": device.station,
        "name": device.name,
        "seq": found.seq,
        "claimed_at": found.claimed_at,
        "state": found.state.value,
        "last_seq": device.last_seq,
        "known_seq": device.known_seq,
        "unsent": device.unsent,
        "missing": [list(gap) for gap in device.missing],
    }
