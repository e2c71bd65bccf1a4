"""A person settles what differed: the choice replaces every side, with a reason, and travels back.

Whoever decides must have seen what stands now: a side that came meanwhile, or a colleague's answer,
refuses the choice (HTTP 412) and shows the new state instead.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import sqlalchemy as sa

from casework import acts, authority
from casework.errors import CaseworkError, FieldProblem
from casework.facts import Act, Head, Undisclosed
from casework.ids import IdNumber
from casework.places import PlaceKind
from casework.reading import Reader
from casework.reconciliation import filing_of
from casework.values import Value
from hub.usecases import conflicts, projections
from hub.usecases.checking import open_fields
from hub.usecases.conflicts import RESOLVED, UNDO_MS, Conflict, Kind, resolution_of
from hub.usecases.duplicates import MERGED, merged_fields
from hub.usecases.projections import CheckState
from hub.usecases.rules import JUDGED, verdict_fields
from node import acting, feeding, ledger
from node.cases import Case
from node.errors import CaseUnknown, Changed, InvalidInput, NotAllowed
from node.ledger import CaseAct
from node.people import Account
from node.runtime import Node
from sync.errors import RemoteSyncError
from sync.operation import Dot, Operation
from sync.verdict import Verdict

SEPARATE: Final = "none"
"""`--set main=none`: the cases are no duplicates of each other."""
_UNDONE: Final = "undone"
_UNDONE_WORDS: Final = "县里撤销了这次核定，重新核对。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person decided.

    Attributes:
        choose: field → dot of the side that holds.
        set_values: field → another value; `main` → case for duplicates.
        reason: obligatory, for every place to read.
        clause: on which rule it rests; may be empty.
        seen: `Conflict.version` that the person saw; None: what stands now.
    """

    choose: Mapping[str, str] = field(default_factory=dict)
    set_values: Mapping[str, object] = field(default_factory=dict)
    reason: str
    clause: str = ""
    seen: str | None = None


def resolve(node: Node, check: str, answer: Answer, *, account: Account) -> Conflict:
    """Settle a check; when this returns it is on the disk and owed to every place.

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
    involved = conflicts.cases_of(tx, seen.id)
    settle = _settle_duplicate if seen.kind is Kind.DUPLICATE else _settle_fields
    desk = _Desk(tx, node, account, seen.id, answer)
    _write(desk, settle(desk, involved))
    return conflicts.show_in(tx, seen.id)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One decision being taken."""

    tx: sa.Connection
    node: Node
    account: Account
    check: str
    answer: Answer

    def resolved(self, case: Case, chosen: Mapping[str, Value]) -> CaseAct:
        """The act that settles the check on one case.

        Raises:
            ActRefused: the role may not, or the case does not allow it.
        """
        me, at = self.node.identity_in(self.tx), self.node.moment(self.tx)
        item = acting.item_of(self.tx, self.node, case.state)
        ctx = acting.context(self.tx, self.node, me, at, item=item, account=self.account)
        fields: dict[str, Value] = {
            "id": self.check,
            "set": dict(chosen),
            "reason": self.answer.reason.strip(),
        }
        if self.answer.clause.strip():
            fields["clause"] = self.answer.clause.strip()
        act = acts.perform("resolve", case.state, fields, ctx)
        return CaseAct(case.record, act, acting.form_classes(item))


def _require_fresh(seen: Conflict, answer: Answer) -> None:
    if seen.state is not CheckState.OPEN or answer.seen not in {None, seen.version}:
        raise Changed(seen.settled.by if seen.settled else "")
    if not answer.reason.strip():
        zh = "写上理由。各站都会看到。"
        raise InvalidInput([FieldProblem("/reason", "missing", zh, "A reason is needed.")])


def _write(desk: _Desk, done: Sequence[CaseAct]) -> None:
    node, tx = desk.node, desk.tx
    me, at = node.identity_in(tx), node.moment(tx)
    ledger.write(tx, me, done, actor=desk.account.login, at=at)
    projections.project(tx, conflicts.cases_of(tx, desk.check))


# --- one case, several values


def _settle_fields(desk: _Desk, involved: Sequence[Case]) -> list[CaseAct]:
    (case,) = involved
    asked = open_fields(case.state.checks.get(desk.check, {}))
    problems: list[FieldProblem] = []
    chosen = dict(_chosen(case, asked, desk.answer, problems))
    refused = {problem.pointer.removeprefix("/set/") for problem in problems}
    for name in sorted(_unanswered(case, asked, chosen) - refused):
        zh, en = "这一项还没有定。选一个，或者另填。", "Not answered: choose or set a value."
        problems.append(FieldProblem(f"/set/{name}", "missing", zh, en))
    if problems:
        raise InvalidInput(problems)
    return [desk.resolved(case, chosen)]


