"""Running the rules C1–C39 over cases: what they find is written in the same transaction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from casework.conflict_rules.findings import Finding
from casework.conflict_rules.matter import Matter
from casework.conflict_rules.table import OF_A_GROUP, RULES, Group, find
from hub.usecases import groups, missing
from hub.usecases.matters import Almanac, gathered
from hub.usecases.sitting import Sitting
from node.cases import Case
from node.ledger import CaseAct

_GROUPED: Final = {group.value for _, _, group in OF_A_GROUP}


@dataclass(slots=True)
class _Waits:
    """What is known to be missing of a case, read only where something was found."""

    sitting: Sitting
    known: dict[bytes, set[str]] = field(default_factory=dict)

    def for_(self, case: Case, rule: str) -> bool:
        """Whether something on which the rule's outcome hangs has not arrived yet."""
        grounds = RULES[rule].grounds
        if not grounds:
            return False
        if case.record not in self.known:
            self.known[case.record] = missing.fields_waiting(self.sitting, case)
        return any(name.startswith(grounds) for name in self.known[case.record])


def findings(almanac: Almanac, touched: Sequence[Case]) -> list[CaseAct]:
    """Answer the acts that the rules ask for on some cases, and on those grouped with them.

    Args:
        almanac: of this sitting.
        touched: the cases that have changed, or all of a page.
    """
    looked = gathered(almanac, touched)
    waits = _Waits(almanac.sitting)
    acts = [act for case, matter in looked for act in _of_case(almanac, waits, case, matter)]
    return acts + list(_of_groups(almanac, waits, looked))


def _of_case(almanac: Almanac, waits: _Waits, case: Case, matter: Matter) -> Iterator[CaseAct]:
    for rule, finding in find(matter):
        yield from _written(almanac, waits, case, (rule, finding))


def _written(
    almanac: Almanac, waits: _Waits, case: Case, found: tuple[str, Finding]
) -> Iterator[CaseAct]:
    rule, finding = found
    act = finding.act(case.state, almanac.pen(case))
    if act is not None and not waits.for_(case, rule):
        yield CaseAct(case.record, act)


def _of_groups(
    almanac: Almanac, waits: _Waits, looked: Sequence[tuple[Case, Matter]]
) -> Iterator[CaseAct]:
    sitting = almanac.sitting
    keys = groups.write_keys(sitting, [case for case, _ in looked])
    wanted = {key for found in keys.values() for kind, key in found.items() if kind in _GROUPED}
    crowded = {k: r[: groups.MOST] for k, r in groups.crowds(sitting.tx, wanted).items()}
    known = {case.record: (case, matter) for case, matter in looked}
    lacking = {r for records in crowded.values() for r in records} - known.keys()
    known |= {c.record: (c, m) for c, m in gathered(almanac, sitting.derive(lacking))}
    for (kind, key), records in sorted(crowded.items()):
        members = [known[record] for record in records if record in known]
        yield from _of_group(almanac, waits, members, (Group(kind), key.hex()))


def _of_group(
    almanac: Almanac,
    waits: _Waits,
    members: Iterable[tuple[Case, Matter]],
    named: tuple[Group, str],
) -> Iterator[CaseAct]:
    listed = list(members)
    by_id = {matter.id: case for case, matter in listed}
    group, key = named
    for rule, find_all, wanted in OF_A_GROUP:
        if wanted is not group or any(waits.for_(case, rule) for case, _ in listed):
            continue
        for record, finding in find_all([matter for _, matter in listed], key):
            yield from _written(almanac, waits, by_id[record], (rule, finding))
