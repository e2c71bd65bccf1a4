"""Limits of a case in working days: promised, statutory, and for papers that follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.catalogue import CatalogueItem
from casework.places import Mode
from casework.workdays import Calendar, Due, Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Parameters that a county sets (R-NX-42); working days unless said otherwise.

    Attributes:
        deficiency_days: T5, time for papers that follow; always less than the promised limit.
        correction_days: T4, time to answer a correction notice.
        handover_forward_wd: T6, village or outlet to township.
        handover_hub_wd: T6, township to county.
        promise_rectify_days: T15, time to put a broken promise right.
        duplicate_window_days: calendar days within which two filings are the same matter (C1).
    """

    deficiency_days: int = 5
    correction_days: int = 15
    handover_forward_wd: int = 3
    handover_hub_wd: int = 1
    duplicate_window_days: int = 30
    promise_rectify_days: int = 10


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
