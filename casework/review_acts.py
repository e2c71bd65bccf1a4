"""What a department does between acceptance and the end: reviews, special steps, revocation."""

from collections.abc import Iterator
from typing import Final

from casework import deadline
from casework.case import CaseState, Flag, State
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem
from casework.evidence import evidence, given, reasons
from casework.facts import Act
from casework.values import Fields, Value, day_of, read_date, read_int, read_text
from casework.wording import problem

MOST_EXTENSION: Final = 10
"""Working days by which the statutory limit may be extended, once (Licensing Law Art. 42)."""


def review(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """One reviewer's opinion; how many are needed says the item's step mode (R-NX-21)."""
    said: dict[str, Value] = {**evidence(ctx), **given(fields, "opinion", "agrees")}
    return Act("case.reviewed", {f"reviewed.{ctx.new_id()}": said})


def start_special(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A special step begins: the promised clock stands still (R-HC-25c, R-NX-09, R-NX-23b).

    Only the approval section of the item's department starts one, of a kind that the item lists,
    within the days that the item gives it, and after the applicant was told.
    """
    if problems := list(_check_step(case, fields, ctx)):
        raise ActRefused(problems)
    days = read_int(fields["days"]) or 0
    last = ctx.clock.calendar.add(day_of(ctx.now), days).day
    step: dict[str, Value] = {
        **evidence(ctx),
        **given(fields, "kind", "basis", "days", "told"),
        "section": ctx.department,
        "until": last.isoformat(),
    }
    return Act("case.special_started", {f"special.{ctx.new_id()}": step})


def _check_step(case: CaseState, fields: Fields, ctx: ActContext) -> Iterator[FieldProblem]:
    kind, days = read_text(fields["kind"]), read_int(fields["days"]) or 0
    listed = ctx.item.special_steps if ctx.item else ()
    step = next((step for step in listed if step.kind == kind), None)
    if not ctx.department:
        yield problem("", "section")
    if fields["told"] is not True:
        yield problem("/told", "not_told")
    if step is None:
        yield problem("/kind", "step_not_listed")
    if kind in running_kinds(case):
        yield problem("/kind", "step_running")
    if days < 1 or (step and step.days and days > step.days):
        yield problem("/days", "step_days", most=step.days if step and step.days else "…")


def running_kinds(case: CaseState) -> frozenset[str | None]:
    """Answer the kinds of the special steps that are going on."""
    runs = (case.map(name) for name in case.values if name.startswith("special."))
    return frozenset(read_text(run.get("kind")) for run in runs if "ended_at" not in run)


def end_special(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A special step ends with its result; the clock runs again."""
    name = f"special.{read_text(fields['id'])}"
    run = case.map(name)
    if not run or "ended_at" in run:
        raise ActRefused([problem("/id", "no_step")])
    ended: dict[str, Value] = {**run, "ended_at": ctx.now, "ended_by": ctx.actor}
    until = read_date(run.get("until"))
    if until is not None and day_of(ctx.now) > until:
        ended["late"] = True
    return Act("case.special_ended", {name: {**ended, **given(fields, "result")}})


def extend_limit(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The statutory limit is extended once, with approval and notice (Licensing Law Art. 42)."""
    if case.values.get("extension") is not None:
        raise ActRefused([problem("", "extended_already")])
    if (read_int(fields["days"]) or 0) not in range(1, MOST_EXTENSION + 1):
        raise ActRefused([problem("/days", "extension_days", most=MOST_EXTENSION)])
    longer: dict[str, Value] = {**evidence(ctx), **given(fields, "days", "approved_by", "reason")}
    return Act("case.limit_extended", {"extension": longer})


def order_rectify(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """A promise was not kept: put it right within a time (R-HC-29d, T15)."""
    if Flag.PROMISE not in case.flags:
        raise ActRefused([problem("", "no_promise")])
    last = deadline.rectification(day_of(ctx.now), ctx.clock).day
    order: dict[str, Value] = {**evidence(ctx), "reasons": _demanded(fields)}
    return Act("case.rectify_ordered", {"rectify": {**order, "deadline": last.isoformat()}})


def confirm_rectified(_case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """It was put right: the decision stands."""
    done: dict[str, Value] = {**evidence(ctx), **given(fields, "evidence")}
    return Act("case.rectified", {"rectified": done})


def revoke(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The decision is taken back, with reasons and clause, after the time given (R-HC-29d)."""
    last = read_date(case.map("rectify").get("deadline"))
    if last is not None and day_of(ctx.now) <= last:
        raise ActRefused([problem("", "rectify_runs", zh=last.isoformat(), en=last.isoformat())])
    taken: dict[str, Value] = {**evidence(ctx), **given(fields, "clause", "document_no")}
    return Act("case.revoked", {"revoked": {**taken, "reasons": _demanded(fields)}})


def terminate(case: CaseState, fields: Fields, ctx: ActContext) -> Act:
    """The case ends without a decision, with a written reason and where to go (#25)."""
    if fields["kind"] == "wrong_place" and not fields.get("referral"):
        raise ActRefused([problem("/referral", "missing", zh="转到哪里", en="Where to go instead")])
    if fields["kind"] == "not_corrected" and not _is_past_correction(case, ctx):
        raise ActRefused([problem("/kind", "correction_runs")])
    ended: dict[str, Value] = {**evidence(ctx), **given(fields, "kind", "reason", "referral")}
    return Act("case.terminated", {"terminated": ended})


def _is_past_correction(case: CaseState, ctx: ActContext) -> bool:
    """The day of the notice has passed, and the papers were not put right (T4)."""
    names = [name for name in case.values if name.startswith("correction.")]
    days = [read_date(case.map(name).get("deadline")) for name in names]
    known = [day for day in days if day is not None]
    return case.state is State.CORRECTION and bool(known) and day_of(ctx.now) > max(known)


def _demanded(fields: Fields) -> list[Value]:
    stated = reasons(fields)
    if not stated:
        raise ActRefused([problem("/reasons", "reasons")])
    return list(stated)
