"""Numbers that other systems gave a case, and whether one still lacks (R-NX-18b, R-HN-10).

Departments on vertical systems of the ministries keep windows and numbers of their own: such a case
is entered there again, and the number that it gets there is noted here.
"""

from typing import Final

from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.values import read_map, read_text

_FIELD: Final = "external."


def numbers_of(case: CaseState) -> tuple[tuple[str, str], ...]:
    """Answer (system, number) of every number that was noted, in order; none twice."""
    noted = (read_map(v) for name, v in case.values.items() if name.startswith(_FIELD))
    pairs = {(read_text(n.get("system")) or "", read_text(n.get("number")) or "") for n in noted}
    return tuple(sorted(pair for pair in pairs if pair[1]))


def lacks_number(case: CaseState, item: CatalogueItem | None) -> bool:
    """Say whether a case must still be entered in the system of its item."""
    if item is None or not item.external_system or "accepted" not in case.values:
        return False
    return item.external_system not in {system for system, _ in numbers_of(case)}
