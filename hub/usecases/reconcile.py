"""A person settles what differed: the choice replaces every side, with a reason, and travels back.

Whoever decides must have seen what stands now: a side that came meanwhile, or a colleague's answer,
refuses the choice (HTTP 412) and shows the new state instead.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from casework import authority
from casework.errors import FieldProblem
from casework.facts import Act
from casework.places import PlaceKind
from hub.usecases import confirming, conflicts, projections
from hub.usecases.conflicts import RESOLVED, UNDO_MS, Conflict, resolution_of
from hub.usecases.duplicates import MERGED
from hub.usecases.projections import CheckState
from hub.usecases.rules import JUDGED, verdict_fields
from hub.usecases.settling import Answer as Answer  # noqa: PLC0414  # callers know it from here
from hub.usecases.settling import Desk
from hub.usecases.settling_rules import LINKED, settled
from hub.usecases.settling_rules import SEPARATE as SEPARATE  # noqa: PLC0414
from node import feeding, ledger
from node.cases import Case
from node.errors import Changed, InvalidInput, NotAllowed
from node.ledger import CaseAct
from node.people import Account
from node.runtime import Node
from sync.operation import Operation
from sync.verdict import Verdict

_FOLLOWING: Final = frozenset({MERGED, LINKED, "case.terminated"})
_UNDONE: Final = "undone"
_UNDONE_WORDS: Final = "县里撤销了这次核定，重新核对。"


def resolve(node: Node, check: str, answer: Answer, *, account: Account) -> Conflict:
    """Settle a check; when this returns it is on the disk and owed to every place.

    Where money hangs on it, this is the first person's word only: nothing changes on any case
    until another one confirms it (`confirm`).

    Args:
        node: the hub.
        check: its id.
        answer: the decision.
        account: who decides, a reconciler.

    Raises:
        NotFound: there is no such check.
        Changed: it was settled meanwhile, or a side is not what the person saw.
        InvalidInput: a field is unanswered, a value cannot be, or the reason is missing.
        ActRefused: the person's role may not.
    """
    return node.database.run(lambda tx: resolve_in(tx, node, check, answer, account=account))


def resolve_in(
    tx: sa.Connection, node: Node, check: str, answer: Answer, *, account: Account
) -> Conflict:
    """Settle a check inside the caller's write transaction (see `resolve`)."""
    seen = conflicts.show_in(tx, check)
    _require_fresh(seen, answer)
    done = _settled(Desk(tx, node, account, seen, answer))
    if seen.second_person:
        confirming.propose(
            tx, seen, answer_fields(answer), by=account.login, at=node.moment(tx).now
        )
    else:
        _write(Desk(tx, node, account, seen, answer), done)
    return conflicts.show_in(tx, seen.id)


def confirm(node: Node, check: str, *, account: Account, seen: str | None = None) -> Conflict:
    """The second person's word: what the first proposed is settled now.

    Args:
        node: the hub.
        check: its id.
        account: who confirms, a reconciler, and not who proposed it.
        seen: `Conflict.version` that the person saw; None: what stands now.

    Raises:
        NotFound: there is no such check.
        Changed: nothing is proposed, or a side is not what the first person saw.
        OwnProposal: the same person may not confirm it.
        ActRefused: the person's role may not.
    """

    def work(tx: sa.Connection) -> Conflict:
        found = conflicts.show_in(tx, check)
        proposed = confirming.demand(found, account.login, seen=seen)
        answer = Answer(**{**proposed.answer, "seen": proposed.version})
        desk = Desk(tx, node, account, found, answer, proposed_by=proposed.by)
        _require_fresh(found, answer)
        _write(desk, _settled(desk))
        confirming.drop(tx, found.id)
        return conflicts.show_in(tx, found.id)

    return node.database.run(work)


def answer_fields(answer: Answer) -> dict[str, object]:
    """An answer as it is kept until the second person has looked."""
    return {
        "choose": dict(answer.choose),
        "set_values": dict(answer.set_values),
        "reason": answer.reason,
        "clause": answer.clause,
    }


