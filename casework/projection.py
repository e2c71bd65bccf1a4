"""The state of a case from its evidence: a pure, total function of the heads.

Nobody writes a state. Two stations each bring one of two missing papers: nobody writes
"complete", yet the case is complete. Every input is of class 1, so that all places that hold the
case come to the same state and flags, whatever personal data they may see.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from casework.case import CaseState, Flag, State
from casework.catalogue import CatalogueItem
from casework.fact_shapes import FORMS
from casework.facts import Head, Shown, Undisclosed
from casework.merging import settle
from casework.values import Fields, read_date, read_int, read_list, read_map, same

_Values = Mapping[str, Shown]

_STATES: Final = (
    ("archived", State.ARCHIVED),
    ("terminated", State.TERMINATED),
    ("duplicate_of", State.TERMINATED),
    ("deemed_withdrawn", State.DEEMED_WITHDRAWN),
    ("revoked", State.REVOKED),
    ("rectify", State.RECTIFY),
    ("delivered", State.DELIVERED),
    ("issued", State.READY),
)
"""Evidence → state, the latest in the course of a case first; then decision, then acceptance.

An order to rectify counts until it has been carried out.
"""

_CONTRADICTIONS: Final = (
    ("withdrawn", "decided"),
    ("withdrawn", "terminated"),
    ("not_accepted", "accepted"),
    ("deemed_withdrawn", "decided"),
)
_GROUNDS: Final = (
    ("accepted", "received"),
    ("review", "accepted"),
    ("decided", "accepted"),
    ("issued", "decided"),
    ("delivered", "issued"),
)
_FAMILIES: Final = ("material", "promise", "correction", "special", "checking", "waived")
_NO_CHECKS: Final[Mapping[str, Fields]] = {}


class _Evidence:
    """What one pass over the fields finds."""

    __slots__ = ("conflicts", "families", "heads", "values")

    def __init__(self, fields: Mapping[str, Sequence[Head]]) -> None:
        self.heads = fields
        self.values: dict[str, Shown] = {}
        self.families: dict[str, list[str]] = {family: [] for family in _FAMILIES}
        self.conflicts: list[str] = []
        for name, heads in fields.items():
            # One head is the rule by far; settling it would cost more than all else here.
            value = heads[0].value if len(heads) == 1 else self._settled(name, heads)
            if value is not None:
                self.values[name] = value
                if "." in name:
                    self._group(name)

    def _settled(self, name: str, heads: Sequence[Head]) -> Shown:
        settled = settle(name, heads)
        if settled.conflict:
            self.conflicts.append(name)
        return settled.value

    def _group(self, name: str) -> None:
        names = self.families.get(name.partition(".")[0])
        if names is not None:
            names.append(name)

    def all_of(self, names: Iterable[str]) -> list[Fields]:
        """Every value that any head gives to these fields: of a promise, all are promises."""
        return [read_map(head.value) for name in names for head in self.heads[name]]


def derive(fields: Mapping[str, Sequence[Head]], *, item: CatalogueItem | None = None) -> CaseState:
    """Say how a case stands.

    Args:
        fields: field → heads, in any order, repeated or not.
        item: the item as shown to the citizen; only `missing` looks at it, never the state.

    Returns:
        A value for any input whatever: evidence of a wrong shape counts as far as it can be read.
        Does not check authority: refused operations are no heads.
    """
    found = _Evidence(fields)
    values = found.values
    in_hand = _in_hand(found)
    outstanding = _outstanding(values, in_hand)
    checks = _checks(found) if found.families["checking"] else _NO_CHECKS
    contradictions = tuple(p for p in _CONTRADICTIONS if p[0] in values and p[1] in values)
    unsupported = tuple(a for a, b in _GROUNDS if a in values and b not in values)
    held = bool(checks or contradictions or unsupported)
    due, statutory = _limits(found)
    return CaseState(
        state=_state(found, outstanding),
        flags=_flags(found, held=held, lacking=bool(outstanding)),
        due=due,
        statutory_due=statutory,
        deficiency_deadline=_deadline(found) if "commitment" in values else None,
        in_hand=in_hand,
        outstanding=outstanding,
        missing=_missing(values, in_hand, item) if item else outstanding,
        contradictions=contradictions,
        unsupported=unsupported,
        checks=checks,
        conflicts=tuple(sorted(found.conflicts)),
        values=values,
    )


def _state(found: _Evidence, outstanding: tuple[int, ...]) -> State:
    values = found.values
    stated = next((state for name, state in _STATES if _holds(values, name)), None)
    if stated is not None:
        return stated
    if "decided" in values:
        granted = _map(values, "decided").get("outcome") == "yes"
        return State.DECIDED_YES if granted else State.DECIDED_NO
    return State.WITHDRAWN if "withdrawn" in values else _open_state(found, outstanding)


def _holds(values: _Values, name: str) -> bool:
    return name in values and not (name == "rectify" and "rectified" in values)


def _open_state(found: _Evidence, outstanding: tuple[int, ...]) -> State:
    values = found.values
    if "accepted" not in values:
        return _unaccepted_state(found)
    if outstanding and "deemed_pending" in values:
        return State.DEEMED_PENDING
    if any(_is_running(found, name) for name in found.families["special"]):
        return State.SPECIAL
    if "review" in values:
        return State.REVIEW
    return State.ACCEPTED_DEF if outstanding else State.ACCEPTED


def _unaccepted_state(found: _Evidence) -> State:
    if "not_accepted" in found.values:
        return State.NOT_ACCEPTED
    if found.families["correction"]:
        return State.CORRECTION
    return State.RECEIVED if "received" in found.values else State.DRAFT


def _is_running(found: _Evidence, name: str) -> bool:
    return "ended_at" not in _map(found.values, name)


def _flags(found: _Evidence, *, held: bool, lacking: bool) -> frozenset[Flag]:
    values = found.values
    flags = []
    if "accepted" in values and "verified" not in values:
        flags.append(Flag.PROVISIONAL)
    if held:
        flags.append(Flag.HOLD)
    if lacking:
        flags.append(Flag.DEFICIENCY_OPEN)
    if any(_map(values, name).get("form") == "promised" for name in found.families["material"]):
        flags.append(Flag.PROMISE)
    return frozenset(flags)


def _in_hand(found: _Evidence) -> frozenset[int]:
    numbers = {n for name in found.families["waived"] if (n := _number(name[7:]))}
    for name in found.families["material"]:
        no = _number(name[9:])
        if no is not None and _is_handed(found, name, no):
            numbers.add(no)
    return frozenset(numbers)


def _number(key: str) -> int | None:
    return int(key[:9]) if key.isascii() and key.isdigit() else None


def _is_handed(found: _Evidence, name: str, no: int) -> bool:
    """Whether some line says that the paper is there, and it is not the one that was rejected."""
    lines = [read_map(head.value) for head in found.heads[name]]
    check = _map(found.values, f"material_check.{no}")
    refused = read_map(check.get("seen")) if check.get("result") == "rejected" else None
    return any(
        line.get("form") in FORMS and not (refused is not None and same(line, refused))
        for line in lines
    )


def _outstanding(values: _Values, in_hand: frozenset[int]) -> tuple[int, ...]:
    if "commitment" not in values:
        return ()
    promised = read_list(_map(values, "commitment").get("materials"))
    numbers = {number for number in map(read_int, promised) if number is not None}
    return tuple(sorted(numbers - in_hand))


def _missing(values: _Values, in_hand: frozenset[int], item: CatalogueItem) -> tuple[int, ...]:
    known = {k: v for k, v in values.items() if not isinstance(v, Undisclosed)}
    needed = (material.no for material in item.needed(known))
    return tuple(number for number in needed if number not in in_hand)


def _limits(found: _Evidence) -> tuple[date | None, date | None]:
    if "accepted" not in found.values:
        return None, None
    stated = found.all_of(["accepted", *found.families["promise"]])
    days = [read_date(promise.get("due")) for promise in stated]
    statutory = [read_date(promise.get("statutory_due")) for promise in stated]
    return _earliest(days), _earliest(statutory)


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _deadline(found: _Evidence) -> date | None:
    # Two commitments made apart: the citizen may rely on the later day.
    days = [read_date(c.get("deadline")) for c in found.all_of(["commitment"])]
    return max((day for day in days if day is not None), default=None)


def _checks(found: _Evidence) -> Mapping[str, Fields]:
    checks = {name[9:]: _map(found.values, name) for name in found.families["checking"]}
    return {key: checks[key] for key in sorted(checks) if checks[key].get("open") is not False}


def _map(values: _Values, name: str) -> Fields:
    return read_map(values.get(name))
