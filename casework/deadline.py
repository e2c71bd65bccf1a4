"""Limits of a case in working days: promised, statutory, and for papers that follow.

Promised (T1) and statutory (T2) are kept apart: a special step listed for the item suspends the
promise, but the law's own limit only where the law says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final, NamedTuple

from casework.case import CaseState
from casework.catalogue import CatalogueItem, SpecialStep
from casework.places import Mode, PlaceKind, is_station_code, kind_of_code
from casework.values import Fields, day_of, read_date, read_int, read_list, read_map, read_text
from casework.workdays import Calendar, Due, Interval

_RUNS: Final = "special."
_CHECKS: Final = "checking."
UNLAWFUL_STEP: Final = "C27"
"""The rule that asks a person about a step that suspends nothing by itself."""
_YEAR_3000: Final = 32_503_680_000_000
_MOST: Final = 1000
_LONGEST: Final = timedelta(days=3660)
"""Ten years; what claims to last longer is a slip of the pen, and is not counted day by day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Parameters that a county sets (R-NX-42); working days unless said otherwise.

    Attributes:
        deficiency_days: T5, time for papers that follow; always less than the promised limit.
        deficiency_grace: how long a lapse waits for stations that have not been heard (C19).
        correction_days: T4, time to answer a correction notice.
        notice_days: T3, after which papers of a licence item count as accepted.
        notice_alert_days: T3, after which the county is alerted.
        handover_forward_wd: T6, village or outlet to township.
        handover_hub_wd: T6, township to county.
        consultation_days: T7, answer to a question.
        booking_days: T8, how long before a slot after hours it can be booked.
        online_review_days: T10, review of what was filed online.
        catalogue_tell_days: T11, to tell the county of a change of law.
        catalogue_days: T11, to publish the changed catalogue.
        result_notice_days: T12, to tell the applicant that the result is there.
        licence_delivery_days: T12, to deliver a licence after the decision.
        bad_review_days: T13, first answer to a bad review.
        bad_review_close_days: T13, to the end of it.
        complaint_forward_days: T14, to pass a complaint on.
        complaint_days: T14, to answer it.
        promise_rectify_days: T15, time to put a broken promise right.
        duplicate_window_days: calendar days within which two filings are the same matter (C1).
        alert_blue_percent: share of T1 from which it is pointed out.
        alert_yellow_percent: share of T1 from which it is a warning.
        credit_lease_days: T16, calendar days for which a credit list counts.
        credit_bars_deficiency: 1 where bad credit bars 容缺 as well, 0 where only 告知承诺.
    """

    deficiency_days: int = 5
    deficiency_grace: int = 10
    correction_days: int = 15
    notice_days: int = 5
    notice_alert_days: int = 3
    handover_forward_wd: int = 3
    handover_hub_wd: int = 1
    consultation_days: int = 2
    booking_days: int = 5
    online_review_days: int = 2
    catalogue_tell_days: int = 3
    catalogue_days: int = 7
    result_notice_days: int = 1
    licence_delivery_days: int = 10
    bad_review_days: int = 5
    bad_review_close_days: int = 15
    complaint_forward_days: int = 1
    complaint_days: int = 5
    promise_rectify_days: int = 10
    duplicate_window_days: int = 30
    alert_blue_percent: int = 50
    alert_yellow_percent: int = 80
    credit_lease_days: int = 7
    credit_bars_deficiency: int = 0

    def days(self, name: str) -> int:
        """Answer a setting by its name.

        Raises:
            KeyError: there is none of that name.
        """
        return {field.name: int(getattr(self, field.name)) for field in fields(self)}[name]


@dataclass(frozen=True, slots=True)
class Clock:
    """What limits are counted with: the published calendar and the county's settings."""

    calendar: Calendar
    settings: Settings = Settings()


