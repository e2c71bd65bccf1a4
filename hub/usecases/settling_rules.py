"""Settling a check about a rule with answers of its own, or about one matter filed twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from casework.conflict_rules import answers
from casework.conflict_rules.findings import End, Told
from casework.errors import FieldProblem
from casework.facts import Act
from casework.reconciliation import filing_of
from casework.values import Value
from hub.usecases import duplicates
from hub.usecases.conflicts import Kind
from hub.usecases.duplicates import DUPLICATE, MERGED, merged_fields
from hub.usecases.matters import Almanac
from hub.usecases.settling import Desk, settle_fields, written
from hub.usecases.sitting import Sitting
from node import acting
from node.cases import Case
from node.errors import CaseUnknown, InvalidInput
from node.ledger import CaseAct

SEPARATE: Final = "none"
"""`--set main=none`: the cases are no duplicates of each other."""
LINKED: Final = "case.linked"


def _settle_rule(desk: Desk, involved: Sequence[Case]) -> list[CaseAct]:
    given = desk.answer.set_values.get("answer")
    found = answers.answer(desk.seen.rule, given if isinstance(given, str) else "")
    others = [*desk.answer.choose, *(name for name in desk.answer.set_values if name != "answer")]
    if found is None or others:
        allowed = "、".join(one.key for one in answers.ANSWERS[desk.seen.rule])
        zh, en = f"选一个答案：--set answer={allowed}。", f"Give one answer: {allowed}."
        raise InvalidInput([FieldProblem("/set/answer", "missing", zh, en)])
    done: list[CaseAct] = []
    for case in involved:
        if desk.check in case.state.checks:
            done.append(desk.resolved(case, {}, answer=found.key))
            done += _follows(desk, case, found, involved)
    return done


def _follows(
    desk: Desk, case: Case, found: answers.Answer, involved: Sequence[Case]
) -> Iterator[CaseAct]:
    """What an answer brings about beside closing the check."""
    rule, main = desk.seen.rule, case.id == desk.seen.case
    if found.told and main:
        about = f"{found.key}-{desk.now}"
        yield from written(desk, case, Told(rule, about, found.told))
    if found.effect == "end":
        yield from written(desk, case, End(rule, desk.answer.reason.strip()))
    if found.effect == "link":
        for other in involved:
            if other.id != case.id:
                said: dict[str, Value] = {**desk.stamp, "case": other.id, "kind": "same_person"}
                yield CaseAct(case.record, Act(LINKED, {f"link.{rule}-{other.id}": said}))


# --- one matter, several cases


def _settle_duplicate(desk: Desk, involved: Sequence[Case]) -> list[CaseAct]:
    main = _main(desk, involved)
    done: list[CaseAct] = []
    sitting = Sitting(
        tx=desk.tx,
        node=desk.node,
        me=desk.node.identity_in(desk.tx),
        at=desk.node.moment(desk.tx),
    )
    merging = [case for case in involved if _is_open(case)]
    for case in involved:
        if case in merging:
            fields = merged_fields(main or case.id, case.id)
            if case.id == main:
                almanac = Almanac(sitting=sitting)
                others = [other for other in merging if other.id != main]
                fields |= duplicates.copied(almanac, case, others)
                done += duplicates.telling(almanac, DUPLICATE, case, others)
            done.append(CaseAct(case.record, Act(MERGED, fields)))
        if desk.check in case.state.checks:
            done.append(desk.resolved(case, {}))
    return done


def _is_open(case: Case) -> bool:
    filing = filing_of(case.id, case.state)
    return filing is not None and filing.open


def _main(desk: Desk, involved: Sequence[Case]) -> str:
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


SETTLERS: Final[Mapping[Kind, Callable[[Desk, Sequence[Case]], list[CaseAct]]]] = {
    Kind.DUPLICATE: _settle_duplicate,
    Kind.RULE: _settle_rule,
}


def settled(desk: Desk, involved: Sequence[Case]) -> list[CaseAct]:
    """Answer what a decision writes on the cases of its check.

    Raises:
        Changed: a side does not stand any more.
        InvalidInput: a field is unanswered, or a value cannot be.
        ActRefused: the role may not, or a case does not allow it.
    """
    return SETTLERS.get(desk.seen.kind, settle_fields)(desk, involved)
