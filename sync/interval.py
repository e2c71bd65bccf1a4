"""Trusted intervals: when something happened, as far as can be proven (change-set.md §7)."""

from enum import Enum
from typing import NamedTuple


class Order(Enum):
    """How two trusted intervals lie to each other."""

    BEFORE = -1
    UNKNOWN = 0
    AFTER = 1


class TrustedInterval(NamedTuple):
    """Bounds in milliseconds since the epoch; `upper` None while the county has not received it."""

    lower: int
    upper: int | None

    def compared(self, other: "TrustedInterval") -> Order:
        """Say whether this lies wholly before or after `other`.

        >>> TrustedInterval(5, 9).compared(TrustedInterval(10, None))
        <Order.BEFORE: -1>
        >>> TrustedInterval(5, None).compared(TrustedInterval(10, None))
        <Order.UNKNOWN: 0>
        """
        if self.upper is not None and self.upper < other.lower:
            return Order.BEFORE
        if other.upper is not None and other.upper < self.lower:
            return Order.AFTER
        return Order.UNKNOWN
