"""`hub quarantine …` and `hub verdict …`: what cannot be trusted, and what was not allowed."""

from collections.abc import Mapping
from typing import Final

from casework import authority
from hub.usecases import adopting, verdicts
from hub.usecases.rules import JUDGED, HubRules
from hub.usecases.verdicts import Judged
from node import quarantining
from node.command import EXIT_DONE, EXIT_PARTLY, Call, Outcome
from node.commands.opened import acting, opened
from node.quarantining import Item

_PEOPLE: Final = tuple(role for role in authority.roles_of(JUDGED) if role != "system")


def list_quarantine(call: Call) -> Mapping[str, object]:
    """List what lies aside."""
    with opened(call) as node:
        return {"items": [_item(one) for one in quarantining.list_items(node)]}


def show_quarantine(call: Call, *, item: int) -> Mapping[str, object]:
    """Show one thing that lies aside."""
    with opened(call) as node:
        return _item(quarantining.show(node, item))


def retry_quarantine(call: Call, *, item: int | None) -> Outcome:
    """Take it in once more."""
    with opened(call) as node:
        done = quarantining.retry(node, HubRules(node), item=item)
    document = {"released": done.released, "operations": done.operations, "held": done.held}
    return Outcome(document, EXIT_PARTLY if done.held else EXIT_DONE)


def adopt(call: Call, *, item: int, reason: str, login: str | None) -> Mapping[str, object]:
    """Let the county write again what nobody else can."""
    with opened(call) as node:
        who = acting(node, login, _PEOPLE)
        done = adopting.adopt(node, item, reason=reason, account=who)
    return {"adopted": done.operations, "cases": list(done.cases)}


def _item(one: Item) -> dict[str, object]:
    return {
        "id": one.id,
        "replica": one.replica or None,
        "seq": one.seq,
        "reason": one.reason,
        "detail": one.detail,
        "at": one.at,
        "state": one.state,
        "bytes": one.bytes,
    }


def list_verdicts(call: Call) -> Mapping[str, object]:
    """List what was refused, and why."""
    with opened(call) as node:
        return {"items": [_judged(one) for one in verdicts.listed(node)]}


def show_verdict(call: Call, *, dot: str) -> Mapping[str, object]:
    """Show one verdict."""
    with opened(call) as node:
        return _judged(verdicts.show(node, dot))


def ratify(call: Call, *, dot: str, reason: str, login: str | None) -> Mapping[str, object]:
    """Take a refusal back."""
    with opened(call) as node:
        account = acting(node, login, _PEOPLE)
        return _judged(verdicts.ratify(node, dot, reason=reason, account=account))


def _judged(one: Judged) -> dict[str, object]:
    return {
        "id": one.dot,
        "replica": one.replica,
        "seq": one.seq,
        "reason": one.reason,
        "detail": one.detail,
        "case": one.case,
        "station": one.station,
        "refused": one.refused,
        "said_at": one.said_at,
    }
