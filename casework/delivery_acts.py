"""The way of a result: to the issuing window, onward to a station, into the citizen's hands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from casework import paper_trail
from casework.case import CaseState
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem
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
    way = paper_trail.result(case)
    if way is not None and (way.place != ctx.place.code or way.arrived):
        raise ActRefused([problem("", "result_received" if way.arrived else "result_elsewhere")])
    taken: dict[str, Value] = {**evidence(ctx), "results": fields["results"]}
    differing = _serials(case.map("issued")) ^ _serials(fields)
    if differing:
        taken["differing"] = sorted(differing)
    return Act("case.result_received", {f"result_received.{ctx.new_id()}": taken})


def pass_on_result(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The result goes on to the place where the citizen fetches it (model §2.2 #21)."""
    _demand_results(fields)
    problems = list(_check_passing(case, fields, ctx))
    if problems:
        raise ActRefused(problems)
    passed: dict[str, Value] = {**evidence(ctx), **given(fields, "to", "bag", "results")}
    return Act("case.result_passed_on", {f"result_passed.{ctx.new_id()}": passed})


def _check_passing(case: CaseState, fields: Fields, ctx: ActContext) -> Iterator[FieldProblem]:
    way = paper_trail.result(case)
    if way is None or way.place != ctx.place.code or not way.arrived:
        yield problem("", "result_not_here")
    if fields["to"] == ctx.place.code:
        yield problem("/to", "same_place")
    if _serials(fields) - _serials(case.map("issued")):
        yield problem("/results", "serials")


def visit_failed(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """Somebody went and could not deliver; after the third time the result goes back."""
    if visits(case) >= MOST_VISITS:
        raise ActRefused([problem("", "visits_over", most=MOST_VISITS)])
    failed: dict[str, Value] = {**evidence(ctx), **given(fields, "reason")}
    return Act("case.visit_failed", {f"visit.{ctx.new_id()}": failed})


def deliver(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The result is signed for, or its posting proven (R-ZH-36a, 36b, 37)."""
    problems = list(_DELIVERIES[read_text(fields["to"]) or ""](case, fields))
    if not read_text(fields["proof"]):
        problems.append(problem("/proof", "missing", zh="凭证", en="Proof"))
    if problems:
        raise ActRefused(problems)
    named = ("to", "proof", "identity", "carrier", "tracking_no")
    return Act("case.delivered", {"delivered": {**evidence(ctx), **given(fields, *named)}})


def _to_applicant(_case: CaseState, fields: Fields) -> Iterator[FieldProblem]:
    if fields.get("identity", "id_card") not in {"id_card", "known"}:
        yield problem("/identity", "identity")


def _to_agent(case: CaseState, fields: Fields) -> Iterator[FieldProblem]:
    if case.values.get("entrustment_revoked") is not None:
        yield problem("/to", "entrustment_revoked")
    elif not case.text("agent.relation"):
        yield problem("/to", "agent_unknown")
    written = "entrustment" if case.values.get("agent.entrustment") is True else ""
    if fields.get("identity", written) != "entrustment":
        yield problem("/identity", "letter")


def _by_mail(_case: CaseState, fields: Fields) -> Iterator[FieldProblem]:
    # A bare proof is enough for other programs; who names the carrier names the number too.
    if fields.get("carrier") and not fields.get("tracking_no"):
        yield problem("/tracking_no", "missing", zh="单号", en="Number")


_Demand = Callable[[CaseState, Fields], Iterator[FieldProblem]]
_DELIVERIES: Final[Mapping[str, _Demand]] = {
    "applicant": _to_applicant,
    "agent": _to_agent,
    "mail": _by_mail,
}
"""To whom → what must be shown (R-ZH-36a, 36b). Pages ask for the identity; programs that were
written before it could be said put it into the proof."""


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
