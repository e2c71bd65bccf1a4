"""What a place holds of its scope, summed up so that two places can compare it (feed.md §6).

Sixteen buckets of records; in each the number of operations and the sum, modulo 2^64, of a name of
every operation and of the classes of it that are disclosed. Sums do not depend on any order.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Final

from sync.exchange import DIGEST_BUCKETS, DIGEST_SUM_BYTES, Bucket

_MODULUS: Final = 1 << (8 * DIGEST_SUM_BYTES)


def bucket_of(record: bytes) -> int:
    """The bucket of a record: the first half byte of the SHA-256 of its id.

    >>> bucket_of(bytes(16))
    3
    """
    return sha256(record).digest()[0] * DIGEST_BUCKETS // 256


class Sums:
    """Adds operations up."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts = [0] * DIGEST_BUCKETS
        self._totals = [0] * DIGEST_BUCKETS

    def add(self, bucket: int, operation_hash: bytes, classes: Collection[int] = ()) -> None:
        """Add an operation.

        Args:
            bucket: of its record.
            operation_hash: 32 bytes.
            classes: those of its committed classes that are disclosed here and may be seen.
        """
        seen = sum(1 << class_ for class_ in classes)
        name = sha256(operation_hash + bytes([seen])).digest()[:DIGEST_SUM_BYTES]
        self._counts[bucket] += 1
        self._totals[bucket] = (self._totals[bucket] + int.from_bytes(name)) % _MODULUS

    def buckets(self) -> list[Bucket]:
        """What it came to."""
        return [
            Bucket(count, total.to_bytes(DIGEST_SUM_BYTES))
            for count, total in zip(self._counts, self._totals, strict=True)
        ]


def differing(ours: Sequence[Bucket], theirs: Sequence[Bucket]) -> list[int]:
    """Name the buckets in which two places hold different things."""
    return [n for n, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b]
