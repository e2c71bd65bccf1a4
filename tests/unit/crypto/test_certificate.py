"""Device certificates: CWT claims under the issuer's signature."""

import cbor2
import pytest

from crypto import certificate as certificates
from crypto import envelope
from crypto.errors import BadSignature, Flaw, LimitExceeded, Malformed, UnknownKey, WrongType
from tests.unit.crypto.builders import (
    ISSUER,
    MALLORY,
    NOTE,
    SENDER,
    STATION,
    TOWNSHIP,
    certificate,
    header,
    sign1,
)

CLAIMS = {
    2: "411526101201",
    8: {1: {1: 1, -1: 6, -2: STATION.verify_key.raw}},
    -65537: TOWNSHIP.encryption_key.raw,
    -65538: SENDER,
    -65539: "village",
    -65540: "彭店村便民服务站",
    -65541: ["helper", "clerk"],
    -65542: "411526101201",
    -65543: 1,
    -65544: 1,
}


def by_hand(claims, key=ISSUER, content_type=certificates.CONTENT_TYPE):
    return sign1(header(key, content_type), cbor2.dumps(claims, canonical=True), key=key)


def test_what_is_issued_is_read():
    data = certificates.issue(certificate(), ISSUER)
    assert certificates.read(data, ISSUER.verify_key) == certificate()


def test_the_claims_are_those_that_the_specification_tells():
    assert certificates.issue(certificate(), ISSUER) == by_hand(CLAIMS)


def test_it_is_small_enough_to_travel_with_every_change_set():
    assert len(certificates.issue(certificate(), ISSUER)) < 400


def test_claims_of_a_later_version_are_ignored():
    assert certificates.read(by_hand(CLAIMS | {-65600: "new"}), ISSUER.verify_key) == certificate()


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_no_claim_may_be_missing(claim):
    claims = {label: value for label, value in CLAIMS.items() if label != claim}
    with pytest.raises(Malformed):
        certificates.read(by_hand(claims), ISSUER.verify_key)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        (2, "41152610120"),
        (2, "4115261012011"),
        (2, "41152610120x"),
        (2, "４１１５２６１０１２０１"),
        (2, 411_526_101_201),
        (8, {}),
        (8, {1: {1: 2, -1: 6, -2: STATION.verify_key.raw}}),
        (8, {1: {1: 1, -1: 4, -2: STATION.verify_key.raw}}),
        (8, {1: {1: True, -1: 6, -2: STATION.verify_key.raw}}),
        (8, {1: {1: 1, -1: 6, -2: bytes(31)}}),
        (8, {1: {1: 1, -1: 6, -2: bytes(32)}}),
        (8, {1: [1]}),
        (-65537, bytes(31)),
        (-65537, bytes(32)),
        (-65537, "key"),
        (-65538, bytes(7)),
        (-65538, "0011223344"),
        (-65539, "province"),
        (-65539, ""),
        (-65540, ""),
        (-65540, "村" * 101),
        (-65540, b"name"),
        (-65541, []),
        (-65541, "helper"),
        (-65541, ["helper", "helper"]),
        (-65541, [""]),
        (-65541, ["r" * 33]),
        (-65541, [1]),
        (-65541, [f"role{n}" for n in range(17)]),
        (-65542, ""),
        (-65542, "4"),
        (-65542, "41152610120100"),
        (-65542, "全县"),
        (-65543, 0),
        (-65543, True),
        (-65543, "1"),
        (-65544, -1),
    ],
)
def test_a_claim_outside_of_the_profile_is_refused(claim, value):
    with pytest.raises(Malformed):
        certificates.read(by_hand(CLAIMS | {claim: value}), ISSUER.verify_key)


@pytest.mark.parametrize(
    "field",
    [
        {"station": "village"},
        {"station_kind": "province"},
        {"roles": ()},
        {"roles": ("helper", "helper")},
        {"scope": ""},
        {"version": 0},
        {"valid_from_seq": -1},
        {"replica": b"short"},
    ],
)
def test_what_could_not_be_read_is_not_issued(field):
    with pytest.raises(Malformed):
        certificates.issue(certificate(**field), ISSUER)


def test_fields_that_only_look_equal_are_not_issued():
    with pytest.raises(Malformed) as caught:
        certificates.issue(certificate(roles=["helper"]), ISSUER)
    assert caught.value.reason is Flaw.CERTIFICATE


def test_a_payload_that_is_no_map_is_refused():
    with pytest.raises(Malformed) as caught:
        certificates.read(by_hand([1, 2]), ISSUER.verify_key)
    assert caught.value.reason is Flaw.CERTIFICATE


def test_a_device_cannot_certify_itself():
    with pytest.raises(UnknownKey):
        certificates.read(by_hand(CLAIMS, STATION), ISSUER.verify_key)


def test_nobody_signs_in_the_issuers_name():
    forged = sign1(
        header(ISSUER, certificates.CONTENT_TYPE),
        cbor2.dumps(CLAIMS, canonical=True),
        key=MALLORY,
    )
    with pytest.raises(BadSignature):
        certificates.read(forged, ISSUER.verify_key)


def test_what_the_issuer_signed_as_something_else_is_no_certificate():
    with pytest.raises(WrongType):
        certificates.read(by_hand(CLAIMS, content_type=NOTE), ISSUER.verify_key)


def test_a_certificate_is_no_other_message():
    data = certificates.issue(certificate(), ISSUER)
    with pytest.raises(WrongType):
        envelope.verify(data, key=ISSUER.verify_key, content_type=NOTE, max_bytes=4096)


def test_a_certificate_of_more_than_its_limit_is_refused():
    with pytest.raises(LimitExceeded) as caught:
        certificates.read(by_hand(CLAIMS | {-65600: bytes(2048)}), ISSUER.verify_key)
    assert caught.value.limit == 2048
