"""The JSON documents by which a station enrols, parsed and written by one module for both sides.

1. The station asks with its one-time code and a commitment to its keys (`Asking`); the hub answers
   with a nonce and says who it is (`Offer`).
2. The station reveals what it had committed to (`Revealing`); both show the six-digit match code.
3. The station asks until somebody at the county has decided (`Decision`).

Bytes are lower-case hexadecimal. Unknown members are ignored, so that later versions may add some.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.places import PlaceKind, is_station_code
from crypto.certificate import REPLICA_BYTES
from crypto.errors import CryptoError
from crypto.recipient import EncryptionKey
from crypto.signing import VerifyKey
from crypto.trust import NONCE_BYTES, DeviceKeys
from sync.errors import Malformed

PATH: Final = "/sync/v1/enrolments"
REQUEST_BYTES: Final = 16
KEY_BYTES: Final = 32
COMMITMENT_BYTES: Final = 32
MAX_BODY: Final = 16_384
"""Bytes of a request of the station."""
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)
_MAX_TEXT: Final = 200

Document = Mapping[str, object]


class EnrolmentState(StrEnum):
    """How far an enrolment is.

    BEGUN: the code was taken, keys are not revealed yet. PENDING: somebody at the county must
    compare the match code. EXPIRED: the one try was spoilt or the time is over; a new code is due.
    """

    BEGUN = "begun"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Asking:
    """Step 1, station → hub.

    Attributes:
        code: the one-time code as typed.
        commitment: `crypto.trust.commitment` of nonce and keys, 32 bytes.
    """

    code: str
    commitment: bytes


@dataclass(frozen=True, slots=True)
class EnrolledAs:
    """The station as the county registered it; `partner` is empty but for outlets."""

    code: str
    kind: PlaceKind
    name: str
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Step 1, hub → station: nothing of it may be believed before the match code was compared.

    Attributes:
        id: names the enrolment from here on, 16 bytes.
        hub_nonce: fixed before the hub sees the station's keys.
        county_document: signed by `root_key`.
    """

    id: bytes
    hub_nonce: bytes
    county_document: bytes
    root_key: VerifyKey
    station: EnrolledAs


@dataclass(frozen=True, slots=True)
class Revealing:
    """Step 2, station → hub.

    Attributes:
        id: from the offer.
        nonce: the one committed to.
        replica: 8 bytes drawn by the station.
        keys: the ones committed to.
        tls_fingerprint: of the page server's certificate, empty where there is none.
    """

    id: bytes
    nonce: bytes
    replica: bytes
    keys: DeviceKeys
    tls_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Revealed:
    """Step 2, hub → station."""

    state: EnrolmentState
    match_code: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Step 3, hub → station; all but `state` is empty until APPROVED.

    Attributes:
        certificate: the device's certificate.
        parent_certificate: of the township above, where one is enrolled.
        published: the newest signed publication (`node.publication`).
        trust: version of the registry that this answer reflects.
        device: number of the device at its station, 1 to 99, for temporary numbers.
        reason: why it was refused.
    """

    state: EnrolmentState
    certificate: bytes = b""
    parent_certificate: bytes = b""
    published: bytes = b""
    trust: int = 0
    device: int = 0
    reason: str = ""


def format_asking(asking: Asking) -> dict[str, object]:
    """Lay out step 1's request."""
    return {"code": asking.code, "commitment": asking.commitment.hex()}


def parse_asking(document: object) -> Asking:
    """Read step 1's request.

    Raises:
        Malformed: naming the member that is wrong.
    """
    m = _map(document)
    return Asking(_text(m, "code"), _bytes(m, "commitment", COMMITMENT_BYTES))


def format_offer(offer: Offer) -> dict[str, object]:
    """Lay out step 1's answer."""
    station = offer.station
    return {
        "id": offer.id.hex(),
        "hub_nonce": offer.hub_nonce.hex(),
        "county_document": offer.county_document.hex(),
        "root_key": offer.root_key.raw.hex(),
        "station": {
            "code": station.code,
            "kind": station.kind.value,
            "name": station.name,
            "partner": station.partner,
        },
    }


def parse_offer(document: object) -> Offer:
    """Read step 1's answer.

    Raises:
        Malformed: naming the member that is wrong.

    Does not check the county document: `crypto.trust.read` under `root_key` does.
    """
    m = _map(document)
    return Offer(
        id=_bytes(m, "id", REQUEST_BYTES),
        hub_nonce=_bytes(m, "hub_nonce", NONCE_BYTES),
        county_document=_bytes(m, "county_document"),
        root_key=_verify_key(m, "root_key"),
        station=_station(_map(m.get("station"))),
    )


