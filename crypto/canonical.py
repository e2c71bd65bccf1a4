"""Canonical bytes: one value, one encoding (deterministic CBOR, RFC 8949 section 4.2.1).

Invariants:
- `decode(data)` returns a value only where `encode(value) == data`; nothing else is readable.
- Only integers of 64 signed bits, text in NFC, byte strings, booleans, null, arrays, and maps
  whose keys are all integers or all text. No tags, floats, other simple values, indefinite
  lengths, repeated keys, or bytes after the end.
- Any bytes raise `Malformed` or `LimitExceeded` and nothing else.

Decoding is the hottest call of the product. It does not encode again in order to compare: the
walk adds up how many bytes the canonical encoding of the value would have. Every definite-length
encoding of an item is at least as long as its shortest one, so the sum equals the length of the
data exactly when every item is in its shortest form and nothing follows. That holds because map
keys are seen in the order of the wire and tags, which could make an item shorter, are refused.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import NoneType
from typing import Final, NoReturn, TypeAlias, cast
from unicodedata import is_normalized

import cbor2

from crypto.errors import Flaw, LimitExceeded, Malformed, Thing

_Map: TypeAlias = "Mapping[int, Value] | Mapping[str, Value] | Mapping[int | str, Value]"
Value: TypeAlias = "bool | int | str | bytes | Sequence[Value] | _Map | None"

MAX_DEPTH: Final = 16
MAX_KEY_BYTES: Final = 255
_MAX_INT: Final = 2**63 - 1
_MIN_INT: Final = -(2**63)
_IN_HEAD: Final = 24  # smaller numbers stand in the head byte itself


def encode(value: Value) -> bytes:
    """Return the canonical bytes of `value`.

    Args:
        value: exact built-in types only (a subclass such as an enum is refused, so that nothing
            is signed that would read back differently).

    Raises:
        Malformed: a type, number, text or key that the profile does not have.

    >>> encode({2: "b", 1: [True, None]}).hex()
    'a20182f5f6026162'
    """
    _require_depth(value, MAX_DEPTH - 1)
    try:
        _size(value)
    except _KeyOrderError:
        value = _in_order(value)
        _size(value)
    return cbor2.dumps(value)


def decode(data: bytes, *, max_bytes: int, max_depth: int = MAX_DEPTH) -> Value:
    """Return the value of canonical bytes; refuse every other spelling of it.

    Args:
        data: the bytes as received.
        max_bytes: largest length in bytes; checked before anything is parsed.
        max_depth: deepest nesting of arrays and maps.

    Raises:
        LimitExceeded: more bytes than `max_bytes`.
        Malformed: not the canonical encoding of a value of the profile.

    >>> decode(bytes.fromhex("a20182f5f6026162"), max_bytes=100)
    {1: [True, None], 2: 'b'}
    """
    if len(data) > max_bytes:
        raise LimitExceeded(Thing.MESSAGE, limit=max_bytes, actual=len(data))
    value = _load(data, max_depth)
    if _size(value) != len(data):
        raise Malformed(Flaw.NOT_SHORTEST)
    return value


def decode_own(data: bytes) -> Value:
    """Decode bytes that `decode` has accepted before and that were kept in our own database.

    For whole runs of the log, where checking the form again costs more than all else.

    Raises:
        Malformed: a row that was edited until it is no CBOR, or holds a tag.

    Does not check that the bytes are canonical or hold only the types of the profile: what was
    edited more cleverly is found by its hash.
    """
    return _load(data, MAX_DEPTH)


def _load(data: bytes, max_depth: int) -> Value:
    try:
        value: Value = cbor2.loads(
            data,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            max_depth=max_depth,
            semantic_decoders=_NO_TAGS,
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise Malformed(Flaw.NOT_CBOR) from error
    return value


def _refuse_tag(_value: object, _immutable: object = None) -> NoReturn:
    raise Malformed(Flaw.TAG)


# Every tag that cbor2 would turn into a plain value by itself. Tags that it does not know come
# back as CBORTag, which is not a type of the profile.
_NO_TAGS: Final[Mapping[int, Callable[[object, object], NoReturn]]] = dict.fromkeys(
    (*range(64), 100, 256, 258, 260, 261, 1004, 43000, 55799), _refuse_tag
)


class _KeyOrderError(Malformed):
    """The keys of a map are not in the order of their encodings."""

    def __init__(self) -> None:
        super().__init__(Flaw.KEY_ORDER)


def _head_size(number: int) -> int:
    """Bytes of the head of an item that carries `number` (RFC 8949 section 3)."""
    if number < _IN_HEAD:
        return 1
    if number < 2**16:
        return 2 if number < 2**8 else 3
    return 5 if number < 2**32 else 9


def _size(value: object) -> int:
    """Length in bytes of the canonical encoding; refuses what the profile does not have."""
    try:
        return _SIZES[type(value)](value)
    except KeyError:
        raise Malformed(Flaw.TYPE) from None


def _text_size(value: str) -> int:
    length = len(value)
    if not value.isascii():
        length = len(_utf8(value))
        if not is_normalized("NFC", value):
            raise Malformed(Flaw.NOT_NFC)
    return length + (1 if length < _IN_HEAD else _head_size(length))  # a call saved: hot


def _utf8(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:  # lone surrogates exist in Python, not in UTF-8
        raise Malformed(Flaw.SURROGATE) from None


def _int_size(value: int) -> int:
    if 0 <= value < _IN_HEAD:  # the common case: enumerations, small keys
        return 1
    if not _MIN_INT <= value <= _MAX_INT:
        raise Malformed(Flaw.INT_RANGE)
    return _head_size(value if value >= 0 else ~value)


def _bytes_size(value: bytes) -> int:
    length = len(value)
    return length + (1 if length < _IN_HEAD else _head_size(length))


def _array_size(value: Sequence[object]) -> int:
    total = 1 if len(value) < _IN_HEAD else _head_size(len(value))
    for item in value:
        total += _SIZES[type(item)](item)
    return total


def _map_size(value: Mapping[object, object]) -> int:
    total = 1 if len(value) < _IN_HEAD else _head_size(len(value))
    previous = b""
    for key, item in value.items():
        encoded = _key_bytes(key)
        if encoded <= previous:
            raise _KeyOrderError
        previous = encoded
        total += len(encoded) + _SIZES[type(item)](item)
    # In order, integers come before text, so the first and the last key tell of any mixture.
    if previous and (previous[0] ^ _key_bytes(next(iter(value)))[0]) & _TEXT_BIT:
        raise Malformed(Flaw.MIXED_KEYS)
    return total


@lru_cache(maxsize=4096, typed=True)  # field names repeat without end; a hostile flood only misses
def _key_bytes(key: object) -> bytes:
    if not isinstance(key, int | str) or type(key) not in _KEY_TYPES:
        raise Malformed(Flaw.KEY_TYPE)
    if _size(key) > MAX_KEY_BYTES:
        raise Malformed(Flaw.KEY_LENGTH)
    return cbor2.dumps(key)


def _one(_value: object) -> int:
    return 1


_Sizer: TypeAlias = Callable[[object], int]
_KEY_TYPES: Final = frozenset((int, str))
_ARRAYS: Final = (list, tuple)
_CONTAINERS: Final = frozenset((dict, list, tuple))
_TEXT_BIT: Final = 0x40  # set in the first byte of encoded text, not of an encoded integer
_SIZES: Final[dict[type, _Sizer]] = {
    str: cast("_Sizer", _text_size),
    int: cast("_Sizer", _int_size),
    bytes: cast("_Sizer", _bytes_size),
    list: cast("_Sizer", _array_size),
    tuple: cast("_Sizer", _array_size),
    dict: cast("_Sizer", _map_size),
    bool: _one,
    NoneType: _one,
}


def _in_order(value: Value) -> Value:
    """A copy of `value` in which every map is in the order of its encoded keys."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: _key_bytes(pair[0]))
        return {key: _in_order(item) for key, item in pairs}
    if isinstance(value, list | tuple):
        return [_in_order(item) for item in value]
    return value


def _require_depth(value: object, left: int) -> None:
    """Refuse to write what `decode` would refuse to read; ends on values that hold themselves."""
    if left < 0:
        raise Malformed(Flaw.DEPTH)
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, _ARRAYS):
        return
    for item in value:
        if type(item) in _CONTAINERS:
            _require_depth(item, left - 1)
