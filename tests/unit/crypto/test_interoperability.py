"""Others read what we write, and we read what others write: RFC 9180, RFC 9052, COSE-HPKE."""

import hashlib

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto import envelope, padding
from crypto.errors import Tampered
from crypto.recipient import DecryptionKey, Wrapped
from tests.unit.crypto import second_reader
from tests.unit.crypto.builders import (
    AUDIENCE,
    COUNTY,
    MALLORY,
    MAX,
    NOTE,
    SENDER,
    STATION,
    TOWNSHIP,
    header,
    opened,
    part_of,
    seal,
    sign1,
    taken_apart,
)

EXTERNAL_AAD = cbor2.dumps([SENDER, STATION.verify_key.key_id, AUDIENCE])

# RFC 9180 appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode.
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
SKRM = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
PKRM = bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
ENC = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
KEY = bytes.fromhex("ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91")
BASE_NONCE = bytes.fromhex("5c4d98150661b848853b547f")
PT = bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479")
AAD = b"Count-0"
CT = bytes.fromhex(
    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
)


def test_rfc_9180_key_pair():
    assert DecryptionKey(SKRM).encryption_key.raw == PKRM


def test_rfc_9180_key_and_nonce_give_its_ciphertext():
    assert ChaCha20Poly1305(KEY).encrypt(BASE_NONCE, PT, AAD) == CT


def test_rfc_9180_encapsulated_key_gives_its_key_and_nonce():
    # We use HPKE with empty AAD, so the RFC's key and nonce are used once more, without its AAD.
    without_aad = ChaCha20Poly1305(KEY).encrypt(BASE_NONCE, PT, b"")
    assert DecryptionKey(SKRM).unwrap(Wrapped(ENC, without_aad), INFO) == PT


def test_rfc_9180_ciphertext_with_other_aad_does_not_open():
    with pytest.raises(Tampered):
        DecryptionKey(SKRM).unwrap(Wrapped(ENC, CT), INFO)


def test_another_reader_verifies_our_messages():
    message = envelope.sign(b"payload", key=STATION, content_type=NOTE)
    assert second_reader.read_signed(message) == b"payload"


def test_another_reader_refuses_what_we_refuse():
    message = sign1(header(), key=MALLORY)
    with pytest.raises(second_reader.CWT.VerifyError):
        second_reader.read_signed(message)


def test_we_verify_what_another_writes():
    message = second_reader.write_signed(b"payload", header())
    assert message == envelope.sign(b"payload", key=STATION, content_type=NOTE)


@pytest.mark.parametrize("ours", [COUNTY, TOWNSHIP])
def test_another_reader_opens_our_envelopes(ours):
    data = seal()
    second_reader.read_signed(data)
    part = part_of(data)
    mine = next(r for r in part[3] if cbor2.loads(r[0])[4] == ours.encryption_key.key_id)
    secret = second_reader.content_key(mine, ours)
    padded = second_reader.read_body(part, secret, EXTERNAL_AAD)
    assert hashlib.sha256(padded).digest() == taken_apart(data)[0][-65540][0]
    text = "材料齐全".encode()
    assert padded[16 : 16 + len(text)] == text
    assert padded[16 + len(text) :].rstrip(b"\x00") == b"\x80"


def test_we_open_what_another_seals():
    secret, iv, padded = b"\x77" * 32, b"\x88" * 12, padding.pad(b"from afar", bytes(16))
    protected, ciphertext = second_reader.write_body(padded, secret, iv, EXTERNAL_AAD)
    recipients = [second_reader.recipient(key.encryption_key, secret) for key in (COUNTY, TOWNSHIP)]
    part = cbor2.CBORTag(96, [protected, {5: iv}, ciphertext, recipients])
    labels = header(content_type="application/vnd.bangban.bundle+cbor") | {
        -65537: SENDER,
        -65538: AUDIENCE,
        -65539: 0,
        -65540: [hashlib.sha256(padded).digest()],
    }
    data = second_reader.write_signed(cbor2.dumps([cbor2.dumps(part)]), labels)
    for ours in (COUNTY, TOWNSHIP):
        assert opened(data, keys=(ours,)).parts == (b"from afar",)


def test_both_write_the_same_recipient_for_the_same_key():
    part = part_of(seal())
    theirs = second_reader.recipient(COUNTY.encryption_key, bytes(32))
    assert part[3][0][0] == theirs[0]
    assert [len(part[3][0][2]), len(part[3][0][1][-4])] == [len(theirs[2]), len(theirs[1][-4])]


def test_the_message_limits_are_not_part_of_the_bytes():
    assert envelope.outer(seal(), max_bytes=MAX).audience == AUDIENCE
