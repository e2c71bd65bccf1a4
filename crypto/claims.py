"""Reads signed maps field by field: every getter returns a checked field or refuses the map.

Fields that nobody asks for are left alone, because later versions may add some.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from crypto import canonical, recipient, signing
from crypto.canonical import Value
from crypto.errors import Flaw, Malformed
from crypto.recipient import EncryptionKey
from crypto.signing import VerifyKey

MAX_NAME: Final = 100
STATION_DIGITS: Final = 12

_T = TypeVar("_T")


class Claims:
    """The fields of one map; every refusal is `Malformed` with the flaw of its kind of map."""

    __slots__ = ("_fields", "_flaw")

    def __init__(self, fields: Value, flaw: Flaw) -> None:
        if not isinstance(fields, dict):
            raise Malformed(flaw)
        self._fields: dict[int | str, Value] = {**fields}
        self._flaw = flaw

    def nested(self, label: int) -> "Claims":
        """Return the map in a field."""
        return Claims(self._fields.get(label), self._flaw)

    def number(self, label: int, *, least: int) -> int:
        """Return an integer not below `least`."""
        value = self._fields.get(label)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise Malformed(self._flaw)
        return value

    def numbers(self, label: int, *, size: int) -> tuple[int, ...]:
        """Return `size` integers, which may be equal."""
        value = self._fields.get(label)
        numbers = tuple(one for one in value if type(one) is int) if isinstance(value, list) else ()
        if not isinstance(value, list) or not len(value) == len(numbers) == size:
            raise Malformed(self._flaw)
        return numbers

    def text(self, label: int, *, most: int = MAX_NAME) -> str:
        """Return a text of 1 to `most` characters."""
        text = self._text(self._fields.get(label))
        if len(text) > most:
            raise Malformed(self._flaw)
        return text

    def texts(self, label: int, *, most: int, length: int) -> tuple[str, ...]:
        """Return 1 to `most` different texts of 1 to `length` characters."""
        texts = self._array(label, self._text)
        if len(texts) > most or any(len(text) > length for text in texts):
            raise Malformed(self._flaw)
        return texts

    def digits(self, label: int, *, least: int, most: int = STATION_DIGITS) -> str:
        """Return a text of `least` to `most` ASCII digits."""
        text = self.text(label, most=most)
        if len(text) < least or not (text.isascii() and text.isdigit()):
            raise Malformed(self._flaw)
        return text

    def data(self, label: int, *, size: int | None = None) -> bytes:
        """Return a byte string, of exactly `size` bytes if given."""
        data = self._data(self._fields.get(label))
        if size is not None and len(data) != size:
            raise Malformed(self._flaw)
        return data

    def verify_key(self, label: int) -> VerifyKey:
        """Return the signing key's public half in a field."""
        return VerifyKey(self.data(label, size=signing.KEY_BYTES))

    def encryption_key(self, label: int) -> EncryptionKey:
        """Return the encryption key in a field."""
        return EncryptionKey(self.data(label, size=recipient.KEY_BYTES))

    def encryption_keys(self, label: int, *, most: int) -> tuple[EncryptionKey, ...]:
        """Return 1 to `most` different encryption keys."""
        raws = self._array(label, self._data)
        if len(raws) > most:
            raise Malformed(self._flaw)
        return tuple(EncryptionKey(raw) for raw in raws)

    def _text(self, value: Value) -> str:
        if not isinstance(value, str) or not value:
            raise Malformed(self._flaw)
        return value

    def _data(self, value: Value) -> bytes:
        if not isinstance(value, bytes):
            raise Malformed(self._flaw)
        return value

    def _array(self, label: int, item: Callable[[Value], _T]) -> tuple[_T, ...]:
        value = self._fields.get(label)
        if not isinstance(value, list) or not value:
            raise Malformed(self._flaw)
        items = tuple(item(one) for one in value)
        if len(set(items)) != len(items):
            raise Malformed(self._flaw)
        return items


def parse(payload: bytes, flaw: Flaw) -> Claims:
    """Return the fields of a canonical map whose size was already limited.

    Raises:
        Malformed: not a canonical map.
    """
    return Claims(canonical.decode(payload, max_bytes=len(payload)), flaw)
