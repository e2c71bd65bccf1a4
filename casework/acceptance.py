"""What an acceptance promises: its day, the outer limit, and the papers that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework import deadline
from casework.catalogue import CatalogueItem
from casework.desk import Desk
from casework.places import Mode
from casework.values import Value, day_of
from casework.workdays import Due


@dataclass(frozen=True, slots=True)
class Terms:
    """Fields of `case.accepted`, and the days that the receipt prints."""

    fields: dict[str, Value]
    due: Due
    deficiency_deadline: date | None


def accept(item: CatalogueItem, missing: Sequence[int], at: int, desk: Desk) -> Terms:
    """State the terms of an acceptance.

    Args:
        item: as shown to the citizen.
        missing: numbers of the materials that follow on a written promise (R-HC-28b); empty when
            the papers are complete.
        at: instant of the acceptance, milliseconds.
        desk: who accepts, where. The county accepts in entrusted mode.
    """
    accepted = day_of(at)
    due = deadline.promised(item, desk.mode or Mode.ENTRUSTED, accepted, desk.clock)
    outer = deadline.statutory(item, accepted, desk.clock)
    limits: dict[str, Value] = {
        "due": due.day.isoformat(),
        "statutory_due": outer.day.isoformat(),
    }
    evidence: dict[str, Value] = {
        "at": at,
        "kind": "accepted_deficient" if missing else "accepted",
        "place": desk.place.code,
        "by": desk.actor,
    }
    promise: dict[str, Value] = {**limits, "document": "receipt", "at": at}
    if due.estimated:
        promise["estimated"] = True
    fields: dict[str, Value] = {
        "accepted": {**evidence, **limits},
        f"promise.{desk.new_id()}": promise,
    }
    if not missing:
        return Terms(fields, due, None)
    last = deadline.deficiency(item, accepted, desk.clock).day
    return Terms(fields | _commitment(missing, at, last, desk), due, last)


def _commitment(missing: Sequence[int], at: int, last: date, desk: Desk) -> dict[str, Value]:
    """The promise and the one notice on the spot that goes with it (R-HC-28c)."""
    terms: dict[str, Value] = {"materials": list(missing), "deadline": last.isoformat(), "at": at}
    return {"commitment": terms, f"notice.{desk.new_id()}": {"kind": "deficiency", **terms}}
