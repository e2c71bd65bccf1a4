"""Any bytes into a reader raise only errors of `crypto` (or are a good message)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import blob, canonical, certificate, envelope, keyring, tls, trust
from crypto.envelope import Part
from crypto.errors import CryptoError
from tests.unit.crypto import builders
from tests.unit.crypto.builders import COUNTY, ISSUER, NOTE, ROOT, STATION, TOWNSHIP

MAX = 100_000
KEY = b"\x0e" * 32
ENVELOPE = builders.seal(
    Part(b"facts", (COUNTY.encryption_key, TOWNSHIP.encryption_key)),
    Part(b"medical", (COUNTY.encryption_key,)),
)
SIGNED = envelope.sign(b"payload", key=STATION, content_type=NOTE)
SLOT = keyring.KeyFileSlot.wrap(bytes(32), KEY, entropy=builders.entropy())


def _verify(data):
    envelope.verify(data, key=STATION.verify_key, content_type=NOTE, max_bytes=MAX)


# What a reader is, and a good message for it, so that damage reaches its last lines.
READERS = {
    "decode": (
        lambda data: canonical.decode(data, max_bytes=MAX),
        canonical.encode({1: ["张三", {"a": b"b", "c": -5}], 2: [None, True, 2**40]}),
    ),
    "decode_own": (canonical.decode_own, canonical.encode({1: ["张三", b"b", -5], 2: None})),
    "verify": (_verify, SIGNED),
    "read_kid": (lambda data: envelope.read_kid(data, max_bytes=MAX), SIGNED),
    "unverified_payload": (lambda data: envelope.unverified_payload(data, max_bytes=MAX), SIGNED),
    "outer": (lambda data: envelope.outer(data, max_bytes=MAX), ENVELOPE),
    "open_envelope": (builders.opened, ENVELOPE),
    "certificate.read": (
        lambda data: certificate.read(data, ISSUER.verify_key),
        certificate.issue(builders.certificate(), ISSUER),
    ),
    "trust.read": (
        lambda data: trust.read(data, ROOT.verify_key),
        trust.issue(builders.county_document(), ROOT),
    ),
    "read_slot": (keyring.read_slot, SLOT.to_bytes()),
    "open_secret": (
        lambda data: keyring.open_secret(data, KEY, purpose="identity"),
        keyring.seal_secret(b"s", KEY, purpose="identity", entropy=builders.entropy()),
    ),
    "open_blob": (
        lambda data: blob.open_blob(data, KEY, max_bytes=MAX),
        blob.seal_blob(b"photo", KEY),
    ),
    "tls.fingerprint": (
        tls.fingerprint,
        tls.self_signed(["a"], [], now_s=0, days=1, entropy=builders.entropy())[0],
    ),
}


def _only_our_errors(read, data):
    try:
        read(data)
    except CryptoError:
        return


@pytest.mark.parametrize("name", READERS)
def test_the_good_message_is_good(name):
    read, good = READERS[name]
    read(good)


@pytest.mark.parametrize("name", READERS)
@given(data=st.binary(max_size=500))
def test_random_bytes(name, data):
    _only_our_errors(READERS[name][0], data)


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_damaged_messages(name, data):
    read, good = READERS[name]
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    _only_our_errors(read, bytes(damaged))


# Damage behind a good signature: what an enrolled, hostile device can send.
PAYLOADS = {
    "open_envelope": (STATION, envelope.CONTENT_TYPE),
    "certificate.read": (ISSUER, certificate.CONTENT_TYPE),
    "trust.read": (ROOT, trust.CONTENT_TYPE),
}


@pytest.mark.parametrize("name", PAYLOADS)
@given(data=st.data())
def test_damaged_payloads_under_a_good_signature(name, data):
    read, good = READERS[name]
    key, _ = PAYLOADS[name]
    labels, _, payload, _ = builders.taken_apart(good)
    damaged = bytearray(payload)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    _only_our_errors(read, builders.sign1(labels, bytes(damaged), key=key))


SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.binary() | st.text()
THINGS = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(SCALARS, inner))


@pytest.mark.parametrize("name", PAYLOADS)
@given(payload=THINGS, labels=st.dictionaries(st.integers(-65545, 6), THINGS, max_size=5))
def test_any_value_under_a_good_signature(name, payload, labels):
    read, _ = READERS[name]
    key, content_type = PAYLOADS[name]
    data = builders.cbor2.dumps(payload)
    header = builders.header(key, content_type) | labels
    _only_our_errors(read, builders.sign1(header, data, key=key))
