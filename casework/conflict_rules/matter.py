"""What a rule looks at: one case with its evidence, and what was published meanwhile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from casework.case import ENDED, CaseState, State
from casework.catalogue import Bundle, CatalogueItem
from casework.deadline import Clock
from casework.facts import Head, Undisclosed
from casework.places import RANK, Mode, PlaceKind, is_station_code, kind_of_code
from casework.values import CHINA, Fields, read_map, read_text

DECIDED: Final = frozenset(
    {State.DECIDED_YES, State.DECIDED_NO, State.READY, State.DELIVERED, State.RECTIFY}
)
CLOSED: Final = ENDED | DECIDED
"""States in which nobody asks the citizen for papers any more."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An item as one publication has it.

    Attributes:
        item: None where the publication does not carry it any more.
        since: first day on which it is in force.
    """

    version: int
    item: CatalogueItem | None
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case as the county's rules see it; everything that a rule may look at.

    Attributes:
        id: text of the case's id.
        heads: field → heads, with their trusted intervals.
        shown: the item as shown to the citizen.
        newest: the item as published now.
        before: where the version shown was not in force yet, the one that was (C38).
        clock: published calendar and settings.
        late_photos: numbers of the materials whose photos did not come, long after asking (C31).
        credit_since: since when the applicant's credit forbids what he promised (C33).
        credit_unknown: the county's own list was too old to say so on the day of filing (T16).
        merged_into: division → the one it became part of (C30).
        bundle: the matter of several items that it is a part of, as published now (C26).
    """

    id: str
    case: CaseState
    heads: Mapping[str, Sequence[Head]]
    clock: Clock
    shown: Edition | None = None
    newest: Edition | None = None
    before: Edition | None = None
    late_photos: tuple[int, ...] = ()
    credit_since: date | None = None
    credit_unknown: bool = False
    merged_into: Mapping[str, str] = field(default_factory=dict)
    bundle: Bundle | None = None

    def head(self, name: str) -> Head | None:
        """Answer the head that holds for a field of evidence; None where there is none."""
        return min(self.all_heads(name), key=_by_rank, default=None)

    def all_heads(self, name: str) -> list[Head]:
        """Answer the heads of a field that say something, each once, by rank and dot."""
        found = {(head.replica, head.seq): head for head in self.heads.get(name, ())}
        told = (h for h in found.values() if not isinstance(h.value, Undisclosed))
        return sorted((_trusted(h) for h in told if h.value is not None), key=_by_rank)

    def family(self, prefix: str) -> Iterator[tuple[str, Fields]]:
        """Answer the entries of a family that stand: key → value, by key."""
        for name in sorted(n for n in self.case.values if n.startswith(prefix)):
            yield name.removeprefix(prefix), self.case.map(name)

    @property
    def item(self) -> CatalogueItem | None:
        """The item as shown."""
        return self.shown.item if self.shown else None

    @property
    def station(self) -> str:
        """Code of the place that took the case in."""
        return self.case.text("station")

    @property
    def mode(self) -> Mode:
        """In which mode the case was taken in; entrusted where nothing else is known."""
        text = self.case.text("mode")
        return Mode(text) if text in set(Mode) else Mode.ENTRUSTED

    def paper(self, no: int) -> str:
        """What a paper is called."""
        found = self.item.material(no) if self.item else None
        return f"《{found.name}》" if found else f"第{no}项材料"

    def papers(self, numbers: Iterable[int]) -> str:
        """What some papers are called."""
        return "".join(self.paper(no) for no in numbers)


def _trusted(head: Head) -> Head:
    """The county's clock is the one all others are held against: its own word has its own time."""
    if head.station_kind != PlaceKind.COUNTY or head.not_after is not None:
        return head
    return head._replace(not_before=head.claimed_at, not_after=head.claimed_at)


def surely_before(one: Head, other: Head) -> bool:
    """Say whether one act was done before the other, as far as can be proven."""
    return one.not_after is not None and one.not_after < other.not_before


def midnight(day: date) -> int:
    """Answer the instant at which a day begins in China, milliseconds."""
    return int(datetime.combine(day, time(), CHINA).timestamp() * 1000)


def before_day(head: Head, day: date) -> bool:
    """Say whether an act was done before a day began: in doubt it was, for the citizen's sake."""
    return head.not_before < midnight(day)


def surely_before_day(head: Head, day: date) -> bool:
    """Say whether an act was certainly done before a day began."""
    return head.not_after is not None and head.not_after < midnight(day)


def unit(head: Head) -> str:
    """Answer the 12 digits of who wrote it."""
    return head.station if is_station_code(head.station) else ""


def place_of(value: Fields) -> str:
    """Answer the place that evidence names."""
    return read_text(read_map(value).get("place")) or ""


def rank_of(station: str) -> int:
    """Answer the constant rank of a place; -1 for what is no code."""
    return RANK[kind_of_code(station)] if is_station_code(station) else -1


def _by_rank(head: Head) -> tuple[int, bytes, int]:
    return -RANK.get(head.station_kind, -1), head.replica, head.seq
