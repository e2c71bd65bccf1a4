"""A ciphertext that ChaCha20-Poly1305 accepts under two keys, with two different plaintexts.

Poly1305 (RFC 8439 section 2.5) is a polynomial in a secret that follows from the key. Two free
blocks are enough to give it one chosen value under two keys: two linear equations.
"""

from itertools import count

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

PRIME = 2**130 - 5
CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
FREE_BLOCKS = 2


def two_faced(keys, iv, aad):
    """Return ciphertext and tag; the ciphertext is two blocks that the equations choose."""
    lengths = len(aad).to_bytes(8, "little") + (16 * FREE_BLOCKS).to_bytes(8, "little")
    secrets = [_one_time_key(key, iv) for key in keys]
    tries = (
        (tag, _solve([_equation(r, s, aad, lengths, tag) for r, s in secrets])) for tag in count()
    )
    # A block carries 16 bytes and a one above them: one tag in sixteen or so can be had.
    tag, blocks = next((tag, two) for tag, two in tries if all(one >> 128 == 1 for one in two))
    text = b"".join((block % 2**128).to_bytes(16, "little") for block in blocks)
    return text + tag.to_bytes(16, "little")


def _one_time_key(key, iv):
    """RFC 8439 section 2.6: r and s are the first block of the key stream."""
    stream = Cipher(ChaCha20(key, bytes(4) + iv), mode=None).encryptor().update(bytes(32))
    return int.from_bytes(stream[:16], "little") & CLAMP, int.from_bytes(stream[16:], "little")


def _equation(r, s, aad, lengths, tag):
    """Return a, b, c of a·first + b·second = c, so that the tag comes out as asked."""
    before = 0
    for at in range(0, len(aad), 16):
        before = (before + _block(aad[at : at + 16].ljust(16, b"\0"))) * r % PRIME
    fixed = before * pow(r, FREE_BLOCKS + 1, PRIME) + _block(lengths) * r
    # before already carries one factor r, so that the free blocks follow with r^3 and r^2.
    return pow(r, 3, PRIME), pow(r, 2, PRIME), ((tag - s) % 2**128 - fixed) % PRIME


def _block(data):
    return int.from_bytes(data, "little") + 2**128


def _solve(equations):
    (a1, b1, c1), (a2, b2, c2) = equations
    inverse = pow(a1 * b2 - a2 * b1, -1, PRIME)
    return (c1 * b2 - c2 * b1) * inverse % PRIME, (a1 * c2 - a2 * c1) * inverse % PRIME
