"""`hub authorisation …`: letters of authorisation and partner agreements."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import click

from casework.authorisations import Power
from casework.places import Role
from casework.values import read_date
from hub.usecases import authorisations
from hub.usecases.authorisation_records import AGREEMENT, LETTER, Record
from hub.usecases.authorisations import NewLetter
from node.command import Call
from node.commands.opened import acting, opened

_ADMINISTRATORS: Final = (Role.ADMINISTRATOR.value,)


def add(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    to: str,
    document_no: str,
    department: str,
    powers: tuple[str, ...],
    items: tuple[str, ...],
    areas: tuple[str, ...],
    first: str | None,
    last: str | None,
    agreement: bool,
    purpose: str,
    login: str | None,
) -> Mapping[str, object]:
    """Write a letter or an agreement down; stations hear of it at their next contact."""
    new = NewLetter(
        to=to,
        document_no=document_no,
        kind=AGREEMENT if agreement else LETTER,
        grantor=department,
        powers=frozenset(map(Power, powers)),
        items=frozenset(items),
        areas=frozenset(areas),
        first=_day(first, "--from"),
        last=_day(last, "--until"),
        terms=(("purpose", purpose),),
    )
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        record = authorisations.add(node, new, account=account)
        return _document(record, node.clock.now_ms())


def list_letters(call: Call, *, to: str) -> Mapping[str, object]:
    """List letters and agreements, the newest first, also those that have ended."""
    with opened(call) as node:
        now = node.clock.now_ms()
        return {"authorisations": [_document(one, now) for one in authorisations.listed(node, to)]}


def revoke(call: Call, *, letter: str, reason: str, login: str | None) -> Mapping[str, object]:
    """Take a letter or an agreement back from now on."""
    with opened(call) as node:
        account = acting(node, login, _ADMINISTRATORS)
        record = authorisations.revoke(node, letter, reason=reason, account=account)
        return _document(record, node.clock.now_ms())


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    day = read_date(text)
    if day is None:
        raise click.UsageError(f"{option} 写成 2026-11-21 这样。")
    return day


def _document(one: Record, now: int) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "document_no": one.document_no,
        "grantor": one.grantor or None,
        "to": one.grantee.removeprefix("@"),
        "powers": sorted(one.powers),
        "items": sorted(one.scope.items),
        "areas": sorted(one.scope.areas),
        "from": one.scope.first.isoformat(),
        "until": one.scope.last.isoformat(),
        "in_force": authorisations.is_in_force(one, now),
        "made_by": one.made_by or None,
        "made_at": one.made_at,
        "revoked_at": one.scope.ended_at,
        "revoked_by": one.ended_by or None,
        "reason": one.reason or None,
        "terms": one.terms,
    }
