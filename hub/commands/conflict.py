"""`hub conflict …`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from casework.conflict_rules.answers import ANSWERS
from casework.errors import FieldProblem
from casework.places import Role
from hub.usecases import bulk, conflicts, reconcile, unmasking
from hub.usecases.check_json import Told, check_document, masked, plainly
from hub.usecases.conflicts import Conflict
from hub.usecases.reconcile import Answer
from node.command import Call
from node.commands.opened import acting, opened
from node.errors import InvalidInput

_RECONCILERS: Final = (Role.RECONCILER.value,)


def list_conflicts(call: Call, *, open_only: bool) -> Mapping[str, object]:
    """List the county's checks, masked."""
    with opened(call) as node:
        found = conflicts.list_conflicts(node, open_only=open_only)
    return {"conflicts": [document(one) for one in found]}


def show(call: Call, *, check: str, unmask: str | None, login: str | None) -> Mapping[str, object]:
    """Show one check: masked, or open for a purpose that is recorded for each of its cases."""
    with opened(call) as node:
        found = conflicts.show(node, check)
        if unmask is None:
            return document(found)
        account = acting(node, login, sorted(unmasking.MAY_UNMASK))
        for case in found.cases:
            unmasking.unmask(node, case, purpose=unmask, account=account)
        return document(found, told=plainly)


def resolve(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    check: str,
    choose: Sequence[str],
    given: Sequence[str],
    reason: str,
    login: str | None,
) -> Mapping[str, object]:
    """Settle a check."""
    answer = Answer(
        choose=_pairs(choose, "--choose"), set_values=_pairs(given, "--set"), reason=reason
    )
    with opened(call) as node:
        account = acting(node, login, _RECONCILERS)
        return document(reconcile.resolve(node, check, answer, account=account))


def confirm(call: Call, *, check: str, login: str | None) -> Mapping[str, object]:
    """The second person's word on what another one has proposed."""
    with opened(call) as node:
        account = acting(node, login, _RECONCILERS)
        return document(reconcile.confirm(node, check, account=account))


def answers(call: Call, *, rule: str) -> Mapping[str, object]:
    """What may be answered to the checks of a rule."""
    del call  # the rules are the program's, not a directory's
    found = ANSWERS.get(rule.strip().upper(), ())
    return {"rule": rule, "answers": [asdict(one) for one in found]}


def resolve_many(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    checks: Sequence[str],
    key: str,
    reason: str,
    dry_run: bool,
    login: str | None,
) -> Mapping[str, object]:
    """Answer many soft checks at once, or say what that would do."""
    with opened(call) as node:
        plan = bulk.preview(node, checks, key)
        told = {"rule": plan.rule, "checks": len(plan.checks), "cases": plan.cases}
        if dry_run:
            return {**told, "told": plan.told, "batch": None}
        account = acting(node, login, _RECONCILERS)
        batch = bulk.settle(node, plan.seen, key, reason=reason, account=account)
        return {**told, "told": plan.told, "batch": batch}


def undo_many(call: Call, *, batch: str, login: str | None) -> Mapping[str, object]:
    """Take many settlements back that were made at once."""
    with opened(call) as node:
        account = acting(node, login, _RECONCILERS)
        return {"undone": bulk.undo(node, batch, account=account)}


def undo(call: Call, *, check: str, login: str | None) -> Mapping[str, object]:
    """Take a settlement back."""
    with opened(call) as node:
        account = acting(node, login, _RECONCILERS)
        return document(reconcile.undo(node, check, account=account))


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or name.strip() in found:
            zh, en = (
                f"{option} 要写成 项目=值，每项一次。",
                f"{option} takes FIELD=VALUE, once each.",
            )
            raise InvalidInput([FieldProblem(f"/{option.strip('-')}", "pair", zh, en)])
        found[name.strip()] = value
    return found


def document(one: Conflict, *, told: Told = masked) -> dict[str, object]:
    """A check with how it was settled; its values are masked unless told otherwise."""
    settled = one.settled
    return {
        **check_document(one, told=told),
        "second_person": one.second_person,
        "proposed_by": one.proposed.by if one.proposed else None,
        "answers": [answer.key for answer in ANSWERS.get(one.rule, ())],
        "resolved_by": settled.by if settled else None,
        "resolved_at": settled.at if settled else None,
        "reason": settled.reason if settled else None,
        "undo_until": settled.undo_until if settled else None,
    }
