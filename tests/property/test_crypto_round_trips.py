"""What is sealed, padded or signed comes back to those it was meant for, and to nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import blob, envelope, padding
from crypto.envelope import Part
from crypto.errors import NotForUs
from crypto.recipient import DecryptionKey
from tests.unit.crypto.builders import (
    AUDIENCE,
    NOTE,
    SENDER,
    STATION,
    STRANGER,
    entropy,
    opened,
)

KEYS = [DecryptionKey(bytes([20 + n]) * 32) for n in range(4)]
READERS = st.sets(st.integers(0, 3), min_size=1)


@given(st.lists(st.tuples(st.binary(max_size=300), READERS), min_size=1, max_size=4))
def test_every_reader_gets_exactly_its_parts(parts):
    data = envelope.seal(
        [Part(text, tuple(KEYS[n].encryption_key for n in readers)) for text, readers in parts],
        key=STATION,
        sender=SENDER,
        audience=AUDIENCE,
        dictionary=0,
        entropy=entropy(),
    )
    for number, key in enumerate(KEYS):
        mine = tuple(text if number in readers else None for text, readers in parts)
        if any(part is not None for part in mine):
            assert opened(data, keys=(key,)).parts == mine
        else:
            with pytest.raises(NotForUs):
                opened(data, keys=(key,))
    with pytest.raises(NotForUs):
        opened(data, keys=(STRANGER,))


@given(st.binary(max_size=2000), st.binary(min_size=16, max_size=16))
def test_padding_comes_off(plaintext, salt):
    padded = padding.pad(plaintext, salt)
    assert padding.unpad(padded) == plaintext
    assert len(padded) <= (len(plaintext) + 17) * 1.12


@given(st.integers(1, 2**40))
def test_padme_rounds_up_and_keeps_order(length):
    assert length <= padding.padme(length) <= padding.padme(length + 1)


@given(st.binary(max_size=500))
def test_a_signed_payload_comes_back(payload):
    message = envelope.sign(payload, key=STATION, content_type=NOTE)
    signed = envelope.verify(
        message, key=STATION.verify_key, content_type=NOTE, max_bytes=len(message)
    )
    assert signed.payload == payload


@given(st.binary(max_size=500), st.binary(min_size=32, max_size=32))
def test_an_attachment_comes_back(plaintext, key):
    assert blob.open_blob(blob.seal_blob(plaintext, key), key, max_bytes=1000) == plaintext
