"""A village merged into another while it was offline (C30): the new code, the old one kept."""

from collections.abc import Iterator

from casework.conflict_rules.findings import Finding, Settle
from casework.conflict_rules.matter import Matter

_MOST_MERGERS = 8


def merged_village(matter: Matter) -> Iterator[Finding]:
    """C30: the applicant's division is mapped; who took the case in stays who it was."""
    old = new = matter.case.text("division")
    for _ in range(_MOST_MERGERS):
        new = matter.merged_into.get(new, new)
    if new != old and "division" not in matter.case.conflicts:
        reason = f"区划{old}已并入{new}，旧代码留在历史里。"
        yield Settle("C30", new, {"division": new}, reason)
