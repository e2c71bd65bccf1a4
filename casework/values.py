"""Plain values of operation fields, and total readers for them.

What an operation carries was written elsewhere, perhaps by a newer or a faulty program. The
readers answer None for anything of another type, so that the rules that use them never raise.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final, TypeAlias

Value: TypeAlias = (
    "bool | int | str | bytes | Sequence[Value] | Mapping[int, Value] | Mapping[str, Value] | None"
)
Fields: TypeAlias = Mapping[str, Value]

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China Standard Time has had no daylight saving since 1991, so a fixed offset is exact."""

_NOTHING: Final[Fields] = {}


def read_text(value: object) -> str | None:
    """Answer the text, or None."""
    return value if isinstance(value, str) else None


def read_int(value: object) -> int | None:
    """Answer the integer, or None; a truth value is no integer here."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_map(value: object) -> Fields:
    """Answer the map, or an empty one. Does not check that its keys are texts."""
    return value if isinstance(value, dict) else _NOTHING


def read_list(value: object) -> tuple[Value, ...]:
    """Answer the list, or an empty one; text and bytes are no lists here."""
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return tuple(value)
    return ()


def read_date(value: object) -> date | None:
    """Answer the date written as ISO text, or None.

    >>> read_date("2026-12-04"), read_date("soon"), read_date(20261204)
    (datetime.date(2026, 12, 4), None, None)
    """
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def day_of(now: int) -> date:
    """Answer the day in China of an instant.

    Args:
        now: milliseconds since the epoch, UTC.
    """
    return datetime.fromtimestamp(now / 1000, CHINA).date()


def same(one: Value, other: Value) -> bool:
    """Say whether two values would be encoded as the same bytes.

    Python holds `True == 1` and `[1] != (1,)`; signed values know neither.

    >>> same([1, {"a": 2}], (1, {"a": 2})), same(True, 1)
    (True, False)
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(v, _at(other, k)) for k, v in one.items())
    if _is_list(one) and _is_list(other):
        left, right = read_list(one), read_list(other)
        return len(left) == len(right) and all(map(same, left, right))
    return type(one) is type(other) and one == other


def _at(mapping: Mapping[int, Value] | Mapping[str, Value], key: object) -> Value:
    return next(value for name, value in mapping.items() if name == key)


def _is_list(value: Value) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
