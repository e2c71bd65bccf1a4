"""Signing keys: Ed25519 (RFC 8032), one purpose only.

A key that signs never decrypts: the two come from separate seeds. The library's key object is
made once and kept inside ours, because making it costs more than using it.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crypto.errors import BadSignature, Flaw, Malformed
from crypto.header import KEY_ID_BYTES

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_SIGN_BIT: Final = 1 << 255
_PRIME: Final = 2**255 - 19
_ORDER_8_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# The y of every point of small order, in each spelling that fits 32 bytes. Such a key would let
# its owner make signatures that fit any message, and so deny all of them.
_SMALL_ORDER: Final = frozenset(
    (0, 1, _ORDER_8_Y, _PRIME - _ORDER_8_Y, _PRIME - 1, _PRIME, _PRIME + 1)
)


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """The public half of a signing key.

    Attributes:
        raw: the 32 bytes of RFC 8032.
        key_id: the first 8 bytes of SHA-256(raw); finds the key, proves nothing.

    Raises:
        Malformed: not 32 bytes, or a point of small order.
    """

    raw: bytes
    key_id: bytes = field(init=False, compare=False)
    _key: Ed25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise Malformed(Flaw.KEY_LENGTH)
        if int.from_bytes(self.raw, "little") % _SIGN_BIT in _SMALL_ORDER:
            raise Malformed(Flaw.SMALL_ORDER_KEY)
        object.__setattr__(self, "key_id", sha256(self.raw).digest()[:KEY_ID_BYTES])
        object.__setattr__(self, "_key", Ed25519PublicKey.from_public_bytes(self.raw))

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return if `signature` was made over exactly `message` by this key.

        Raises:
            BadSignature: it was not.
        """
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            raise BadSignature(self.key_id) from None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A device's, an issuer's or a root's signing key.

    Attributes:
        seed: the 32 secret bytes of RFC 8032; never shown by repr.
        verify_key: the public half.

    Raises:
        Malformed: the seed has not 32 bytes.
    """

    seed: bytes = field(repr=False)
    verify_key: VerifyKey = field(init=False, compare=False)
    _key: Ed25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_BYTES:
            raise Malformed(Flaw.SEED_LENGTH)
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "verify_key", VerifyKey(key.public_key().public_bytes_raw()))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over `message`; the same every time (RFC 8032)."""
        return self._key.sign(message)
