"""X25519 keys for HPKE."""

import hashlib

import pytest

from crypto.errors import Flaw, Malformed, Tampered
from crypto.recipient import DecryptionKey, EncryptionKey, Wrapped
from tests.unit.crypto.builders import COUNTY, STRANGER


def test_what_is_wrapped_is_unwrapped():
    wrapped = COUNTY.encryption_key.wrap(b"secret", b"info")
    assert COUNTY.unwrap(wrapped, b"info") == b"secret"


def test_two_wraps_of_one_secret_have_nothing_in_common():
    first, second = (COUNTY.encryption_key.wrap(b"secret", b"info") for _ in range(2))
    assert first.encapsulated != second.encapsulated
    assert first.ciphertext != second.ciphertext


@pytest.mark.parametrize(("key", "info"), [(STRANGER, b"info"), (COUNTY, b"other"), (COUNTY, b"")])
def test_another_key_or_info_opens_nothing(key, info):
    wrapped = COUNTY.encryption_key.wrap(b"secret", b"info")
    with pytest.raises(Tampered):
        key.unwrap(wrapped, info)


@pytest.mark.parametrize("encapsulated", [b"", bytes(31), bytes(32), b"\x01" + bytes(31)])
def test_a_bad_encapsulated_key_is_tampering(encapsulated):
    with pytest.raises(Tampered):
        COUNTY.unwrap(Wrapped(encapsulated, bytes(48)), b"info")


def test_the_key_id_is_the_beginning_of_a_hash():
    key = COUNTY.encryption_key
    assert key.key_id == hashlib.sha256(key.raw).digest()[:8]


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_of_another_length_are_refused(length):
    with pytest.raises(Malformed) as caught:
        EncryptionKey(b"\x09" * length)
    assert caught.value.reason is Flaw.KEY_LENGTH
    with pytest.raises(Malformed) as caught:
        DecryptionKey(b"\x09" * length)
    assert caught.value.reason is Flaw.SEED_LENGTH


@pytest.mark.parametrize("number", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18])
def test_nothing_can_be_sealed_to_a_point_of_small_order(number):
    with pytest.raises(Malformed) as caught:
        EncryptionKey(number.to_bytes(32, "little"))
    assert caught.value.reason is Flaw.SMALL_ORDER_KEY


def test_a_seed_is_never_shown():
    assert repr(COUNTY.seed) not in repr(COUNTY)