def _unanswered(case: Case, asked: set[str], chosen: Mapping[str, Value]) -> set[str]:
    """What is still open: every field that differs, and one of each two acts that contradict."""
    pairs = [pair for pair in case.state.contradictions if asked.issuperset(pair)]
    contradicting = {pair[0] for pair in pairs if chosen.keys().isdisjoint(pair)}
    return (asked & set(case.state.conflicts)) - chosen.keys() | contradicting


def _chosen(
    case: Case, asked: set[str], answer: Answer, problems: list[FieldProblem]
) -> Iterator[tuple[str, Value]]:
    for name in sorted({*answer.choose, *answer.set_values}):
        heads = case.evidence.heads.get(name, ())
        if name not in asked:
            zh, en = "这张核对单不问这一项。去掉它。", "This check does not ask for it."
            problems.append(FieldProblem(f"/set/{name}", "not_asked", zh, en))
        elif name in answer.choose:
            yield name, _side(heads, name, answer.choose[name])
        else:
            yield from _typed(heads, name, answer.set_values[name], problems)


def _side(heads: Sequence[Head], name: str, text: str) -> Value:
    """The value of the side that was chosen.

    Raises:
        Changed: it does not stand any more.
    """
    try:
        dot = Dot.parse(text.strip())
    except RemoteSyncError as error:
        zh, en = "要写成 设备:序号。照列表里的抄。", "Write REPLICA:SEQ as in the list."
        raise InvalidInput([FieldProblem(f"/choose/{name}", "dot", zh, en)]) from error
    for head in heads:
        if Dot(head.replica, head.seq) == dot and not isinstance(head.value, Undisclosed):
            return head.value
    raise Changed(name)


def _typed(
    heads: Sequence[Head], name: str, given: object, problems: list[FieldProblem]
) -> Iterator[tuple[str, Value]]:
    """A value typed by hand; a command gives text, which is JSON where the field holds no text."""
    value = cast("Value", given)
    texts = any(isinstance(head.value, str) for head in heads)
    if isinstance(given, str) and not texts:
        try:
            value = json.loads(given, parse_float=str)
        except ValueError:
            value = given
    wrong = _wrong(name, value, texts=texts)
    if wrong is None:
        yield name, value
    else:
        problems.append(wrong)


def _wrong(name: str, value: Value, *, texts: bool) -> FieldProblem | None:
    pointer = f"/set/{name}"
    if texts and not (isinstance(value, str) and value.strip()):
        return FieldProblem(pointer, "text", "这一项要写文字。", "Text is needed.")
    if name == "phone":
        reader = Reader({"phone": value})
        reader.phone("phone")
        found = [*reader.problems, None][0]
        return found and FieldProblem(pointer, found.code, found.message_zh, found.message_en)
    if name == "id_no":
        try:
            IdNumber.parse(str(value))
        except CaseworkError:
            zh, en = "身份证号码不对。对着证件再看一遍。", "The ID number cannot be right."
            return FieldProblem(pointer, "id_no", zh, en)
    return None


# --- one matter, several cases


def _settle_duplicate(desk: _Desk, involved: Sequence[Case]) -> list[CaseAct]:
    main = _main(desk, involved)
    done: list[CaseAct] = []
    for case in involved:
        filing = filing_of(case.id, case.state)
        if filing is not None and filing.open:
            fields = merged_fields(main or case.id, case.id)
            done.append(CaseAct(case.record, Act(MERGED, fields)))
        if desk.check in case.state.checks:
            done.append(desk.resolved(case, {}))
    return done


def _main(desk: _Desk, involved: Sequence[Case]) -> str:
    """The case to go on with; empty where they stay separate.

    Raises:
        InvalidInput: none is named, or one that the check is not about.
    """
    given = desk.answer.set_values.get("main")
    others = {*desk.answer.choose, *desk.answer.set_values} - {"main"}
    if not isinstance(given, str) or others:
        zh, en = "重复申报只选主办件：--set main=办件号。", "Name the main case only."
        raise InvalidInput([FieldProblem("/set/main", "missing", zh, en)])
    if given.strip() == SEPARATE:
        return ""
    try:
        record = acting.find_case(desk.tx, given)
    except CaseUnknown:
        record = b""
    for case in involved:
        if case.record == record:
            return case.id
    zh, en = "这一件不在核对单里。从列出的几件里选。", "Not one of the cases in question."
    raise InvalidInput([FieldProblem("/set/main", "case", zh, en)])


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
    if authority.check(RESOLVED, place_kind=PlaceKind.COUNTY, role=account.role):
        raise NotAllowed(RESOLVED, account.role)

    def work(tx: sa.Connection) -> Conflict:
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

    return node.database.run(work)


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
    """The merging that the same person wrote in the same moment."""
    hand = (resolution.dot.replica, resolution.actor, resolution.claimed_at)
    return [
        o
        for held in case.helds
        if (o := held.entry.operation).fact == MERGED
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
