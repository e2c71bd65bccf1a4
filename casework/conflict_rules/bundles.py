"""One matter of several items (一件事) with mixed outcomes (C26): the lead department looks."""

from collections.abc import Iterator, Sequence

from casework import bundles
from casework.conflict_rules.findings import Ask, Finding
from casework.conflict_rules.matter import Matter


def mixed(members: Sequence[Matter], key: str) -> Iterator[tuple[str, Finding]]:
    """C26: one part refused and another granted: approved parts stand, dependent ones wait."""
    bundle = next((m.bundle for m in members if m.bundle), None)
    if bundles.standing([bundles.part_of(m.id, m.case) for m in members], bundle).is_mixed:
        for matter in members:
            yield matter.id, Ask("C26", frozenset({"decided"}), key)
