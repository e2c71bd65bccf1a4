"""Attachments: one key each, the same bytes each time, chunks that can be fetched apart."""

import hashlib

import pytest

from crypto import blob
from crypto.errors import Flaw, LimitExceeded, Malformed, Tampered
from tests.unit.crypto.builders import MAX

KEY = b"\x0e" * 32


@pytest.mark.parametrize("plaintext", [b"", b"photo", bytes(300_000)])
def test_what_is_sealed_is_opened(plaintext):
    ciphertext = blob.seal_blob(plaintext, KEY)
    assert len(ciphertext) == len(plaintext) + 28
    assert blob.open_blob(ciphertext, KEY, max_bytes=MAX) == plaintext


def test_an_upload_can_go_on_after_a_restart():
    assert blob.seal_blob(b"photo", KEY) == blob.seal_blob(b"photo", KEY)


def test_no_nonce_meets_two_plaintexts_or_two_keys():
    sealed = [(b"photo", KEY), (b"photo!", KEY), (b"photo", bytes(32))]
    assert len({blob.seal_blob(text, key)[:12] for text, key in sealed}) == 3


@pytest.mark.parametrize("at", [0, 11, 12, -1])
def test_one_changed_bit_is_seen(at):
    ciphertext = bytearray(blob.seal_blob(b"photo", KEY))
    ciphertext[at] ^= 1
    with pytest.raises(Tampered):
        blob.open_blob(bytes(ciphertext), KEY, max_bytes=MAX)


def test_another_key_opens_nothing():
    with pytest.raises(Tampered) as caught:
        blob.open_blob(blob.seal_blob(b"photo", KEY), bytes(32), max_bytes=MAX)
    assert caught.value.what == "blob"


def test_too_short_and_too_long():
    with pytest.raises(Malformed) as caught:
        blob.open_blob(bytes(27), KEY, max_bytes=MAX)
    assert caught.value.reason is Flaw.BLOB
    with pytest.raises(LimitExceeded):
        blob.open_blob(bytes(101), KEY, max_bytes=100)


@pytest.mark.parametrize("length", [0, 16, 33])
def test_a_key_has_32_bytes(length):
    with pytest.raises(Malformed) as caught:
        blob.seal_blob(b"photo", bytes(length))
    assert caught.value.reason is Flaw.KEY_LENGTH


@pytest.mark.parametrize(
    ("size", "chunks"), [(0, 0), (1, 1), (262_144, 1), (262_145, 2), (600_000, 3)]
)
def test_chunks_are_256_kib_and_a_rest(size, chunks):
    data = bytes(range(256)) * (size // 256 + 1)
    hashes = blob.chunk_hashes(data[:size])
    assert len(hashes) == chunks
    pieces = [data[:size][at : at + 262_144] for at in range(0, size, 262_144)]
    assert hashes == tuple(hashlib.sha256(piece).digest() for piece in pieces)


def test_a_blob_is_named_by_its_hash():
    assert blob.content_hash(b"ciphertext") == hashlib.sha256(b"ciphertext").digest()
