"""One sealed part: COSE_Encrypt (RFC 9052 section 5.1) with COSE-HPKE recipients.

96([protected {1: 24}, {5: iv}, ciphertext, [recipient, …]]); a recipient is
[protected {1: 50, 4: kid}, {-4: encapsulated key}, wrapped content key]. The recipient's protected
header goes into the HPKE info, so its key id cannot be exchanged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto import canonical, header
from crypto.errors import Flaw, LimitExceeded, Malformed, Tampered, Thing
from crypto.header import Algorithm, Frame, Label
from crypto.recipient import (
    ENCAPSULATED_BYTES,
    TAG_BYTES,
    DecryptionKey,
    EncryptionKey,
    Wrapped,
)

CONTENT_KEY_BYTES: Final = 32
IV_BYTES: Final = 12
MAX_RECIPIENTS: Final = 16
_TAG_96: Final = b"\xd8\x60"
_FRAME: Final = _TAG_96 + b"\x84"
_PROTECTED: Final = header.write(Algorithm.CHACHA20_POLY1305, {})
_IV_MAP: Final = b"\xa1\x05"  # {5: …}
_RECIPIENT: Final = b"\x83"
_EK_MAP: Final = b"\xa1\x23"  # {-4: …}


@dataclass(frozen=True, slots=True)
class _Recipient:
    protected: bytes
    kid: bytes
    wrapped: Wrapped


def encrypt(
    padded: bytes,
    recipients: Sequence[EncryptionKey],
    *,
    aad: bytes,
    entropy: Callable[[int], bytes],
) -> bytes:
    """Return a tagged COSE_Encrypt of `padded`, under a fresh content key, for `recipients`.

    Args:
        padded: what is encrypted.
        recipients: 1 to 16 different keys.
        aad: external_aad of RFC 9052; every recipient must present the same.
        entropy: draws the content key and the IV.

    Raises:
        LimitExceeded: more recipients than a part may have.
        Malformed: none, or one twice.
    """
    _require_recipients([key.key_id for key in recipients])
    content_key, iv = entropy(CONTENT_KEY_BYTES), entropy(IV_BYTES)
    ciphertext = ChaCha20Poly1305(content_key).encrypt(iv, padded, _enc_structure(aad))
    wraps = [_wrap(content_key, key) for key in recipients]
    return _TAG_96 + canonical.encode([_PROTECTED, {Label.IV.value: iv}, ciphertext, wraps])


def decrypt(
    part: bytes,
    keys: Mapping[bytes, DecryptionKey],
    *,
    aad: bytes,
    require_size: Callable[[int], None],
) -> bytes | None:
    """Return the padded plaintext of `part`, or None when it is sealed to none of `keys`.

    Args:
        part: a tagged COSE_Encrypt.
        keys: our decryption keys by key id.
        aad: the external_aad that the message must have been made with.
        require_size: told the padded length before anything is decrypted; raises if too long.

    Raises:
        Malformed, LimitExceeded, WrongType: not a part of this profile.
        Tampered: a key of ours is named, and the content key or the body does not open.
    """
    iv, ciphertext, recipients = _read(part)
    require_size(len(ciphertext) - TAG_BYTES)
    ours = next((one for one in recipients if one.kid in keys), None)
    if ours is None:
        return None
    content_key = keys[ours.kid].unwrap(ours.wrapped, _info(ours.protected))
    try:
        return ChaCha20Poly1305(content_key).decrypt(iv, ciphertext, _enc_structure(aad))
    except InvalidTag:
        raise Tampered(Thing.PART) from None


def _read(part: bytes) -> tuple[bytes, bytes, list[_Recipient]]:
    frame = Frame(part)
    frame.expect(_FRAME, Flaw.TAG)
    header.read(protected := frame.byte_string(), Algorithm.CHACHA20_POLY1305)
    frame.expect(_IV_MAP, Flaw.UNPROTECTED)
    iv, ciphertext = frame.byte_string(), frame.byte_string()
    if protected != _PROTECTED or len(iv) != IV_BYTES or len(ciphertext) < TAG_BYTES:
        raise Malformed(Flaw.PART)
    recipients = _read_recipients(frame)
    frame.end()
    return iv, ciphertext, recipients


def _read_recipients(frame: Frame) -> list[_Recipient]:
    count = frame.array()
    if count > MAX_RECIPIENTS:
        raise LimitExceeded(Thing.RECIPIENTS, limit=MAX_RECIPIENTS, actual=count)
    recipients = [_read_recipient(frame) for _ in range(count)]
    _require_recipients([one.kid for one in recipients])
    return recipients


def _read_recipient(frame: Frame) -> _Recipient:
    frame.expect(_RECIPIENT, Flaw.RECIPIENT)
    protected = frame.byte_string()
    frame.expect(_EK_MAP, Flaw.UNPROTECTED)
    wrapped = Wrapped(frame.byte_string(), frame.byte_string())
    labels = header.read(protected, Algorithm.HPKE_4_KE)
    kid = header.key_id(labels)
    sizes = len(wrapped.encapsulated), len(wrapped.ciphertext)
    if labels or sizes != (ENCAPSULATED_BYTES, CONTENT_KEY_BYTES + TAG_BYTES):
        raise Malformed(Flaw.RECIPIENT)
    return _Recipient(protected, kid, wrapped)


def _require_recipients(kids: Sequence[bytes]) -> None:
    if len(kids) > MAX_RECIPIENTS:
        raise LimitExceeded(Thing.RECIPIENTS, limit=MAX_RECIPIENTS, actual=len(kids))
    if not kids or len(set(kids)) != len(kids):
        raise Malformed(Flaw.RECIPIENTS)


def _wrap(content_key: bytes, key: EncryptionKey) -> list[canonical.Value]:
    protected = header.write(Algorithm.HPKE_4_KE, {Label.KEY_ID: key.key_id})
    wrapped = key.wrap(content_key, _info(protected))
    return [protected, {Label.EK.value: wrapped.encapsulated}, wrapped.ciphertext]


def _info(protected: bytes) -> bytes:
    """Recipient_structure of draft-ietf-cose-hpke: what the content key may be used for."""
    algorithm = Algorithm.CHACHA20_POLY1305.value
    return canonical.encode(["HPKE Recipient", algorithm, protected, b""])


def _enc_structure(aad: bytes) -> bytes:
    """Enc_structure of RFC 9052 section 5.3."""
    return canonical.encode(["Encrypt", _PROTECTED, aad])
