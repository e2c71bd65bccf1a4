"""What a place holds of a record: operations, what it may see of them, and by whom and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sync.disclosure import Disclosure
from sync.interval import TrustedInterval
from sync.operation import Operation


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation with the disclosures that are at hand."""

    operation: Operation
    disclosures: Mapping[int, Disclosure] = field(default_factory=dict)


class Author(NamedTuple):
    """Where a replica stands, by the county's certificate."""

    station: str
    kind: str


class Witness(Protocol):
    """An entry and when it can have happened."""

    @property
    def entry(self) -> Entry:
        """The operation and its disclosures."""

    @property
    def interval(self) -> TrustedInterval:
        """Its trusted interval."""
