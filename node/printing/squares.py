"""QR codes as rows of dark squares, and bars of Code 128, for whoever draws them."""

from typing import Final

import segno

CORRECTION: Final = "m"
"""Error correction of every QR code we print: level M, a seventh of it may be spoilt."""
SMALLEST_MM: Final = 25.0
_START_B, _STOP, _MODULO, _FIRST = 104, 106, 103, 32
_WIDTHS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231"
    "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
    "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131"
    "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111"
    "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211"
    "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214"
    "2112322331112"
)
"""Bars and spaces of the 107 signs of Code 128 (ISO/IEC 15417), six widths each, the stop seven."""


def qr(text: str) -> list[list[bool]]:
    """Draw a QR code with its quiet zone of four: rows of squares, true is dark."""
    code = segno.make(text, micro=False, error=CORRECTION, boost_error=False)
    return [[bool(square) for square in row] for row in code.matrix_iter(border=4)]


def bars(text: str) -> list[int]:
    """Answer the widths of bars and spaces of a text in Code 128 B, beginning with a bar.

    Returns:
        Widths in modules; empty when the text has a sign that set B lacks.

    >>> sum(bars("7K")), bars("袋")
    (57, [])
    """
    values = [ord(sign) - _FIRST for sign in text]
    if not values or any(value not in range(95) for value in values):
        return []
    check = (_START_B + sum(at * value for at, value in enumerate(values, start=1))) % _MODULO
    signs = "".join(_sign(value) for value in (_START_B, *values, check, _STOP))
    return [int(width) for width in signs]


def _sign(value: int) -> str:
    return _WIDTHS[value * 6 : value * 6 + (7 if value == _STOP else 6)]
