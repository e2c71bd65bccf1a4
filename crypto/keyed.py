"""Keyed hashes: names that only a holder of the key can compute."""

import hmac
from typing import Final

BYTES: Final = 16
_LENGTH_BYTES: Final = 8


def keyed_hash(key: bytes, *parts: bytes | str) -> bytes:
    """Return 16 bytes that stand for `parts` under `key`, such as an applicant and an item.

    Each part goes in with its length, so ("ab", "c") and ("a", "bc") differ. Text is UTF-8;
    "a" and b"a" are the same part.

    Does not bring text into a normal form; the caller compares what it means to compare.

    >>> keyed_hash(bytes(32), "ab", "c") == keyed_hash(bytes(32), "a", "bc")
    False
    """
    framed = [part.encode() if isinstance(part, str) else part for part in parts]
    message = b"".join(len(part).to_bytes(_LENGTH_BYTES) + part for part in framed)
    return hmac.digest(key, message, "sha256")[:BYTES]