def promised(
    item: CatalogueItem,
    mode: Mode,
    accepted: date,
    clock: Clock,
    *,
    steps: Iterable[Interval] = (),
) -> Due:
    """Answer the day promised to the citizen (T1, R-HC-25b).

    An on-the-spot item (0 days) is due the same day where the accepting place may decide, and
    elsewhere when its papers can have been handed on.

    Args:
        item: as shown to the citizen.
        mode: of the place that accepts.
        accepted: day of acceptance, not counted.
        clock: calendar and settings.
        steps: runs of special steps, which suspend the promise (R-HC-25c).
    """
    days = item.promised_days
    if item.on_the_spot and mode is not Mode.AUTHORISED:
        days = clock.settings.handover_forward_wd
    return clock.calendar.add(accepted, days, excluded=steps)


def statutory(
    item: CatalogueItem, accepted: date, clock: Clock, *, steps: Iterable[Interval] = ()
) -> Due:
    """Answer the outer limit set by law (T2).

    Args:
        item: as shown to the citizen.
        accepted: day of acceptance, not counted.
        clock: calendar and settings.
        steps: only those runs that the law itself excludes (`SpecialStep.statutory_too`).
    """
    return clock.calendar.add(accepted, item.statutory_days, excluded=steps)


def deficiency(item: CatalogueItem, accepted: date, clock: Clock) -> Due:
    """Answer the day until which what lacks may be handed in (T5, R-HC-28c).

    It must end before the promised day, so an item promised in one day leaves the day itself.
    """
    return clock.calendar.add(
        accepted, max(0, min(clock.settings.deficiency_days, item.promised_days - 1))
    )


def correction(noticed: date, clock: Clock) -> Due:
    """Answer the day until which a correction notice is answered (T4)."""
    return clock.calendar.add(noticed, clock.settings.correction_days)


def rectification(ordered: date, clock: Clock) -> Due:
    """Answer the day until which a broken promise is put right (T15, R-HC-29d)."""
    return clock.calendar.add(ordered, clock.settings.promise_rectify_days)


# -- a case that is there: what special steps add ------------------------------------------------


class Run(NamedTuple):
    """One run of a special step.

    Attributes:
        id: ULID of the run.
        kind: one of `office_facts.STEP_KINDS`.
        days: first and last day, both excluded from the limit; of a run that goes on the last
            day is the one announced to the applicant, or today where that has passed.
        running: whether it goes on.
        lawful: whether it suspends anything (see `special_runs`).
        statutory_too: whether the law excludes it from its own limit as well.
    """

    id: str
    kind: str
    days: Interval
    running: bool
    lawful: bool
    statutory_too: bool


def special_runs(
    case: CaseState, item: CatalogueItem | None, today: date | None = None
) -> tuple[Run, ...]:
    """Answer the runs of special steps of a case, the earliest first.

    A run is lawful when the approval section of the county started it, with a legal basis, and
    the item as shown to the citizen lists its kind (R-NX-09, R-HC-25c). Any other run suspends
    nothing until a person at the county has settled the check C27 that names it.

    Args:
        case: as it stands.
        item: as shown to the citizen; None: then nothing is known to be listed.
        today: to which a run goes on that has outlasted its announced end; None: it is counted to
            the announced end only, which is the same on every day.
    """
    listed = {step.kind: step for step in item.special_steps} if item else {}
    found = (_run(case, name, listed, today) for name in case.values if name.startswith(_RUNS))
    return tuple(sorted((run for run in found if run), key=lambda run: (run.days, run.id)))


def _run(
    case: CaseState, name: str, listed: dict[str, SpecialStep], today: date | None
) -> Run | None:
    run = case.map(name)
    first, ended = read_day(run.get("at")), read_day(run.get("ended_at"))
    if first is None:
        return None
    kind = read_text(run.get("kind")) or ""
    until = read_date(run.get("until")) or first
    last = ended or max(first, until, today or first)
    last = min(last, first + _LONGEST)
    step = listed.get(kind)
    return Run(
        id=name.removeprefix(_RUNS),
        kind=kind,
        days=Interval(first, last),
        running=ended is None,
        lawful=(step is not None and _is_of_the_section(run)) or _is_confirmed(case, name),
        statutory_too=step is not None and step.statutory_too,
    )


def read_day(value: object) -> date | None:
    """The day of an instant that somebody wrote; None where it is none that can be meant."""
    at = read_int(value)
    return day_of(at) if at is not None and 0 <= at < _YEAR_3000 else None


