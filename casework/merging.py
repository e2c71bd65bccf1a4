"""What a field is, who may see it, and what holds where two places wrote it apart.

One table, exhaustive: a field without a policy is refused when it is written here. A field that a
newer program wrote is kept and settled by ASK, so that a person decides what we cannot.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.errors import UnknownField
from casework.fact_shapes import OWN_WORD_FACT
from casework.facts import UNDISCLOSED, Head, Shown, Undisclosed
from casework.places import RANK
from casework.values import Value, same


class Policy(StrEnum):
    """How heads that differ are settled."""

    ASK = "ask"
    """A person at the county decides; meanwhile the highest rank, then the smallest dot."""
    AUTHORITY = "authority"
    """The constant rank of places, then the smallest dot."""
    OWN_WORD = "own_word"
    """The citizen's own later statement over a helper's (C35)."""
    SET = "set"
    """Keyed by id, append-only: nothing is lost and nothing is asked."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Policy and class of a field."""

    policy: Policy
    data_class: int


_CLEAR_AUTHORITY: Final = Rule(Policy.AUTHORITY, 1)
_CLEAR_ASK: Final = Rule(Policy.ASK, 1)
_CLEAR_SET: Final = Rule(Policy.SET, 1)
_PERSONAL_ASK: Final = Rule(Policy.ASK, 2)
_SENSITIVE_ASK: Final = Rule(Policy.ASK, 3)
_UNKNOWN: Final = _SENSITIVE_ASK

FIELDS: Final[Mapping[str, Rule]] = {
    # what was taken in, where and how
    "item": _CLEAR_AUTHORITY,
    "item_version": _CLEAR_AUTHORITY,
    "channel": _CLEAR_AUTHORITY,
    "station": _CLEAR_AUTHORITY,
    "mode": _CLEAR_AUTHORITY,
    "handling": _CLEAR_AUTHORITY,
    "received": _CLEAR_AUTHORITY,
    "temporary_number": _CLEAR_AUTHORITY,
    "official_number": _CLEAR_AUTHORITY,
    # who applies
    "applicant_kind": _CLEAR_ASK,
    "id_type": _CLEAR_ASK,
    "division": _CLEAR_ASK,
    "name": _PERSONAL_ASK,
    "phone": _PERSONAL_ASK,
    "address": Rule(Policy.OWN_WORD, 2),
    "id_no": _SENSITIVE_ASK,
    "agent.name": _PERSONAL_ASK,
    "agent.phone": _PERSONAL_ASK,
    "agent.id_no": _SENSITIVE_ASK,
    "agent.relation": _CLEAR_ASK,
    "agent.entrustment": _CLEAR_ASK,
    "pickup": Rule(Policy.OWN_WORD, 1),
    "form.*": _SENSITIVE_ASK,
    "correction_reason": _PERSONAL_ASK,
    "representative.name": _PERSONAL_ASK,
    "representative.id_no": _SENSITIVE_ASK,
    "bundle": _CLEAR_AUTHORITY,
    "online_ref": _CLEAR_AUTHORITY,
    "refiled_from": _CLEAR_AUTHORITY,
    "entrustment_revoked": _CLEAR_SET,
    # papers and promises: every one counts, none replaces another
    "material.*": _CLEAR_SET,
    "attachment.*": _CLEAR_SET,
    "attachment_key.*": Rule(Policy.SET, 3),
    "promise.*": _CLEAR_SET,
    "notice.*": _CLEAR_SET,
    "correction.*": _CLEAR_SET,
    "handover.*": _CLEAR_SET,
    "handover_received.*": _CLEAR_SET,
    "material_check.*": _CLEAR_AUTHORITY,
    "special.*": _CLEAR_SET,
    "reviewed.*": Rule(Policy.SET, 2),
    "note.*": Rule(Policy.SET, 2),
    "notified.*": _CLEAR_SET,
    "external.*": _CLEAR_SET,
    "progress.*": _CLEAR_SET,
    "result_received.*": _CLEAR_SET,
    "result_passed.*": _CLEAR_SET,
    "visit.*": _CLEAR_SET,
    "delivered": _CLEAR_SET,
    # evidence of the course of the case
    "accepted": _CLEAR_AUTHORITY,
    "commitment": _CLEAR_AUTHORITY,
    "not_accepted": _CLEAR_AUTHORITY,
    "review": _CLEAR_AUTHORITY,
    "decided": _CLEAR_AUTHORITY,
    "issued": _CLEAR_AUTHORITY,
    "archived": _CLEAR_AUTHORITY,
    "withdrawn": _CLEAR_AUTHORITY,
    "terminated": _CLEAR_AUTHORITY,
    "extension": _CLEAR_AUTHORITY,
    "rectify": _CLEAR_AUTHORITY,
    "rectified": _CLEAR_AUTHORITY,
    "revoked": _CLEAR_AUTHORITY,
    "deemed_pending": _CLEAR_AUTHORITY,
    "deemed_withdrawn": _CLEAR_AUTHORITY,
    # what only the county writes
    "verified": _CLEAR_AUTHORITY,
    "duplicate_of": _CLEAR_AUTHORITY,
    "main": _CLEAR_AUTHORITY,
    "verdict.*": _CLEAR_SET,
    "checking.*": _CLEAR_AUTHORITY,
    "resolution.*": _CLEAR_SET,
    "told.*": Rule(Policy.SET, 2),
    "fault.*": _CLEAR_SET,
    "link.*": _CLEAR_SET,
    "waived.*": _CLEAR_SET,
}
"""Field pattern → rule; `x.*` covers every `x.<id>`."""