def _settled(desk: Desk) -> list[CaseAct]:
    return settled(desk, conflicts.cases_of(desk.tx, desk.check))


def _require_fresh(seen: Conflict, answer: Answer) -> None:
    if seen.state is not CheckState.OPEN or answer.seen not in {None, seen.version}:
        raise Changed(seen.settled.by if seen.settled else "")
    if not answer.reason.strip():
        zh = "写上理由。各站都会看到。"
        raise InvalidInput([FieldProblem("/reason", "missing", zh, "A reason is needed.")])


def _write(desk: Desk, done: Sequence[CaseAct]) -> None:
    node, tx = desk.node, desk.tx
    me, at = node.identity_in(tx), node.moment(tx)
    ledger.write(tx, me, done, actor=desk.account.login, at=at)
    projections.project(tx, conflicts.cases_of(tx, desk.check))


# --- taking it back


def undo(node: Node, check: str, *, account: Account) -> Conflict:
    """Take a settlement back within seven days: a verdict refuses it, and the check is open again.

    Args:
        node: the hub.
        check: its id.
        account: who takes it back, a reconciler.

    Raises:
        NotFound: there is no such check.
        NotAllowed: the person's role may not.
        Changed: it is not settled, or something was built on the settlement: settle it anew.
        InvalidInput: the seven days are over.
    """
    return node.database.run(lambda tx: undo_in(tx, node, check, account=account))


def undo_in(tx: sa.Connection, node: Node, check: str, *, account: Account) -> Conflict:
    """Take a settlement back inside the caller's write transaction (see `undo`)."""
    if authority.check(RESOLVED, place_kind=PlaceKind.COUNTY, role=account.role):
        raise NotAllowed(RESOLVED, account.role)
    feeding.lock_counters(tx)
    row = conflicts.row_of(tx, check)
    me, at = node.identity_in(tx), node.moment(tx)
    done = []
    for case in conflicts.cases_of(tx, row["id"]):
        undone = _to_undo(case, row["id"], now=at.now)
        if undone:
            fields = verdict_fields([_refusal(operation) for operation in undone])
            done.append(CaseAct(case.record, Act(JUDGED, fields)))
    if not done:
        raise Changed
    ledger.write(tx, me, done, actor=account.login, at=at)
    projections.project(tx, conflicts.cases_of(tx, row["id"]))
    return conflicts.show_in(tx, row["id"])


def _to_undo(case: Case, check: str, *, now: int) -> list[Operation]:
    """The operations of a settlement on one case, which must all be sole heads still."""
    resolution = resolution_of(case, check)
    if resolution is None:
        return []
    if now - resolution.claimed_at > UNDO_MS:
        zh, en = "过了7天，不能撤销。重新核定一次。", "Seven days are over: settle it anew."
        raise InvalidInput([FieldProblem("", "undo_over", zh, en)])
    found = [resolution, *_merged_with(case, resolution)]
    for operation in found:
        for name in operation.field_names():
            heads = case.evidence.merged.heads.get(name, ())
            if [head.dot for head in heads] != [operation.dot]:
                raise Changed(name)
    return found


def _merged_with(case: Case, resolution: Operation) -> list[Operation]:
    """What the same person wrote in the same moment: the merging, the end, the links."""
    hand = (resolution.dot.replica, resolution.actor, resolution.claimed_at)
    return [
        o
        for held in case.helds
        if (o := held.entry.operation).fact in _FOLLOWING
        and (o.dot.replica, o.actor, o.claimed_at) == hand
        and o.dot not in case.evidence.merged.refused
    ]


def _refusal(operation: Operation) -> Verdict:
    return Verdict(
        dot=operation.dot,
        hash=operation.hash,
        refused=True,
        code=_UNDONE,
        reason=_UNDONE_WORDS,
    )
