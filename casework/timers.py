"""Timers T1-T16 as one table, and what each says of a case on a day (model §2.4).

Counting: the day of the event is not counted, only working days of the published calendar are,
and a limit ends with the opening hours of its last day. T7 to T10, T13 and T14 are pure functions
of dates as yet: consultations, appointments, reviews and complaints come later.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from casework import deadline
from casework.case import ENDED, CaseState, State
from casework.catalogue import CatalogueItem
from casework.deadline import Clock, read_day
from casework.places import Mode, PlaceKind, is_station_code, kind_of_code
from casework.values import read_date, read_int, read_list
from casework.workdays import Due


class Level(StrEnum):
    """How an alert is shown: 提示, 预警, 红牌 (R-ZH-S3a, levels proposed)."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Timer:
    """One row of the table.

    Attributes:
        name: in Chinese.
        name_en: in English.
        length: the setting that gives its working days; empty: the item does, or a rule.
        starts: the event that is not counted.
        ends: what stops it or makes it stand still.
        then: what happens when it runs out.
        source: row of the requirements, or `gap` where no document gives one.
    """

    name: str
    name_en: str
    length: str
    starts: str
    ends: str
    then: str
    source: str


_T = Timer
TIMERS: Final[Mapping[str, Timer]] = {
    "T1": _T(
        *("承诺时限", "promised limit", ""),
        *("受理", "结果到出件窗口；依法的特殊环节不算", "超期，红牌", "R-HC-25b"),
    ),
    "T2": _T(
        *("法定时限", "statutory limit", ""),
        *("受理", "作出决定；只有法律排除的环节不算，可批准延长一次", "超法定，红牌", "R-HC-25b"),
    ),
    "T3": _T(
        *("告知补正的时限", "duty to give notice", "notice_days"),
        *("有受理权的站点收件", "受理、一次告知或不予受理", "许可事项视为收件那天受理", "R-ZH-22b"),
    ),
    "T4": _T(
        *("补正期限", "time to correct", "correction_days"),
        *("补正通知送达", "补正完", "提醒，再不补就办结，可以重新申请", "R-ZH-22b"),
    ),
    "T5": _T(
        *("容缺补交期限", "time for papers that follow", "deficiency_days"),
        *("容缺受理", "材料补齐", "视为撤回待确认", "R-HC-28e"),
    ),
    "T6": _T(
        *("转交材料", "papers go on", "handover_forward_wd"),
        *("收件", "材料交出", "预警", "R-ZH-25"),
    ),
    "T7": _T(
        *("答复咨询", "answer to a question", "consultation_days"),
        *("登记", "答复", "预警", "R-ZH-14b"),
    ),
    "T8": _T(
        *("预约延时服务", "booking after hours", "booking_days"),
        *("预约时段（往前数）", "", "不能再约", "R-ZH-06a"),
    ),
    "T9": _T(*("爽约", "no-shows", ""), *("约好的时段", "", "停约12个月", "R-ZH-07")),
    "T10": _T(
        *("网上预审", "online review", "online_review_days"),
        *("网上申请", "预审完", "预警", "R-ZH-26"),
    ),
    "T11": _T(
        *("目录调整", "change of the catalogue", "catalogue_days"),
        *("法律法规公布", "公布新目录", "预警", "R-NX-13"),
    ),
    "T12": _T(
        *("通知取件", "notice of the result", "result_notice_days"),
        *("结果到出件窗口", "通知到申请人", "预警", "R-ZH-35"),
    ),
    "T13": _T(
        *("差评整改", "bad review", "bad_review_days"), *("评价", "答复、回访", "预警", "R-ZH-G")
    ),
    "T14": _T(*("投诉办理", "complaint", "complaint_days"), *("登记", "答复", "预警", "gap")),
    "T15": _T(
        *("限期整改", "rectification", "promise_rectify_days"),
        *("责令整改", "整改完成", "可以撤销决定", "R-HC-29d"),
    ),
    "T16": _T(
        *("离线凭据", "leases", ""),
        *("上次跟县里联上", "再联上", "只收件，不受理", "R-HC-29e"),
    ),
}


class Warned(NamedTuple):
    """What a timer says of a case on a day: `due` is the last day that counted."""

    timer: str
    level: Level
    due: date