_EXACT: Final = {name: rule for name, rule in FIELDS.items() if not name.endswith(".*")}
_FAMILIES: Final = {name[:-2]: rule for name, rule in FIELDS.items() if name.endswith(".*")}

DECIDING: Final = ("name", "id_no", "id_type", "form.")
"""Fields (or beginnings of names) on which the decision itself may hang."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds for a field.

    Attributes:
        value: the one value to work with; UNDISCLOSED where this place may not see a head.
        conflict: whether a person must decide; every value is then in `values`.
        values: all differing values, the one that holds first.
    """

    value: Shown
    conflict: bool
    values: tuple[Value, ...]


_EMPTY: Final = Settled(value=None, conflict=False, values=())


def policy_of(field: str) -> Policy:
    """Answer the policy of a field; ASK for one that a newer program wrote."""
    return _rule(field).policy


def class_of(field: str, *, form_classes: Mapping[str, int] | None = None) -> int:
    """Answer who may see a field: 1 in clear, 2 personal, 3 sensitive.

    Args:
        field: name of the field.
        form_classes: classes that the catalogue gives to answers of the item's form.
    """
    if form_classes and field.startswith("form."):
        return form_classes.get(field[5:], 3)
    return _rule(field).data_class


def is_known(field: str) -> bool:
    """Say whether a policy covers the field."""
    return field in _EXACT or _family(field) in _FAMILIES


def demand_known(fields: Iterable[str]) -> None:
    """Refuse to write what no policy covers.

    Raises:
        UnknownField: with the first such name.
    """
    for field in fields:
        if not is_known(field):
            raise UnknownField(field)


def is_deciding(field: str) -> bool:
    """Say whether the decision itself may hang on this field (C1, C35)."""
    return field.startswith(DECIDING)


def settle(field: str, heads: Sequence[Head]) -> Settled:
    """Say what holds, from the heads alone: any order and repetition gives the same answer.

    Args:
        field: name of the field.
        heads: the operations that count for it and that none other replaces.
    """
    if not heads:
        return _EMPTY
    known = [(head, head.value) for head in _ordered(_rule(field).policy, heads)]
    values = [value for _, value in known if not isinstance(value, Undisclosed)]
    if len(values) < len(known):
        return Settled(value=UNDISCLOSED, conflict=False, values=())
    distinct = _distinct(values)
    asks = len(distinct) > 1 and _rule(field).policy is Policy.ASK
    return Settled(value=distinct[0], conflict=asks, values=distinct)


def _rule(field: str) -> Rule:
    return _EXACT.get(field) or _FAMILIES.get(_family(field)) or _UNKNOWN


def _family(field: str) -> str:
    family, _, key = field.partition(".")
    return family if key else ""


def _distinct(values: Sequence[Value]) -> tuple[Value, ...]:
    distinct: list[Value] = []
    for value in values:
        if not any(same(value, other) for other in distinct):
            distinct.append(value)
    return tuple(distinct)


def _ordered(policy: Policy, heads: Sequence[Head]) -> list[Head]:
    ordered = sorted(heads, key=_by_rank)
    if policy is not Policy.OWN_WORD:
        return ordered
    own = [head for head in ordered if head.fact == OWN_WORD_FACT] or ordered
    latest = [head for head in own if not any(_is_before(head, other) for other in own)]
    return latest + [head for head in ordered if head not in latest]


def _by_rank(head: Head) -> tuple[int, bytes, int]:
    return (-RANK.get(head.station_kind, -1), head.replica, head.seq)


def _is_before(head: Head, other: Head) -> bool:
    # "Later" is only what trusted intervals prove; where they overlap, the rank stands.
    return head.not_after is not None and head.not_after < other.not_before
