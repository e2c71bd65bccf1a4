"""`hub exchange …`: files for and from systems that the county cannot reach."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from casework import authority
from hub.usecases import exchange_writing, exporting, importing_progress, reentering
from hub.usecases.exporting import Personal
from hub.usecases.unmasking import MAY_UNMASK
from node import files
from node.command import EXIT_DONE, EXIT_PARTLY, Call, Outcome
from node.commands.opened import acting, opened
from node.errors import FileUnreadable

_CSV: Final = ".csv"


def export(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    file: str,
    since: int | None,
    form: str | None,
    personal: bool,
    purpose: str | None,
    login: str | None,
) -> Mapping[str, object]:
    """Write what no file has had yet; the cursor moves on when the file is on the disk."""
    if personal and (purpose is None or login is None):
        raise click.UsageError("--personal 要同时写 --as 和 --purpose：谁要看、做什么用。")
    if purpose is not None and not personal:
        raise click.UsageError("--purpose 只和 --personal 一起用。")
    path = Path(file)
    with opened(call) as node:
        wish = None
        if personal:
            account = acting(node, login, sorted(MAY_UNMASK))
            wish = Personal(account=account, purpose=purpose or "")
        made = exporting.export(node, since=since, personal=wish)
        with files.storing():
            files.write_private(path, exchange_writing.write(made, form or _form(path)))
        exporting.confirm(node, made)
    return {
        "file": str(path),
        "rows": len(made.rows),
        "since": made.since,
        "cursor": made.cursor,
        "personal": made.personal,
        "left_out": list(made.left_out),
    }


def _form(path: Path) -> str:
    return "csv" if path.suffix.lower() == _CSV else "jsonl"


def import_file(call: Call, *, file: str, login: str | None) -> Outcome:
    """Take in what other systems say, line by line."""
    path = Path(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(file) from error
    with opened(call) as node:
        account = acting(node, login, authority.roles_of("case.progressed"))
        is_csv = path.suffix.lower() == _CSV
        done = importing_progress.import_file(node, data, is_csv=is_csv, account=account)
    refused = [
        {"line": one.line, "errors": [problem.message_zh for problem in one.problems]}
        for one in done.refused
    ]
    document = {
        "taken": done.taken,
        "known": done.known,
        "cases": sorted(done.cases),
        "refused": refused,
    }
    return Outcome(document, EXIT_PARTLY if refused else EXIT_DONE)


def show_status(call: Call) -> Mapping[str, object]:
    """Say how many cases wait, and which are still to be entered in another system."""
    with opened(call) as node:
        stand = exporting.standing(node)
        waiting = reentering.waiting(node)
    listed = [
        {
            "case": one.line.case,
            "temporary_number": one.line.temporary_number,
            "official_number": one.line.official_number,
            "item": one.line.item,
            "system": one.system,
            "accepted_at": one.accepted_at,
        }
        for one in waiting
    ]
    return {"cursor": stand.cursor, "waiting": stand.waiting, "to_enter": listed}
