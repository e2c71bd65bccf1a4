"""Clocks: the real one moves, the fixed one moves only when told, Beijing is eight hours ahead."""

from datetime import date

import time_machine

from node.clock import FixedClock, SystemClock, beijing


def test_the_fixed_clock_moves_only_when_told():
    clock = FixedClock(now=1000, running=5)
    assert (clock.now_ms(), clock.monotonic_ms()) == (1000, 5)
    clock.advance(250)
    assert (clock.now_ms(), clock.monotonic_ms()) == (1250, 255)


def test_the_system_clock_tells_milliseconds_since_the_epoch():
    with time_machine.travel(1_795_227_000.5, tick=False):
        assert SystemClock().now_ms() == 1_795_227_000_500


def test_running_time_goes_forward():
    clock = SystemClock()
    assert clock.monotonic_ms() <= clock.monotonic_ms()


def test_the_day_in_beijing_begins_at_sixteen_hours_of_the_day_before():
    before_midnight = 1_795_276_799_999  # 2026-11-21T15:59:59.999Z
    assert beijing(before_midnight).date() == date(2026, 11, 21)
    assert beijing(before_midnight + 1).date() == date(2026, 11, 22)
    assert beijing(before_midnight).isoformat() == "2026-11-21T23:59:59.999000+08:00"
