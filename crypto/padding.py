"""Padding: the length of a sealed part tells only its order of magnitude.

padded = salt (16 random bytes) ‖ plaintext ‖ 0x80 ‖ zeros, as long as Padmé rounds it up to
(Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019; at most 12 % more).
The salt is there because the hash of the padded plaintext travels in clear: without it a relay
could confirm a guess of a short plaintext.
"""

from typing import Final

from crypto.errors import Flaw, LimitExceeded, Malformed, Thing

SALT_BYTES: Final = 16
_END: Final = b"\x80"
_OVERHEAD: Final = SALT_BYTES + len(_END)


def padme(length: int) -> int:
    """Return the Padmé size, in bytes, for `length` bytes.

    >>> [padme(n) for n in (0, 1, 9, 200, 1000, 1_000_000)]
    [0, 1, 10, 208, 1024, 1015808]
    """
    if length == 0:
        return 0
    exponent = length.bit_length() - 1
    coarse = (1 << (exponent - exponent.bit_length())) - 1 if exponent else 0
    return (length + coarse) & ~coarse


def pad(plaintext: bytes, salt: bytes) -> bytes:
    """Return salt, plaintext, end mark and zeros up to the Padmé size."""
    length = len(salt) + len(plaintext) + len(_END)
    return b"".join((salt, plaintext, _END, bytes(padme(length) - length)))


def unpad(padded: bytes) -> bytes:
    """Return the plaintext.

    Raises:
        Malformed: no end mark, or another number of zeros than Padmé asks for.
    """
    body = padded.rstrip(b"\0")
    if len(body) < _OVERHEAD or not body.endswith(_END) or padme(len(body)) != len(padded):
        raise Malformed(Flaw.PADDING)
    return body[SALT_BYTES : -len(_END)]


def require_padded_size(padded_bytes: int, *, max_part: int) -> None:
    """Refuse a padded length that no plaintext of at most `max_part` bytes can have.

    Raises:
        LimitExceeded: it is longer.
    """
    limit = padme(max_part + _OVERHEAD)
    if padded_bytes > limit:
        raise LimitExceeded(Thing.PART, limit=limit, actual=padded_bytes)
