"""Clocks and special steps: a clock that was wrong (C16), a step that suspends nothing (C27)."""

from collections.abc import Iterator
from typing import Final

from casework import deadline
from casework.conflict_rules.findings import Ask, Due, Fault, Finding, Told
from casework.conflict_rules.matter import CLOSED, Matter, unit
from casework.facts import Head
from casework.values import day_of

TOLERANCE_MS: Final = 5 * 60 * 1000
_LAST: Final = 253_402_271_999_999


def wrong_clock(matter: Matter) -> Iterator[Finding]:
    """C16: a day beyond the trusted interval is put right; across a boundary a person looks."""
    act = matter.head("accepted")
    at = matter.case.instant("accepted")
    if act is None or at is None or not 0 <= at <= _LAST or matter.case.state in CLOSED:
        return
    corrected = _corrected(act, at)
    if corrected is None:
        return
    about = f"{act.replica.hex()}-{act.seq}"
    yield Fault("C16", about, unit(act), "电脑的钟不准，县里按可信的时间算。")
    if _crosses(matter, at, corrected):
        yield Ask("C16", frozenset({"accepted"}))
    else:
        yield from _earlier(matter, corrected, about)


def _corrected(act: Head, at: int) -> int | None:
    """The instant nearest to the clock's that can have been; None where the clock can be right."""
    if act.not_after is not None and at > act.not_after + TOLERANCE_MS:
        return act.not_after
    return act.not_before if at < act.not_before - TOLERANCE_MS else None


def _crosses(matter: Matter, at: int, corrected: int) -> bool:
    first, last = sorted((day_of(at), day_of(corrected)))
    newest = matter.newest
    item = newest.item if newest else None
    boundaries = [matter.case.deficiency_deadline]
    if newest and matter.shown and newest.version != matter.shown.version:
        boundaries.append(newest.since)
    boundaries.append(item.cancelled_on if item else None)
    # A deadline is crossed once its day is over, a version on the day on which it begins.
    return any(day is not None and first < day <= last for day in boundaries)


def _earlier(matter: Matter, corrected: int, about: str) -> Iterator[Finding]:
    if matter.item is None or matter.case.due is None:
        return
    day = deadline.promised(matter.item, matter.mode, day_of(corrected), matter.clock).day
    if day < matter.case.due:
        yield Due("C16", about, day)
        yield Told("C16", about, f"受理日期按准确时间更正，办结日期是{day.month}月{day.day}日。")


def idle_step(matter: Matter) -> Iterator[Finding]:
    """C27: not started by the approval section, or without basis: it suspends nothing yet."""
    if matter.item is None:
        return
    runs = deadline.special_runs(matter.case, matter.item)
    doubtful = frozenset(f"special.{run.id}" for run in runs if not run.lawful)
    if doubtful:
        yield Ask("C27", doubtful)
