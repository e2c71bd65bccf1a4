"""Every attack on an envelope, one a test. Mallory is enrolled: her signatures are good."""

import hashlib

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto import envelope, padding
from crypto.envelope import Part
from crypto.errors import (
    BadSignature,
    Flaw,
    LimitExceeded,
    Malformed,
    NotForUs,
    Tampered,
    UnknownKey,
    WrongType,
)
from tests.unit.crypto.builders import (
    AUDIENCE,
    COUNTY,
    MALLORY,
    MAX,
    NOTE,
    SENDER,
    STATION,
    TOWNSHIP,
    opened,
    part_of,
    seal,
    sign1,
    signed_by,
    taken_apart,
    with_part,
)
from tests.unit.crypto.two_faced import two_faced

BOTH = (COUNTY.encryption_key, TOWNSHIP.encryption_key)
MALLORYS_REPLICA = bytes.fromhex("ffeeddccbbaa9988")


def flaw_of(data, **how):
    with pytest.raises(Malformed) as caught:
        opened(data, **how)
    return caught.value.reason


def test_surreptitious_forwarding_under_the_thiefs_own_name():
    stolen = signed_by(MALLORY, seal(), sender=MALLORYS_REPLICA)
    with pytest.raises(Tampered):
        opened(stolen, key=MALLORY)


def test_surreptitious_forwarding_under_the_senders_name():
    stolen = signed_by(MALLORY, seal())  # sender and audience stay as they were
    with pytest.raises(Tampered):
        opened(stolen, key=MALLORY)


def test_a_part_moved_into_an_envelope_of_the_thief():
    hers = seal(Part(b"hers", BOTH), key=MALLORY, sender=MALLORYS_REPLICA)
    theirs = part_of(seal())
    with pytest.raises(Tampered):
        opened(with_part(hers, theirs, key=MALLORY), key=MALLORY)


def test_a_signature_by_another_key_under_the_old_key_id():
    labels, _, payload, _ = taken_apart(seal())
    with pytest.raises(BadSignature):
        opened(sign1(labels, payload, key=MALLORY))


def test_an_envelope_of_another_key_than_the_registrys():
    with pytest.raises(UnknownKey):
        opened(seal(key=MALLORY))


def test_the_signature_is_checked_before_a_part_is_looked_at():
    labels, _, _, _ = taken_apart(seal())
    with pytest.raises(BadSignature):
        opened(sign1(labels, b"no parts at all", key=MALLORY))


def test_an_audience_changed_by_the_sender_itself():
    with pytest.raises(Tampered):
        opened(signed_by(STATION, seal(), audience="411525000000"))


def test_an_audience_changed_on_the_way():
    data = seal().replace(AUDIENCE.encode(), b"411525000000")
    with pytest.raises(BadSignature):
        opened(data)


def test_two_recipients_shown_two_texts():
    iv, aad = bytes(12), cbor2.dumps([SENDER, STATION.verify_key.key_id, AUDIENCE])
    structure = cbor2.dumps(["Encrypt", cbor2.dumps({1: 24}), aad])
    content_keys = b"\x55" * 32, b"\x66" * 32
    ciphertext = two_faced(content_keys, iv, structure)
    texts = [ChaCha20Poly1305(key).decrypt(iv, ciphertext, structure) for key in content_keys]
    assert texts[0] != texts[1]  # the cipher alone lets it through

    recipients = [_recipient(key, ours) for key, ours in zip(content_keys, BOTH, strict=True)]
    part = [cbor2.dumps({1: 24}), {5: iv}, ciphertext, recipients]
    for shown, reader in ((texts[1], COUNTY), (texts[0], TOWNSHIP)):
        data = signed_by(STATION, with_part(seal(), part), hashes=[hashlib.sha256(shown).digest()])
        with pytest.raises(Tampered) as caught:
            opened(data, keys=(reader,))
        assert caught.value.what == "part_hash"


def test_a_hash_that_is_wrong_from_the_start():
    with pytest.raises(Tampered):
        opened(signed_by(STATION, seal(), hashes=[bytes(32)]))


