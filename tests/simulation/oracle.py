"""What must hold in the end, said of plain data: it knows nothing of logs, merges or signatures.

The harness writes down each act that was answered to a person (`Confirmed`). `observe` lays out
what the nodes hold. This module compares the two.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

HIDDEN = "(not shown here)"
"""The value of a field that a place holds closed."""
SENSITIVE = 3
"""The class that only the county, the receiving and the accepting place may see."""


@dataclass(frozen=True)
class Confirmed:
    """An act that was on the disk before somebody was told so.

    Attributes:
        id: replica, number and the beginning of the hash: two copies of a disk may give one
            number to two acts.
    """

    place: str
    record: bytes
    fact: str
    id: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Operation:
    """An operation as a node holds it.

    Attributes:
        dot: replica and number.
        author: code of the place that wrote it.
        classes: the names of its fields by class.
        open_classes: those whose values are at hand.
        replaces: ids of what it names as replaced.
    """

    dot: str
    record: bytes
    fact: str
    author: str
    fields: Mapping[str, object]
    classes: Mapping[int, tuple[str, ...]]
    open_classes: frozenset[int]
    replaces: frozenset[str]

    def says(self, one: Confirmed) -> bool:
        """Whether this is what somebody was told is done, or the same written again."""
        return (self.record, self.fact) == (one.record, one.fact)


@dataclass(frozen=True)
class CaseView:
    """A case as a node derives it."""

    outline: tuple[object, ...]
    heads: Mapping[str, tuple[str, ...]]


class Aside(NamedTuple):
    """A message that a node has put aside."""

    code: str
    detail: str
    sender: str
    message: bytes


@dataclass
class View:
    """Everything of a node that the oracle looks at.

    Attributes:
        operations: by id.
        waiting: what still waits there, in words; empty when nothing does.
        receipts: name of the header → replica, first, last.
        wrong: what `verify` found.
    """

    name: str
    code: str
    operations: Mapping[str, Operation] = field(default_factory=dict)
    cases: Mapping[bytes, CaseView] = field(default_factory=dict)
    receipts: Mapping[bytes, tuple[str, int, int]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Oracle:
    """The plain set of what was confirmed, and what faults excuse.

    Attributes:
        homes: record → (receiving place, accepting place), noted when it was taken in.
        excused: id → the disaster after which nobody who could bring it held it any more.
        dimmed: id → classes whose values nobody held any more after a disaster.
        forged: messages that a lying relay altered; they may be put aside.
        suspects: replicas that were copied or shut out: what is put aside of them is explained.
        unsure: acts that were cut off before anybody was told; they may stand or not.
        shut_out: machines that the county no longer serves, and `revoked`, their replicas.
        renewed: machines with new keys: what was sealed to those before they cannot read, and
            others do not know them before they met the county.
        relayed: places that never meet the county itself: what others wrote of class 3 on their
            cases cannot reach them, because the township in between may not see it.
    """

    confirmed: list[Confirmed] = field(default_factory=list)
    homes: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)
    dimmed: dict[str, set[int]] = field(default_factory=dict)
    forged: set[bytes] = field(default_factory=set)
    suspects: set[str] = field(default_factory=set)
    unsure: Counter = field(default_factory=Counter)
    shut_out: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    renewed: set[str] = field(default_factory=set)
    relayed: frozenset[str] = frozenset()

    def complaints(self, hub: View, others: list[View]) -> Iterator[str]:
        """Say everything that does not hold."""
        self._place_unsure(hub)
        yield from self._lost(hub)
        yield from self._invented(hub)
        yield from self._hollow_receipts(hub, [hub, *others])
        for one in others:
            if one.name not in self.shut_out:
                yield from self._differs(hub, one)
                yield from (f"{one.name}: stuck: {what}" for what in one.waiting)
            yield from self._oversees(one)
        for one in [hub, *others]:
            yield from (f"{one.name}: verify: {what}" for what in one.wrong)
            yield from self._put_aside(one)

    def _place_unsure(self, hub: View) -> None:
        """Cases whose intake was cut off after it was written have a home too."""
        for o in hub.operations.values():
            if o.fact == "case.received" and o.record not in self.homes:
                self.homes[o.record] = (str(o.fields["station"]), str(o.fields["handling"]))

    def _lost(self, hub: View) -> Iterator[str]:
        again: dict[str, list[Operation]] = defaultdict(list)
        for o in hub.operations.values():
            for replaced in o.replaces:
                again[replaced].append(o)
        for one in self.confirmed:
            original = hub.operations.get(one.id)
            found = original or next((o for o in again[one.id] if o.says(one)), None)
            if found is None and not self._is_excused(one.id):
                yield f"lost: {one.fact} {one.id} of {one.place}"
            elif found is not None:
                yield from self._altered(one, found)

    def _is_excused(self, name: str) -> bool:
        """Whether a fault took an operation out of the promise, or its device was shut out."""
        return name in self.excused or name.partition(":")[0] in self.revoked

    def _altered(self, one: Confirmed, found: Operation) -> Iterator[str]:
        if not found.says(one):
            yield f"altered: {one.fact} {one.id} of {one.place}"
        dim = {n for c in self.dimmed.get(one.id, ()) for n in found.classes.get(c, ())}
        kept = {name: value for name, value in one.fields.items() if name not in dim}
        if kept != {name: found.fields.get(name, HIDDEN) for name in kept}:
            yield f"values lost: {one.fact} {one.id} of {one.place}"

    def _invented(self, hub: View) -> Iterator[str]:
        """Whatever stations said was done there, or was being done when the power went."""
        known = {one.id: one for one in self.confirmed}
        unsure = Counter(self.unsure)
        for name, o in hub.operations.items():
            rewritten = any(o.says(known[r]) for r in o.replaces & known.keys())
            if name in known or o.author == hub.code or rewritten:
                continue
            if unsure[o.author, o.fact] <= 0:
                yield f"invented: {o.fact} {name} of {o.author}"
            unsure[o.author, o.fact] -= 1

    def _hollow_receipts(self, hub: View, views: list[View]) -> Iterator[str]:
        held = {o.dot for o in hub.operations.values()}
        gone = {name.partition("#")[0] for name in self.excused}
        for view in views:
            for header, (replica, first, last) in view.receipts.items():
                wanted = {f"{replica}:{seq}" for seq in range(first, last + 1)}
                if wanted - held - gone:
                    yield f"{view.name}: a receipt without its facts: {sorted(wanted - held)}"
                elif header not in hub.receipts and not wanted & gone:
                    yield f"{view.name}: a receipt of {replica}:{first}-{last} is not the county's"

    def _differs(self, hub: View, one: View) -> Iterator[str]:
        for record, (station, handling) in self.homes.items():
            if not in_scope(one.code, station, handling) or record not in hub.cases:
                continue
            if record not in one.cases:
                yield f"{one.name}: lacks the case {record.hex()}"
                continue
            here = {name for name, o in one.operations.items() if o.record == record}
            there = {name for name, o in hub.operations.items() if o.record == record}
            alone = {name for name in here - there if not self._is_excused(name)}
            if there - here or alone:
                yield f"{one.name}: lacks {sorted(there - here)}, has {sorted(here - there)} alone"
            elif here == there and one.cases[record] != hub.cases[record]:
                unlike = _unlike(one.cases[record], hub.cases[record])
                yield f"{one.name}: derives {record.hex()} otherwise: {unlike}"
            yield from self._values_differ(hub, one, record)

    def _values_differ(self, hub: View, one: View, record: bytes) -> Iterator[str]:
        """What it may see is at hand, and is what the county has."""
        full = one.code in self.homes[record] and one.code not in self.relayed
        for name, o in one.operations.items():
            there = hub.operations.get(name)
            if o.record != record or there is None:
                continue
            for class_ in there.open_classes & there.classes.keys():
                shown = {n: o.fields.get(n, HIDDEN) for n in there.classes[class_]}
                if class_ in o.open_classes and shown != {n: there.fields[n] for n in shown}:
                    yield f"{one.name}: other values in {name}"
                if class_ not in o.open_classes and (full or class_ < SENSITIVE):
                    yield f"{one.name}: class {class_} of {name} is not at hand"

    def _oversees(self, one: View) -> Iterator[str]:
        """Nobody holds a record outside its scope, or a disclosure above what it may see."""
        judged = {o.record for o in one.operations.values() if o.author == one.code}
        for name, o in one.operations.items():
            station, handling = self.homes.get(o.record, ("", ""))
            outside = o.record in self.homes and not in_scope(one.code, station, handling)
            if outside and o.record not in judged:
                yield f"{one.name}: holds {name} of a case out of its scope"
            above = SENSITIVE in o.open_classes and one.code not in {station, handling, o.author}
            if above and o.record in self.homes:
                yield f"{one.name}: sees class 3 of {name}"

    def _put_aside(self, one: View) -> Iterator[str]:
        for aside in one.aside:
            sealed_before = aside.code == "not-for-us" and one.name in self.renewed
            named = any(replica in aside.detail for replica in self.suspects)
            explained = aside.message in self.forged or aside.sender in self.suspects or named
            if not explained and not sealed_before:
                yield f"{one.name}: put aside without a fault: {aside.code} {aside.detail}"


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
