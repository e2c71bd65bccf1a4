"""The parts of COSE (RFC 9052) that our profile uses: labels, algorithms, frames, headers.

A frame (the fixed outside of a message) is read front to back by `Frame` instead of a general
decoder: before the signature is checked nothing is built whose number of items an attacker chose.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from crypto import canonical
from crypto.canonical import Value
from crypto.errors import Flaw, Malformed, WrongType

KEY_ID_BYTES: Final = 8
MAX_PROTECTED_BYTES: Final = 4096
PRIVATE_USE: Final = -65536  # labels below this one are ours (RFC 9052 section 11.1)
_HEAD_BYTES: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_BYTE_STRING: Final = 2
_ARRAY: Final = 4


class Label(IntEnum):
    """Header labels: COSE's own, the COSE-HPKE draft's (EK), and ours below -65536."""

    ALGORITHM = 1
    CONTENT_TYPE = 3
    KEY_ID = 4
    IV = 5
    EK = -4
    SENDER = -65537
    AUDIENCE = -65538
    DICTIONARY = -65539
    PART_HASHES = -65540


class Algorithm(IntEnum):
    """COSE algorithm numbers of the default suite; a message cannot choose another."""

    EDDSA = -8  # RFC 9053 section 2.2, with Ed25519 keys only
    CHACHA20_POLY1305 = 24  # RFC 9053 section 4.3
    HPKE_4_KE = 50  # draft-ietf-cose-hpke: X25519, HKDF-SHA256, ChaCha20Poly1305


def read(protected: bytes, algorithm: Algorithm) -> dict[int, Value]:
    """Return the protected header of a message, without its algorithm.

    Args:
        protected: the byte string as received.
        algorithm: what the key registry says; the message must name the same.

    Raises:
        Malformed: not a canonical map with integer labels.
        WrongType: the message names another algorithm, or none.
    """
    value = canonical.decode(protected, max_bytes=MAX_PROTECTED_BYTES, max_depth=2)
    if not isinstance(value, dict):
        raise Malformed(Flaw.HEADER)
    labels = {label: item for label, item in value.items() if isinstance(label, int)}
    if len(labels) != len(value):
        raise Malformed(Flaw.HEADER_LABEL)
    found = labels.pop(Label.ALGORITHM, None)
    if found != algorithm or isinstance(found, bool):
        raise WrongType(expected=algorithm.name, found=str(found))
    return labels


def write(algorithm: Algorithm, labels: Mapping[Label | int, Value]) -> bytes:
    """Return the bytes of a protected header that names `algorithm` and `labels`."""
    header: dict[int, Value] = {Label.ALGORITHM.value: algorithm.value}
    return canonical.encode(header | {int(label): item for label, item in labels.items()})


def key_id(labels: dict[int, Value]) -> bytes:
    """Take the key id out of a header's labels.

    Raises:
        Malformed: absent, or not eight bytes.
    """
    kid = labels.pop(Label.KEY_ID, None)
    if not isinstance(kid, bytes) or len(kid) != KEY_ID_BYTES:
        raise Malformed(Flaw.KID)
    return kid


class Frame:
    """Reads a fixed CBOR frame front to back; every method raises `Malformed` on a surprise."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def expect(self, literal: bytes, reason: Flaw) -> None:
        """Step over bytes that can only be these."""
        if not self._data.startswith(literal, self._at):
            raise Malformed(reason)
        self._at += len(literal)

    def byte_string(self) -> bytes:
        """Return the contents of the byte string that begins here."""
        end = self._head(_BYTE_STRING) + self._at
        if end > len(self._data):
            raise Malformed(Flaw.TRUNCATED)
        start, self._at = self._at, end
        return self._data[start:end]

    def array(self) -> int:
        """Return the length of the array that begins here and step to its first item."""
        return self._head(_ARRAY)

    def end(self) -> None:
        """Require that nothing follows."""
        if self._at != len(self._data):
            raise Malformed(Flaw.TRAILING)

    def _head(self, major: int) -> int:
        """Read the head of an item in its shortest form (RFC 8949 section 3)."""
        first = self._data[self._at : self._at + 1]
        if not first or first[0] >> 5 != major:
            raise Malformed(Flaw.FRAME)
        self._at += 1
        info = first[0] & 31
        return info if info < min(_HEAD_BYTES) else self._long_head(info)

    def _long_head(self, info: int) -> int:
        size = _HEAD_BYTES.get(info, 0)
        argument = self._data[self._at : self._at + size]
        if not size or len(argument) != size:
            raise Malformed(Flaw.FRAME)
        self._at += size
        number = int.from_bytes(argument)
        # Shortest form: half the bytes (or, for one byte, the head itself) could not carry it.
        if number < (min(_HEAD_BYTES) if size == 1 else 1 << (4 * size)):
            raise Malformed(Flaw.NOT_SHORTEST)
        return number
