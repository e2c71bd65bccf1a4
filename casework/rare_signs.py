"""Signs of names that no keyboard here can type: put in by their code points (screens §5).

A name is never refused. Who does not know the code point leaves the place holder in the name and
photographs the card.
"""

import re
from typing import Final

from casework.errors import CaseworkError

HOLDER: Final = "〓"
"""Stands in a name for a sign that is still to be put in."""
_HOLDERS: Final = re.compile("[〓?？□]")
_CODE: Final = re.compile(r"(?:[Uu]\+|\\u|0x)?([0-9A-Fa-f]{4,6})", re.ASCII)
_PARTING: Final = re.compile(r"[\s,，、;；]+")
_RANGES: Final = (
    *((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xE000, 0xF8FF), (0x20000, 0x323AF)),
    *((0x2E80, 0x2FDF), (0x3007, 0x3007), (0xB7, 0xB7)),
)
"""Han signs with all their extensions, private ones of older systems, and the dot of names."""


class NoSuchSign(CaseworkError):
    """A code point that is no sign of a name."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


def signs(typed: str) -> str:
    """Read code points, parted by blanks or commas, as the signs they stand for.

    Raises:
        NoSuchSign: with the first that is none of a name.

    >>> signs("U+4DAE, 2b5af")
    '䶮𫖯'
    """
    return "".join(_sign(code) for code in _PARTING.split(typed.strip()) if code)


def spelled(name: str, typed: str) -> str:
    """Put signs into a name: at its place holders in turn, what is left over at the end.

    Args:
        name: as far as it could be typed.
        typed: code points.

    Raises:
        NoSuchSign: with the first code point that is none of a name.

    >>> spelled("王?明", "4DAE")
    '王䶮明'
    """
    left = list(signs(typed))
    filled = _HOLDERS.sub(lambda holder: left.pop(0) if left else holder.group(), name)
    return filled + "".join(left)


def _sign(code: str) -> str:
    found = _CODE.fullmatch(code)
    point = int(found.group(1), 16) if found else 0
    if not any(first <= point <= last for first, last in _RANGES):
        raise NoSuchSign(code)
    return chr(point)
