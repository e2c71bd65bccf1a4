"""Breaking Chinese and mixed text into lines: numbers and words stay whole, marks stay behind."""

import re
from collections.abc import Callable
from typing import Final

_TOKEN: Final = re.compile(r"[!-~]+|.", re.DOTALL)
_NOT_LAST: Final = frozenset("（《“‘〔【")
"""Marks that never end a line."""
_NOT_FIRST: Final = frozenset("，。；：、！？）》”’〕·")
"""Marks that never begin a line (GB/T 15834); they hang over its end instead."""


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines.

    Args:
        text: in one paragraph; a line break in it stays one.
        width: in the unit of `measure`.
        measure: width of a text; of a longer text never less.

    Returns:
        At least one line. A word that is wider than a line is cut.

    >>> wrap("材料受理，凭证", 8, lambda t: sum(2 if ord(c) > 255 else 1 for c in t))
    ['材料受', '理，凭证']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap(paragraph, width, measure)
    return lines


def _wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line = [], ""
    for token in _tokens(text, width, measure):
        if line and measure(line + token) > width:
            lines.append(line.rstrip())
            line = token.lstrip()
        elif line or not lines or token.strip():
            line += token
    return [*lines, line.rstrip()]


def _tokens(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        held = bool(tokens) and tokens[-1] in _NOT_LAST
        if tokens and (held or token in _NOT_FIRST):
            tokens[-1] += token
        elif measure(token) > width:
            tokens += list(token)
        else:
            tokens.append(token)
    return tokens
