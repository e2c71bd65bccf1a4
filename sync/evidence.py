"""From the operations of a case to the heads that `casework` derives its state from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from casework.facts import UNDISCLOSED, Head, Undisclosed
from casework.values import Value as CaseValue
from crypto.canonical import Value
from sync.errors import RemoteSyncError
from sync.limits import DEFAULT, Limits
from sync.merge import Merged, merge
from sync.operation import Dot, Operation
from sync.record import Author, Witness

_NOBODY = Author("", "")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record as one place can know it.

    Attributes:
        merged: which operations count.
        heads: per field, for `casework.projection.derive`; verdicts are no field of a case.
    """

    merged: Merged
    heads: Mapping[str, Sequence[Head]]


def evidence_of(
    witnesses: Iterable[Witness],
    *,
    authors: Mapping[bytes, Author],
    county: Collection[bytes],
    limits: Limits = DEFAULT,
) -> Evidence:
    """Derive the heads of a record.

    Args:
        witnesses: all operations that this place holds of one record, in any order.
        authors: replica → place.
        county: replicas whose verdicts count.
        limits: sizes.
    """
    held = {w.entry.operation.dot: w for w in witnesses}
    merged = merge((w.entry.operation for w in held.values()), county=county)
    reader = _Values(held, limits)
    heads: dict[str, list[Head]] = defaultdict(list)
    for name, operations in merged.heads.items():
        if name.startswith("verdict."):
            continue
        for operation in operations:
            author = authors.get(operation.dot.replica, _NOBODY)
            heads[name].append(_head(reader, operation, name, author))
    return Evidence(merged, heads)


class _Values:
    """Reads field values, opening every disclosure once."""

    def __init__(self, held: Mapping[Dot, Witness], limits: Limits) -> None:
        self.held = held
        self._limits = limits
        self._opened: dict[Dot, Mapping[str, Value]] = {}

    def of(self, operation: Operation, name: str) -> "Value | Undisclosed":
        """The value that an operation gives to a field, as far as this place may see it."""
        if name in operation.fields:
            return operation.fields[name]
        if operation.dot not in self._opened:
            self._opened[operation.dot] = self._open(operation)
        return self._opened[operation.dot].get(name, UNDISCLOSED)

    def _open(self, operation: Operation) -> Mapping[str, Value]:
        return sealed_values(operation, self.held[operation.dot], self._limits)


def sealed_values(
    operation: Operation, witness: Witness, limits: Limits = DEFAULT
) -> Mapping[str, Value]:
    """Read all disclosed values of an operation; what cannot be read stays undisclosed."""
    found: dict[str, Value] = {}
    for class_, disclosure in witness.entry.disclosures.items():
        try:
            found |= disclosure.read(operation.sealed[class_], max_bytes=limits.disclosure)
        except (RemoteSyncError, KeyError):
            continue
    return found


def _head(reader: _Values, operation: Operation, name: str, author: Author) -> Head:
    interval = reader.held[operation.dot].interval
    # Strict CBOR allows more than casework's values; casework reads any shape as far as it can.
    value = cast("CaseValue | Undisclosed", reader.of(operation, name))
    return Head(
        value,
        operation.dot.replica,
        operation.dot.seq,
        author.station,
        author.kind,
        operation.actor,
        operation.fact,
        operation.claimed_at,
        interval.lower,
        interval.upper,
    )
