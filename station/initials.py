"""First letters of Chinese words, as people type them to find a name or an item."""

import unicodedata
from functools import lru_cache
from typing import Final

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
    # Its tables take half a second to load: only who searches or takes in a case waits for them.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    tidy = unicodedata.normalize("NFKC", text).lower()
    letters = "".join(lazy_pinyin(tidy, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
