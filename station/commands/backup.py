"""`station backup create | verify | restore`."""

from collections.abc import Mapping
from pathlib import Path

from node.clock import SystemClock
from node.command import Call, Outcome
from node.commands import backup as answers
from node.commands.opened import opened
from station.usecases import backups


def create(call: Call, *, file: str) -> Mapping[str, object]:
    """Write everything this station needs to go on into one file."""
    with opened(call) as node:
        return answers.made(backups.create(node, Path(file)))


def verify(call: Call, *, file: str) -> Outcome:
    """Read a backup as a restore would."""
    found = call.opened(
        lambda passphrase: backups.verify(
            Path(file), passphrase, beside=call.directory, clock=SystemClock()
        )
    )
    return answers.checked(found)


def restore(call: Call, *, file: str) -> Mapping[str, object]:
    """Put a station back; it waits to be enrolled anew, and never goes on as it was."""
    found = call.opened(
        lambda passphrase: backups.restore(
            Path(file), call.directory, passphrase, clock=SystemClock()
        )
    )
    call.message("已恢复。请县里给一个新的开通码，再运行 station init --hub … --code …")
    return {
        "station": found.made.station,
        "former_replica": found.made.replica,
        "created_at": found.made.created_at,
        "photos_lacking": found.lacking,
        "state": "restored",
    }
