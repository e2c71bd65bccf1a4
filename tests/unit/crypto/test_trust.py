"""The county document, fingerprints, and the enrolment that no third party can steer."""

import hashlib
from itertools import count

import cbor2
import pytest

from crypto import trust
from crypto.errors import (
    BadSignature,
    Flaw,
    LimitExceeded,
    Malformed,
    Tampered,
    UnknownKey,
    WrongType,
)
from crypto.signing import SigningKey
from crypto.trust import DeviceKeys
from tests.unit.crypto.builders import (
    COUNTY,
    DEVICE_KEYS,
    ISSUER,
    MALLORY,
    NOTE,
    ROOT,
    STATION,
    STRANGER,
    county_document,
    entropy,
    header,
    sign1,
)

FIELDS = {
    1: "411526000000",
    2: "潢川县政务服务中心",
    3: ROOT.verify_key.raw,
    4: ISSUER.verify_key.raw,
    5: b"certificate",
    6: [COUNTY.encryption_key.raw, STRANGER.encryption_key.raw],
    7: 1,
}
STATION_NONCE, HUB_NONCE = b"\x0a" * 32, b"\x0b" * 32


def by_hand(fields, key=ROOT, content_type=trust.CONTENT_TYPE):
    return sign1(header(key, content_type), cbor2.dumps(fields), key=key)


def test_what_is_issued_is_read():
    data = trust.issue(county_document(), ROOT)
    assert trust.read(data, ROOT.verify_key) == county_document()


def test_the_fields_are_those_that_the_specification_tells():
    assert trust.issue(county_document(), ROOT) == by_hand(FIELDS)


def test_fields_of_a_later_version_are_ignored():
    assert trust.read(by_hand(FIELDS | {8: "new"}), ROOT.verify_key) == county_document()


@pytest.mark.parametrize("label", sorted(FIELDS))
def test_no_field_may_be_missing(label):
    fields = {key: value for key, value in FIELDS.items() if key != label}
    with pytest.raises(Malformed):
        trust.read(by_hand(fields), ROOT.verify_key)


@pytest.mark.parametrize(
    ("label", "value"),
    [
        (1, "411526"),
        (2, ""),
        (3, bytes(31)),
        (4, bytes(32)),
        (5, "certificate"),
        (6, []),
        (6, COUNTY.encryption_key.raw),
        (6, ["key"]),
        (6, [bytes(31)]),
        (6, [bytes(32)]),
        (6, [COUNTY.encryption_key.raw] * 2),
        (6, [bytes([n + 10]) * 32 for n in range(17)]),
        (7, 0),
        (7, -1),
    ],
)
def test_a_field_outside_of_the_profile_is_refused(label, value):
    with pytest.raises(Malformed):
        trust.read(by_hand(FIELDS | {label: value}), ROOT.verify_key)


def test_what_could_not_be_read_is_not_issued():
    with pytest.raises(Malformed):
        trust.issue(county_document(version=0), ROOT)


def test_a_root_signs_only_its_own_document():
    with pytest.raises(Malformed) as caught:
        trust.issue(county_document(), MALLORY)
    assert caught.value.reason is Flaw.COUNTY_DOCUMENT


def test_another_root_is_refused():
    with pytest.raises(UnknownKey):
        trust.read(by_hand(FIELDS | {3: MALLORY.verify_key.raw}, MALLORY), ROOT.verify_key)


def test_a_document_that_names_another_root_than_its_signer_is_refused():
    with pytest.raises(Malformed):
        trust.read(by_hand(FIELDS | {3: MALLORY.verify_key.raw}), ROOT.verify_key)


def test_a_broken_signature_is_refused():
    data = trust.issue(county_document(), ROOT)
    with pytest.raises(BadSignature):
        trust.read(data[:-1] + bytes([data[-1] ^ 1]), ROOT.verify_key)


def test_other_messages_are_no_county_document():
    with pytest.raises(WrongType):
        trust.read(by_hand(FIELDS, content_type=NOTE), ROOT.verify_key)
    with pytest.raises(LimitExceeded):
        trust.read(by_hand(FIELDS | {5: bytes(16_384)}), ROOT.verify_key)


