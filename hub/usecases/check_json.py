"""The county's checks as programs read them: what the commands and the small API both tell."""

from collections.abc import Callable

from casework import masking
from casework.merging import class_of
from casework.values import Value
from hub.usecases.conflicts import Conflict, Side

Told = Callable[[str, Value], Value]
"""How the value of a field is told."""


def plainly(_field: str, value: Value) -> Value:
    """As it stands in the check: only after the look was recorded."""
    return value


def masked(field: str, value: Value) -> Value:
    """As anybody may see it: what is personal is masked, what has no mask is hidden."""
    if value is None or class_of(field) == 1:
        return value
    return masking.masked(field, value) if isinstance(value, str) else "****"


def check_document(one: Conflict, *, told: Told = masked) -> dict[str, object]:
    """A check, up to its version; how it was settled, each reader tells in its own words."""
    fields = {
        name: [_side(side, told(name, side.value)) for side in sides]
        for name, sides in one.fields.items()
    }
    return {
        "id": one.id,
        "rule": one.rule,
        "kind": one.kind.value,
        "case": one.case,
        "cases": list(one.cases),
        "fields": fields,
        "state": one.state.value,
        "opened_at": one.opened_at,
        "version": one.version,
    }


def _side(side: Side, value: Value) -> dict[str, object]:
    return {
        "dot": side.dot,
        "value": value,
        "station": side.station,
        "actor": side.actor,
        "claimed_at": side.claimed_at,
        "received_at": side.received_at,
        "case": side.case,
    }
