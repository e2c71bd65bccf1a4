"""Rules across cases: the same matter filed twice (C1, C2), as a pure function of the filings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.case import ENDED, CaseState, State
from casework.facts import Undisclosed
from casework.places import RANK, is_station_code, kind_of_code
from casework.values import Value, day_of, same

_DECIDING: Final = ("form.", "division", "name")
"""Answers on which the decision hangs (C1: bank account, area, household; C12: who it is)."""


_LAST_INSTANT: Final = 253_402_271_999_999
"""The end of the year 9999 in China: what a faulty clock says beyond is no day."""
_CLOSED: Final = ENDED | {State.DELIVERED}


class DuplicateVerdict(StrEnum):
    """Who says what happens to a matter filed twice."""

    AUTOMATIC = "automatic"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One case as the rule sees it.

    Attributes:
        case: text of its id.
        rank: of the receiving place, see `places.RANK`.
        received: day it was received.
        received_at: instant of it, milliseconds.
        accepted_at: instant of a lawful acceptance, or None.
        due: what the citizen was promised, or None.
        open: whether anything can still happen to it.
        answers: deciding answers given.
        agent: what tells the agent from others; empty without one.
    """

    case: str
    rank: int
    received: date
    received_at: int
    accepted_at: int | None
    due: date | None
    open: bool
    answers: Mapping[str, Value]
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """One matter filed more than once.

    Attributes:
        main: the case to go on with; a suggestion where a person is asked.
        others: the cases to merge into it, sorted.
        due: the earliest day promised anywhere, which binds (C2).
        differing: deciding fields answered differently; `agent` for two different agents.
    """

    main: str
    others: tuple[str, ...]
    due: date | None
    differing: tuple[str, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """Every case involved, the main one first."""
        return (self.main, *self.others)

    @property
    def verdict(self) -> DuplicateVerdict:
        """A person is asked when anything deciding differs; otherwise the rule stands."""
        return DuplicateVerdict.ASK if self.differing else DuplicateVerdict.AUTOMATIC


def filing_of(case_id: str, case: CaseState) -> Filing | None:
    """Answer a case as the rule sees it; None when it was never received on any day.

    Args:
        case_id: text of its id.
        case: as the county sees it; what is undisclosed cannot be compared and is left out.
    """
    at = case.instant("received")
    if at is None or not 0 <= at <= _LAST_INSTANT:
        return None
    accepted = case.instant("accepted")
    answers = {
        name: value
        for name, value in case.values.items()
        if name.startswith(_DECIDING) and not isinstance(value, Undisclosed)
    }
    return Filing(
        case=case_id,
        rank=_rank(case.text("station")),
        received=day_of(at),
        received_at=at,
        accepted_at=accepted,
        due=case.due,
        open=case.state not in _CLOSED or "duplicate_of" in case.values,
        answers=answers,
        agent=case.text("agent.id_no") or case.text("agent.name"),
    )


def duplicates(filings: Iterable[Filing], *, window_days: int) -> tuple[Duplicates, ...]:
    """Find matters filed more than once among cases of one applicant and item.

    Args:
        filings: every case with the same applicant key and item code, in any order, repeated or
            not. Closed ones are passed over, except those closed as duplicates before, so that
            the outcome is recomputed over the whole group.
        window_days: calendar days between one filing and the next that still make one matter.
    """
    matters: list[list[Filing]] = []
    for filing in sorted({f.case: f for f in filings if f.open}.values(), key=_by_receipt):
        near = matters and (filing.received - matters[-1][-1].received).days <= window_days
        if near:
            matters[-1].append(filing)
        else:
            matters.append([filing])
    return tuple(_outcome(matter) for matter in matters if len(matter) > 1)


def _outcome(matter: Sequence[Filing]) -> Duplicates:
    main = min(matter, key=_by_acceptance)
    return Duplicates(
        main=main.case,
        others=tuple(sorted(f.case for f in matter if f.case != main.case)),
        due=min((f.due for f in matter if f.due), default=None),
        differing=_differing(matter),
    )


def _differing(matter: Sequence[Filing]) -> tuple[str, ...]:
    names = sorted({name for filing in matter for name in filing.answers})
    differing = [n for n in names if _differ([f.answers[n] for f in matter if n in f.answers])]
    agents = {filing.agent for filing in matter if filing.agent}
    return (*differing, "agent") if len(agents) > 1 else tuple(differing)


def _differ(values: Sequence[Value]) -> bool:
    return any(not same(values[0], value) for value in values[1:])


def _by_receipt(filing: Filing) -> tuple[int, str]:
    return filing.received_at, filing.case


def _by_acceptance(filing: Filing) -> tuple[bool, int, int, str]:
    """The earliest lawful acceptance, else the earliest receipt; then rank, then id."""
    accepted = filing.accepted_at is not None
    at = filing.accepted_at if filing.accepted_at is not None else filing.received_at
    return not accepted, at, -filing.rank, filing.case


def _rank(station: str) -> int:
    return RANK[kind_of_code(station)] if is_station_code(station) else -1