def test_the_fingerprint_is_what_the_specification_tells():
    digest = hashlib.sha256(b"bangban root 1" + ROOT.verify_key.raw).hexdigest()[:16]
    letters = digest.translate(str.maketrans("0123456789abcdef", "BCDFGHJKMNPRTVWX"))
    expected = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    assert trust.fingerprint(ROOT.verify_key) == expected


def test_letters_cannot_be_mistaken_or_make_words():
    assert len(set(trust.LETTERS)) == 16
    assert not set(trust.LETTERS) & set("AEIOUY" + "LQSZ" + "0123456789")


def test_every_root_has_its_own_fingerprint():
    roots = [SigningKey(bytes([n]) * 32).verify_key for n in range(50)]
    assert len({trust.fingerprint(root) for root in roots}) == 50


def test_an_enrolment_code_is_drawn():
    draw = entropy()
    codes = {trust.enrolment_code(draw) for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 9 and code[4] == "-" for code in codes)
    assert trust.enrolment_code(lambda length: bytes(range(0x10, 0x10 + length))) == "CBCC-CDCF"


@pytest.mark.parametrize("typed", ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "bcdf—ghjk"])
def test_a_code_is_read_as_people_type_it(typed):
    assert trust.tidy_code(typed) == "BCDF-GHJK"


def test_the_commitment_is_what_the_specification_tells():
    keys = [DEVICE_KEYS.verify_key.raw, DEVICE_KEYS.encryption_key.raw]
    told = cbor2.dumps(["bangban enrolment commitment 1", STATION_NONCE, *keys])
    assert trust.commitment(STATION_NONCE, DEVICE_KEYS) == hashlib.sha256(told).digest()


def test_what_was_promised_is_accepted():
    trust.check_commitment(trust.commitment(STATION_NONCE, DEVICE_KEYS), STATION_NONCE, DEVICE_KEYS)


@pytest.mark.parametrize(
    ("nonce", "keys"),
    [
        (HUB_NONCE, DEVICE_KEYS),
        (STATION_NONCE, DeviceKeys(MALLORY.verify_key, DEVICE_KEYS.encryption_key)),
        (STATION_NONCE, DeviceKeys(DEVICE_KEYS.verify_key, COUNTY.encryption_key)),
    ],
)
def test_what_was_not_promised_is_refused(nonce, keys):
    with pytest.raises(Tampered) as caught:
        trust.check_commitment(trust.commitment(STATION_NONCE, DEVICE_KEYS), nonce, keys)
    assert caught.value.what == "commitment"


def match_code(station=STATION_NONCE, hub=HUB_NONCE, keys=DEVICE_KEYS, root=ROOT, county=COUNTY):
    return trust.match_code(
        station, hub, keys=keys, root=root.verify_key, county=county.encryption_key
    )


def test_the_match_code_is_what_the_specification_tells():
    told = cbor2.dumps(
        [
            "bangban enrolment match 1",
            STATION_NONCE,
            HUB_NONCE,
            DEVICE_KEYS.verify_key.raw,
            DEVICE_KEYS.encryption_key.raw,
            ROOT.verify_key.raw,
            COUNTY.encryption_key.raw,
        ]
    )
    number = int.from_bytes(hashlib.sha256(told).digest()) % 1_000_000
    assert match_code() == str(number).rjust(6, "0")


def test_whoever_stands_between_gives_both_sides_other_codes():
    codes = {
        match_code(),
        match_code(station=HUB_NONCE),
        match_code(hub=STATION_NONCE),
        match_code(keys=DeviceKeys(MALLORY.verify_key, DEVICE_KEYS.encryption_key)),
        match_code(keys=DeviceKeys(STATION.verify_key, STRANGER.encryption_key)),
        match_code(root=MALLORY),
        match_code(county=STRANGER),
    }
    assert len(codes) == 7


def test_a_match_code_keeps_its_zeros():
    small = next(code for n in count() if (code := match_code(hub=n.to_bytes(32))).startswith("0"))
    assert len(small) == 6


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_nonce_has_32_bytes(length):
    for call in (
        lambda: trust.commitment(bytes(length), DEVICE_KEYS),
        lambda: match_code(station=bytes(length)),
        lambda: match_code(hub=bytes(length)),
    ):
        with pytest.raises(Malformed) as caught:
            call()
        assert caught.value.reason is Flaw.NONCE
