"""What a department does between acceptance and the end: reviews, special steps, revocation."""

from casework import deadline
from casework.case import CaseState
from casework.desk import ActContext
from casework.errors import ActRefused
from casework.evidence import evidence, given, reasons
from casework.facts import Act
from casework.values import Fields, Value, day_of, read_int, read_text
from casework.wording import problem


def review(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """One reviewer's opinion; how many are needed says the item's step mode (R-NX-21)."""
    said: dict[str, Value] = {**evidence(ctx), **given(fields, "opinion", "agrees")}
    return Act("case.reviewed", {f"reviewed.{ctx.new_id()}": said})


def start_special(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A special step begins: the promised clock stands still (R-HC-25c, R-NX-09, R-NX-23b)."""
    if fields["told"] is not True:
        raise ActRefused([problem("/told", "not_told")])
    days = read_int(fields["days"]) or 0
    last = ctx.clock.calendar.add(day_of(ctx.now), days).day
    step: dict[str, Value] = {
        **evidence(ctx),
        **given(fields, "kind", "basis", "days", "told"),
        "until": last.isoformat(),
    }
    return Act("case.special_started", {f"special.{ctx.new_id()}": step})


def end_special(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A special step ends with its result; the clock runs again."""
    name = f"special.{read_text(fields['id'])}"
    run = case.map(name)
    if not run or "ended_at" in run:
        raise ActRefused([problem("/id", "no_step")])
    ended: dict[str, Value] = {**run, "ended_at": ctx.now, "ended_by": ctx.actor}
    return Act("case.special_ended", {name: {**ended, **given(fields, "result")}})


def extend_limit(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The statutory limit is extended once, with approval and notice (Licensing Law Art. 42)."""
    if case.values.get("extension") is not None:
        raise ActRefused([problem("", "extended_already")])
    longer: dict[str, Value] = {**evidence(ctx), **given(fields, "days", "approved_by", "reason")}
    return Act("case.limit_extended", {"extension": longer})


def order_rectify(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A promise was not kept: put it right within a time (R-HC-29d, T15)."""
    last = deadline.rectification(day_of(ctx.now), ctx.clock).day
    order: dict[str, Value] = {**evidence(ctx), "reasons": _demanded(fields)}
    return Act("case.rectify_ordered", {"rectify": {**order, "deadline": last.isoformat()}})


def confirm_rectified(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """It was put right: the decision stands."""
    done: dict[str, Value] = {**evidence(ctx), **given(fields, "evidence")}
    return Act("case.rectified", {"rectified": done})


def revoke(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The decision is taken back, with reasons and clause (R-HC-29d)."""
    taken: dict[str, Value] = {**evidence(ctx), **given(fields, "clause", "document_no")}
    return Act("case.revoked", {"revoked": {**taken, "reasons": _demanded(fields)}})


def terminate(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The case ends without a decision, with a written reason and where to go (#25)."""
    ended: dict[str, Value] = {**evidence(ctx), **given(fields, "kind", "reason", "referral")}
    return Act("case.terminated", {"terminated": ended})


def _demanded(fields: Fields) -> list[Value]:
    stated = reasons(fields)
    if not stated:
        raise ActRefused([problem("/reasons", "reasons")])
    return list(stated)
