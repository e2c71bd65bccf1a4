"""What must hold in the end, said of plain data: it knows nothing of logs, merges or signatures.

The harness writes down each act that was answered to a person (`Confirmed`). `observe` lays out
what the nodes hold. This module compares the two.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

HIDDEN = "(not shown here)"
"""The value of a field that a place holds closed."""
SENSITIVE = 3
"""The class that only the county, the receiving and the accepting place may see."""


@dataclass(frozen=True)
class Confirmed:
    """An act that was on the disk before somebody was told so."""

    place: str
    record: bytes
    fact: str
    dot: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Operation:
    """An operation as a node holds it; `open_classes`: whose values are at hand."""

    dot: str
    record: bytes
    fact: str
    author: str
    fields: Mapping[str, object]
    classes: Mapping[int, tuple[str, ...]]
    open_classes: frozenset[int]
    replaces: frozenset[str]


@dataclass(frozen=True)
class CaseView:
    """A case as a node derives it."""

    outline: tuple[object, ...]
    heads: Mapping[str, tuple[str, ...]]


@dataclass
class View:
    """Everything of a node that the oracle looks at.

    Attributes:
        waiting: what still waits there, in words; empty when nothing does.
        receipts: of change sets, (replica, first, last) → name of the header.
        aside: quarantined messages, with the reason.
        wrong: what `verify` found.
    """

    code: str
    operations: Mapping[str, Operation] = field(default_factory=dict)
    cases: Mapping[bytes, CaseView] = field(default_factory=dict)
    receipts: Mapping[bytes, tuple[str, int, int]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    aside: list[tuple[str, str, bytes]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Oracle:
    """The plain set of what was confirmed, and what faults excuse.

    Attributes:
        homes: record → (receiving place, accepting place), noted when it was taken in.
        excused: dot → the fault that took it out of the promise.
        forged: messages that a lying relay altered; only these may be put aside.
        unsure: acts that were cut off before anybody was told; they may stand or not.
        shut_out: places whose device the county no longer serves.
        relayed: places that never meet the county itself: what others wrote of class 3 on their
            cases cannot reach them, because the township in between may not see it.
    """

    confirmed: list[Confirmed] = field(default_factory=list)
    homes: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)
    forged: set[bytes] = field(default_factory=set)
    unsure: Counter = field(default_factory=Counter)
    shut_out: set[str] = field(default_factory=set)
    relayed: frozenset[str] = frozenset()

    def complaints(self, hub: View, others: list[View]) -> Iterator[str]:
        """Say everything that does not hold."""
        self._place_unsure(hub)
        yield from self._lost(hub)
        yield from self._invented(hub)
        yield from self._hollow_receipts(hub, [hub, *others])
        for one in others:
            if one.code not in self.shut_out:
                yield from self._differs(hub, one)
                yield from (f"{one.code}: stuck: {what}" for what in one.waiting)
            yield from self._oversees(one)
        for one in [hub, *others]:
            yield from (f"{one.code}: verify: {what}" for what in one.wrong)
            yield from self._put_aside(one)

    def _place_unsure(self, hub: View) -> None:
        """Cases whose intake was cut off after it was written have a home too."""
        for o in hub.operations.values():
            if o.fact == "case.received" and o.record not in self.homes:
                self.homes[o.record] = (str(o.fields["station"]), str(o.fields["handling"]))

    def _lost(self, hub: View) -> Iterator[str]:
        replaced = {dot for o in hub.operations.values() for dot in o.replaces}
        for one in self.confirmed:
            held = hub.operations.get(one.dot)
            if one.dot in self.excused:
                continue
            if held is None and one.dot not in replaced:
                yield f"lost: {one.fact} {one.dot} of {one.place}"
            elif held is not None and (held.record, held.fact) != (one.record, one.fact):
                yield f"altered: {one.fact} {one.dot} of {one.place}"
            elif held is not None and dict(held.fields) != dict(one.fields):
                yield f"values lost: {one.fact} {one.dot} of {one.place}"

    def _invented(self, hub: View) -> Iterator[str]:
        """Whatever stations said was done there, or was being done when the power went."""
        known = {one.dot for one in self.confirmed}
        unsure = Counter(self.unsure)
        for dot, o in hub.operations.items():
            if dot in known or o.author == hub.code or o.replaces & known:
                continue
            if unsure[o.author, o.fact] <= 0:
                yield f"invented: {o.fact} {dot} of {o.author}"
            unsure[o.author, o.fact] -= 1

    def _hollow_receipts(self, hub: View, views: list[View]) -> Iterator[str]:
        held = set(hub.operations)
        for view in views:
            for header, (replica, first, last) in view.receipts.items():
                wanted = {f"{replica}:{seq}" for seq in range(first, last + 1)}
                if header not in hub.receipts:
                    yield f"{view.code}: a receipt of {replica}:{first}-{last} is not the county's"
                if wanted - held:
                    yield f"{view.code}: a receipt without its facts: {sorted(wanted - held)}"

    def _differs(self, hub: View, one: View) -> Iterator[str]:
        for record, (station, handling) in self.homes.items():
            if not in_scope(one.code, station, handling) or record not in hub.cases:
                continue
            mine, theirs = one.cases.get(record), hub.cases[record]
            if mine is None:
                yield f"{one.code}: lacks the case {record.hex()}"
                continue
            here = {dot for dot, o in one.operations.items() if o.record == record}
            there = {dot for dot, o in hub.operations.items() if o.record == record}
            if here != there:
                yield f"{one.code}: lacks {sorted(there - here)}, has {sorted(here - there)} alone"
            elif mine.outline != theirs.outline or mine.heads != theirs.heads:
                yield f"{one.code}: derives {record.hex()} otherwise: {_unlike(mine, theirs)}"
            yield from self._values_differ(hub, one, record)

    def _values_differ(self, hub: View, one: View, record: bytes) -> Iterator[str]:
        """What it may see is at hand, and is what the county has."""
        full = one.code in self.homes[record] and one.code not in self.relayed
        for dot, o in one.operations.items():
            there = hub.operations.get(dot)
            if o.record != record or there is None:
                continue
            for class_, names in there.classes.items():
                shown = {n: o.fields.get(n, HIDDEN) for n in names}
                if class_ in o.open_classes and shown != {n: there.fields[n] for n in names}:
                    yield f"{one.code}: other values in {dot}"
                if class_ not in o.open_classes and (full or class_ < SENSITIVE):
                    yield f"{one.code}: class {class_} of {dot} is not at hand"

    def _oversees(self, one: View) -> Iterator[str]:
        """Nobody holds a record outside its scope, or a disclosure above what it may see."""
        judged = {o.record for o in one.operations.values() if o.author == one.code}
        for dot, o in one.operations.items():
            station, handling = self.homes.get(o.record, ("", ""))
            outside = not in_scope(one.code, station, handling)
            if outside and o.record not in judged:
                yield f"{one.code}: holds {dot} of a case out of its scope"
            above = SENSITIVE in o.open_classes and one.code not in {station, handling, o.author}
            if above and not one.code.endswith("000000"):
                yield f"{one.code}: sees class 3 of {dot}"

    def _put_aside(self, one: View) -> Iterator[str]:
        for code, detail, message in one.aside:
            if message not in self.forged:
                yield f"{one.code}: put aside without a fault: {code} {detail}"


def in_scope(code: str, station: str, handling: str) -> bool:
    """Whether a place holds a case at all, by the codes alone."""
    if code.endswith("000000"):
        return True
    if code.endswith("000"):
        return code[:9] in {station[:9], handling[:9]}
    return code == station


def _unlike(mine: CaseView, theirs: CaseView) -> str:
    fields = {n for n in mine.heads | theirs.heads if mine.heads.get(n) != theirs.heads.get(n)}
    return f"{mine.outline} {theirs.outline} {sorted(fields)}"
