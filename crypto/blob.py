"""Attachments: ciphertext everywhere, addressed by its hash, moved in chunks.

One key for each attachment. The key travels in a disclosure whose commitment is signed, so two
readers cannot be given two keys that show them different pictures.
"""

import hmac
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto.errors import Flaw, LimitExceeded, Malformed, Tampered, Thing

KEY_BYTES: Final = 32
CHUNK_BYTES: Final = 256 * 1024
OVERHEAD_BYTES: Final = 28  # nonce and tag
_NONCE_BYTES: Final = 12
_AAD: Final = b"bangban attachment 1"
_NONCE_LABEL: Final = b"bangban attachment nonce 1"


def seal_blob(plaintext: bytes, key: bytes) -> bytes:
    """Return the ciphertext of an attachment, 28 bytes longer.

    The nonce is derived from key and plaintext: the same attachment under the same key gives the
    same bytes, so an interrupted upload goes on, and no nonce meets two plaintexts.

    Args:
        plaintext: the attachment.
        key: 32 random bytes, for this attachment alone.

    Raises:
        Malformed: the key has not 32 bytes.
    """
    nonce = hmac.digest(key, _NONCE_LABEL + plaintext, "sha256")[:_NONCE_BYTES]
    return nonce + _cipher(key).encrypt(nonce, plaintext, _AAD)


def open_blob(ciphertext: bytes, key: bytes, *, max_bytes: int) -> bytes:
    """Return the attachment.

    Args:
        ciphertext: all chunks joined.
        key: from the disclosure.
        max_bytes: largest ciphertext in bytes.

    Raises:
        LimitExceeded: larger than `max_bytes`.
        Malformed: too short to be a blob, or the key has not 32 bytes.
        Tampered: altered, or sealed with another key.

    Does not check the content hash; `content_hash` does, without the key.
    """
    if len(ciphertext) > max_bytes:
        raise LimitExceeded(Thing.BLOB, limit=max_bytes, actual=len(ciphertext))
    if len(ciphertext) < OVERHEAD_BYTES:
        raise Malformed(Flaw.BLOB)
    nonce, body = ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:]
    try:
        return _cipher(key).decrypt(nonce, body, _AAD)
    except InvalidTag:
        raise Tampered(Thing.BLOB) from None


def content_hash(ciphertext: bytes) -> bytes:
    """Return the SHA-256 that names a blob everywhere."""
    return sha256(ciphertext).digest()


def chunk_hashes(ciphertext: bytes) -> tuple[bytes, ...]:
    """Return the SHA-256 of each chunk of 256 KiB; the last chunk may be shorter."""
    starts = range(0, len(ciphertext), CHUNK_BYTES)
    view = memoryview(ciphertext)
    return tuple(sha256(view[start : start + CHUNK_BYTES]).digest() for start in starts)


def _cipher(key: bytes) -> ChaCha20Poly1305:
    if len(key) != KEY_BYTES:
        raise Malformed(Flaw.KEY_LENGTH)
    return ChaCha20Poly1305(key)
