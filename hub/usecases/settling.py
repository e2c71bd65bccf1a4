"""Settling one check: what a person has decided becomes acts, with every problem told at once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import sqlalchemy as sa

from casework import acts
from casework.conflict_rules import withdrawal
from casework.conflict_rules.findings import Finding, Pen, Told
from casework.errors import CaseworkError, FieldProblem
from casework.facts import Act, Head, Undisclosed
from casework.ids import IdNumber
from casework.reading import Reader
from casework.values import Value, read_map
from hub.usecases.checking import open_fields
from hub.usecases.conflicts import Conflict, Kind
from node import acting
from node.cases import Case
from node.errors import Changed, InvalidInput
from node.ledger import CaseAct
from node.people import Account
from node.runtime import Node
from sync.errors import RemoteSyncError
from sync.operation import Dot


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


@dataclass(frozen=True, slots=True)
class Desk:
    """One decision being taken."""

    tx: sa.Connection
    node: Node
    account: Account
    seen: Conflict
    answer: Answer
    proposed_by: str = ""

    @property
    def check(self) -> str:
        """Its id."""
        return self.seen.id

    @property
    def now(self) -> int:
        """When it is decided, milliseconds."""
        return self.node.moment(self.tx).now

    @property
    def stamp(self) -> dict[str, Value]:
        """Who decides, where and when, as facts carry it."""
        me = self.node.identity_in(self.tx)
        return {"at": self.now, "place": me.place.code, "by": self.account.login}

    def pen(self, case: Case) -> Pen:
        """With what findings are written that follow from the decision."""
        return Pen(self.stamp, lambda _rule, _about: self.check, case.id)

    def resolved(self, case: Case, chosen: Mapping[str, Value], *, answer: str = "") -> CaseAct:
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
        return CaseAct(case.record, self._named(act, answer), acting.form_classes(item))

    def _named(self, act: Act, answer: str) -> Act:
        """Add which answer was given, and who proposed it before a second person agreed."""
        more = {"answer": answer} if answer else {}
        first = {"proposed_by": self.proposed_by} if self.proposed_by else {}
        fields = dict(act.fields)
        for name, value in act.fields.items():
            if name.startswith("resolution."):
                fields[name] = {**read_map(value), **more, **first}
            elif name.startswith("checking."):
                fields[name] = {**read_map(value), **more}
        return Act(act.fact, fields)


def written(desk: Desk, case: Case, finding: Finding) -> Iterator[CaseAct]:
    """Answer the act that writes down what follows from a decision; nothing where it stands."""
    act = finding.act(case.state, desk.pen(case))
    if act is not None:
        yield CaseAct(case.record, act)


def settle_fields(desk: Desk, involved: Sequence[Case]) -> list[CaseAct]:
    """Settle what several places wrote into one case.

    Raises:
        Changed, InvalidInput, ActRefused: see `reconcile.resolve`.
    """
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
    return [desk.resolved(case, chosen), *_told_of(desk, case, chosen)]


def _told_of(desk: Desk, case: Case, chosen: Mapping[str, Value]) -> Iterator[CaseAct]:
    """What the citizen is told where a person settles what he had withdrawn (C5)."""
    texts = {"decided": withdrawal.WITHDRAWN, "withdrawn": withdrawal.DECIDED}
    for name, text in texts.items():
        if desk.seen.kind is Kind.CONTRADICTION and name in chosen and chosen[name] is None:
            yield from written(desk, case, Told("C5", f"person-{desk.now}", text))


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
