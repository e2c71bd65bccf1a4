"""Enrolment without a network: a request on a stick, and the county's approval back (enrolment.md).

The request is signed with the keys it asks for; the approval by the hub. What each side compares
by telephone is a fingerprint of sixteen letters: of the request at the county, so that nobody has
put another in its place, and of the county's root at the station.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from crypto import certificate as certificates
from crypto import envelope, trust
from crypto.canonical import Value
from crypto.certificate import DeviceCertificate
from crypto.errors import CryptoError
from crypto.recipient import EncryptionKey
from crypto.signing import SigningKey, VerifyKey
from crypto.trust import CountyDocument, DeviceKeys
from sync import codec
from sync.errors import Malformed, Unauthentic
from sync.operation import REPLICA_BYTES

REQUEST_TYPE: Final = "application/vnd.bangban.enrolment+cbor"
APPROVAL_TYPE: Final = "application/vnd.bangban.approval+cbor"
MAX_REQUEST: Final = 4096
MAX_APPROVAL: Final = 65_536
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class FileRequest:
    """What a device asks for.

    Attributes:
        code: the one-time code as it was typed; it finds the station and is no key.
        nonce: 32 bytes; names this try.
        replica: drawn by the device.
        keys: to be certified; the request is signed with them.
        tls_fingerprint: of the page server's certificate; empty where there is none.
    """

    code: str
    nonce: bytes
    replica: bytes
    keys: DeviceKeys
    tls_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class FileApproval:
    """What the county gives to a device.

    Attributes:
        request: SHA-256 of the request's message.
        county_document: signed by `root`, which is believed once its fingerprint was compared.
        certificate: of the device; `parent_certificate`: of its township, or empty.
        trust: version of the registry.
        device: number of the device at its station.
        partner: of an outlet; else empty.
    """

    request: bytes
    root: VerifyKey
    county_document: bytes
    certificate: bytes
    parent_certificate: bytes
    trust: int
    device: int
    partner: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """An approval that holds, if the fingerprint of its root is the county's."""

    approval: FileApproval
    county: CountyDocument
    own: DeviceCertificate


def digest(request: bytes) -> bytes:
    """Name a request by its hash."""
    return sha256(request).digest()


def write_request(asked: FileRequest, key: SigningKey) -> bytes:
    """Sign a request with the key it asks for."""
    payload: dict[int | str, Value] = {
        1: asked.code,
        2: asked.nonce,
        3: asked.replica,
        4: asked.keys.verify_key.raw,
        5: asked.keys.encryption_key.raw,
        6: asked.tls_fingerprint or None,
    }
    return envelope.sign(codec.encode(codec.dense(payload)), key=key, content_type=REQUEST_TYPE)


def read_request(message: bytes) -> FileRequest:
    """Read a request, and demand that who made it holds the key it asks for.

    Raises:
        Malformed, LimitExceeded: it is none.
        Unauthentic: it is signed with another key.

    Does not check who that is: people compare `crypto.trust.request_fingerprint`.
    """
    m = _claimed(message, MAX_REQUEST)
    try:
        keys = DeviceKeys(
            VerifyKey(codec.bstr(m, 4, _KEY_BYTES)), EncryptionKey(codec.bstr(m, 5, _KEY_BYTES))
        )
    except CryptoError as error:
        raise Malformed("keys") from error
    _verify(message, keys.verify_key, REQUEST_TYPE, MAX_REQUEST)
    return FileRequest(
        code=codec.text(m, 1),
        nonce=codec.bstr(m, 2, trust.NONCE_BYTES),
        replica=codec.bstr(m, 3, REPLICA_BYTES),
        keys=keys,
        tls_fingerprint=codec.optional_text(m, 6) or "",
    )


def write_approval(given: FileApproval, key: SigningKey) -> bytes:
    """Sign an approval with the hub's device key."""
    payload: dict[int | str, Value] = {
        1: given.request,
        2: given.root.raw,
        3: given.county_document,
        4: given.certificate,
        5: given.parent_certificate,
        6: given.trust,
        7: given.device,
        8: given.partner or None,
    }
    return envelope.sign(codec.encode(codec.dense(payload)), key=key, content_type=APPROVAL_TYPE)


def read_approval(message: bytes) -> Vouched:
    """Read an approval that agrees with itself: all of it hangs on the root that it names.

    Raises:
        Malformed, LimitExceeded: it is none.
        Unauthentic: it does not agree with itself.

    Does not check that the root is the county's: a person compares its fingerprint before
    anything of this is used.
    """
    m = _claimed(message, MAX_APPROVAL)
    try:
        given = FileApproval(
            request=codec.bstr(m, 1, 32),
            root=VerifyKey(codec.bstr(m, 2, _KEY_BYTES)),
            county_document=codec.bstr(m, 3),
            certificate=codec.bstr(m, 4),
            parent_certificate=codec.optional_bstr(m, 5) or b"",
            trust=codec.uint(m, 6),
            device=codec.uint(m, 7),
            partner=codec.optional_text(m, 8) or "",
        )
        county = trust.read(given.county_document, given.root)
        hub = certificates.read(county.hub, county.issuer)
        own = certificates.read(given.certificate, county.issuer)
    except CryptoError as error:
        raise Unauthentic(f"approval: {error}") from error
    _verify(message, hub.verify_key, APPROVAL_TYPE, MAX_APPROVAL)
    return Vouched(given, county, own)


def _claimed(message: bytes, most: int) -> codec.Message:
    try:
        payload = envelope.unverified_payload(message, max_bytes=most)
    except CryptoError as error:
        raise codec.fault_of(error, Malformed(str(error))) from error
    return codec.decode_map(payload, max_bytes=most)


def _verify(message: bytes, key: VerifyKey, content_type: str, most: int) -> None:
    try:
        envelope.verify(message, key=key, content_type=content_type, max_bytes=most)
    except CryptoError as error:
        raise codec.fault_of(error, Unauthentic(f"{content_type}: {error}")) from error
