"""What the county does not recognise: verdicts on operations that their author might not write.

A citizen cannot lose a filing date: facts of receiving are refused only where they are forged, that
is, written by a place about another place's case, or carrying fields that the fact does not set.
Everything else is asked of the one table of authority (`casework.authority`).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from casework import authority
from casework.authority import Fault, Refusal
from casework.catalogue import mode_at
from casework.facts import FACTS, may_set
from casework.merging import is_known
from casework.places import PlaceKind, Role
from casework.values import read_map, read_text
from hub.usecases.sitting import Sitting
from node.cases import Case
from sync.operation import Dot, Operation
from sync.record import Author
from sync.verdict import PREFIX, Verdict

RECEIVED: Final = "case.received"
_PASSES_ON: Final = ("case.handed_over", "case.issued", "case.result_passed_on")
_ROLE: Final = {
    PlaceKind.VILLAGE: Role.HELPER,
    PlaceKind.TOWNSHIP: Role.CLERK,
    PlaceKind.OUTLET: Role.TELLER,
}
"""The role that a place's devices stand for, whoever sat in front of them."""
_NOBODY: Final = Author("", "")
_SMUGGLED: Final = Refusal(
    Fault.FACT,
    "",
    "这一步里夹带了它不能改的内容，县里没有采用。请照页面重新做一次。",
    "This act carries fields that it may not set.",
)
_FORGED: Final = Refusal(
    Fault.SCOPE,
    RECEIVED,
    "这一件是别的站收的，不能由本站写收件。县里没有采用。",
    "The papers were received by another place.",
)


_NOT_YET: Final = Refusal(
    Fault.FACT,
    "",
    "县里的程序还不认识这一步，先不算数。县里升级以后会再看一遍。",
    "The county's program does not know this step yet; it is looked at again after an upgrade.",
)


class Origin(NamedTuple):
    """The genuine receipt of a case, and the places that may write on it."""

    dot: Dot
    concerned: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the operations of stations."""

    sitting: Sitting

    def judge(self, case: Case, fresh: Collection[Dot]) -> list[Verdict]:
        """Say which operations of a case are refused.

        Args:
            case: with every operation held.
            fresh: what has just arrived; the rest was judged when it did.

        What arrives before the receipt of its case waits for it: nobody can say yet whose it is.
        """
        operations = [held.entry.operation for held in case.helds]
        origin = self._origin(operations)
        waited = origin is not None and origin.dot in fresh
        found = []
        for operation in operations:
            if (waited or operation.dot in fresh) and not self._is_settled(case, operation):
                refusal = self._refusal(case, operation, origin)
                if refusal is not None:
                    found.append(_verdict(operation, refusal))
        return found

    def review(self, case: Case, dots: Collection[Dot]) -> list[Verdict]:
        """Judge operations that the program before could not read.

        Args:
            case: with every operation held.
            dots: of those operations.

        Returns:
            Refusals, and ratifications of what was refused for being unknown and no more.
        """
        operations = [held.entry.operation for held in case.helds]
        origin = self._origin(operations)
        found = []
        for operation in (one for one in operations if one.dot in dots):
            said = case.evidence.merged.refused.get(operation.dot)
            if said is None and self._is_settled(case, operation):
                continue
            refusal = self._refusal(case, operation, origin)
            if refusal is not None and said is None:
                found.append(_verdict(operation, refusal))
            elif refusal is None and said is not None and said.code == Fault.FACT:
                found.append(_known_now(operation))
        return found

    def _is_settled(self, case: Case, operation: Operation) -> bool:
        author = self._author(operation)
        said = f"{PREFIX}{operation.dot.text}" in case.evidence.merged.heads
        return said or author.kind == PlaceKind.COUNTY

    def _author(self, operation: Operation) -> Author:
        return self.sitting.authors.get(operation.dot.replica, _NOBODY)

    def _origin(self, operations: Sequence[Operation]) -> Origin | None:
        """The receipt that came here first; the order here is that of arrival."""
        for operation in operations:
            if operation.fact == RECEIVED and self._is_own(operation):
                station = read_text(operation.fields.get("station")) or ""
                handling = read_text(operation.fields.get("handling")) or ""
                concerned = frozenset(filter(None, (station, handling, *self._given(operations))))
                return Origin(operation.dot, self._widen(concerned, operations))
        return None

    def _given(self, operations: Sequence[Operation]) -> Iterator[str]:
        """The places to which the county itself has given the case since."""
        for operation in operations:
            if self._author(operation).kind == PlaceKind.COUNTY:
                for name in ("station", "handling"):
                    yield read_text(operation.fields.get(name)) or ""

    def _is_own(self, operation: Operation) -> bool:
        author = self._author(operation)
        station = operation.fields.get("station")
        return author.kind == PlaceKind.COUNTY or station == author.station

    def _widen(self, concerned: frozenset[str], operations: Sequence[Operation]) -> frozenset[str]:
        """Add the places to which papers or results were passed on by those who may."""
        passing = [o for o in operations if o.fact in _PASSES_ON]
        while True:
            grown = concerned | {
                to for o in passing if not self._outside(o, concerned) for to in _passed_to(o)
            }
            if grown == concerned:
                return concerned
            concerned = grown

    def _outside(self, operation: Operation, concerned: frozenset[str]) -> Refusal | None:
        author = self._author(operation)
        if author.station in concerned:
            return None
        return authority.check_scope(author.station, author.kind, concerned)

    def _refusal(self, case: Case, operation: Operation, origin: Origin | None) -> Refusal | None:
        if operation.fact == RECEIVED and self._is_forged(operation, origin, case):
            return _FORGED
        known = [name for name in operation.field_names() if is_known(name)]
        if not all(may_set(operation.fact, name) for name in known):
            return _SMUGGLED
        if operation.fact not in FACTS:  # of a later program; harmless where it moves nothing here
            return _NOT_YET if known else None
        if origin is None:
            return None
        outside = self._outside(operation, origin.concerned)
        return outside or self._unauthorised(case, operation)

    def _is_forged(self, operation: Operation, origin: Origin | None, case: Case) -> bool:
        """A place receives for itself only, and takes no case over that another has received."""
        if origin is None or not self._is_own(operation):
            return True
        first = case.evidence.merged.operations[origin.dot]
        return self._author(first).station != self._author(operation).station

    def _unauthorised(self, case: Case, operation: Operation) -> Refusal | None:
        if not authority.is_refusable(operation.fact):
            return None
        author = self._author(operation)
        item = self.sitting.item(case)
        kind = PlaceKind(author.kind)
        partner = self.sitting.partners.get(author.station, "")
        return authority.check(
            operation.fact,
            place_kind=kind,
            role=_ROLE[kind],
            mode=mode_at(item, kind, partner, code=author.station) if item else None,
            promised_days=item.promised_days if item else None,
        )


def _passed_to(operation: Operation) -> Iterator[str]:
    for name, value in operation.fields.items():
        if name == "issued" or name.startswith(("handover.", "result_passed.")):
            to = read_text(read_map(value).get("to"))
            if to:
                yield to


def _known_now(operation: Operation) -> Verdict:
    reason = "县里升级以后认识了这一步，照办。"
    return Verdict(
        dot=operation.dot, hash=operation.hash, refused=False, code="ratified", reason=reason
    )


def _verdict(operation: Operation, refusal: Refusal) -> Verdict:
    return Verdict(
        dot=operation.dot,
        hash=operation.hash,
        refused=True,
        code=refusal.fault.value,
        reason=refusal.message_zh,
    )