def format_revealing(revealing: Revealing) -> dict[str, object]:
    """Lay out step 2's request."""
    keys = revealing.keys
    document: dict[str, object] = {
        "id": revealing.id.hex(),
        "nonce": revealing.nonce.hex(),
        "replica": revealing.replica.hex(),
        "verify_key": keys.verify_key.raw.hex(),
        "encryption_key": keys.encryption_key.raw.hex(),
    }
    if revealing.tls_fingerprint:
        document["tls_fingerprint"] = revealing.tls_fingerprint
    return document


def parse_revealing(document: object) -> Revealing:
    """Read step 2's request.

    Raises:
        Malformed: naming the member that is wrong.

    Does not check the commitment: `crypto.trust.check_commitment` does.
    """
    m = _map(document)
    keys = DeviceKeys(_verify_key(m, "verify_key"), _encryption_key(m, "encryption_key"))
    return Revealing(
        id=_bytes(m, "id", REQUEST_BYTES),
        nonce=_bytes(m, "nonce", NONCE_BYTES),
        replica=_bytes(m, "replica", REPLICA_BYTES),
        keys=keys,
        tls_fingerprint=_text(m, "tls_fingerprint", default=""),
    )


def format_revealed(revealed: Revealed) -> dict[str, object]:
    """Lay out step 2's answer."""
    return {"state": revealed.state.value, "match_code": revealed.match_code}


def parse_revealed(document: object) -> Revealed:
    """Read step 2's answer.

    Raises:
        Malformed: naming the member that is wrong.
    """
    m = _map(document)
    return Revealed(_state(m), _text(m, "match_code"))


def format_decision(decision: Decision) -> dict[str, object]:
    """Lay out step 3's answer; what is empty is left out."""
    document: dict[str, object] = {"state": decision.state.value}
    for name in ("certificate", "parent_certificate", "published"):
        if value := getattr(decision, name):
            document[name] = value.hex()
    for name in ("trust", "device", "reason"):
        if value := getattr(decision, name):
            document[name] = value
    return document


def parse_decision(document: object) -> Decision:
    """Read step 3's answer.

    Raises:
        Malformed: naming the member that is wrong, or an approval without a certificate.

    Does not check certificates and publication: they are signed.
    """
    m = _map(document)
    found = Decision(
        state=_state(m),
        certificate=_bytes(m, "certificate", default=b""),
        parent_certificate=_bytes(m, "parent_certificate", default=b""),
        published=_bytes(m, "published", default=b""),
        trust=_number(m, "trust"),
        device=_number(m, "device"),
        reason=_text(m, "reason", default=""),
    )
    if found.state is EnrolmentState.APPROVED and not found.certificate:
        raise Malformed("certificate")
    return found


def _map(value: object) -> Document:
    if not isinstance(value, dict):
        raise Malformed("document")
    return value


def _text(m: Document, name: str, *, default: str | None = None) -> str:
    value = m.get(name, default)
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise Malformed(name)
    return value


def _bytes(
    m: Document, name: str, size: int | None = None, *, default: bytes | None = None
) -> bytes:
    value = m.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise Malformed(name)
    data = bytes.fromhex(value)
    if size is not None and len(data) != size:
        raise Malformed(name)
    return data


def _number(m: Document, name: str) -> int:
    value = m.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed(name)
    return value


def _state(m: Document) -> EnrolmentState:
    value = _text(m, "state")
    if value not in {state.value for state in EnrolmentState}:
        raise Malformed("state")
    return EnrolmentState(value)


def _verify_key(m: Document, name: str) -> VerifyKey:
    try:
        return VerifyKey(_bytes(m, name, KEY_BYTES))
    except CryptoError as error:
        raise Malformed(name) from error


def _encryption_key(m: Document, name: str) -> EncryptionKey:
    try:
        return EncryptionKey(_bytes(m, name, KEY_BYTES))
    except CryptoError as error:
        raise Malformed(name) from error


def _station(m: Document) -> EnrolledAs:
    code, kind = _text(m, "code"), _text(m, "kind")
    if not is_station_code(code) or kind not in {k.value for k in PlaceKind}:
        raise Malformed("station")
    return EnrolledAs(code, PlaceKind(kind), _text(m, "name"), _text(m, "partner", default=""))
