"""The working-day calendar: published data, never computed (调休 is decreed every year)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from casework.errors import CatalogueRefused, FieldProblem
from casework.values import Value, read_date, read_list, read_map, read_text

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


class Due(NamedTuple):
    """The last day of a limit; `estimated` when it lies past the published calendar.

    An estimated day is printed with 以公布的节假日安排为准 and recomputed once the notice is out.
    """

    day: date
    estimated: bool


class Interval(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Published days off and working weekends.

    Attributes:
        off: days off that are no Saturday or Sunday by themselves, or are.
        working: Saturdays and Sundays that are worked (调休上班).
        until: last published day; empty calendars carry `date.min`.
    """

    off: frozenset[date]
    working: frozenset[date]
    until: date

    def is_working(self, day: date) -> bool:
        """Say whether a day is worked; past the published end by the weekday alone."""
        return day in self.working or (day.weekday() < _SATURDAY and day not in self.off)

    def add(self, start: date, days: int, *, excluded: Iterable[Interval] = ()) -> Due:
        """Count working days forward.

        Args:
            start: day of the event, not counted itself (model §2.4).
            days: working days, 0 or more; 0 is the day itself.
            excluded: runs of special steps, whose days do not count; overlaps count once (C27).

        >>> none = Calendar(frozenset(), frozenset(), date(2026, 12, 31))
        >>> none.add(date(2026, 3, 6), 1)
        Due(day=datetime.date(2026, 3, 9), estimated=False)
        """
        runs = tuple(excluded)
        day = start
        while days > 0:
            day += _DAY
            if self.is_working(day) and not any(run.first <= day <= run.last for run in runs):
                days -= 1
        return Due(day, day > self.until)

    def between(self, start: date, end: date, *, excluded: Iterable[Interval] = ()) -> int:
        """Count the working days after `start` up to and with `end`; 0 when it is not later.

        Args:
            start: not counted itself.
            end: counted.
            excluded: see `add`.
        """
        runs = tuple(excluded)
        return sum(
            self.is_working(day) and not any(run.first <= day <= run.last for run in runs)
            for day in _days(start + _DAY, end)
        )


def parse(document: Value) -> Calendar:
    """Read a published calendar: `published_until`, `off` ranges, `working` days.

    Raises:
        CatalogueRefused: a date is unreadable or a range runs backwards.
    """
    root = read_map(document)
    problems: list[FieldProblem] = []

    def day(value: Value, pointer: str) -> date:
        found = read_date(value)
        if found is None:
            problems.append(FieldProblem(pointer, "date", "日期写得不对。", "Not a date."))
        return found or date.min

    off = [
        Interval(day(read_map(run).get("from"), f"/off/{i}"), day(read_map(run).get("to"), "/off"))
        for i, run in enumerate(read_list(root.get("off")))
    ]
    working = [day(value, "/working") for value in read_list(root.get("working"))]
    until = day(root.get("published_until"), "/published_until")
    if problems:
        raise CatalogueRefused(problems)
    return Calendar(
        frozenset(d for run in off for d in _days(run.first, run.last)), frozenset(working), until
    )


def merged(before: Value, fresh: Value) -> dict[str, Value]:
    """Answer a published calendar with a newer notice put over the days that it speaks of.

    Args:
        before: what is in force; anything that is no calendar counts as none.
        fresh: the notice, with `published_from` and `published_until`.
    """
    old, new = read_map(before), read_map(fresh)
    first = read_date(new.get("published_from")) or date.min
    last = read_date(new.get("published_until")) or date.min

    def elsewhere(value: Value) -> bool:
        day = read_date(value)
        return day is None or not first <= day <= last

    kept = [run for run in read_list(old.get("off")) if elsewhere(read_map(run).get("from"))]
    worked = [day for day in read_list(old.get("working")) if elsewhere(day)]
    begins = min(first, read_date(old.get("published_from")) or first)
    ends = max(last, read_date(old.get("published_until")) or last)
    return {
        "source": read_text(new.get("source")) or "",
        "published_from": begins.isoformat(),
        "published_until": ends.isoformat(),
        "off": [*kept, *read_list(new.get("off"))],
        "working": [*worked, *read_list(new.get("working"))],
    }


def _days(first: date, last: date) -> Iterator[date]:
    return (first + _DAY * n for n in range((last - first).days + 1))
