"""A temporary number with one slip: what it may have been (domain model §6.5).

The check character tells that something was miscopied, not what. Two slips are made by far the
most: one character for another, and two neighbours changed about. Every number that one of them
could have come from is a candidate; whoever asks looks which of those there are.
"""

from collections.abc import Iterator
from typing import Final

from casework.errors import NumberRefused
from casework.numbering import ALPHABET, TemporaryNumber, normalise

_LENGTH: Final = 25
_PREFIX: Final = "L"


def is_miscopied(typed: str) -> bool:
    """Say whether this has the form of a temporary number, and a wrong check character or day."""
    text = normalise(typed)
    if len(text) != _LENGTH or not text.startswith(_PREFIX):
        return False
    return _read(text) is None


def candidates(typed: str) -> tuple[str, ...]:
    """Answer the right numbers that are one slip away from what was typed, in order; none twice.

    Args:
        typed: in any spacing; answers nothing for what is not of the form of a number, and for a
            number that is right.
    """
    if not is_miscopied(typed):
        return ()
    text = normalise(typed)
    found = {right for one in _slips(text) if (right := _read(one)) is not None}
    return tuple(sorted(found))


def _slips(text: str) -> Iterator[str]:
    for at in range(1, len(text)):
        for character in ALPHABET:
            yield text[:at] + character + text[at + 1 :]
    for at in range(1, len(text) - 1):
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _read(text: str) -> str | None:
    try:
        return TemporaryNumber.parse(text).text
    except NumberRefused:
        return None
