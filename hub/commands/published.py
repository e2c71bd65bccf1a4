"""`hub calendar …` and `hub credit …`: parts of the county's document that come from files."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from casework.places import Role
from hub.usecases import calendar, credit
from node.command import Call
from node.commands.opened import acting, opened, read_json
from node.errors import FileUnreadable

_ADMINISTRATORS: Final = (Role.ADMINISTRATOR.value,)


def show_calendar(call: Call) -> Mapping[str, object]:
    """Show the calendar in force."""
    with opened(call) as node:
        return _calendar(calendar.known(node))


def import_calendar(call: Call, *, file: str, login: str | None) -> Mapping[str, object]:
    """Publish the calendar of a yearly notice beside what is known of other years."""
    document = read_json(file)
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        return _calendar(calendar.take(node, document, account=account))


def show_credit(call: Call) -> Mapping[str, object]:
    """Count what is on the credit list in force; nobody is named."""
    with opened(call) as node:
        return asdict(credit.shown(node))


def import_credit(call: Call, *, file: str, login: str | None) -> Mapping[str, object]:
    """Publish the credit list as keyed hashes, in place of the one before."""
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise FileUnreadable(file) from error
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        return asdict(credit.take(node, file, data, account=account))


def _calendar(found: calendar.Known) -> dict[str, object]:
    return {
        "version": found.version,
        "source": found.source,
        "until": found.until.isoformat(),
        "off": [{"from": first, "to": last, "name": name} for first, last, name in found.rows],
        "working": list(found.working),
    }
