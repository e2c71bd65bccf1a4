"""一件事: several items done as one matter, and how the whole stands (R-HC-24, R-HC-27, C26).

Each part is a case of its own, with its own promise and its own decision. The lead department
looks at all of them. What was granted stands, whatever becomes of the other parts; a part that
needs the result of a refused one waits for the lead department to say what becomes of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.case import CaseState, State
from casework.catalogue import Bundle
from casework.ids import Ulid, UlidMalformed
from casework.values import read_text

_SIGN: Final = ":"
_ENDED_EARLY: Final = frozenset(
    {State.WITHDRAWN, State.DEEMED_WITHDRAWN, State.TERMINATED, State.DRAFT}
)


class Result(StrEnum):
    """What has become of one part."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"
    """Withdrawn or stopped: nobody refused it, and nothing comes of it."""
    MERGED = "merged"
    """Filed twice: it goes on as another case."""


class Whole(StrEnum):
    """What has become of the matter."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    MIXED = "mixed"
    """Some parts were granted, others were refused or ended."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Which bundle of the catalogue, and which matter of it; written `CODE:ULID`."""

    code: str
    id: str

    @property
    def text(self) -> str:
        """As the field `bundle` of each case carries it."""
        return f"{self.code}{_SIGN}{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One case of a matter.

    Attributes:
        case: its ULID.
        due: the promise made for it; None before acceptance.
    """

    case: str
    item: str
    state: State
    result: Result
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a matter stands.

    Attributes:
        due: the latest promise of its open parts: then all is done; None where none is promised.
        unpromised: open parts that are not accepted yet, so that `due` does not cover them.
        stands: cases of the parts that were granted.
        lost: cases of the parts that were refused or ended.
        waits: cases of the open parts that need the result of a lost one (C26).
    """

    whole: Whole
    due: date | None
    unpromised: tuple[str, ...]
    stands: tuple[str, ...]
    lost: tuple[str, ...]
    waits: tuple[str, ...]

    @property
    def is_mixed(self) -> bool:
        """Whether the lead department must look: something granted stands beside something lost."""
        return bool(self.lost) and bool(self.stands or self.waits)


def read_reference(text: str) -> Reference | None:
    """Read `CODE:ULID`; None for anything else.

    >>> read_reference("DEMO-YJS-01:01ARZ3NDEKTSV4RRFFQ69G5FAV").code
    'DEMO-YJS-01'
    """
    code, sign, matter = text.strip().partition(_SIGN)
    try:
        return Reference(code.strip().upper(), Ulid.parse(matter).text) if sign and code else None
    except UlidMalformed:
        return None


def result_of(case: CaseState) -> Result:
    """Say what has become of a case: the decision counts, wherever the papers are by now."""
    if case.text("duplicate_of"):
        return Result.MERGED
    if case.state in _ENDED_EARLY:
        return Result.ENDED
    if case.state in {State.NOT_ACCEPTED, State.REVOKED}:
        return Result.REFUSED
    outcome = read_text(case.map("decided").get("outcome"))
    if outcome is None:
        return Result.OPEN
    return Result.GRANTED if outcome == "yes" else Result.REFUSED


def part_of(case: str, state: CaseState) -> Part:
    """Read a case as a part.

    Args:
        case: its ULID.
        state: as it stands.
    """
    return Part(
        case=case,
        item=state.text("item"),
        state=state.state,
        result=result_of(state),
        due=state.due,
    )


def needed_first(bundle: Bundle, item: str) -> tuple[str, ...]:
    """Answer the items whose results an item needs: none where all are reviewed at once.

    A bundle that is not parallel is done in the order of its items. Even there review of a part
    begins at once and ends as soon as the earlier result is there (R-HC-27).
    """
    if bundle.parallel or item not in bundle.items:
        return ()
    return bundle.items[: bundle.items.index(item)]


def standing(parts: Iterable[Part], bundle: Bundle | None = None) -> Standing:
    """Say how a matter stands; the same for the parts in any order.

    Args:
        parts: all of the matter that are known here.
        bundle: as published; None where this place lacks it: then no part waits for another.
    """
    known = sorted(parts, key=lambda part: (part.item, part.case))
    lost = [p for p in known if p.result in {Result.REFUSED, Result.ENDED}]
    granted = [p for p in known if p.result is Result.GRANTED]
    still = [p for p in known if p.result is Result.OPEN]
    lost_items = {part.item for part in lost}
    waits = [p for p in still if bundle and lost_items.intersection(needed_first(bundle, p.item))]
    return Standing(
        whole=_whole(still, granted, lost),
        due=max((p.due for p in still if p.due is not None), default=None),
        unpromised=_cases(p for p in still if p.due is None),
        stands=_cases(granted),
        lost=_cases(lost),
        waits=_cases(waits),
    )


def _whole(still: Sequence[Part], granted: Sequence[Part], lost: Sequence[Part]) -> Whole:
    if still or not (granted or lost):
        return Whole.OPEN
    if granted and lost:
        return Whole.MIXED
    return Whole.GRANTED if granted else Whole.REFUSED


def _cases(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(part.case for part in parts)
