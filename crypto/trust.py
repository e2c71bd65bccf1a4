"""How a station comes to trust a county: the county document, fingerprints, enrolment.

Everything here can be compared by people over a telephone: letters without vowels and without
look-alikes, and six digits.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from crypto import canonical, claims, envelope
from crypto.canonical import Value
from crypto.claims import STATION_DIGITS
from crypto.errors import Flaw, Malformed, Tampered, Thing
from crypto.recipient import EncryptionKey
from crypto.signing import SigningKey, VerifyKey

CONTENT_TYPE: Final = "application/vnd.bangban.county+cbor"
MAX_BYTES: Final = 16_384
MAX_ENCRYPTION_KEYS: Final = 16
NONCE_BYTES: Final = 32
LETTERS: Final = "BCDFGHJKMNPRTVWX"
_CODE_BYTES: Final = 4
_FINGERPRINT_BYTES: Final = 8
_GROUP: Final = 4
_MATCH_CODES: Final = 1_000_000

_COUNTY, _NAME, _ROOT, _ISSUER, _HUB, _ENCRYPTION_KEYS, _VERSION = range(1, 8)


@dataclass(frozen=True, slots=True)
class CountyDocument:
    """Whom a county's stations trust, signed by the county's root.

    Attributes:
        county: code of the county, 12 digits.
        name: as people read it.
        root: signs this document, and its successors.
        issuer: signs device certificates.
        hub: the hub's own device certificate, as bytes.
        encryption_keys: the first is sealed to; the others are retired.
        version: rises from 1; a reader never goes back.
    """

    county: str
    name: str
    root: VerifyKey
    issuer: VerifyKey
    hub: bytes
    encryption_keys: tuple[EncryptionKey, ...]
    version: int


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The public keys that a device asks to have enrolled."""

    verify_key: VerifyKey
    encryption_key: EncryptionKey


def issue(document: CountyDocument, root: SigningKey) -> bytes:
    """Return the signed county document.

    Raises:
        Malformed: a field is outside the profile, or `root` is not the root it names.
    """
    payload = canonical.encode(_to_fields(document))
    if document.root != root.verify_key or _from_fields(payload) != document:
        raise Malformed(Flaw.COUNTY_DOCUMENT)
    return envelope.sign(payload, key=root, content_type=CONTENT_TYPE)


def read(data: bytes, root: VerifyKey) -> CountyDocument:
    """Return the county document that the trusted `root` signed.

    Raises:
        LimitExceeded: larger than 16,384 bytes.
        Malformed, WrongType: not a county document, or it names another root.
        UnknownKey, BadSignature: not signed by `root`.

    Does not check the hub's certificate (`certificate.read` with the issuer does) and does not
    compare versions.
    """
    signed = envelope.verify(data, key=root, content_type=CONTENT_TYPE, max_bytes=MAX_BYTES)
    document = _from_fields(signed.payload)
    if document.root != root:
        raise Malformed(Flaw.COUNTY_DOCUMENT)
    return document


def fingerprint(root: VerifyKey) -> str:
    """Return the sixteen letters that stand for a root key, in groups of four.

    >>> fingerprint(SigningKey(bytes(32)).verify_key)
    'PKWR-WXND-TWBB-DVRF'
    """
    return _letters(sha256(b"bangban root 1" + root.raw).digest()[:_FINGERPRINT_BYTES])


def request_fingerprint(request: bytes) -> str:
    """Return the sixteen letters that stand for an enrolment request on a stick."""
    return _letters(sha256(b"bangban request 1" + request).digest()[:_FINGERPRINT_BYTES])


def enrolment_code(entropy: Callable[[int], bytes]) -> str:
    """Return a one-time code of eight letters, such as "BCDF-GHJK"; it is no key."""
    return _letters(entropy(_CODE_BYTES))


def tidy_code(typed: str) -> str:
    """Return a typed code or fingerprint as `enrolment_code` and `fingerprint` write it.

    Does not check that every letter is of the alphabet; a code that is not simply is not found.

    >>> tidy_code(" bcdf ghjk")
    'BCDF-GHJK'
    """
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return _grouped(letters)


def commitment(nonce: bytes, keys: DeviceKeys) -> bytes:
    """Return what a station sends first: its word on nonce and keys, before it has seen ours.

    Raises:
        Malformed: the nonce has not 32 bytes.
    """
    return _hash("bangban enrolment commitment 1", _nonce(nonce), *_raws(keys))


def check_commitment(promised: bytes, nonce: bytes, keys: DeviceKeys) -> None:
    """Return if nonce and keys are those that were promised.

    Raises:
        Malformed: the nonce has not 32 bytes.
        Tampered: they are others.
    """
    if not hmac.compare_digest(promised, commitment(nonce, keys)):
        raise Tampered(Thing.COMMITMENT)


def match_code(
    station_nonce: bytes,
    hub_nonce: bytes,
    *,
    keys: DeviceKeys,
    root: VerifyKey,
    county: EncryptionKey,
) -> str:
    """Return the six digits that both screens show.

    Args:
        station_nonce: 32 bytes, promised by `commitment` before the hub's was known.
        hub_nonce: 32 bytes, fixed before the station's was known.
        keys: the device's public keys.
        root: the county's root key.
        county: the county's first encryption key.

    Raises:
        Malformed: a nonce has not 32 bytes.
    """
    nonces = _nonce(station_nonce), _nonce(hub_nonce)
    digest = _hash("bangban enrolment match 1", *nonces, *_raws(keys), root.raw, county.raw)
    return f"{int.from_bytes(digest) % _MATCH_CODES:06}"


def _to_fields(document: CountyDocument) -> dict[int, Value]:
    return {
        _COUNTY: document.county,
        _NAME: document.name,
        _ROOT: document.root.raw,
        _ISSUER: document.issuer.raw,
        _HUB: document.hub,
        _ENCRYPTION_KEYS: [key.raw for key in document.encryption_keys],
        _VERSION: document.version,
    }


def _from_fields(payload: bytes) -> CountyDocument:
    fields = claims.parse(payload, Flaw.COUNTY_DOCUMENT)
    return CountyDocument(
        county=fields.digits(_COUNTY, least=STATION_DIGITS),
        name=fields.text(_NAME),
        root=fields.verify_key(_ROOT),
        issuer=fields.verify_key(_ISSUER),
        hub=fields.data(_HUB),
        encryption_keys=fields.encryption_keys(_ENCRYPTION_KEYS, most=MAX_ENCRYPTION_KEYS),
        version=fields.number(_VERSION, least=1),
    )


def _letters(data: bytes) -> str:
    return _grouped("".join(LETTERS[byte >> 4] + LETTERS[byte & 15] for byte in data))


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _nonce(nonce: bytes) -> bytes:
    if len(nonce) != NONCE_BYTES:
        raise Malformed(Flaw.NONCE)
    return nonce


def _raws(keys: DeviceKeys) -> tuple[bytes, bytes]:
    return keys.verify_key.raw, keys.encryption_key.raw


def _hash(label: str, *parts: bytes) -> bytes:
    return sha256(canonical.encode([label, *parts])).digest()
