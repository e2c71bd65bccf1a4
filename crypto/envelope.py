"""The envelope: parts sealed to named recipients, inside one signature (docs/spec/envelope.md).

18([protected, {}, [part, …], signature]), each part a COSE_Encrypt of its own content key.

Invariants:
- Signer, sender and audience are bound to every ciphertext (external_aad): a part taken out of
  its envelope opens nowhere else, and an envelope whose signature was replaced does not open.
- The signed header holds the hash of every padded plaintext: ChaCha20-Poly1305 does not commit
  to its key, and without the hash two recipients could be shown two different texts.
- A recipient reads the parts sealed to it and learns of the others only their padded lengths.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final

from crypto import canonical, encryption, message, padding
from crypto.canonical import Value
from crypto.errors import Flaw, LimitExceeded, Malformed, NotForUs, Tampered, Thing, WrongType
from crypto.header import Label
from crypto.message import Signed, read_kid, sign, unverified_payload, verify
from crypto.recipient import DecryptionKey, EncryptionKey
from crypto.signing import SigningKey, VerifyKey

__all__ = [
    "CONTENT_TYPE",
    "Opened",
    "Outer",
    "Part",
    "Signed",
    "open_envelope",
    "outer",
    "read_kid",
    "seal",
    "sign",
    "unverified_payload",
    "verify",
]

CONTENT_TYPE: Final = "application/vnd.bangban.bundle+cbor"
SENDER_BYTES: Final = 8
MAX_AUDIENCE: Final = 64
MAX_PARTS: Final = 8
_LABELS: Final = frozenset((Label.SENDER, Label.AUDIENCE, Label.DICTIONARY, Label.PART_HASHES))
_HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Part:
    """One plaintext and everyone who may read it.

    Attributes:
        plaintext: already compressed, if it is to be.
        recipients: 1 to 16 different keys.
    """

    plaintext: bytes
    recipients: tuple[EncryptionKey, ...]


@dataclass(frozen=True, slots=True)
class Outer:
    """What anyone may read on an envelope, a relay for one; nothing of it is verified.

    Attributes:
        kid: id of the key that the envelope claims to be signed with.
        sender: replica that claims to have sealed it.
        audience: whom it is addressed to.
        dictionary: id of the compression dictionary of the plaintexts; 0 for none.
        part_hashes: SHA-256 of each padded plaintext.
    """

    kid: bytes
    sender: bytes
    audience: str
    dictionary: int
    part_hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope whose signature, binding and hashes were checked.

    Attributes:
        sender: replica that sealed it, as signed.
        audience: whom it was addressed to.
        kid: id of the key that signed.
        dictionary: id of the compression dictionary; 0 for none.
        parts: plaintexts in order; None where a part is not for us.
    """

    sender: bytes
    audience: str
    kid: bytes
    dictionary: int
    parts: tuple[bytes | None, ...]


def seal(  # noqa: PLR0913 - the fields of an envelope; a record of them would only rename them
    parts: Sequence[Part],
    *,
    key: SigningKey,
    sender: bytes,
    audience: str,
    dictionary: int,
    entropy: Callable[[int], bytes],
) -> bytes:
    """Return the bytes of an envelope.

    Args:
        parts: 1 to 8 parts, each with its own recipients.
        key: signs; a registered key of the sender.
        sender: replica of the sender, 8 bytes.
        audience: place or node that it is addressed to, 1 to 64 characters.
        dictionary: id of the compression dictionary that the plaintexts need; 0 for none.
        entropy: draws salts, content keys and IVs.

    Raises:
        Malformed: a field or the number of parts or recipients is outside the profile.
        LimitExceeded: more recipients than a part may have.
    """
    padded = [padding.pad(part.plaintext, entropy(padding.SALT_BYTES)) for part in parts]
    hashes = tuple(sha256(text).digest() for text in padded)
    bound = Outer(key.verify_key.key_id, sender, audience, dictionary, hashes)
    _require_outer(bound)
    aad = _external_aad(bound)
    sealed = [
        encryption.encrypt(text, part.recipients, aad=aad, entropy=entropy)
        for text, part in zip(padded, parts, strict=True)
    ]
    payload = canonical.encode(sealed)
    return sign(payload, key=key, content_type=CONTENT_TYPE, headers=_headers(bound))


def outer(data: bytes, *, max_bytes: int) -> Outer:
    """Return what stands on the outside of an envelope, for a relay and for the look-up of keys.

    Args:
        data: the bytes as received.
        max_bytes: largest envelope in bytes.

    Raises:
        LimitExceeded, Malformed, WrongType: not an envelope of this profile.

    Does not check the signature and does not look at the parts.
    """
    return _outer(message.read(data, max_bytes=max_bytes))


