"""What must have happened before a case is decided (model §2.2 #16–#18)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from casework import authority, deadline, paper_trail
from casework.case import CaseState, Flag, State
from casework.catalogue import CatalogueItem, StepMode
from casework.desk import ActContext
from casework.errors import FieldProblem
from casework.evidence import reasons
from casework.places import PlaceKind
from casework.values import Fields, Value, day_of, read_int, read_text
from casework.wording import problem

REVIEWERS: Final[Mapping[StepMode, int]] = {
    StepMode.COMBINED: 0,
    StepMode.ONE_REVIEW: 1,
    StepMode.TWO_REVIEWS: 2,
    StepMode.SPECIAL: 2,
}
"""How many other people have looked at it before; the last approval is the decision (R-NX-21)."""

REMEDIES: Final = "收到决定之日起60日内可以申请行政复议，或者6个月内向人民法院提起行政诉讼。"
"""Where to turn, unless the department states otherwise (复议法第20条, 行政诉讼法第46条)."""


def check(case: CaseState, fields: Fields, ctx: ActContext) -> Iterator[FieldProblem]:
    """Say everything that stands in the way of a decision."""
    granting = fields["outcome"] == "yes"
    yield from _granting(case, ctx) if granting else _refusing(case, fields, ctx)
    yield from _four_eyes(case, ctx)
    if ctx.item is not None:
        yield from _steps(case, ctx.item, ctx.actor, granting=granting)


def is_direct(case: CaseState, item: CatalogueItem) -> bool:
    """Say whether no review goes before: on the spot, or on a promise (R-HC-25a, R-HC-29c)."""
    return item.on_the_spot or (Flag.PROMISE in case.flags and not item.guide.promise_excluded)


def reviewers(case: CaseState, *, besides: str, agreeing: bool) -> frozenset[str]:
    """Answer who has reviewed the case; the last word of everybody counts.

    Args:
        case: as it stands.
        besides: login of who decides: nobody confirms himself.
        agreeing: only those who agree.
    """
    said = [case.map(name) for name in case.values if name.startswith("reviewed.")]
    last: dict[str, Fields] = {}
    for one in sorted(said, key=lambda one: read_int(one.get("at")) or 0):
        last[read_text(one.get("by")) or ""] = one
    return frozenset(
        who
        for who, one in last.items()
        if who and who != besides and (one.get("agrees") is True or not agreeing)
    )


def steps_left(case: CaseState, item: CatalogueItem) -> tuple[str, ...]:
    """Answer the kinds of the listed special steps that have not been gone through."""
    runs = [case.map(name) for name in case.values if name.startswith("special.")]
    done = {read_text(run.get("kind")) for run in runs if "ended_at" in run}
    return tuple(step.kind for step in item.special_steps if step.kind not in done)


def stated_refusal(fields: Fields, item: CatalogueItem | None) -> dict[str, Value]:
    """Answer clause and remedies of a refusal: those given, else the item's basis and the law's.

    A citizen is never refused without being told on what ground and where to turn (R-HN-22).
    """
    basis = "；".join(item.guide.basis) if item else ""
    stated: dict[str, Value] = {"remedies": read_text(fields.get("remedies")) or REMEDIES}
    clause = read_text(fields.get("clause")) or basis
    return stated | ({"clause": clause} if clause else {})


def lateness(case: CaseState, ctx: ActContext) -> dict[str, Value]:
    """Answer the mark of what is done after the promised day; nothing when it is in time."""
    due = deadline.due_on(case, ctx.item, ctx.clock)
    return {"late": True} if due is not None and day_of(ctx.now) > due.day else {}


def named(numbers: Iterable[int], item: CatalogueItem | None) -> tuple[str, str]:
    """Answer the names of papers in both tongues; their numbers where the item is not known."""
    found = [(no, item.material(no) if item else None) for no in numbers]
    zh = "、".join(m.name if m else str(no) for no, m in found)
    return zh, ", ".join((m.name_en if m else "") or str(no) for no, m in found)


def _granting(case: CaseState, ctx: ActContext) -> Iterator[FieldProblem]:
    wanting = sorted({*case.missing, *paper_trail.rejected(case)})
    if wanting:
        zh, en = named(wanting, ctx.item)
        yield problem("", "lacking", zh=zh, en=en)
    if ctx.item and ctx.item.guide.promise_excluded and Flag.PROMISE in case.flags:
        yield problem("", "promise_outside", zh=ctx.item.guide.promise_excluded)


def _refusing(case: CaseState, fields: Fields, ctx: ActContext) -> Iterator[FieldProblem]:
    if ctx.place.kind is not PlaceKind.COUNTY:
        yield problem("", "refused_by_department")
    elif case.state is not State.REVIEW:
        yield problem("", "sign_in_first")
    if not reasons(fields):
        yield problem("/reasons", "reasons")
    if "clause" not in stated_refusal(fields, ctx.item):
        yield problem("/clause", "missing", zh="依据", en="Clause")


def _four_eyes(case: CaseState, ctx: ActContext) -> Iterator[FieldProblem]:
    accepted = case.map("accepted")
    refusal = authority.check_four_eyes(
        (read_text(accepted.get("place")) or "", read_text(accepted.get("by")) or ""),
        (ctx.place.code, ctx.actor),
        promised_days=ctx.item.promised_days if ctx.item else 1,
    )
    if refusal:
        yield problem("", "authority", zh=refusal.message_zh, en=refusal.message_en)


def _steps(
    case: CaseState, item: CatalogueItem, actor: str, *, granting: bool
) -> Iterator[FieldProblem]:
    if granting and is_direct(case, item):
        return
    needed = 0 if item.on_the_spot else REVIEWERS[item.step_mode]
    have = len(reviewers(case, besides=actor, agreeing=granting))
    if have < needed:
        yield problem("", "reviews", needed=needed, have=have)
    left = steps_left(case, item) if item.step_mode is StepMode.SPECIAL and granting else ()
    if left:
        names = {step.kind: step for step in item.special_steps}
        zh = "、".join(names[kind].name for kind in left)
        yield problem("", "steps_left", zh=zh, en=", ".join(left))
