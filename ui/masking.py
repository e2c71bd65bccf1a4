"""What a screen shows of a person who is away: 王*芳, 138****1234, 411599********0024."""

_ID_HEAD, _ID_TAIL = 6, 4
_PHONE_HEAD, _PHONE_TAIL = 3, 4
_SHORT_NAME = 2


def name(value: str) -> str:
    """王芳 → 王*, 王小芳 → 王*芳; longer names keep their first and last sign."""
    if len(value) <= _SHORT_NAME:
        return value[:1] + "*" * (len(value) - 1)
    return value[0] + "*" * (len(value) - _SHORT_NAME) + value[-1]


def id_number(value: str) -> str:
    """The first 6 and the last 4 signs; a number too short for that shows only stars."""
    return _middle_hidden(value, _ID_HEAD, _ID_TAIL)


def phone(value: str) -> str:
    """The first 3 and the last 4 digits."""
    return _middle_hidden(value, _PHONE_HEAD, _PHONE_TAIL)


def _middle_hidden(value: str, head: int, tail: int) -> str:
    hidden = len(value) - head - tail
    if hidden <= 0:
        return "*" * len(value)
    return value[:head] + "*" * hidden + value[-tail:]
