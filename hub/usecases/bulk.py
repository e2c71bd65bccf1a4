"""Answering many soft checks at once: a preview with the exact effect, then one act, one undo.

Soft are the rules that say so in their table (`conflict_rules.table`): nobody gains or loses by
them, and one answer fits all. Everything is checked again when it is done; whatever has changed
since the preview refuses the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.conflict_rules.answers import ANSWERS, answer
from casework.conflict_rules.table import RULES
from casework.errors import FieldProblem
from hub.rows import batch
from hub.usecases import conflicts, reconcile
from hub.usecases.conflicts import Conflict
from hub.usecases.projections import CheckState
from hub.usecases.settling import Answer
from node.errors import Changed, InvalidInput, NotFound
from node.people import Account
from node.runtime import Node

MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would happen.

    Attributes:
        rule: the one rule of all checks.
        checks: those that would be answered, as they stand.
        cases: how many cases they are about.
        told: what each citizen is told; empty: nothing.
        seen: check → `Conflict.version`; give it back when doing it.
    """

    rule: str
    answer: str
    checks: tuple[Conflict, ...]
    cases: int
    told: str
    seen: Mapping[str, str]


def preview(node: Node, checks: Sequence[str], key: str) -> Plan:
    """Say what answering some checks at once would do; nothing is written.

    Args:
        node: the hub.
        checks: ids, at most `MOST`.
        key: of the answer.

    Raises:
        NotFound: there is no such check.
        InvalidInput: too many, of several rules, not soft, settled, or no such answer.
    """
    with node.database.read() as tx:
        return _plan(tx, checks, key)


def _plan(tx: sa.Connection, checks: Sequence[str], key: str) -> Plan:
    listed = list(dict.fromkeys(checks))
    if not 0 < len(listed) <= MOST:
        raise _refused("/checks", f"一次选1到{MOST}条。", f"Choose 1 to {MOST} at once.")
    found = tuple(conflicts.show_in(tx, check) for check in listed)
    rules = {one.rule for one in found}
    rule = min(rules)
    known = RULES.get(rule)
    if len(rules) > 1 or known is None or not known.soft or rule not in ANSWERS:
        raise _refused("/checks", "只能选同一类可批量的。", "Choose soft ones of one rule.")
    if any(one.state is not CheckState.OPEN for one in found):
        raise Changed
    said = answer(rule, key)
    if said is None:
        raise _refused("/answer", "还没有选答案。", "Choose an answer.")
    cases = {case for one in found for case in one.cases}
    seen = {one.id: one.version for one in found}
    return Plan(rule=rule, answer=key, checks=found, cases=len(cases), told=said.told, seen=seen)


def settle(node: Node, plan: Mapping[str, str], key: str, *, reason: str, account: Account) -> str:
    """Answer the checks of a preview in one transaction.

    Args:
        node: the hub.
        plan: `Plan.seen`: check → the version that the person saw.
        key: of the answer.
        reason: obligatory, for every place to read.
        account: who decides, a reconciler.

    Returns:
        The id of the batch, for `undo`.

    Raises:
        Changed: one of them is not what the person saw; nothing is written.
        NotFound, InvalidInput, ActRefused: see `preview` and `reconcile.resolve`.
    """

    def work(tx: sa.Connection) -> str:
        _plan(tx, list(plan), key)
        for check, version in plan.items():
            given = Answer(set_values={"answer": key}, reason=reason, seen=version)
            reconcile.resolve_in(tx, node, check, given, account=account)
        id_, at = node.new_id(), node.moment(tx).now
        row = {"id": id_, "conflicts": list(plan), "by": account.login, "at": at}
        tx.execute(sa.insert(batch).values(row))
        return id_

    return node.database.run(work)


def undo(node: Node, id_: str, *, account: Account) -> int:
    """Take a batch back as a whole, within seven days; answers how many checks are open again.

    Raises:
        NotFound: there is no such batch.
        Changed, InvalidInput, NotAllowed: see `reconcile.undo`; nothing is written then.
    """

    def work(tx: sa.Connection) -> int:
        row = tx.execute(sa.select(batch).where(batch.c.id == id_)).first()
        if row is None:
            raise NotFound("batch", id_)
        for check in row.conflicts:
            reconcile.undo_in(tx, node, check, account=account)
        tx.execute(sa.delete(batch).where(batch.c.id == id_))
        return len(row.conflicts)

    return node.database.run(work)


def _refused(pointer: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput([FieldProblem(pointer, "bulk", zh, en)])
