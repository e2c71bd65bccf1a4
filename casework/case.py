"""A case (办件) as it stands: states, flags, and what they are derived into."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.facts import Shown
from casework.values import Fields, read_int, read_map, read_text


class State(StrEnum):
    """Codes of the states of a case (domain model §2.1)."""

    DRAFT = "DRAFT"
    RECEIVED = "RECEIVED"
    CORRECTION = "CORRECTION"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    ACCEPTED = "ACCEPTED"
    ACCEPTED_DEF = "ACCEPTED_DEF"
    REVIEW = "REVIEW"
    SPECIAL = "SPECIAL"
    DECIDED_YES = "DECIDED_YES"
    DECIDED_NO = "DECIDED_NO"
    READY = "READY"
    DELIVERED = "DELIVERED"
    ARCHIVED = "ARCHIVED"
    WITHDRAWN = "WITHDRAWN"
    DEEMED_PENDING = "DEEMED_PENDING"
    DEEMED_WITHDRAWN = "DEEMED_WITHDRAWN"
    RECTIFY = "RECTIFY"
    REVOKED = "REVOKED"
    TERMINATED = "TERMINATED"


STATE_TITLES: Final[Mapping[State, tuple[str, str]]] = {
    State.DRAFT: ("草稿", "Draft"),
    State.RECEIVED: ("已收件", "Received"),
    State.CORRECTION: ("待补正", "Papers missing"),
    State.NOT_ACCEPTED: ("不予受理", "Not accepted"),
    State.ACCEPTED: ("已受理", "Accepted"),
    State.ACCEPTED_DEF: ("容缺受理", "Accepted, papers to follow"),
    State.REVIEW: ("审查中", "Under review"),
    State.SPECIAL: ("特殊环节中", "In a special step"),
    State.DECIDED_YES: ("准予", "Granted"),
    State.DECIDED_NO: ("不予", "Refused"),
    State.READY: ("待取件", "Ready to fetch"),
    State.DELIVERED: ("已送达", "Delivered"),
    State.ARCHIVED: ("已归档", "Archived"),
    State.WITHDRAWN: ("已撤回", "Withdrawn"),
    State.DEEMED_PENDING: ("视为撤回待确认", "Deemed withdrawn, to be confirmed"),
    State.DEEMED_WITHDRAWN: ("视为撤回", "Deemed withdrawn"),
    State.RECTIFY: ("限期整改", "To be rectified"),
    State.REVOKED: ("已撤销", "Revoked"),
    State.TERMINATED: ("终止办理", "Terminated"),
}

ENDED: Final = frozenset(
    {
        State.NOT_ACCEPTED,
        State.ARCHIVED,
        State.WITHDRAWN,
        State.DEEMED_WITHDRAWN,
        State.REVOKED,
        State.TERMINATED,
    }
)
"""States in which nothing more happens to a case."""

_CLOCK_STOPPED: Final = ENDED | {State.READY, State.DELIVERED}


class Flag(StrEnum):
    """What is said beside the state. OVERDUE needs a day: see `flags_on`."""

    PROVISIONAL = "PROVISIONAL"
    HOLD = "HOLD"
    OVERDUE = "OVERDUE"
    DEFICIENCY_OPEN = "DEFICIENCY_OPEN"
    PROMISE = "PROMISE"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """What the heads of a case come to; derived, never stored as a fact.

    Attributes:
        due: the earliest of all promises made to the citizen; None before acceptance.
        statutory_due: the earliest statutory limit stated.
        deficiency_deadline: day until which what lacks may be handed in.
        in_hand: numbers of the materials that some station has, or that sharing or a promise
            stands for.
        outstanding: numbers promised in the commitment and not in hand.
        missing: numbers that the item needs and that are not in hand; without the item it equals
            `outstanding`.
        contradictions: pairs of evidence that cannot both hold (C5); they put the case on HOLD.
        unsupported: evidence whose ground was refused or is absent; HOLD as well.
        checks: open checks of the county: id → {rule, fields}.
        conflicts: fields that a person must decide, as far as this place can see; no part of
            state or flags, because another place may see less.
        values: what holds for every field; None is left out.
    """

    state: State
    flags: frozenset[Flag]
    due: date | None
    statutory_due: date | None
    deficiency_deadline: date | None
    in_hand: frozenset[int]
    outstanding: tuple[int, ...]
    missing: tuple[int, ...]
    contradictions: tuple[tuple[str, str], ...]
    unsupported: tuple[str, ...]
    checks: Mapping[str, Fields]
    conflicts: tuple[str, ...]
    values: Mapping[str, Shown]

    def text(self, field: str) -> str:
        """Answer a field as text; empty when absent, undisclosed or of another type."""
        return read_text(self.values.get(field)) or ""

    def map(self, field: str) -> Fields:
        """Answer a field as a map; empty when absent, undisclosed or of another type."""
        return read_map(self.values.get(field))

    def instant(self, field: str) -> int | None:
        """Answer `at` (ms) of evidence such as `accepted`."""
        return read_int(self.map(field).get("at"))


def is_overdue(case: CaseState, today: date, *, due: date | None = None) -> bool:
    """Say whether the promised day has passed while the clock still runs (R-HC-25b).

    Args:
        case: as it stands.
        today: the day at this place.
        due: the promised day as it stands (`deadline.due_on`); None: the promise itself, for
            where no special step is known.
    """
    last = due or case.due
    return last is not None and case.state not in _CLOCK_STOPPED and today > last


def flags_on(case: CaseState, today: date, *, due: date | None = None) -> frozenset[Flag]:
    """Answer the flags of a case on a day, OVERDUE among them (see `is_overdue`)."""
    return case.flags | {Flag.OVERDUE} if is_overdue(case, today, due=due) else case.flags
