"""Signed heads: how far a replica's log reaches, small enough for a QR code (docs/spec/heads.md).

What travels is payload and signature. The rest of the COSE_Sign1 is the same for every head of a
replica, so that a reader who knows its certificate puts it together again and verifies it whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from unicodedata import normalize

from crypto import canonical, envelope, header
from crypto.canonical import Value
from crypto.errors import CryptoError
from crypto.header import Algorithm, Label
from crypto.signing import SIGNATURE_BYTES, SigningKey, VerifyKey
from sync import codec
from sync.errors import LimitExceeded, Malformed, NewerVersion, Unauthentic
from sync.limits import DEFAULT
from sync.operation import REPLICA_BYTES

CONTENT_TYPE: Final = "application/vnd.bangban.head+cbor"
VERSION: Final = 1
MARK_BYTES: Final = 16
MAX_BYTES: Final = 128
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")
_TAG_18: Final = b"\xd2"
_LINE_BYTES: Final = 15
_LINE_LETTERS: Final = 24
_CHECK_LETTERS: Final = 2
_GROUP: Final = 4
_BITS: Final = 5
_SECOND: Final = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a replica's signed log.

    Attributes:
        seq: its last signed operation.
        mark: the first 16 bytes of the hash of the header that ends there.
        claimed_at: when the author says it signed this, milliseconds, whole seconds.
    """

    replica: bytes
    seq: int
    mark: bytes
    claimed_at: int


class Mistyped(Malformed):
    """A head that was typed in holds a slip.

    Attributes:
        lines: the lines that do not agree with their check letters, from 1; empty: too short or
            too long as a whole.
    """

    def __init__(self, lines: Sequence[int]) -> None:
        super().__init__(f"line {', '.join(map(str, lines))}" if lines else "length")
        self.lines = tuple(lines)


def sign(head: Head, key: SigningKey) -> bytes:
    """Sign a head with the device key of its replica; returns payload and signature."""
    payload = codec.encode([VERSION, head.replica, head.seq, head.mark, head.claimed_at // _SECOND])
    whole = envelope.sign(payload, key=key, content_type=CONTENT_TYPE)
    return payload + whole[-SIGNATURE_BYTES:]


def mark_of(header_hash: bytes) -> bytes:
    """Shorten a header hash to what a head carries of it."""
    return header_hash[:MARK_BYTES]


def parse(data: bytes) -> Head:
    """Read what a head claims.

    Raises:
        Malformed: not a head.
        LimitExceeded: too long, or a number beyond the limits.
        NewerVersion: a later form of heads.

    Does not check the signature: look up the certificate of the replica, then call `read`.
    """
    if len(data) > MAX_BYTES:
        raise LimitExceeded("head")
    parts = codec.as_list(codec.decode(data[:-SIGNATURE_BYTES], max_bytes=MAX_BYTES))
    if not parts or codec.as_uint(parts[0]) > VERSION:
        raise NewerVersion("head") if parts else Malformed("head")
    if len(parts) != 5 or parts[0] != VERSION:  # noqa: PLR2004  # the fields of a head
        raise Malformed("head")
    found = Head(
        codec.as_bytes(parts[1], REPLICA_BYTES),
        codec.as_uint(parts[2]),
        codec.as_bytes(parts[3], MARK_BYTES),
        codec.as_instant(codec.as_uint(parts[4]) * _SECOND),
    )
    if not found.seq:
        raise Malformed("seq")
    if found.seq > DEFAULT.last_seq:
        raise LimitExceeded("seq")
    return found


def read(data: bytes, *, key: VerifyKey) -> Head:
    """Verify and read a head.

    Args:
        data: as received.
        key: the key that the county certified for the replica it names.

    Raises:
        Unauthentic: the signature does not hold.
        Malformed, LimitExceeded, NewerVersion: see `parse`.

    Does not check that `key` is the key of the replica it names.
    """
    found = parse(data)
    labels: dict[Label | int, Value] = {
        Label.CONTENT_TYPE: CONTENT_TYPE,
        Label.KEY_ID: key.key_id,
    }
    protected = header.write(Algorithm.EDDSA, labels)
    parts: list[Value] = [protected, {}, data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]]
    whole = _TAG_18 + canonical.encode(parts)
    try:
        envelope.verify(whole, key=key, content_type=CONTENT_TYPE, max_bytes=len(whole))
    except CryptoError as error:
        raise Unauthentic(f"head: {error}") from error
    return found


def to_lines(data: bytes) -> tuple[str, ...]:
    """Write a head for people: lines of letters in groups of four, check letters at the end."""
    lines = _cut(data)
    return tuple(_spaced(_line(number, line)) for number, line in enumerate(lines, start=1))


def to_code(data: bytes) -> str:
    """Write a head for a QR code: the same letters without spaces."""
    return "".join(_line(number, line) for number, line in enumerate(_cut(data), start=1))


def from_text(text: str) -> bytes:
    """Read a head that was typed or scanned: case, width, spaces and hyphens do not matter.

    Args:
        text: lines as printed, or all letters in one.

    Raises:
        Mistyped: naming the lines that hold a slip.
    """
    rows = [letters for letters in map(_letters, text.splitlines()) if letters]
    whole = "".join(rows)
    if len(whole) > 2 * MAX_BYTES:
        raise Mistyped(())
    size = _LINE_LETTERS + _CHECK_LETTERS
    if len(rows) == 1:  # scanned, or typed without the line breaks
        rows = [whole[at : at + size] for at in range(0, len(whole), size)]
    lines = [_read_line(number, row) for number, row in enumerate(rows, start=1)]
    wrong = [number for number, line in enumerate(lines, start=1) if line is None]
    if wrong or not lines:
        raise Mistyped(wrong)
    return b"".join(line for line in lines if line is not None)


def _letters(text: str) -> str:
    wide = normalize("NFKC", text).upper().translate(_LOOK_ALIKES)
    return "".join(letter for letter in wide if letter.isalnum())


def _cut(data: bytes) -> list[bytes]:
    return [data[at : at + _LINE_BYTES] for at in range(0, len(data), _LINE_BYTES)]


def _line(number: int, data: bytes) -> str:
    return _encoded(data) + _check(number, data)


def _check(number: int, data: bytes) -> str:
    told = sha256(b"bangban head line 1" + bytes([number]) + data).digest()
    return _encoded(told[:2])[:_CHECK_LETTERS]


def _encoded(data: bytes) -> str:
    """Base 32, most significant bits first; the last letter is filled with zeros."""
    letters = -(-len(data) * 8 // _BITS)
    number = int.from_bytes(data) << (letters * _BITS - len(data) * 8)
    places = range((letters - 1) * _BITS, -1, -_BITS)
    return "".join(ALPHABET[number >> place & 31] for place in places)


def _decoded(letters: str) -> bytes | None:
    number = 0
    for letter in letters:
        at = ALPHABET.find(letter)
        if at < 0:
            return None
        number = number << _BITS | at
    size = len(letters) * _BITS // 8
    spare = len(letters) * _BITS - size * 8
    if spare >= _BITS or number & ((1 << spare) - 1):
        return None
    return (number >> spare).to_bytes(size)


def _read_line(number: int, row: str) -> bytes | None:
    """The bytes of a line, or None where it does not agree with its check letters."""
    data = _decoded(row[:-_CHECK_LETTERS])
    if not data or len(data) > _LINE_BYTES or number > MAX_BYTES:
        return None
    return data if _check(number, data) == row[-_CHECK_LETTERS:] else None


def _spaced(line: str) -> str:
    return " ".join(line[at : at + _GROUP] for at in range(0, len(line), _GROUP))
