"""Signed messages: what is accepted, and every way in which one is not a message."""

import cbor2
import pytest

from crypto import envelope, message
from crypto.errors import BadSignature, Flaw, LimitExceeded, Malformed, UnknownKey, WrongType
from crypto.signing import SIGNATURE_BYTES
from tests.unit.crypto.builders import (
    MALLORY,
    MAX,
    NOTE,
    STATION,
    header,
    sign1,
    taken_apart,
)


def verify(data, key=STATION, content_type=NOTE, max_bytes=MAX):
    return envelope.verify(data, key=key.verify_key, content_type=content_type, max_bytes=max_bytes)


def refused(error, data, **how):
    with pytest.raises(error) as caught:
        verify(data, **how)
    return caught.value


def flaw_of(data):
    return refused(Malformed, data).reason


def test_what_is_signed_is_verified():
    signed = verify(envelope.sign(b"payload", key=STATION, content_type=NOTE))
    assert signed == envelope.Signed(b"payload", STATION.verify_key.key_id, {})


def test_labels_of_ours_stand_on_an_envelope_only():
    other = envelope.sign(b"payload", key=STATION, content_type=NOTE, headers={-65600: 7})
    assert flaw_of(other) is Flaw.HEADER_LABEL


def test_the_bytes_are_those_that_the_specification_tells():
    by_hand = sign1(header())
    assert envelope.sign(b"payload", key=STATION, content_type=NOTE) == by_hand


def test_an_empty_payload_is_a_payload():
    assert verify(envelope.sign(b"", key=STATION, content_type=NOTE)).payload == b""


def test_the_key_is_found_before_anything_is_believed():
    data = sign1(header())[:-1] + b"\x00"  # the signature is wrong, and nobody asked
    assert envelope.read_kid(data, max_bytes=MAX) == STATION.verify_key.key_id
    assert envelope.unverified_payload(data, max_bytes=MAX) == b"payload"


@pytest.mark.parametrize("call", [envelope.read_kid, envelope.unverified_payload])
def test_peeking_has_the_same_limit(call):
    data = sign1(header())
    call(data, max_bytes=len(data))
    with pytest.raises(LimitExceeded):
        call(data, max_bytes=len(data) - 1)


def test_size_comes_before_everything():
    error = refused(LimitExceeded, b"\xff" * 101, max_bytes=100)
    assert (error.limit, error.actual) == (100, 101)


def test_a_message_of_another_type_is_refused():
    data = sign1(header(content_type="application/vnd.bangban.receipt+cbor"))
    error = refused(WrongType, data)
    assert (error.expected, error.found) == (NOTE, "application/vnd.bangban.receipt+cbor")


@pytest.mark.parametrize("algorithm", [-7, -19, -257, 0, 5, "EdDSA", True, -8.0, b"\xf8"])
def test_another_algorithm_is_refused(algorithm):
    protected = cbor2.dumps(header(alg=algorithm))
    with pytest.raises((WrongType, Malformed)):
        verify(sign1(protected))


def test_a_message_without_algorithm_is_refused():
    assert refused(WrongType, sign1(header(alg=None))).found == "None"


def test_a_message_of_another_key_is_refused_before_its_signature():
    error = refused(UnknownKey, sign1(header(key=MALLORY), key=MALLORY))
    assert error.kid == MALLORY.verify_key.key_id


def test_a_key_id_does_not_lend_its_name():
    error = refused(BadSignature, sign1(header(), key=MALLORY))
    assert error.kid == STATION.verify_key.key_id


@pytest.mark.parametrize("name", ["payload", "header"])
def test_one_changed_bit_is_seen(name):
    data = bytearray(sign1(header()))
    at = data.index(b"payload") if name == "payload" else data.index(b"note")
    data[at] ^= 1
    with pytest.raises((BadSignature, WrongType)):
        verify(bytes(data))


@pytest.mark.parametrize("label", [1, 3, 4, 33, 77, -70_000])
def test_an_unprotected_header_is_refused(label):
    assert flaw_of(sign1(header(), unprotected={label: b"x"})) is Flaw.UNPROTECTED


def test_moving_the_key_id_to_the_unprotected_header_is_refused():
    data = sign1(header(kid=None), unprotected={4: STATION.verify_key.key_id})
    assert flaw_of(data) is Flaw.UNPROTECTED


@pytest.mark.parametrize("tag", [16, 17, 61, 96, 97, 98, 55_799])
def test_another_tag_is_refused(tag):
    assert flaw_of(sign1(header(), tag=tag)) is Flaw.TAG


def test_no_tag_is_refused():
    assert flaw_of(sign1(header())[1:]) is Flaw.TAG


def test_a_tag_in_a_tag_is_refused():
    assert flaw_of(b"\xd9\xd9\xf7" + sign1(header())) is Flaw.TAG


def test_every_truncation_is_refused():
    data = sign1(header())
    for length in range(len(data)):
        with pytest.raises(Malformed):
            verify(data[:length])


@pytest.mark.parametrize("tail", [b"\x00", b"\xf6", b"\xff" * 9])
def test_nothing_may_follow(tail):
    assert flaw_of(sign1(header()) + tail) is Flaw.TRAILING


