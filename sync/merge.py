"""The merge: which operations of a record count, and what each field therefore is.

The state of a record is a pure function of the *set* of its operations: arrival order,
repetition and clocks play no part (docs/spec/change-set.md §8). A record is derived whole each
time it is touched; it has few operations, and a cache of heads could drift from the log (ADR 0006).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sync.operation import Dot, Operation, Ref
from sync.verdict import PREFIX, Verdict, refusals


@dataclass(frozen=True, slots=True)
class Merged:
    """What the operations of one record amount to.

    Attributes:
        heads: per field, the operations whose values stand, by dot.
        refused: operations that a verdict takes out.
    """

    operations: Mapping[Dot, Operation]
    heads: Mapping[str, tuple[Operation, ...]]
    refused: Mapping[Dot, Verdict]


class _Graph:
    """Setters of each field, and the edges of `replaces` that count."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.by_dot = {operation.dot: operation for operation in operations}
        self.setters: dict[str, list[Operation]] = defaultdict(list)
        for operation in sorted(self.by_dot.values(), key=lambda o: o.dot):
            for name in operation.field_names():
                self.setters[name].append(operation)

    def targets(self, operation: Operation, name: str) -> Iterable[Operation]:
        """What `operation` replaces in the field `name`, as far as it is held and genuine."""
        for ref in operation.replaces.get(name, ()):
            target = self.by_dot.get(ref.dot)
            if target is not None and target.ref == ref and target.sets(name):
                yield target

    def superseded(self, name: str, refused: Collection[Dot]) -> set[Dot]:
        """Everything in `name` from which an operation that counts descends."""
        seen: set[Dot] = set()
        todo = [o for o in self.setters[name] if o.dot not in refused]
        while todo:
            for target in self.targets(todo.pop(), name):
                if target.dot not in seen:
                    seen.add(target.dot)
                    # Descent runs through refused ones; those that count are in `todo` already.
                    if target.dot in refused:
                        todo.append(target)
        return seen

    def usurpers(self, names: Iterable[str], county: Collection[bytes]) -> set[Dot]:
        """Name the operations that set one of `names` and are not the county's."""
        return {o.dot for n in names for o in self.setters[n] if o.dot.replica not in county}

    def heads(self, name: str, refused: Collection[Dot]) -> tuple[Operation, ...]:
        """The operations whose values of `name` stand."""
        if not refused and len(self.setters[name]) == 1:
            return tuple(self.setters[name])  # by far the most frequent case
        gone = self.superseded(name, refused)
        return tuple(o for o in self.setters[name] if o.dot not in refused and o.dot not in gone)


def merge(operations: Iterable[Operation], *, county: Collection[bytes]) -> Merged:
    """Derive the heads of every field.

    Args:
        operations: of one record, in any order, repeated or not.
        county: replicas of the county, whose verdicts count.

    Returns:
        The same for every order and repetition of the same set.

    Does not check signatures or authority: that is done before an operation is held.
    """
    graph = _Graph(operations)
    verdict_fields = [name for name in graph.setters if name.startswith(PREFIX)]
    # What others say in the county's place counts for nothing, and replaces nothing by itself.
    usurped = graph.usurpers(verdict_fields, county)
    current = {name: graph.heads(name, usurped) for name in verdict_fields}
    refused = refusals(graph.by_dot, current, county) if current else {}
    heads = {
        name: graph.heads(name, usurped if name in current else refused)
        for name in sorted(graph.setters)
    }
    return Merged(graph.by_dot, {n: found for n, found in heads.items() if found}, refused)


def frontier(operations: Iterable[Operation], names: Collection[str]) -> dict[str, tuple[Ref, ...]]:
    """Say what a new operation that sets `names` replaces.

    That is, per field, every known operation that no other known one replaces, refused ones
    included: so that a later ratification cannot bring back what was already answered.

    Args:
        operations: of the record, all that this node knows.
        names: fields about to be set.
    """
    graph = _Graph(operations)
    found: dict[str, tuple[Ref, ...]] = {}
    for name in names:
        replaced = {t.dot for o in graph.setters.get(name, ()) for t in graph.targets(o, name)}
        open_ends = tuple(o.ref for o in graph.setters.get(name, ()) if o.dot not in replaced)
        if open_ends:
            found[name] = open_ends
    return found