def test_parts_exchanged_within_an_envelope():
    data = seal(Part(b"one", BOTH), Part(b"two", BOTH))
    labels, _, payload, _ = taken_apart(data)
    turned = cbor2.dumps(cbor2.loads(payload)[::-1])
    with pytest.raises(Tampered):
        opened(sign1(labels, turned))


def test_a_recipient_structure_of_another_part():
    data = seal(Part(b"one", BOTH), Part(b"two", BOTH))
    part = part_of(data)
    part[3] = part_of(data, 1)[3]
    with pytest.raises(Tampered):
        opened(with_part(data, part))


def test_a_recipient_given_the_name_of_another():
    part = part_of(seal())
    part[3][0][0], part[3][1][0] = part[3][1][0], part[3][0][0]
    with pytest.raises(Tampered) as caught:
        opened(with_part(seal(), part))
    assert caught.value.what == "recipient"


def _flipped(data):
    return bytes([data[0] ^ 1]) + data[1:]


def _flip_wrapped(part):
    part[3][0][2] = _flipped(part[3][0][2])


def _flip_encapsulated(part):
    part[3][0][1] = {-4: _flipped(part[3][0][1][-4])}


@pytest.mark.parametrize(
    "flip",
    [
        lambda part: part.__setitem__(2, _flipped(part[2])),
        lambda part: part.__setitem__(1, {5: _flipped(part[1][5])}),
        _flip_wrapped,
        _flip_encapsulated,
    ],
    ids=["ciphertext", "iv", "wrapped", "encapsulated"],
)
def test_one_changed_bit_in_a_part(flip):
    part = part_of(seal())
    flip(part)
    with pytest.raises(Tampered):
        opened(with_part(seal(), part))


def _recipient(content_key, key):
    """Write a COSE_recipient by hand."""
    protected = cbor2.dumps({1: 50, 4: key.key_id})
    wrapped = key.wrap(content_key, cbor2.dumps(["HPKE Recipient", 24, protected, b""]))
    return [protected, {-4: wrapped.encapsulated}, wrapped.ciphertext]


def _resealed(padded, data=None):
    """Seal chosen padded bytes as the first part, with the right hash and a fresh content key."""
    data = data or seal()
    part, content_key = part_of(data), b"\x55" * 32
    aad = cbor2.dumps([SENDER, STATION.verify_key.key_id, AUDIENCE])
    structure = cbor2.dumps(["Encrypt", part[0], aad])
    part[2] = ChaCha20Poly1305(content_key).encrypt(part[1][5], padded, structure)
    part[3] = [_recipient(content_key, key) for key in BOTH]
    return signed_by(STATION, with_part(data, part), hashes=[hashlib.sha256(padded).digest()])


def test_the_second_pen_writes_what_we_read():
    assert opened(_resealed(padding.pad(b"by hand", bytes(16)))).parts == (b"by hand",)


@pytest.mark.parametrize(
    "padded", [b"", bytes(64), b"text", padding.pad(b"text", bytes(16)) + bytes(40)]
)
def test_padding_of_another_shape(padded):
    assert flaw_of(_resealed(padded)) is Flaw.PADDING


@pytest.mark.parametrize("algorithm", [1, 3, 10, 25, -6, 35, 50, None])
def test_another_content_algorithm(algorithm):
    part = part_of(seal())
    part[0] = cbor2.dumps({} if algorithm is None else {1: algorithm})
    with pytest.raises(WrongType):
        opened(with_part(seal(), part))


def test_a_content_header_with_more_in_it():
    part = part_of(seal())
    part[0] = cbor2.dumps({1: 24, 4: bytes(8)})
    assert flaw_of(with_part(seal(), part)) is Flaw.PART


@pytest.mark.parametrize("algorithm", [24, 42, 46, 49, -6, -25, None])
def test_another_recipient_algorithm(algorithm):
    part = part_of(seal())
    labels = {1: algorithm, 4: COUNTY.encryption_key.key_id}
    part[3][0][0] = cbor2.dumps({label: value for label, value in labels.items() if value})
    with pytest.raises(WrongType):
        opened(with_part(seal(), part))


def test_a_recipient_header_with_more_in_it():
    part = part_of(seal())
    part[3][0][0] = cbor2.dumps({1: 50, 4: COUNTY.encryption_key.key_id, 5: b"iv"})
    assert flaw_of(with_part(seal(), part)) is Flaw.RECIPIENT