def last_day(timer: str, start: date, clock: Clock) -> Due:
    """Answer the last day of a timer whose length is a setting.

    Args:
        timer: such as `T7`; one of those with a `length`.
        start: day of the event, not counted.
        clock: calendar and settings.
    """
    return clock.calendar.add(start, clock.settings.days(TIMERS[timer].length))


def booking_window(slot: date, clock: Clock) -> tuple[date, date]:
    """Answer the first and the last day on which a slot after hours can be booked (T8)."""
    first = last = None
    day, left = slot, clock.settings.booking_days
    while left > 0:
        day -= timedelta(days=1)
        if clock.calendar.is_working(day):
            left -= 1
            first, last = day, last or day
    return first or slot, last or slot


def banned_until(no_shows: Iterable[date], *, times: int = 3, months: int = 6) -> date | None:
    """Answer until when somebody cannot book who did not come (T9); None: he can.

    Args:
        no_shows: days of the slots, in any order.
        times: how often within the period.
        months: the rolling period; the ban lasts twelve months from the last of them.
    """
    days = sorted(set(no_shows))
    windows = zip(days, days[times - 1 :], strict=False)
    bans = [_months_on(last, 12) for first, last in windows if last < _months_on(first, months)]
    return max(bans, default=None)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)  # every month has 28 days


def is_current(taken: date, today: date, days: int) -> bool:
    """Say whether what was fetched on a day still counts (T16); calendar days."""
    return (today - taken).days <= days


# -- T3: the duty to give notice ------------------------------------------------------------------


class Silence(NamedTuple):
    """Papers lie at a place that may accept, and nothing was said about them.

    Attributes:
        since: day of receipt.
        alert_on: day of the alert.
        last: last day on which notice can be given; after it the law holds them accepted.
    """

    since: date
    alert_on: date
    last: date


def silence(case: CaseState, item: CatalogueItem | None, clock: Clock) -> Silence | None:
    """Answer how long papers of a licence item have lain without a word; None where not (T3).

    A place in proxy mode has no power to accept, and owes no notice: its papers go on.
    """
    since = read_day(case.instant("received"))
    powers = (Mode.ENTRUSTED.value, Mode.AUTHORISED.value)
    silent = case.state is State.RECEIVED and case.text("mode") in powers
    if since is None or not silent or item is None or item.kind != "licence":
        return None
    told = _told(case)
    if told and told.issuperset(case.missing):
        if case.missing:
            return None  # it waits for the applicant, who was told all of it at once
        since = max([since, *_brought(case, told)])
    alert = clock.calendar.add(since, clock.settings.notice_alert_days).day
    return Silence(since, alert, clock.calendar.add(since, clock.settings.notice_days).day)


def _told(case: CaseState) -> frozenset[int]:
    """Papers that the applicant was told to bring when the others were taken (P1)."""
    notices = (case.map(name) for name in case.values if name.startswith("notice."))
    listed = (read_list(n.get("materials")) for n in notices if n.get("kind") == "one_time")
    return frozenset(no for one in listed for no in map(read_int, one) if no is not None)


def _brought(case: CaseState, told: Iterable[int]) -> list[date]:
    """Days on which what was told came in."""
    days = (read_day(case.map(f"material.{no}").get("at")) for no in told)
    return [day for day in days if day is not None]


def has_lapsed(case: CaseState, item: CatalogueItem | None, clock: Clock, today: date) -> bool:
    """Say whether the duty of notice has lapsed: the papers count as accepted (C20)."""
    found = silence(case, item, clock)
    return found is not None and today > found.last


# -- what is said of a case on a day --------------------------------------------------------------


def warnings(
    case: CaseState, item: CatalogueItem | None, clock: Clock, today: date
) -> tuple[Warned, ...]:
    """Answer the alerts of a case on a day, each with the timer that raised it.

    A timer counts against the administration: what waits for the applicant (T4, T5) is yellow.
    """
    if case.state in ENDED:
        return ()
    return tuple(found for look in _LOOKS for found in look(case, item, clock, today))


