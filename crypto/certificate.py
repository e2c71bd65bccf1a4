"""Device certificates: the county's word that a replica's keys are those of a station's device.

A COSE_Sign1 over CWT claims (RFC 8392, RFC 8747). There is no expiry: a station may be offline
for months, and validity is by sequence number, which the registry knows.
"""

from dataclasses import dataclass
from typing import Final

from crypto import canonical, envelope
from crypto.canonical import Value
from crypto.claims import STATION_DIGITS, Claims, parse
from crypto.errors import Flaw, Malformed
from crypto.recipient import EncryptionKey
from crypto.signing import SigningKey, VerifyKey

CONTENT_TYPE: Final = "application/vnd.bangban.certificate+cbor"
MAX_BYTES: Final = 2048
STATION_KINDS: Final = frozenset(("county", "township", "village", "outlet"))
REPLICA_BYTES: Final = 8
MAX_ROLES: Final = 16
MAX_ROLE: Final = 32
MIN_SCOPE_DIGITS: Final = 2

_SUBJECT: Final = 2
_CONFIRMATION: Final = 8
_COSE_KEY: Final = 1  # RFC 8747 section 3.2
_KEY_TYPE: Final = 1  # labels and values of a COSE_Key: RFC 9053 section 7.2
_OKP: Final = 1
_CURVE: Final = -1
_ED25519: Final = 6
_X: Final = -2
_ENCRYPTION_KEY: Final = -65537
_REPLICA: Final = -65538
_STATION_KIND: Final = -65539
_STATION_NAME: Final = -65540
_ROLES: Final = -65541
_SCOPE: Final = -65542
_VERSION: Final = -65543
_VALID_FROM: Final = -65544


@dataclass(frozen=True, slots=True)
class DeviceCertificate:
    """What the county says about one device.

    Attributes:
        station: code of the station, 12 digits.
        station_kind: "county", "township", "village" or "outlet".
        station_name: as people read it, 1 to 100 characters.
        replica: the device's replica, 8 bytes.
        verify_key: checks what the device signs.
        encryption_key: what is meant for the device is sealed to it.
        roles: roles that may act on the device, at least one.
        scope: prefix of the division codes that the device may write about, 2 to 12 digits.
        version: rises with every new certificate of the replica, from 1.
        valid_from_seq: first sequence number that the keys may sign.
    """

    station: str
    station_kind: str
    station_name: str
    replica: bytes
    verify_key: VerifyKey
    encryption_key: EncryptionKey
    roles: tuple[str, ...]
    scope: str
    version: int
    valid_from_seq: int


def issue(certificate: DeviceCertificate, issuer: SigningKey) -> bytes:
    """Return the signed certificate.

    Raises:
        Malformed: a field is outside the profile; nothing is signed that `read` would refuse.
    """
    payload = canonical.encode(_to_claims(certificate))
    if _from_claims(payload) != certificate:
        raise Malformed(Flaw.CERTIFICATE)
    return envelope.sign(payload, key=issuer, content_type=CONTENT_TYPE)


def read(data: bytes, issuer: VerifyKey) -> DeviceCertificate:
    """Return the certificate that `issuer` signed.

    Args:
        data: the bytes as received.
        issuer: the county's issuer key, from its county document.

    Raises:
        LimitExceeded: larger than 2,048 bytes.
        Malformed, WrongType: not a certificate.
        UnknownKey, BadSignature: not signed by `issuer`.

    Does not check revocation, the version, or that the station exists: the registry knows.
    """
    signed = envelope.verify(data, key=issuer, content_type=CONTENT_TYPE, max_bytes=MAX_BYTES)
    return _from_claims(signed.payload)


def _to_claims(certificate: DeviceCertificate) -> dict[int, Value]:
    return {
        _SUBJECT: certificate.station,
        _CONFIRMATION: {
            _COSE_KEY: {_KEY_TYPE: _OKP, _CURVE: _ED25519, _X: certificate.verify_key.raw}
        },
        _ENCRYPTION_KEY: certificate.encryption_key.raw,
        _REPLICA: certificate.replica,
        _STATION_KIND: certificate.station_kind,
        _STATION_NAME: certificate.station_name,
        _ROLES: certificate.roles,
        _SCOPE: certificate.scope,
        _VERSION: certificate.version,
        _VALID_FROM: certificate.valid_from_seq,
    }


def _from_claims(payload: bytes) -> DeviceCertificate:
    claims = parse(payload, Flaw.CERTIFICATE)
    return DeviceCertificate(
        station=claims.digits(_SUBJECT, least=STATION_DIGITS),
        station_kind=_station_kind(claims),
        station_name=claims.text(_STATION_NAME),
        replica=claims.data(_REPLICA, size=REPLICA_BYTES),
        verify_key=_confirmed_key(claims),
        encryption_key=claims.encryption_key(_ENCRYPTION_KEY),
        roles=claims.texts(_ROLES, most=MAX_ROLES, length=MAX_ROLE),
        scope=claims.digits(_SCOPE, least=MIN_SCOPE_DIGITS),
        version=claims.number(_VERSION, least=1),
        valid_from_seq=claims.number(_VALID_FROM, least=0),
    )


def _station_kind(claims: Claims) -> str:
    kind = claims.text(_STATION_KIND)
    if kind not in STATION_KINDS:
        raise Malformed(Flaw.CERTIFICATE)
    return kind


def _confirmed_key(claims: Claims) -> VerifyKey:
    cose_key = claims.nested(_CONFIRMATION).nested(_COSE_KEY)
    if (cose_key.number(_KEY_TYPE, least=0), cose_key.number(_CURVE, least=0)) != (_OKP, _ED25519):
        raise Malformed(Flaw.CERTIFICATE)
    return cose_key.verify_key(_X)