def open_envelope(
    data: bytes,
    *,
    verify_key: VerifyKey,
    decryption_keys: Mapping[bytes, DecryptionKey],
    max_bytes: int,
    max_part: int,
) -> Opened:
    """Return what an envelope holds for us.

    Steps: (1) size; (2) frame and header; (3) signature; (4) for each part: frame, size, content
    key, body under [sender, kid, audience], hash, padding.

    Args:
        data: the bytes as received.
        verify_key: the registry's key for the kid and sender that `outer` told.
        decryption_keys: ours by key id, retired ones too.
        max_bytes: largest envelope in bytes.
        max_part: largest plaintext of one part in bytes, as sealed (not inflated).

    Raises:
        LimitExceeded: an envelope, part or list larger than allowed.
        Malformed, WrongType: not an envelope of this profile.
        UnknownKey, BadSignature: not signed by `verify_key`.
        Tampered: a part for us does not open in this envelope, or opens to another plaintext.
        NotForUs: no part is sealed to any of our keys.

    Does not check that the audience is us, that `verify_key` may speak for the sender, or
    anything inside the plaintexts: replays are found by what they say.
    """
    parsed = message.read(data, max_bytes=max_bytes)
    bound = _outer(parsed)
    message.check(parsed, verify_key)
    sealed = _parts(parsed.payload, len(bound.part_hashes))
    require_size = partial(padding.require_padded_size, max_part=max_part)
    aad = _external_aad(bound)
    padded = [
        encryption.decrypt(part, decryption_keys, aad=aad, require_size=require_size)
        for part in sealed
    ]
    parts = tuple(map(_plaintext, padded, bound.part_hashes))
    if all(part is None for part in parts):
        raise NotForUs(tuple(decryption_keys))
    return Opened(bound.sender, bound.audience, bound.kid, bound.dictionary, parts)


def _plaintext(padded: bytes | None, expected: bytes) -> bytes | None:
    if padded is None:
        return None
    if sha256(padded).digest() != expected:
        raise Tampered(Thing.PART_HASH)
    return padding.unpad(padded)


def _external_aad(bound: Outer) -> bytes:
    return canonical.encode([bound.sender, bound.kid, bound.audience])


def _headers(bound: Outer) -> dict[int, Value]:
    return {
        Label.SENDER.value: bound.sender,
        Label.AUDIENCE.value: bound.audience,
        Label.DICTIONARY.value: bound.dictionary,
        Label.PART_HASHES.value: bound.part_hashes,
    }


def _outer(parsed: message.Unverified) -> Outer:
    if parsed.content_type != CONTENT_TYPE:
        raise WrongType(expected=CONTENT_TYPE, found=parsed.content_type)
    labels = parsed.headers
    if labels.keys() != _LABELS:
        raise Malformed(Flaw.ENVELOPE_HEADER)
    bound = _typed_outer(parsed.kid, labels)
    _require_outer(bound)
    return bound


def _typed_outer(kid: bytes, labels: Mapping[int, Value]) -> Outer:
    sender, audience = labels[Label.SENDER], labels[Label.AUDIENCE]
    dictionary, hashes = labels[Label.DICTIONARY], labels[Label.PART_HASHES]
    if not isinstance(sender, bytes) or not isinstance(audience, str):
        raise Malformed(Flaw.ENVELOPE_HEADER)
    if type(dictionary) is not int or not isinstance(hashes, list):
        raise Malformed(Flaw.ENVELOPE_HEADER)
    known = tuple(item for item in hashes if isinstance(item, bytes))
    if len(known) != len(hashes):
        raise Malformed(Flaw.ENVELOPE_HEADER)
    return Outer(kid, sender, audience, dictionary, known)


def _require_outer(bound: Outer) -> None:
    """The one place that knows what a header may hold; asked before sealing and on receipt."""
    if len(bound.part_hashes) > MAX_PARTS:
        raise LimitExceeded(Thing.PARTS, limit=MAX_PARTS, actual=len(bound.part_hashes))
    well_formed = (
        len(bound.sender) == SENDER_BYTES
        and 1 <= len(bound.audience) <= MAX_AUDIENCE
        and bound.dictionary >= 0
        and bound.part_hashes
        and all(len(one) == _HASH_BYTES for one in bound.part_hashes)
    )
    if not well_formed:
        raise Malformed(Flaw.ENVELOPE_HEADER)


def _parts(payload: bytes, expected: int) -> list[bytes]:
    frame = canonical.decode(payload, max_bytes=len(payload), max_depth=1)
    if not isinstance(frame, list) or len(frame) != expected:
        raise Malformed(Flaw.PARTS)
    parts = [part for part in frame if isinstance(part, bytes)]
    if len(parts) != expected:
        raise Malformed(Flaw.PARTS)
    return parts
