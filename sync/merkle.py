"""Merkle tree hashes after RFC 9162 §2.1, with proofs for subsets of leaves.

A change set's root lets any of its operations be shown with proof of the author's signature and
without a word about the others (docs/spec/change-set.md §4).
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

from sync.errors import Unauthentic

HASH_BYTES = 32

Known: TypeAlias = dict[tuple[int, int], bytes]
"""Hashes of subtrees by the half-open range of leaves they cover."""


def _split(low: int, high: int) -> int:
    """Where RFC 9162 cuts: the largest power of two smaller than the number of leaves."""
    return low + (1 << ((high - low - 1).bit_length() - 1))


def known_leaves(leaves: Sequence[bytes]) -> Known:
    """Take all leaves of a tree as known."""
    return {(i, i + 1): leaf for i, leaf in enumerate(leaves)}


def subtree(known: Known, low: int, high: int) -> bytes:
    """Hash the leaves `low`…`high - 1`, remembering what was computed in `known`.

    Raises:
        KeyError: `known` does not suffice.
    """
    if (low, high) not in known:
        if high - low <= 1:
            raise KeyError((low, high))
        middle = _split(low, high)
        left, right = subtree(known, low, middle), subtree(known, middle, high)
        known[low, high] = sha256(b"\x01" + left + right).digest()
    return known[low, high]


def root(leaves: Sequence[bytes]) -> bytes:
    """Give the Merkle tree hash of `leaves` (each already a leaf hash).

    >>> root([b"a" * 32]) == b"a" * 32
    True
    """
    if not leaves:
        return sha256(b"").digest()
    return subtree(known_leaves(leaves), 0, len(leaves))


def prove(known: Known, size: int, shown: Collection[int]) -> bytes:
    """Make the proof that the leaves `shown` belong to a tree of `size` leaves.

    Args:
        known: hashes that suffice for everything not shown.
        size: number of leaves of the whole tree.
        shown: their positions, from 0.

    Raises:
        KeyError: `known` does not suffice.
    """
    return b"".join(subtree(known, low, high) for low, high in _unshown(size, shown))


def cover(known: Known, size: int, kept: Collection[int]) -> Known:
    """Say what must be remembered of a tree when only the leaves `kept` stay.

    Args:
        known: hashes that suffice for everything that goes.
        size: number of leaves of the whole tree.
        kept: positions of the leaves that stay, from 0.

    Returns:
        The fewest hashes that, with the leaves kept, still give the root and every proof.

    Raises:
        KeyError: `known` does not suffice.
    """
    return {gone: subtree(known, *gone) for gone in _unshown(size, kept)}


def check(size: int, shown: Mapping[int, bytes], proof: bytes) -> tuple[bytes, Known]:
    """Recompute the root from shown leaves and a proof.

    Returns:
        The root, and the hashes of the subtrees that the proof gave, so that a smaller proof can
        be made from them and the leaves.

    Raises:
        Unauthentic: the proof is too short, too long or not a multiple of 32 bytes.
    """
    ranges = _unshown(size, shown)
    if len(proof) != HASH_BYTES * len(ranges):
        raise Unauthentic("proof length")
    given = {r: proof[HASH_BYTES * i : HASH_BYTES * (i + 1)] for i, r in enumerate(ranges)}
    leaves = {(i, i + 1): leaf for i, leaf in shown.items()}
    return subtree({**given, **leaves}, 0, size), given


def _unshown(size: int, shown: Collection[int]) -> list[tuple[int, int]]:
    """List the largest subtrees without a shown leaf, left to right."""
    places = sorted(shown)
    found: list[tuple[int, int]] = []

    def walk(low: int, high: int) -> None:
        at = bisect_left(places, low)
        if at == len(places) or places[at] >= high:
            found.append((low, high))
        elif high - low > 1:
            middle = _split(low, high)
            walk(low, middle)
            walk(middle, high)

    walk(0, size)
    return found
