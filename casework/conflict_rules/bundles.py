"""One matter of several items (一件事) with mixed outcomes (C26): the lead department looks."""

from collections.abc import Iterator, Sequence
from typing import Final

from casework.case import State
from casework.conflict_rules.findings import Ask, Finding
from casework.conflict_rules.matter import Matter

_GIVEN: Final = frozenset({State.READY, State.DELIVERED, State.ARCHIVED, State.DECIDED_YES})
_REFUSED: Final = frozenset({State.DECIDED_NO, State.NOT_ACCEPTED, State.REVOKED})


def mixed(members: Sequence[Matter], key: str) -> Iterator[tuple[str, Finding]]:
    """C26: one part refused and another granted: approved parts stand, dependent ones wait."""
    given = [m for m in members if m.case.state in _GIVEN and not _refused(m)]
    refused = [m for m in members if _refused(m)]
    if given and refused:
        for matter in members:
            yield matter.id, Ask("C26", frozenset({"decided"}), key)


def _refused(matter: Matter) -> bool:
    return matter.case.state in _REFUSED or matter.case.map("decided").get("outcome") == "no"
