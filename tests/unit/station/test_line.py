"""What a station believes of its line: slower after breaks, and never slow for ever."""

import pytest

from station.transport import Parent
from station.usecases.lane import Line

SPEED = 8000
WAIT_MS = 300


def carry(line, size):
    """Let a piece go over a line of 64 kbit/s."""
    line.carried(size, WAIT_MS + size * 1000 // SPEED)


def broken(times):
    line = Line(Parent.COUNTY)
    carry(line, 64 << 10)
    for _ in range(times):
        line.failed()
    return line


@pytest.mark.parametrize("times", [1, 3, 12])
def test_a_line_that_broke_often_is_soon_used_fully_again(times):
    line = broken(times)
    slowed = line.piece
    for _ in range(6):
        carry(line, line.piece)
    assert slowed < 16 << 10 < line.piece
    assert SPEED * 3 // 4 < line.speed <= SPEED


def test_one_small_message_says_nothing_of_a_line_that_was_never_measured():
    line = Line(Parent.COUNTY)
    line.carried(600, WAIT_MS)
    assert line.speed is None


def test_a_small_message_never_makes_a_line_slower():
    line = broken(0)
    before = line.speed
    line.carried(600, 60_000)
    assert line.speed == before
