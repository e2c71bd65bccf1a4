"""What the county begins to check on one case: fields that differ (C35), acts that contradict (C5).

One check a case and rule. Its id is computed from both, so that every order in which the
differences arrive leads to the same check; a further difference makes it wider. Fields in which
something is known to be missing wait (`missing`).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from casework.facts import Act
from casework.values import Fields, read_list, read_text
from hub.usecases import missing
from hub.usecases.sitting import Sitting
from node.cases import Case
from node.ledger import CaseAct

OPENED: Final = "case.checking_opened"
DIFFERENCE, CONTRADICTION = "C35", "C5"


def checks(sitting: Sitting, found: Iterable[Case]) -> list[CaseAct]:
    """Open or widen the checks that some cases call for."""
    return [act for case in found for act in _of_case(sitting, case)]


def _of_case(sitting: Sitting, case: Case) -> Iterator[CaseAct]:
    state = case.state
    if not state.conflicts and not state.contradictions:
        return
    waiting = missing.fields_waiting(sitting, case)
    contradicting = {n for pair in state.contradictions if not waiting & {*pair} for n in pair}
    differing = set(state.conflicts) - waiting
    for rule, fields in ((DIFFERENCE, differing), (CONTRADICTION, contradicting)):
        if fields:
            yield from open_check(sitting, case, rule, rule_key=case.record, fields=fields)


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
