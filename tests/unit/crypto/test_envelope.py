"""Envelopes: who can read which part, what everyone can read, and where the limits are."""

import hashlib

import pytest

from crypto import envelope, padding
from crypto.envelope import Opened, Outer, Part
from crypto.errors import Flaw, LimitExceeded, Malformed, NotForUs
from crypto.recipient import DecryptionKey
from tests.unit.crypto.builders import (
    AUDIENCE,
    COUNTY,
    MAX,
    SENDER,
    STATION,
    STRANGER,
    TOWNSHIP,
    entropy,
    opened,
    seal,
    taken_apart,
)

BOTH = (COUNTY.encryption_key, TOWNSHIP.encryption_key)
ONLY_COUNTY = (COUNTY.encryption_key,)


def test_each_recipient_reads_its_parts():
    data = seal(Part(b"facts", BOTH), Part(b"telephone", BOTH), Part(b"medical", ONLY_COUNTY))
    assert opened(data, keys=(COUNTY,)).parts == (b"facts", b"telephone", b"medical")
    assert opened(data, keys=(TOWNSHIP,)).parts == (b"facts", b"telephone", None)
    assert opened(data, keys=(TOWNSHIP, COUNTY)).parts == (b"facts", b"telephone", b"medical")


def test_what_was_signed_is_told():
    assert opened(seal()) == Opened(
        sender=SENDER,
        audience=AUDIENCE,
        kid=STATION.verify_key.key_id,
        dictionary=1,
        parts=("材料齐全".encode(),),
    )


@pytest.mark.parametrize("keys", [(STRANGER,), ()])
def test_who_is_no_recipient_is_told_so(keys):
    with pytest.raises(NotForUs) as caught:
        opened(seal(), keys=keys)
    assert caught.value.kids == tuple(key.encryption_key.key_id for key in keys)


@pytest.mark.parametrize("size", [0, 1, 1000, 100_000])
def test_any_size_comes_back(size):
    plaintext = entropy()(size) if size else b""
    assert opened(seal(Part(plaintext, BOTH))).parts == (plaintext,)


def test_a_relay_reads_the_outside():
    data = seal(Part(b"facts", BOTH), Part(b"medical", ONLY_COUNTY))
    told = envelope.outer(data, max_bytes=MAX)
    assert told == Outer(
        kid=STATION.verify_key.key_id,
        sender=SENDER,
        audience=AUDIENCE,
        dictionary=1,
        part_hashes=told.part_hashes,
    )
    assert len(told.part_hashes) == 2


def test_the_outside_does_not_confirm_a_guess():
    guess = hashlib.sha256(padding.pad(b"yes", bytes(16))).digest()
    first, second = (
        envelope.seal(
            [Part(b"yes", BOTH)],
            key=STATION,
            sender=SENDER,
            audience=AUDIENCE,
            dictionary=0,
            entropy=entropy(seed),
        )
        for seed in (b"1", b"2")
    )
    hashes = {envelope.outer(data, max_bytes=MAX).part_hashes[0] for data in (first, second)}
    assert len(hashes | {guess}) == 3


def test_lengths_are_hidden_within_their_size():
    # 1,050 and 1,070 bytes with salt and end mark both pad to 1,088.
    assert len({len(seal(Part(bytes(size), BOTH))) for size in range(1_050, 1_072)}) == 1


def test_a_kilobyte_for_two_costs_less_than_half_of_another():
    assert len(seal(Part(bytes(1000), BOTH), dictionary=1)) < 1_500


def test_parts_share_no_key_and_no_iv():
    drawn, draw = [], entropy()

    def recording(length):
        drawn.append(draw(length))
        return drawn[-1]

    envelope.seal(
        [Part(b"a", BOTH), Part(b"b", BOTH)],
        key=STATION,
        sender=SENDER,
        audience=AUDIENCE,
        dictionary=0,
        entropy=recording,
    )
    assert sorted(map(len, drawn)) == [12, 12, 16, 16, 32, 32]
    assert len(set(drawn)) == 6


@pytest.mark.parametrize("count", [0, 17])
def test_a_part_has_one_to_sixteen_recipients(count):
    keys = tuple(DecryptionKey(bytes([9, n]) * 16).encryption_key for n in range(count))
    with pytest.raises((Malformed, LimitExceeded)):
        seal(Part(b"a", keys))


def test_sixteen_recipients_all_read():
    keys = [DecryptionKey(bytes([9, n]) * 16) for n in range(16)]
    data = seal(Part(b"a", tuple(key.encryption_key for key in keys)))
    assert [opened(data, keys=(key,)).parts for key in keys] == [(b"a",)] * 16


def test_a_recipient_named_twice_is_refused():
    with pytest.raises(Malformed) as caught:
        seal(Part(b"a", (COUNTY.encryption_key, COUNTY.encryption_key)))
    assert caught.value.reason is Flaw.RECIPIENTS


def test_no_part_and_nine_parts_are_refused():
    with pytest.raises(Malformed) as caught:
        envelope.seal(
            [], key=STATION, sender=SENDER, audience=AUDIENCE, dictionary=0, entropy=entropy()
        )
    assert caught.value.reason is Flaw.ENVELOPE_HEADER
    with pytest.raises(LimitExceeded):
        seal(*[Part(b"a", BOTH)] * 9)
    assert len(opened(seal(*[Part(b"a", BOTH)] * 8)).parts) == 8


@pytest.mark.parametrize(
    "field",
    [
        {"sender": b""},
        {"sender": bytes(9)},
        {"audience": ""},
        {"audience": "x" * 65},
        {"dictionary": -1},
    ],
)
def test_a_field_outside_of_the_profile_is_not_sealed(field):
    with pytest.raises(Malformed) as caught:
        seal(**field)
    assert caught.value.reason is Flaw.ENVELOPE_HEADER


def test_the_largest_envelope_and_part_are_exact():
    data = seal(Part(bytes(1000), BOTH))
    assert opened(data, max_bytes=len(data), max_part=1000).parts == (bytes(1000),)
    with pytest.raises(LimitExceeded):
        opened(data, max_bytes=len(data) - 1)
    with pytest.raises(LimitExceeded):
        envelope.outer(data, max_bytes=len(data) - 1)
    with pytest.raises(LimitExceeded) as caught:
        opened(data, max_part=900)
    assert caught.value.what == "part"


def test_a_part_for_others_is_limited_too():
    data = seal(Part(b"a", BOTH), Part(bytes(5000), ONLY_COUNTY))
    with pytest.raises(LimitExceeded):
        opened(data, keys=(TOWNSHIP,), max_part=1000)


def test_the_payload_is_the_parts_and_nothing_else():
    labels, unprotected, _, _ = taken_apart(seal())
    assert sorted(labels) == [-65540, -65539, -65538, -65537, 1, 3, 4]
    assert unprotected == {}
