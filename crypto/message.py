"""Signed messages: COSE_Sign1 (RFC 9052 section 4.2) in a fixed profile.

18([protected, {}, payload, signature]), canonical CBOR, Ed25519, empty external data. What is
verified is what was received: no step encodes again. The content type stands in the protected
header and is compared, so that a message of one type is never taken for one of another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crypto import canonical, header
from crypto.canonical import Value
from crypto.errors import Flaw, LimitExceeded, Malformed, Thing, UnknownKey, WrongType
from crypto.header import PRIVATE_USE, Algorithm, Frame, Label
from crypto.signing import SIGNATURE_BYTES, SigningKey, VerifyKey

_TAG_18: Final = b"\xd2"
_FRAME: Final = _TAG_18 + b"\x84"  # an array of four items
_EMPTY_MAP: Final = b"\xa0"
_NO_HEADERS: Final[Mapping[int, Value]] = {}


@dataclass(frozen=True, slots=True)
class Signed:
    """A message whose signature was verified.

    Attributes:
        payload: the signed bytes as received.
        kid: id of the key that signed.
        headers: our own protected headers (labels below -65536).
    """

    payload: bytes
    kid: bytes
    headers: Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class Unverified:
    """A message that was taken apart and not checked: whoever made it chose every field."""

    protected: bytes
    payload: bytes
    signature: bytes
    kid: bytes
    content_type: str
    headers: Mapping[int, Value]


def sign(
    payload: bytes,
    *,
    key: SigningKey,
    content_type: str,
    headers: Mapping[int, Value] = _NO_HEADERS,
) -> bytes:
    """Return a tagged COSE_Sign1 message.

    Args:
        payload: the bytes to sign.
        key: signs; its id goes into the protected header.
        content_type: what the payload is, such as "application/vnd.bangban.receipt+cbor".
        headers: more protected headers; labels below -65536 only.

    Raises:
        Malformed: a header outside our own label range.
    """
    labels: dict[Label | int, Value] = dict(headers)
    if any(label >= PRIVATE_USE for label in labels):
        raise Malformed(Flaw.HEADER_LABEL)
    labels |= {Label.CONTENT_TYPE: content_type, Label.KEY_ID: key.verify_key.key_id}
    protected = header.write(Algorithm.EDDSA, labels)
    signature = key.sign(_to_be_signed(protected, payload))
    return _TAG_18 + canonical.encode([protected, {}, payload, signature])


def verify(message: bytes, *, key: VerifyKey, content_type: str, max_bytes: int) -> Signed:
    """Return the signed payload of `message`.

    Steps: (1) size; (2) frame, tag, empty unprotected header; (3) algorithm and header labels;
    (4) content type; (5) the key is the one that the message names; (6) the signature.

    Args:
        message: the bytes as received.
        key: chosen by the caller from the registry, by `read_kid`.
        content_type: the only type that is accepted here.
        max_bytes: largest message in bytes.

    Raises:
        LimitExceeded: larger than `max_bytes`.
        Malformed: not a message of this profile.
        WrongType: another content type or algorithm.
        UnknownKey: the message names another key.
        BadSignature: the signature does not fit.

    Does not check whether the key's owner may say what the payload says.
    """
    parsed = read(message, max_bytes=max_bytes)
    if parsed.content_type != content_type:
        raise WrongType(expected=content_type, found=parsed.content_type)
    if parsed.headers:
        raise Malformed(Flaw.HEADER_LABEL)
    check(parsed, key)
    return Signed(parsed.payload, parsed.kid, parsed.headers)


def read_kid(message: bytes, *, max_bytes: int) -> bytes:
    """Return the id of the key that a message names, in order to look it up.

    Raises:
        LimitExceeded, Malformed, WrongType: as for `verify`.

    Does not check the signature.
    """
    return read(message, max_bytes=max_bytes).kid


def unverified_payload(message: bytes, *, max_bytes: int) -> bytes:
    """Return the payload, in order to find in it whom to ask for the key.

    Raises:
        LimitExceeded, Malformed, WrongType: as for `verify`.

    Does not check the signature or the content type.
    """
    return read(message, max_bytes=max_bytes).payload


def read(message: bytes, *, max_bytes: int) -> Unverified:
    """Take a message apart.

    Raises:
        LimitExceeded, Malformed, WrongType: as for `verify`.

    Does not check the signature.
    """
    if len(message) > max_bytes:
        raise LimitExceeded(Thing.MESSAGE, limit=max_bytes, actual=len(message))
    frame = Frame(message)
    frame.expect(_FRAME, Flaw.TAG)
    protected = frame.byte_string()
    frame.expect(_EMPTY_MAP, Flaw.UNPROTECTED)
    payload, signature = frame.byte_string(), frame.byte_string()
    frame.end()
    if len(signature) != SIGNATURE_BYTES:
        raise Malformed(Flaw.SIGNATURE_LENGTH)
    labels = header.read(protected, Algorithm.EDDSA)
    kid, content_type = header.key_id(labels), _content_type(labels)
    return Unverified(protected, payload, signature, kid, content_type, labels)


def check(parsed: Unverified, key: VerifyKey) -> None:
    """Return if `parsed` was signed by `key`.

    Raises:
        UnknownKey: it names another key.
        BadSignature: the signature does not fit.
    """
    if parsed.kid != key.key_id:
        raise UnknownKey(parsed.kid)
    key.verify(parsed.signature, _to_be_signed(parsed.protected, parsed.payload))


def _content_type(labels: dict[int, Value]) -> str:
    """Take the content type; what is left must be our own labels."""
    content_type = labels.pop(Label.CONTENT_TYPE, None)
    if not isinstance(content_type, str):
        raise Malformed(Flaw.CONTENT_TYPE)
    if any(label >= PRIVATE_USE for label in labels):
        raise Malformed(Flaw.HEADER_LABEL)
    return content_type


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Sig_structure of RFC 9052 section 4.4."""
    return canonical.encode(["Signature1", protected, b"", payload])
