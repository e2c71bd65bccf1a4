"""Ed25519 keys: the RFC's own numbers, key ids, and keys that nobody should have."""

import hashlib

import pytest

from crypto.errors import BadSignature, Flaw, Malformed
from crypto.signing import SigningKey, VerifyKey
from tests.unit.crypto.builders import MALLORY, STATION

PRIME = 2**255 - 19
CURVE_D = -121_665 * pow(121_666, -1, PRIME) % PRIME

# RFC 8032 section 7.1, tests 1 to 3: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_rfc_8032(seed, public, message, signature):
    key = SigningKey(bytes.fromhex(seed))
    assert key.verify_key == VerifyKey(bytes.fromhex(public))
    assert key.sign(bytes.fromhex(message)).hex() == signature
    key.verify_key.verify(bytes.fromhex(signature), bytes.fromhex(message))


def test_the_key_id_is_the_beginning_of_a_hash():
    key = STATION.verify_key
    assert key.key_id == hashlib.sha256(key.raw).digest()[:8]


@pytest.mark.parametrize("signature", [b"", b"\x00" * 64, MALLORY.sign(b"message")])
def test_another_signature_is_refused_with_the_key_id(signature):
    with pytest.raises(BadSignature) as caught:
        STATION.verify_key.verify(signature, b"message")
    assert caught.value.kid == STATION.verify_key.key_id


def test_another_message_is_refused():
    with pytest.raises(BadSignature):
        STATION.verify_key.verify(STATION.sign(b"message"), b"massage")


def test_a_seed_is_never_shown():
    assert STATION.seed.hex() not in repr(STATION)
    assert repr(STATION.seed) not in repr(STATION)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_keys_of_another_length_are_refused(length):
    with pytest.raises(Malformed) as caught:
        SigningKey(bytes(length))
    assert caught.value.reason is Flaw.SEED_LENGTH
    with pytest.raises(Malformed) as caught:
        VerifyKey(b"\x09" * length)
    assert caught.value.reason is Flaw.KEY_LENGTH


def _double(point):
    """Double on the twisted Edwards curve -x² + y² = 1 + d x² y²."""
    x, y = point
    both = CURVE_D * x * x * y * y
    return (
        2 * x * y * pow(1 + both, -1, PRIME) % PRIME,
        (y * y + x * x) * pow(1 - both, -1, PRIME) % PRIME,
    )


def _point(y):
    """Return a point with this y, or None where the curve has none."""
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    root = pow(square, (PRIME + 3) // 8, PRIME)
    for x in (root, root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME):
        if x * x % PRIME == square:
            return x, y
    return None


def _small_order_ys():
    """Find them by arithmetic: y where eight times the point is the neutral element (0, 1)."""
    # Points of order 8 double to points of order 4, whose y is 0: y² = -x², so y⁴ d + 2 y² - 1 = 0.
    root_of_minus_one = pow(2, (PRIME - 1) // 4, PRIME)
    discriminant = pow(1 + CURVE_D, (PRIME + 3) // 8, PRIME)
    found = {0, 1, PRIME - 1}
    for root in (discriminant, discriminant * root_of_minus_one % PRIME):
        for sign in (root, -root):
            square = (sign - 1) * pow(CURVE_D, -1, PRIME) % PRIME
            y = pow(square, (PRIME + 3) // 8, PRIME)
            found |= {y, -y % PRIME, y * root_of_minus_one % PRIME, -y * root_of_minus_one % PRIME}
    points = [_point(y) for y in found]
    return {p[1] for p in points if p and _double(_double(_double(p))) == (0, 1)}


def _spellings(y):
    """Every 32 bytes that a decoder may take for this y: either sign, and y + p where it fits."""
    values = [value for value in (y, y + PRIME) if value < 2**255]
    return [value | sign for value in values for sign in (0, 2**255)]


def test_arithmetic_finds_all_points_of_small_order():
    assert len(_small_order_ys()) == 5  # 0, 1, -1 and the two of order 8


@pytest.mark.parametrize("y", sorted(_small_order_ys()))
def test_keys_of_small_order_are_refused(y):
    for spelling in _spellings(y):
        with pytest.raises(Malformed) as caught:
            VerifyKey(spelling.to_bytes(32, "little"))
        assert caught.value.reason is Flaw.SMALL_ORDER_KEY


def test_bytes_that_are_no_point_never_verify():
    for first in range(32):
        with pytest.raises(BadSignature):
            VerifyKey(bytes([first]) + bytes(30) + b"\x11").verify(bytes(64), b"message")
