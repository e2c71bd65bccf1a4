"""Encryption keys: HPKE base mode (RFC 9180), X25519, HKDF-SHA256, ChaCha20-Poly1305.

They wrap and unwrap small secrets (a content key), nothing else. The ephemeral key of a wrap is
drawn inside the library; no caller can choose it, so none can repeat it.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from crypto.errors import Flaw, Malformed, Tampered, Thing
from crypto.header import KEY_ID_BYTES

KEY_BYTES: Final = 32
ENCAPSULATED_BYTES: Final = 32
TAG_BYTES: Final = 16
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PROBE: Final = X25519PrivateKey.from_private_bytes(bytes(31) + b"\x40")


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One secret sealed to one key.

    Attributes:
        encapsulated: HPKE `enc`, 32 bytes.
        ciphertext: the sealed secret, 16 bytes longer than it.
    """

    encapsulated: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class EncryptionKey:
    """The public half of a decryption key: whom something is sealed to.

    Attributes:
        raw: the 32 bytes of RFC 7748.
        key_id: the first 8 bytes of SHA-256(raw).

    Raises:
        Malformed: not 32 bytes, or a point of small order, to which nothing can be sealed.
    """

    raw: bytes
    key_id: bytes = field(init=False, compare=False)
    _key: X25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise Malformed(Flaw.KEY_LENGTH)
        key = X25519PublicKey.from_public_bytes(self.raw)
        _require_large_order(key)
        object.__setattr__(self, "key_id", sha256(self.raw).digest()[:KEY_ID_BYTES])
        object.__setattr__(self, "_key", key)

    def wrap(self, secret: bytes, info: bytes) -> Wrapped:
        """Seal `secret` to this key, bound to `info`."""
        sealed = _SUITE.encrypt(secret, self._key, info)
        return Wrapped(sealed[:ENCAPSULATED_BYTES], sealed[ENCAPSULATED_BYTES:])


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """What opens what is sealed to `encryption_key`.

    Attributes:
        seed: the 32 secret bytes (the X25519 private key); never shown by repr.
        encryption_key: the public half.

    Raises:
        Malformed: the seed has not 32 bytes.
    """

    seed: bytes = field(repr=False)
    encryption_key: EncryptionKey = field(init=False, compare=False)
    _key: X25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_BYTES:
            raise Malformed(Flaw.SEED_LENGTH)
        key = X25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_key", key)
        object.__setattr__(
            self, "encryption_key", EncryptionKey(key.public_key().public_bytes_raw())
        )

    def unwrap(self, wrapped: Wrapped, info: bytes) -> bytes:
        """Return the secret that was sealed to this key with the same `info`.

        Raises:
            Tampered: it was sealed to another key, with another info, or was altered.
        """
        try:
            return _SUITE.decrypt(wrapped.encapsulated + wrapped.ciphertext, self._key, info)
        except (InvalidTag, ValueError):
            raise Tampered(Thing.RECIPIENT) from None


def _require_large_order(key: X25519PublicKey) -> None:
    """A small-order point gives the all-zero secret with every key (RFC 7748 section 6.1)."""
    try:
        _PROBE.exchange(key)
    except ValueError:
        raise Malformed(Flaw.SMALL_ORDER_KEY) from None
