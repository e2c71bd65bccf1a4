"""How dates, numbers and names are shown (screens: 2026年11月21日(星期六) 09:40).

Times are milliseconds since the epoch (UTC) and are shown by the clock of Asia/Shanghai; dates are
``datetime.date`` or ISO text. Everything follows the language of the person who is being answered.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from casework import masking
from casework.spoken import Text as Spoken
from ui.i18n import Locale, current, gettext, marked

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
_KILOBYTE = 1024
_MEGABYTE = 1024 * 1024
_ID_GROUPS = (6, 8, 4)

Text = str
Day = date | str


def local(at: int) -> datetime:
    """The wall clock in Shanghai at ``at`` ms."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(_SHANGHAI)


def _as_date(value: Day) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _day_zh(day: date) -> Text:
    return f"{day.year}年{day.month}月{day.day}日(星期{_WEEKDAYS_ZH[day.weekday()]})"


def _day_en(day: date) -> Text:
    return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def _short_zh(day: date) -> Text:
    return f"{day.month}月{day.day}日"


def _short_en(day: date) -> Text:
    return f"{day.day} {_MONTHS_EN[day.month - 1][:3]}"


def birthday(value: Day) -> Text:
    """1949年12月31日, or 31 December 1949: a weekday would only be in the way."""
    born = _as_date(value)
    if current() is Locale.EN:
        return f"{born.day} {_MONTHS_EN[born.month - 1]} {born.year}"
    return f"{born.year}年{born.month}月{born.day}日"


_DAY: Mapping[Locale, Callable[[date], Text]] = {Locale.ZH: _day_zh, Locale.EN: _day_en}
_SHORT: Mapping[Locale, Callable[[date], Text]] = {Locale.ZH: _short_zh, Locale.EN: _short_en}
_GLUE: Mapping[Locale, Text] = {Locale.ZH: " ", Locale.EN: ", "}


def day(value: Day) -> Text:
    """2026年11月21日(星期六), or Saturday 21 November 2026; empty text stays empty."""
    return _DAY[current()](_as_date(value)) if value else ""


def short_day(value: Day) -> Text:
    """11月21日, or 21 Nov: where the year is plain from what stands around."""
    return _SHORT[current()](_as_date(value)) if value else ""


def short_date(at: int) -> Text:
    """The day of a time: 11月21日, or 21 Nov."""
    return short_day(local(at).date())


def when(at: int) -> Text:
    """2026年11月21日(星期六) 09:40, or Saturday 21 November 2026, 09:40."""
    moment = local(at)
    return f"{day(moment.date())}{_GLUE[current()]}{moment:%H:%M}"


def short_when(at: int) -> Text:
    """11月21日 09:40, or 21 Nov, 09:40."""
    moment = local(at)
    return f"{short_day(moment.date())}{_GLUE[current()]}{moment:%H:%M}"


def clock_time(at: int) -> Text:
    """09:40."""
    return f"{local(at):%H:%M}"


def machine_time(at: int) -> Text:
    """ISO 8601 with offset, for ``<time datetime>``."""
    return local(at).isoformat(timespec="seconds")


def span(ms: int) -> Text:
    """A length of time in its largest unit: 28分, 3小时, 2天."""
    for unit, text in (
        (_DAY_MS, marked("%(n)s天")),
        (_HOUR_MS, marked("%(n)s小时")),
        (_MINUTE_MS, marked("%(n)s分")),
    ):
        if ms >= unit:
            return gettext(text, n=ms // unit)
    return gettext("不到1分")


def ago(at: int, now: int) -> Text:
    """How long ago, seen from ``now``; a time ahead of ``now`` counts as just past."""
    passed = max(0, now - at)
    return gettext("%(span)s前", span=span(passed)) if passed >= _MINUTE_MS else gettext("刚刚")


def skew(ms: int | None) -> Text:
    """How far a clock is off: 慢28分, 快2小时, 准; ``None`` is said, not guessed."""
    if ms is None:
        return gettext("不清楚")
    if abs(ms) < _MINUTE_MS:
        return gettext("准")
    text = marked("慢%(span)s") if ms < 0 else marked("快%(span)s")
    return gettext(text, span=span(abs(ms)))


def size(count: int) -> Text:
    """Bytes as people say them: 3.1 MB, 12 KB."""
    if count >= _MEGABYTE:
        return f"{count / _MEGABYTE:.1f} MB"
    return f"{-(-count // _KILOBYTE)} KB"


def count(value: int) -> Text:
    """48,213."""
    return f"{value:,}"


def grouped_id(number: Text) -> Text:
    """An identity number as 6-8-4; anything of another length as it is."""
    if len(number) != sum(_ID_GROUPS):
        return number
    first, birth, rest = _ID_GROUPS
    return f"{number[:first]} {number[first : first + birth]} {number[-rest:]}"


def said(text: Spoken) -> Text:
    """A text that comes in both languages, in the person's own."""
    return text.en if current() is Locale.EN else text.zh


def listed(texts: Iterable[Text]) -> Text:
    """Several things one after the other: 表、证、簿, or form, card, book."""
    return (", " if current() is Locale.EN else "、").join(texts)


def days_left(days: int) -> Text:
    """How long there is still: 还有3个工作日, 今天到期, 过了2个工作日."""
    if days == 0:
        return gettext("今天到期")
    text = marked("还有%(n)s个工作日") if days > 0 else marked("过了%(n)s个工作日")
    return gettext(text, n=abs(days))


FILTERS: Mapping[Text, Callable[..., Text]] = {
    "ago": ago,
    "birthday": birthday,
    "clock_time": clock_time,
    "count": count,
    "day": day,
    "days_left": days_left,
    "grouped_id": grouped_id,
    "listed": listed,
    "machine_time": machine_time,
    "masked_id": masking.id_no,
    "masked_name": masking.name,
    "masked_phone": masking.phone,
    "said": said,
    "short_date": short_date,
    "short_day": short_day,
    "short_when": short_when,
    "size": size,
    "skew": skew,
    "span": span,
    "when": when,
}
