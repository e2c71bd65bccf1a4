"""A word that comes after the end of a case (C39): appendix or new case, no silent reopening."""

from collections.abc import Iterator
from typing import Final

from casework.conflict_rules.findings import Ask, Finding
from casework.conflict_rules.matter import Matter
from casework.places import PlaceKind

_ENDS: Final = ("archived", "terminated")
_OWN: Final = ("material.", "attachment.", "form.")
_EXACT: Final = frozenset({"withdrawn", "accepted", "delivered", "phone", "address", "pickup"})


def late_word(matter: Matter) -> Iterator[Finding]:
    """C39: what a place wrote and the county received after it had closed the case."""
    ends = [head for name in _ENDS if (head := matter.head(name)) is not None]
    if not ends or any(head.not_after is None for head in ends):
        return
    closed_at = min(head.not_after for head in ends if head.not_after is not None)
    late = {
        name
        for name in matter.heads
        if name in _EXACT or name.startswith(_OWN)
        for head in matter.all_heads(name)
        if head.station_kind != PlaceKind.COUNTY
        and head.not_after is not None
        and head.not_after > closed_at
    }
    if late:
        yield Ask("C39", frozenset(late))
