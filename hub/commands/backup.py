"""`hub backup create | verify | restore`."""

from collections.abc import Mapping
from pathlib import Path

from hub.usecases import backups
from node.clock import SystemClock
from node.command import Call, Outcome
from node.commands import backup as answers
from node.commands.opened import opened


def create(call: Call, *, file: str) -> Mapping[str, object]:
    """Write everything the hub needs to go on into one file."""
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


def restore(call: Call, *, file: str, database_url: str | None) -> Mapping[str, object]:
    """Put the county back as a new replica; the stations give back what it lost."""
    found = call.opened(
        lambda passphrase: backups.restore(
            Path(file),
            call.directory,
            passphrase,
            clock=SystemClock(),
            database_url=database_url,
        )
    )
    call.message("已恢复。各站下次上传时会把缺的补回来；停用过的设备请再核对一遍。")
    return {
        "county": found.made.station,
        "replica": found.replica,
        "former_replica": found.made.replica,
        "created_at": found.made.created_at,
        "rewritten": found.work.rewritten,
        "photos_lacking": found.lacking,
    }