def _promise(
    case: CaseState, item: CatalogueItem | None, clock: Clock, today: date
) -> Iterator[Warned]:
    due = deadline.due_on(case, item, clock, today=today)
    accepted = read_day(case.instant("accepted"))
    if due is None or accepted is None or case.state in _WITH_THE_WINDOW:
        return
    if today > due.day:
        yield Warned("T1", Level.RED, due.day)
        return
    runs = [r.days for r in deadline.special_runs(case, item, today) if r.lawful]
    whole = clock.calendar.between(accepted, due.day, excluded=runs)
    used = clock.calendar.between(accepted, today, excluded=runs) * 100
    for level, percent in (
        (Level.YELLOW, clock.settings.alert_yellow_percent),
        (Level.BLUE, clock.settings.alert_blue_percent),
    ):
        if whole and used >= percent * whole:
            yield Warned("T1", level, due.day)
            return


def _law(
    case: CaseState, item: CatalogueItem | None, clock: Clock, today: date
) -> Iterator[Warned]:
    due = deadline.statutory_due_on(case, item, clock, today=today)
    if due is not None and today > due.day and case.state not in _DECIDED:
        yield Warned("T2", Level.RED, due.day)


def _notice(
    case: CaseState, item: CatalogueItem | None, clock: Clock, today: date
) -> Iterator[Warned]:
    found = silence(case, item, clock)
    if found is not None and today >= found.alert_on:
        yield Warned("T3", Level.RED if today > found.last else Level.YELLOW, found.last)


def _applicant(
    case: CaseState, _item: CatalogueItem | None, _clock: Clock, today: date
) -> Iterator[Warned]:
    """What waits for the applicant: a correction, papers that follow."""
    if case.state is State.CORRECTION:
        days = [
            read_date(case.map(name).get("deadline"))
            for name in case.values
            if name.startswith("correction.")
        ]
        last = max((day for day in days if day is not None), default=None)
        if last is not None and today > last:
            yield Warned("T4", Level.YELLOW, last)
    last = case.deficiency_deadline
    if last is not None and today > last and case.outstanding and "decided" not in case.values:
        yield Warned("T5", Level.YELLOW, last)


def _forwarding(
    case: CaseState, _item: CatalogueItem | None, clock: Clock, today: date
) -> Iterator[Warned]:
    station, since = case.text("station"), read_day(case.instant("received"))
    below = is_station_code(station) and kind_of_code(station) in _VILLAGES
    gone = any(name.startswith("handover.") for name in case.values)
    if since is None or not below or gone or case.state not in _BEFORE_REVIEW:
        return
    last = last_day("T6", since, clock).day
    if today > last:
        yield Warned("T6", Level.YELLOW, last)


def _result(
    case: CaseState, item: CatalogueItem | None, clock: Clock, today: date
) -> Iterator[Warned]:
    issued, decided = read_day(case.instant("issued")), read_day(case.instant("decided"))
    told = any(name.startswith("notified.") for name in case.values)
    if case.state is State.READY and issued is not None and not told:
        last = last_day("T12", issued, clock).day
        if today > last:
            yield Warned("T12", Level.YELLOW, last)
    waiting = case.state in {State.DECIDED_YES, State.READY}
    if waiting and decided is not None and item is not None and item.kind == "licence":
        last = clock.calendar.add(decided, clock.settings.licence_delivery_days).day
        if today > last:
            yield Warned("T12", Level.RED, last)


def _rectifying(
    case: CaseState, _item: CatalogueItem | None, _clock: Clock, today: date
) -> Iterator[Warned]:
    last = read_date(case.map("rectify").get("deadline"))
    if case.state is State.RECTIFY and last is not None and today > last:
        yield Warned("T15", Level.RED, last)


_LOOKS: Final = (_promise, _law, _notice, _applicant, _forwarding, _result, _rectifying)
_VILLAGES: Final = frozenset({PlaceKind.VILLAGE, PlaceKind.OUTLET})
_BEFORE_REVIEW: Final = frozenset({State.RECEIVED, State.ACCEPTED, State.ACCEPTED_DEF})
_WITH_THE_WINDOW: Final = frozenset({State.READY, State.DELIVERED, State.RECTIFY})
_DECIDED: Final = _WITH_THE_WINDOW | {State.DECIDED_YES, State.DECIDED_NO}
