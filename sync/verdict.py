"""Verdicts: what the county says about single operations (docs/spec/change-set.md §8).

A verdict is an ordinary operation of a county replica on the same record. It sets the field
`verdict.REPLICA:SEQ` and names the hash, so that it can arrive before its operation.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.canonical import Value
from sync import codec
from sync.errors import Malformed
from sync.merkle import HASH_BYTES
from sync.operation import Dot, Operation

PREFIX: Final = "verdict."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The county's word on one operation.

    Attributes:
        code: stable word, for example `not-authorised`.
        reason: a sentence for the place that wrote the operation, without personal data.
    """

    dot: Dot
    hash: bytes
    refused: bool
    code: str
    reason: str

    @property
    def field(self) -> str:
        """The name of the field that carries it."""
        return PREFIX + self.dot.text

    def value(self) -> Value:
        """The value of that field."""
        value: dict[str, Value] = {
            "hash": self.hash,
            "refused": self.refused,
            "code": self.code,
            "reason": self.reason,
        }
        return value


def read(name: str, value: Value) -> Verdict:
    """Parse a verdict field.

    Raises:
        Malformed: it is not one.
    """
    m = codec.as_map(value)
    refused = m.get("refused")
    if not isinstance(refused, bool):
        raise Malformed("verdict")
    return Verdict(
        dot=Dot.parse(name.removeprefix(PREFIX)),
        hash=codec.as_bytes(m.get("hash"), HASH_BYTES),
        refused=refused,
        code=codec.as_text(m.get("code")),
        reason=codec.as_text(m.get("reason")),
    )


def verdicts_of(operation: Operation) -> Iterable[Verdict]:
    """Read the verdicts that an operation states; malformed ones state nothing.

    Does not check that the author is the county.
    """
    for name, value in operation.fields.items():
        if name.startswith(PREFIX):
            try:
                yield read(name, value)
            except Malformed:
                continue


def refusals(
    operations: Mapping[Dot, Operation],
    current: Mapping[str, Sequence[Operation]],
    county: Collection[bytes],
) -> dict[Dot, Verdict]:
    """Find the operations that are refused, with the verdict that says so.

    Args:
        operations: of one record, by dot.
        current: the county's heads of the verdict fields, as if nothing were refused.
        county: replicas whose verdicts count.

    Returns:
        By dot of the refused operation. Where heads of one verdict differ, refused wins; the
        smallest dot names the reason.
    """
    found: dict[Dot, Verdict] = {}
    for name, heads in current.items():
        speaking = sorted((o for o in heads if o.dot.replica in county), key=lambda o: o.dot)
        stated = (v for o in speaking for v in verdicts_of(o) if v.field == name and v.refused)
        for verdict in stated:
            target = operations.get(verdict.dot)
            if target is None or target.hash != verdict.hash:
                continue
            if not _is_verdict(target, county):
                found.setdefault(verdict.dot, verdict)
    return found


def _is_verdict(operation: Operation, county: Collection[bytes]) -> bool:
    """Say whether an operation judges; a station's does not, whatever fields it carries."""
    judges = operation.dot.replica in county
    return judges and any(name.startswith(PREFIX) for name in operation.fields)
