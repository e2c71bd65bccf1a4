"""Two places wrote one field apart (C35): policies settle it, or a person where they cannot."""

from collections.abc import Iterator

from casework.conflict_rules.findings import Ask, Finding
from casework.conflict_rules.matter import Matter


def written_apart(matter: Matter) -> Iterator[Finding]:
    """C35: what `casework.merging` leaves open is put before a person."""
    if matter.case.conflicts:
        yield Ask("C35", frozenset(matter.case.conflicts))
