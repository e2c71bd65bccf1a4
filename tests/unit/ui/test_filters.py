"""Dates, numbers and lengths of time as people read them."""

from datetime import date

import pytest

from casework.spoken import Text
from ui import filters, i18n
from ui.i18n import Locale

AT = 1795225260000  # 2026-11-21 01:41 UTC: 09:41 in Shanghai
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@pytest.fixture(params=[Locale.ZH, Locale.EN])
def locale(request):
    i18n.use(request.param)
    yield request.param
    i18n.use(Locale.ZH)


def said(locale, zh, en):
    return {Locale.ZH: zh, Locale.EN: en}[locale]


def test_a_time_names_its_day_and_hour_in_shanghai(locale):
    wanted = said(locale, "2026年11月21日(星期六) 09:41", "Saturday 21 November 2026, 09:41")
    assert filters.when(AT) == wanted


def test_a_time_before_eight_in_the_evening_utc_is_the_next_day_in_shanghai():
    assert filters.when(AT + 15 * HOUR) == "2026年11月22日(星期日) 00:41"


@pytest.mark.parametrize("day", [date(2026, 12, 4), "2026-12-04"])
def test_a_day_comes_as_a_date_or_as_text(locale, day):
    assert filters.day(day) == said(locale, "2026年12月4日(星期五)", "Friday 4 December 2026")


def test_no_day_is_no_text():
    assert filters.day("") == filters.short_day("") == ""


def test_short_forms(locale):
    assert filters.short_when(AT) == said(locale, "11月21日 09:41", "21 Nov, 09:41")
    assert filters.short_date(AT) == said(locale, "11月21日", "21 Nov")
    assert filters.clock_time(AT) == "09:41"
    assert filters.machine_time(AT) == "2026-11-21T09:41:00+08:00"


@pytest.mark.parametrize(
    ("ms", "zh", "en"),
    [
        (None, "不清楚", "Not known yet"),
        (0, "准", "right"),
        (59_999, "准", "right"),
        (-28 * MINUTE, "慢28分", "28 min slow"),
        (2 * HOUR + 5 * MINUTE, "快2小时", "2 h fast"),
        (-3 * DAY, "慢3天", "3 d slow"),
    ],
)
def test_how_far_a_clock_is_off(locale, ms, zh, en):
    assert filters.skew(ms) == said(locale, zh, en)


@pytest.mark.parametrize(
    ("ago", "zh"),
    [(-HOUR, "刚刚"), (0, "刚刚"), (MINUTE, "1分前"), (4 * DAY, "4天前")],
)
def test_how_long_ago(ago, zh):
    assert filters.ago(AT, AT + ago) == zh


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (3, "还有3个工作日", "working days left: 3"),
        (0, "今天到期", "due today"),
        (-2, "过了2个工作日", "working days late: 2"),
    ],
)
def test_days_left(locale, days, zh, en):
    assert filters.days_left(days) == said(locale, zh, en)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("411599194001010011", "411599 19400101 0011"), ("E12345678", "E12345678"), ("", "")],
)
def test_an_identity_number_is_grouped(number, shown):
    assert filters.grouped_id(number) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 KB"), (1, "1 KB"), (1025, "2 KB"), (3_250_000, "3.1 MB")],
)
def test_bytes(count, shown):
    assert filters.size(count) == shown


def test_counts_lists_and_texts_in_two_languages(locale):
    assert filters.count(48213) == "48,213"
    assert filters.listed(["表", "证"]) == said(locale, "表、证", "表, 证")
    assert filters.said(Text("回执", "Receipt")) == said(locale, "回执", "Receipt")