def _is_of_the_section(run: Fields) -> bool:
    place, basis = read_text(run.get("place")) or "", read_text(run.get("basis")) or ""
    county = is_station_code(place) and kind_of_code(place) is PlaceKind.COUNTY
    return county and bool(basis.strip())


def _is_confirmed(case: CaseState, name: str) -> bool:
    """Whether a person closed the check on this run and did not say that it suspends nothing."""
    checks = (read_map(v) for n, v in case.values.items() if n.startswith(_CHECKS))
    return any(
        check.get("rule") == UNLAWFUL_STEP
        and check.get("open") is False
        and check.get("answer") != "idle"
        and name in read_list(check.get("fields"))
        for check in checks
    )


def may_move(case: CaseState) -> bool:
    """Say whether the days of a case may be others than the earliest that were stated."""
    return case.due is not None and (
        "extension" in case.values
        or any(name.startswith(_RUNS) for name in case.values)
        or _is_estimate(case, case.due)
    )


def due_on(
    case: CaseState, item: CatalogueItem | None, clock: Clock, *, today: date | None = None
) -> Due | None:
    """Answer the promised day as it stands now (T1): the base promise, lawful runs excluded.

    The working days between acceptance and the earliest promise made are counted again without
    the union of the runs. A day that was promised past the published calendar is counted again
    once the calendar reaches it; the printed day is kept if it is earlier.

    Args:
        case: as it stands.
        item: as shown to the citizen; without it nothing is suspended.
        clock: calendar and settings.
        today: see `special_runs`.

    Returns:
        None before acceptance. `estimated` while a run goes on or the calendar does not reach.
    """
    if case.due is None:
        return None
    base, unsure = _settled_base(case, item, clock)
    runs = [run for run in special_runs(case, item, today) if run.lawful]
    found = _recounted(case, base, runs, clock)
    return found._replace(estimated=found.estimated or unsure)


def statutory_due_on(
    case: CaseState, item: CatalogueItem | None, clock: Clock, *, today: date | None = None
) -> Due | None:
    """Answer the statutory day as it stands now (T2).

    Only runs that the law itself excludes suspend it; an extension that was approved adds its
    working days once.

    Args:
        case: as it stands.
        item: as shown to the citizen.
        clock: calendar and settings.
        today: see `special_runs`.
    """
    if case.statutory_due is None:
        return None
    runs = [run for run in special_runs(case, item, today) if run.lawful and run.statutory_too]
    more = max(0, read_int(case.map("extension").get("days")) or 0)
    return _recounted(case, case.statutory_due, runs, clock, more=more)


def _recounted(case: CaseState, base: date, runs: list[Run], clock: Clock, *, more: int = 0) -> Due:
    calendar, accepted = clock.calendar, read_day(case.instant("accepted"))
    running = any(run.running for run in runs)
    if accepted is None or not (runs or more) or base - accepted > _LONGEST:
        return Due(base, base > calendar.until)
    days = calendar.between(accepted, base) + min(more, _MOST)
    found = calendar.add(accepted, days, excluded=[run.days for run in runs])
    # A run never shortens what was promised, nor moves a limit that had passed before it began.
    return Due(max(base, found.day), found.estimated or running)


def _settled_base(case: CaseState, item: CatalogueItem | None, clock: Clock) -> tuple[date, bool]:
    """The earliest promise, recomputed where it was an estimate; whether it still is one."""
    base, calendar = case.due or date.min, clock.calendar
    accepted = read_day(case.instant("accepted"))
    if accepted is None or item is None or not _is_estimate(case, base):
        return base, False
    if base > calendar.until or base - accepted > _LONGEST:
        return base, True
    days = item.promised_days or calendar.between(accepted, base)
    return min(base, calendar.add(accepted, days).day), False


def _is_estimate(case: CaseState, base: date) -> bool:
    return any(
        promise.get("estimated") is True and read_date(promise.get("due")) == base
        for promise in _promises(case)
    )


def _promises(case: CaseState) -> Iterator[Fields]:
    return (read_map(v) for name, v in case.values.items() if name.startswith("promise."))