@pytest.mark.parametrize("unprotected", [{}, {4: b"kid"}, {5: bytes(12), 6: b""}, {6: bytes(12)}])
def test_an_unprotected_header_of_a_part(unprotected):
    part = part_of(seal())
    part[1] = unprotected
    assert flaw_of(with_part(seal(), part)) is Flaw.UNPROTECTED


@pytest.mark.parametrize("unprotected", [{}, {4: bytes(8)}, {-4: bytes(32), 4: bytes(8)}])
def test_an_unprotected_header_of_a_recipient(unprotected):
    part = part_of(seal())
    part[3][0][1] = unprotected
    assert flaw_of(with_part(seal(), part)) is Flaw.UNPROTECTED


@pytest.mark.parametrize("tag", [16, 18, 97])
def test_a_part_with_another_tag(tag):
    assert flaw_of(with_part(seal(), part_of(seal()), tag=tag)) is Flaw.TAG


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("short IV", lambda part: part.__setitem__(1, {5: bytes(11)})),
        ("no tag", lambda part: part.__setitem__(2, bytes(15))),
    ],
)
def test_a_part_of_another_shape(what, change):
    part = part_of(seal())
    change(part)
    assert flaw_of(with_part(seal(), part)) is Flaw.PART, what


@pytest.mark.parametrize(
    ("what", "recipient"),
    [
        ("short key", [{-4: bytes(31)}, bytes(48)]),
        ("short wrap", [{-4: bytes(32)}, bytes(47)]),
        ("long wrap", [{-4: bytes(32)}, bytes(49)]),
    ],
)
def test_a_recipient_of_another_shape(what, recipient):
    part = part_of(seal())
    part[3][0][1:] = recipient
    assert flaw_of(with_part(seal(), part)) is Flaw.RECIPIENT, what


def test_no_recipient():
    part = part_of(seal())
    part[3] = []
    assert flaw_of(with_part(seal(), part)) is Flaw.RECIPIENTS


def test_our_name_twice_in_one_part():
    part = part_of(seal())
    part[3].append(part[3][0])
    assert flaw_of(with_part(seal(), part)) is Flaw.RECIPIENTS


def test_a_claim_of_four_thousand_million_recipients():
    part = part_of(seal())
    data = cbor2.dumps(cbor2.CBORTag(96, [*part[:3], []]))[:-1] + b"\x9a\xff\xff\xff\xff"
    with pytest.raises(LimitExceeded):
        opened(with_part(seal(), data))


def test_a_recipient_that_is_a_longer_array():
    part = part_of(seal())
    part[3][0].append(b"")
    assert flaw_of(with_part(seal(), part)) is Flaw.RECIPIENT


def test_something_behind_a_part():
    data = cbor2.dumps(cbor2.CBORTag(96, part_of(seal()))) + b"\x00"
    assert flaw_of(with_part(seal(), data)) is Flaw.TRAILING


def test_a_message_of_another_type_is_no_envelope():
    labels, _, payload, _ = taken_apart(seal())
    data = sign1(labels | {3: NOTE}, payload)
    with pytest.raises(WrongType):
        opened(data)
    with pytest.raises(WrongType):
        envelope.outer(data, max_bytes=MAX)


def test_an_envelope_is_no_message_of_another_type():
    with pytest.raises(WrongType):
        envelope.verify(seal(), key=STATION.verify_key, content_type=NOTE, max_bytes=MAX)


def test_a_signing_seed_used_as_encryption_key_is_another_key():
    # Key confusion: nothing sealed to the county can be opened with a signing key's bytes.
    with pytest.raises(NotForUs):
        opened(seal(), keys=(type(COUNTY)(STATION.seed),))


def test_every_truncation_of_an_envelope():
    data = seal()
    for length in range(0, len(data), 7):
        with pytest.raises(Malformed):
            opened(data[:length])
    with pytest.raises(Malformed):
        opened(data[:-1])


def test_every_truncation_of_a_part():
    whole = cbor2.dumps(cbor2.CBORTag(96, part_of(seal())))
    for length in range(0, len(whole), 5):
        with pytest.raises(Malformed):
            opened(with_part(seal(), whole[:length]))
