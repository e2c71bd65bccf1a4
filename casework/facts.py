"""What can happen to a case: the one table of facts, and the shapes of acts and heads.

A verb is what somebody asks for (`act ID withdraw`), a fact what then stands in the log
(`case.withdrawn`). Who may do it where is told by `casework.authority`, when by `casework.acts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from casework.counter_facts import COUNTER_FACTS
from casework.county_facts import COUNTY_FACTS
from casework.fact_shapes import FactSpec
from casework.office_facts import OFFICE_FACTS
from casework.values import Fields, Value


class Undisclosed(Enum):
    """The value of a head that this place may not see."""

    UNDISCLOSED = "undisclosed"


UNDISCLOSED: Final = Undisclosed.UNDISCLOSED

Shown: TypeAlias = "Value | Undisclosed"
"""A value, as far as this place may see it."""


class Head(NamedTuple):
    """One operation that counts for one field and that no other one replaces.

    Attributes:
        value: what it set; UNDISCLOSED where this place may not see it.
        replica: author's replica id, 8 bytes.
        seq: its number in the log of the replica.
        station: 12-digit code of the author's place.
        station_kind: county, township, village or outlet.
        actor: who did it.
        fact: in which act it was set.
        claimed_at: the author's clock, milliseconds; shown, never trusted.
        not_before: lower trusted bound, milliseconds; 0 when nothing is known.
        not_after: upper trusted bound; None while it is open.
    """

    value: Shown
    replica: bytes
    seq: int
    station: str
    station_kind: str
    actor: str
    fact: str
    claimed_at: int
    not_before: int = 0
    not_after: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One lawful act, ready to be written as one operation on the case."""

    fact: str
    fields: Fields


_SPECS: Final = (*COUNTER_FACTS, *OFFICE_FACTS, *COUNTY_FACTS)

FACTS: Final[Mapping[str, FactSpec]] = {spec.name: spec for spec in _SPECS}
"""Fact → what it is."""
VERBS: Final[Mapping[str, FactSpec]] = {spec.verb: spec for spec in _SPECS if spec.verb}
"""Verb → fact."""


def may_set(fact: str, field: str) -> bool:
    """Say whether a fact sets this field; of a fact that we do not know nothing is asserted.

    >>> may_set("case.withdrawn", "withdrawn"), may_set("case.withdrawn", "decided")
    (True, False)
    """
    spec = FACTS.get(fact)
    if spec is None:
        return True
    family = field.partition(".")[0] + ".*"
    return "*" in spec.sets or field in spec.sets or ("." in field and family in spec.sets)
