"""What the county begins to check on one case.

Fields that differ (C35), acts that contradict (C5), and what a place wrote before it knew that the
case had been given to another (C40). One check a case and rule. Its id is computed from both, so
that every order in which the differences arrive leads to the same check; a further difference
makes it wider. Fields in which something is known to be missing wait (`missing`).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from casework.conflict_rules import withdrawal
from casework.conflict_rules.fields import called
from casework.facts import Act
from casework.places import PlaceKind
from casework.values import Fields, read_list, read_text
from hub.usecases import missing
from hub.usecases.matters import Almanac
from hub.usecases.sitting import Sitting
from node.cases import Case
from node.ledger import CaseAct
from sync.feed import Place, in_scope
from sync.operation import Operation

OPENED: Final = "case.checking_opened"
DIFFERENCE, CONTRADICTION, MOVED = "C35", "C5", "C40"
_WITHDRAWN_OR_DECIDED: Final = ("withdrawn", "decided")


def checks(almanac: Almanac, found: Iterable[Case]) -> list[CaseAct]:
    """Open or widen the checks that some cases call for."""
    return [act for case in found for act in _of_case(almanac, case)]


def _of_case(almanac: Almanac, case: Case) -> Iterator[CaseAct]:
    sitting, state = almanac.sitting, case.state
    late = _late_words(sitting, case)
    if late:
        yield from open_check(sitting, case, MOVED, rule_key=case.record, fields=late)
    if not state.conflicts and not state.contradictions:
        return
    waiting = missing.fields_waiting(sitting, case)
    open_pairs = _left_to_a_person(almanac, case)
    contradicting = {n for pair in open_pairs if not waiting & {*pair} for n in pair}
    differing = set(state.conflicts) - waiting
    for rule, fields in ((DIFFERENCE, differing), (CONTRADICTION, contradicting)):
        if fields:
            yield from open_check(sitting, case, rule, rule_key=case.record, fields=fields)
    for finding in called(differing):
        act = finding.act(state, almanac.pen(case))
        if act is not None:
            yield CaseAct(case.record, act)


def _left_to_a_person(almanac: Almanac, case: Case) -> Collection[tuple[str, str]]:
    """The pairs of acts that contradict, but for what the trusted intervals settle (C5)."""
    pairs = set(case.state.contradictions)
    if _WITHDRAWN_OR_DECIDED in pairs and withdrawal.stands(almanac.matter(case)):
        pairs.discard(_WITHDRAWN_OR_DECIDED)
    return sorted(pairs)


def _late_words(sitting: Sitting, case: Case) -> set[str]:
    """Fields that a place wrote after the county had given the case to another.

    It could not know yet. Nothing of it is refused; a person looks at what still stands.
    """
    heads = case.evidence.merged.heads
    moves = {o.dot for o in heads.get("station", ()) if sitting.is_county(o.dot.replica)}
    rows = [held.row for held in case.helds if held.entry.operation.dot in moves]
    if not rows:
        return set()
    late = {
        held.entry.operation.dot
        for held in case.helds
        if held.row > max(rows) and _is_elsewhere(sitting, held.entry.operation, case)
    }
    return {n for n, found in heads.items() for o in found if o.dot in late}


def _is_elsewhere(sitting: Sitting, operation: Operation, case: Case) -> bool:
    author = sitting.authors.get(operation.dot.replica)
    if author is None or sitting.is_county(operation.dot.replica):
        return False
    return not in_scope(Place(author.station, PlaceKind(author.kind)), case.scope)


def open_check(
    sitting: Sitting, case: Case, rule: str, *, rule_key: bytes, fields: set[str]
) -> Iterator[CaseAct]:
    """Open a check on a case unless it is open already and covers the fields."""
    check = sitting.check_id(rule, rule_key)
    known = case.state.map(f"checking.{check}")
    covered = open_fields(known)
    if known.get("open") is True and fields <= covered:
        return
    opened: Fields = {"rule": rule, "fields": sorted(fields | covered), "open": True}
    yield CaseAct(case.record, Act(OPENED, {f"checking.{check}": opened}))


def open_fields(check: Fields) -> set[str]:
    """The fields in question of a check that is open; none of a closed one."""
    if check.get("open") is not True:
        return set()
    return {name for name in map(read_text, read_list(check.get("fields"))) if name}
