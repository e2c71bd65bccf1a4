"""Dates and times as people read them, and texts in both languages."""

from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from casework.values import CHINA

_WEEKDAYS: Final = "一二三四五六日"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


class Text(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str


NOTHING: Final = Text("", "")


def plain(text: str) -> Text:
    """Answer a text that is the same in both languages: a name, a number."""
    return Text(text, text)


def spoken_day(day: date) -> Text:
    """Answer a day as it is printed.

    >>> spoken_day(date(2026, 12, 4))
    Text(zh='2026年12月4日（星期五）', en='Fri 4 December 2026')
    """
    zh = f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"
    return Text(zh, f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}")


def spoken_instant(now: int) -> Text:
    """Answer an instant as it is printed, in China's time.

    >>> spoken_instant(1795225200000).zh
    '2026年11月21日（星期六） 09:40'
    """
    moment = datetime.fromtimestamp(now / 1000, UTC).astimezone(CHINA)
    day = spoken_day(moment.date())
    clock = f"{moment:%H:%M}"
    return Text(f"{day.zh} {clock}", f"{day.en} {clock}")
