"""The outside of an envelope, rightly signed and wrongly made: one flaw a test."""

import cbor2
import pytest

from crypto import envelope
from crypto.errors import Flaw, LimitExceeded, Malformed
from tests.unit.crypto.builders import MAX, STATION, opened, seal, sign1, signed_by, taken_apart


def flaw_of(data):
    with pytest.raises(Malformed) as caught:
        opened(data)
    return caught.value.reason


@pytest.mark.parametrize(
    ("what", "payload"),
    [
        ("no array", cbor2.dumps(b"part")),
        ("no part", cbor2.dumps([])),
        ("a part too many", cbor2.dumps([b"", b""])),
        ("a part that is text", cbor2.dumps(["part"])),
    ],
)
def test_another_payload(what, payload):
    labels, _, _, _ = taken_apart(seal())
    assert flaw_of(sign1(labels, payload)) is Flaw.PARTS, what


def test_a_payload_spelt_another_way():
    labels, _, payload, _ = taken_apart(seal())
    longer = b"\x98\x01" + payload[1:]
    assert flaw_of(sign1(labels, longer)) is Flaw.NOT_SHORTEST


@pytest.mark.parametrize(
    ("what", "labels"),
    [
        ("sender text", {"sender": "0011223344"}),
        ("sender short", {"sender": bytes(7)}),
        ("audience bytes", {"audience": b"411526000000"}),
        ("audience empty", {"audience": ""}),
        ("audience long", {"audience": "4" * 65}),
        ("dictionary text", {"dictionary": "1"}),
        ("dictionary true", {"dictionary": True}),
        ("dictionary negative", {"dictionary": -1}),
        ("hashes bytes", {"hashes": bytes(32)}),
        ("hashes text", {"hashes": ["x" * 32]}),
        ("hashes short", {"hashes": [bytes(31)]}),
        ("no hashes", {"hashes": []}),
    ],
)
def test_another_header(what, labels):
    data = signed_by(STATION, seal(), **labels)
    assert flaw_of(data) is Flaw.ENVELOPE_HEADER, what
    with pytest.raises(Malformed):
        envelope.outer(data, max_bytes=MAX)


def test_nine_hashes():
    with pytest.raises(LimitExceeded):
        opened(signed_by(STATION, seal(), hashes=[bytes(32)] * 9))


@pytest.mark.parametrize("label", [-65537, -65538, -65539, -65540])
def test_a_header_left_out(label):
    labels, _, payload, _ = taken_apart(seal())
    del labels[label]
    assert flaw_of(sign1(labels, payload)) is Flaw.ENVELOPE_HEADER


def test_a_header_too_many():
    labels, _, payload, _ = taken_apart(seal())
    assert flaw_of(sign1(labels | {-65541: 1}, payload)) is Flaw.ENVELOPE_HEADER