def test_a_message_of_five_items_is_refused():
    labels, unprotected, payload, signature = taken_apart(sign1(header()))
    five = [cbor2.dumps(labels), unprotected, payload, signature, b""]
    assert flaw_of(cbor2.dumps(cbor2.CBORTag(18, five))) is Flaw.TAG


def test_a_detached_payload_is_refused():
    labels, unprotected, _, signature = taken_apart(sign1(header()))
    detached = cbor2.CBORTag(18, [cbor2.dumps(labels), unprotected, None, signature])
    assert flaw_of(cbor2.dumps(detached)) is Flaw.FRAME


def test_an_array_in_place_of_the_payload_is_refused_without_being_built():
    head = sign1(header())
    at = head.index(b"\x47payload")
    assert flaw_of(head[:at] + b"\x9a\x00\x0f\xff\xff" + b"\x80" * 1000) is Flaw.FRAME


@pytest.mark.parametrize(
    ("short", "long"),
    [(b"\x47payload", b"\x58\x07payload"), (b"\x58\x40", b"\x59\x00\x40")],
)
def test_a_longer_head_is_refused(short, long):
    assert flaw_of(sign1(header()).replace(short, long)) is Flaw.NOT_SHORTEST


@pytest.mark.parametrize("head", [b"\x5f", b"\x5c", b"\x5b\x00\x00\x00\x00\x00\x00\x00\x07"])
def test_indefinite_reserved_and_eight_byte_heads_are_refused(head):
    data = sign1(header()).replace(b"\x47payload", head + b"payload")
    assert flaw_of(data) in {Flaw.FRAME, Flaw.NOT_SHORTEST}


@pytest.mark.parametrize("size", [65_536, 300, 24])
def test_long_payloads_have_long_heads(size):
    data = sign1(header(), bytes(size))
    assert verify(data).payload == bytes(size)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length):
    labels, unprotected, payload, _ = taken_apart(sign1(header()))
    item = [cbor2.dumps(labels), unprotected, payload, bytes(length)]
    assert flaw_of(cbor2.dumps(cbor2.CBORTag(18, item))) is Flaw.SIGNATURE_LENGTH
    assert SIGNATURE_BYTES == 64


GOOD = {1: -8, 3: NOTE, 4: bytes(8)}


@pytest.mark.parametrize(
    ("what", "protected", "flaw"),
    [
        ("labels out of order", cbor2.dumps({4: bytes(8), 3: NOTE, 1: -8}), Flaw.KEY_ORDER),
        ("a label twice", bytes.fromhex("a201270127"), Flaw.NOT_CBOR),
        ("a longer number", bytes.fromhex("a1013807"), Flaw.NOT_SHORTEST),
        ("no map", cbor2.dumps([1, -8]), Flaw.HEADER),
        ("empty", b"", Flaw.NOT_CBOR),
        ("something follows", cbor2.dumps(header()) + b"\x00", Flaw.NOT_SHORTEST),
        ("text labels", cbor2.dumps({"alg": -8}), Flaw.HEADER_LABEL),
        ("critical labels", cbor2.dumps({1: -8, 2: [4], 3: NOTE, 4: bytes(8)}), Flaw.HEADER_LABEL),
        ("an IV", cbor2.dumps(GOOD | {5: b"iv"}), Flaw.HEADER_LABEL),
        ("the edge of our labels", cbor2.dumps(GOOD | {-65_536: 1}), Flaw.HEADER_LABEL),
        ("no key id", cbor2.dumps({1: -8, 3: NOTE}), Flaw.KID),
        ("a short key id", cbor2.dumps(GOOD | {4: bytes(7)}), Flaw.KID),
        ("a key id that is text", cbor2.dumps(GOOD | {4: "12345678"}), Flaw.KID),
        ("no content type", cbor2.dumps({1: -8, 4: bytes(8)}), Flaw.CONTENT_TYPE),
        ("a content type that is a number", cbor2.dumps(GOOD | {3: 60}), Flaw.CONTENT_TYPE),
        ("too deep", cbor2.dumps(GOOD | {-65_600: [[1]]}), Flaw.NOT_CBOR),
    ],
)
def test_a_header_outside_of_the_profile_is_refused(what, protected, flaw):
    assert flaw_of(sign1(protected)) is flaw, what


def test_a_header_that_is_too_long_is_refused():
    assert refused(LimitExceeded, sign1(header() | {-65_600: bytes(5000)})).limit == 4096


@pytest.mark.parametrize("label", [1, 3, 4, 2, -65_536])
def test_a_caller_cannot_set_the_headers_of_the_profile(label):
    with pytest.raises(Malformed) as caught:
        envelope.sign(b"payload", key=STATION, content_type=NOTE, headers={label: 1})
    assert caught.value.reason is Flaw.HEADER_LABEL


def test_what_was_taken_apart_is_checked_against_one_key():
    parsed = message.read(sign1(header()), max_bytes=MAX)
    message.check(parsed, STATION.verify_key)
    with pytest.raises(UnknownKey):
        message.check(parsed, MALLORY.verify_key)
