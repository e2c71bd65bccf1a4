"""What this program can read of a case, so that a later one knows what it could not.

A database is derived by one program and opened by the next. Where the next knows more facts or
fields, or derives otherwise, the cases are read again from the log, and what stood there unread
is looked at as if it had just arrived.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from casework.facts import FACTS
from casework.merging import FIELDS
from casework.values import Value, read_int, read_list, read_map, read_text

READING: Final = 2
"""Raise it when the same operations would make another case than before."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What some program could read.

    Attributes:
        reading: its `READING`.
        facts: names of the facts that it knew.
        fields: its patterns of fields; `x.*` covers every `x.<id>`.
    """

    reading: int
    facts: frozenset[str]
    fields: frozenset[str]

    def reads(self, fact: str, fields: Iterable[str]) -> bool:
        """Say whether it knew the fact and all of these fields."""
        return fact in self.facts and all(self._covers(name) for name in fields)

    def value(self) -> Mapping[str, Value]:
        """Write it down as JSON takes it."""
        return {
            "reading": self.reading,
            "facts": sorted(self.facts),
            "fields": sorted(self.fields),
        }

    def _covers(self, name: str) -> bool:
        family, _, key = name.partition(".")
        return name in self.fields or (bool(key) and f"{family}.*" in self.fields)


def of_this_program() -> Understanding:
    """Say what this program reads."""
    return Understanding(READING, frozenset(FACTS), frozenset(FIELDS))


def parse(value: Value) -> Understanding:
    """Read what a program wrote down; who wrote nothing read no less than this one, otherwise."""
    kept = read_map(value)
    if not kept:
        today = of_this_program()
        return Understanding(0, today.facts, today.fields)
    return Understanding(
        read_int(kept.get("reading")) or 0, _names(kept.get("facts")), _names(kept.get("fields"))
    )


def _names(value: Value) -> frozenset[str]:
    return frozenset(filter(None, map(read_text, read_list(value))))
