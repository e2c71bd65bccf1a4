"""`hub notice …`: what citizens are to be told."""

from collections.abc import Mapping
from pathlib import Path

from casework import masking
from casework.errors import FieldProblem
from hub.usecases import notifications
from hub.usecases.notifications import Notice, Way
from node.command import Call
from node.commands.opened import opened
from node.errors import InvalidInput


def list_notices(call: Call, *, way: str | None, every: bool) -> Mapping[str, object]:
    """List what has not gone out, numbers masked; with `--all` what has as well."""
    with opened(call) as node:
        found = notifications.listed(node, way=Way(way) if way else None, open_only=not every)
    return {"notices": [_document(one) for one in found]}


def drain(call: Call, *, file: str | None, command: str | None) -> Mapping[str, object]:
    """Give what waits to a file or a program."""
    if bool(file) == bool(command):
        zh, en = "写 --file 或者 --command，二选一。", "Give --file or --command."
        raise InvalidInput([FieldProblem("/file", "one_of", zh, en)])
    sink = (
        notifications.into_command(command)
        if command
        else notifications.into_file(Path(file or ""))
    )
    with opened(call) as node:
        done = notifications.drain(node, sink)
    return {"sent": done.sent, "failed": done.failed, "to_call": done.to_call}


def schedule(call: Call, *, file: str | None, command: str | None) -> Mapping[str, object]:
    """Say where the serving hub gives messages by itself; nothing: it stops doing so."""
    if file and command:
        zh, en = "写 --file 或者 --command，二选一。", "Give --file or --command."
        raise InvalidInput([FieldProblem("/file", "one_of", zh, en)])
    with opened(call) as node:
        notifications.schedule(node, file=file or "", command=command or "")
    return {"file": file or "", "command": command or ""}


def _document(one: Notice) -> dict[str, object]:
    return {
        "id": one.id,
        "case": one.case,
        "rule": one.rule,
        "text": one.text,
        "way": one.way.value,
        "to": masking.phone(one.number) if one.number else "",
        "told_at": one.told_at,
        "sent_at": one.sent_at,
        "reached_at": one.reached_at,
    }
