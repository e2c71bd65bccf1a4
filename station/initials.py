"""First letters of Chinese words, as people type them to find a name or an item."""

import os
import unicodedata
from functools import lru_cache
from typing import Final

_MOST_READINGS: Final = 16
SURNAMES: Final = {
    "尉迟": "yc",
    "万俟": "mq",
    "长孙": "zs",
    "单": "s",
    "仇": "q",
    "区": "o",
    "解": "x",
    "曾": "z",
    "查": "z",
    "盖": "g",
    "朴": "p",
    "召": "s",
    "乐": "y",
    "覃": "q",
    "翟": "z",
    "任": "r",
    "华": "h",
    "燕": "y",
    "缪": "m",
    "宓": "m",
    "秘": "b",
    "洗": "x",
    "冼": "x",
    "种": "c",
    "重": "c",
    "折": "s",
    "黑": "h",
    "能": "n",
    "仝": "t",
    "晟": "c",
    "繁": "p",
    "员": "y",
    "句": "g",
    "都": "d",
    "葛": "g",
    "纪": "j",
    "宁": "n",
    "车": "c",
    "佴": "n",
    "逄": "p",
    "隗": "w",
    "眭": "s",
}
"""Surnames that are read otherwise than the same character elsewhere."""


def of_name(name: str) -> tuple[str, ...]:
    """First letters of a person's name: by the reading of the surname, and by the common one.

    >>> of_name("单志祥")
    ('szx', 'dzx')
    >>> of_name("王芳")
    ('wf',)
    """
    plain = of_words(name)
    for surname, letters in SURNAMES.items():
        if name.startswith(surname):
            return tuple(dict.fromkeys((letters + plain[len(letters) :], plain)))
    return (plain,) if plain else ()


@lru_cache(maxsize=4096)
def of_words(text: str) -> str:
    """First letters of every Chinese character; letters and digits stand for themselves.

    >>> of_words("高龄津贴")
    'gljt'
    """
    return "".join(letters[0] for letters in _letters(text))


def readings(text: str) -> tuple[str, ...]:
    """First letters of words by every reading of their characters, the usual one first.

    >>> readings("银行")
    ('yx', 'yh')

    Cut off after some: who types them finds the words by the others.
    """
    found = [""]
    for letters in _letters(text):
        several = letters if len(found) * len(letters) <= _MOST_READINGS else letters[:1]
        found = [before + letter for before in found for letter in several]
    return tuple(filter(None, found))


def _letters(text: str) -> list[str]:
    """Of every character the first letters of its readings, each once, the usual one first."""
    # Its tables take half a second to load: only who searches or takes in a case waits for them.
    # Its phrases would take 45 MB; every reading of a character is found without them.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415

    tidy = unicodedata.normalize("NFKC", text).lower()
    found: list[str] = []
    for ways in pinyin(tidy, style=Style.FIRST_LETTER, heteronym=True):
        letters = [c for c in "".join(ways) if c.isascii() and c.isalnum()]
        found += ["".join(dict.fromkeys(letters))] if len(ways) > 1 and letters else letters
    return found
