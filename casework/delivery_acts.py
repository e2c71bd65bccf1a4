"""The way of a result: to the issuing window, onward to a station, into the citizen's hands."""

from typing import Final

from casework.case import CaseState
from casework.desk import ActContext
from casework.errors import ActRefused
from casework.evidence import evidence, given
from casework.facts import Act
from casework.reading import Reader
from casework.values import Fields, Value, read_list, read_map, read_text
from casework.wording import problem

MOST_VISITS: Final = 3
"""After so many failed visits the result goes back to the township (screens §2.8)."""


def receive_result(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The window signs for the result: the serials are counted on both sides (R-ZH-34a)."""
    _demand_results(fields)
    taken: dict[str, Value] = {**evidence(ctx), "results": fields["results"]}
    differing = _serials(case.map("issued")) ^ _serials(fields)
    if differing:
        taken["differing"] = sorted(differing)
    return Act("case.result_received", {f"result_received.{ctx.new_id()}": taken})


def pass_on_result(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The result goes on to the place where the citizen fetches it (model §2.2 #21)."""
    _demand_results(fields)
    passed: dict[str, Value] = {**evidence(ctx), **given(fields, "to", "bag", "results")}
    return Act("case.result_passed_on", {f"result_passed.{ctx.new_id()}": passed})


def visit_failed(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Somebody went and could not deliver; the third time the result goes back."""
    failed: dict[str, Value] = {**evidence(ctx), **given(fields, "reason")}
    return Act("case.visit_failed", {f"visit.{ctx.new_id()}": failed})


def deliver(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The result is signed for, or its posting proven (R-ZH-36a, 36b, 37)."""
    if not read_text(fields["proof"]):
        raise ActRefused([problem("/proof", "missing", zh="凭证", en="Proof")])
    if fields["to"] == "agent" and case.values.get("entrustment_revoked") is not None:
        raise ActRefused([problem("/to", "entrustment_revoked")])
    named = ("to", "proof", "identity", "carrier", "tracking_no")
    return Act("case.delivered", {"delivered": {**evidence(ctx), **given(fields, *named)}})


def visits(case: CaseState) -> int:
    """Count the failed visits."""
    return sum(1 for name in case.values if name.startswith("visit."))


def _serials(fields: Fields) -> frozenset[str]:
    rows = map(read_map, read_list(fields.get("results")))
    return frozenset(filter(None, (read_text(row.get("serial")) for row in rows)))


def _demand_results(fields: Fields) -> None:
    reader = Reader(fields)
    for row in reader.rows("results"):
        row.need("name")
        row.need("serial")
    if reader.problems:
        raise ActRefused(reader.problems)
