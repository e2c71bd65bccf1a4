"""Limits that passed while a station was silent (C19, C20): nobody loses by what had not arrived.

What needs the day of the county, such as that a limit has passed, is found by the daily sweep
(`hub.usecases.lapses`); these are the findings on what stands.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from casework.case import State
from casework.conflict_rules.findings import Ask, Finding, Told
from casework.conflict_rules.matter import CLOSED, Matter, before_day
from casework.deadline import read_day
from casework.fact_shapes import FORMS
from casework.facts import Head
from casework.timers import has_lapsed
from casework.values import Fields, Value, read_int, read_list, read_map

LATE_PAPER: Final = "C19"
SILENCE: Final = "C20"
REVIVED: Final = "已收到您按期补交的材料，继续办理。"
_DEEMED: Final = "您的申请自{month}月{day}日起视为受理。"
_DAY: Final = timedelta(days=1)


def late_paper(matter: Matter) -> Iterator[Finding]:
    """C19: a paper handed in by the deadline arrives after it, from a station that was offline.

    In time and not final yet: the case goes on as if nothing had happened, and the citizen is
    told. In time but closed meanwhile, or handed in too late for certain: a person looks.
    """
    case, last = matter.case, matter.case.deficiency_deadline
    lapsed = "deemed_pending" in case.values or "deemed_withdrawn" in case.values
    if last is None or not lapsed or case.outstanding:
        return
    in_time = all(_came_by(matter, no, last) for no in _promised(matter))
    if case.state is State.DEEMED_WITHDRAWN:
        if in_time:
            yield Ask(LATE_PAPER, frozenset({"deemed_withdrawn"}))
    elif not in_time and case.state not in CLOSED:
        yield Ask(LATE_PAPER, frozenset({"deemed_pending"}))
    elif in_time:
        yield Told(LATE_PAPER, last.isoformat(), REVIVED)


def _promised(matter: Matter) -> list[int]:
    listed = map(read_int, read_list(matter.case.map("commitment").get("materials")))
    return [no for no in listed if no is not None]


def _came_by(matter: Matter, no: int, last: date) -> bool:
    """Whether some station had the paper by the end of the last day, in doubt for the citizen."""
    return any(
        _is_paper(head) and before_day(head, last + _DAY)
        for head in matter.all_heads(f"material.{no}")
    )


def _is_paper(head: Head) -> bool:
    return read_map(head.value).get("form") in FORMS


def silent(matter: Matter, today: date) -> Iterator[Finding]:
    """C20: papers of a licence item lay too long without a word; a person confirms (T3).

    Args:
        matter: one case.
        today: the day at the county.
    """
    if has_lapsed(matter.case, matter.item, matter.clock, today):
        yield Ask(SILENCE, frozenset({"received"}))


def accepted_by_law(matter: Matter) -> Iterator[Finding]:
    """C20: what a person confirmed as accepted by law is told with its day."""
    accepted = matter.case.map("accepted")
    day = read_day(accepted.get("at"))
    if accepted.get("ground") == SILENCE and day is not None:
        yield Told(SILENCE, "notice", _DEEMED.format(month=day.month, day=day.day))


def pending(stamp: Fields) -> dict[str, Value]:
    """The field that says that a deadline has passed (#12)."""
    return {"deemed_pending": dict(stamp)}


def final(stamp: Fields, ground: str) -> dict[str, Value]:
    """The field that says that no station can bring a timely paper any more (#13).

    Args:
        stamp: instant, place and author.
        ground: `synced` or `grace`.
    """
    return {"deemed_pending": {**stamp, "final": True, "ground": ground}}
