"""What an intake needs before it may be recorded at a station."""

from collections.abc import Iterable, Sequence
from typing import Final

from casework import authority, corrections, crossing, in_force
from casework.catalogue import CatalogueItem, Material
from casework.desk import IntakeContext
from casework.errors import FieldProblem
from casework.intake_reading import FIRM, KINDS, IntakeForm, Line
from casework.places import Mode
from casework.values import Value, day_of
from casework.wording import problem, step

_POWER: Final = (Mode.ENTRUSTED, Mode.AUTHORISED)
_SUBJECTS: Final = {"natural": ("个人", "persons"), FIRM: ("单位", "organisations")}
_UNREADABLE: Final = ("/materials", "/commitment/deficiency")


def check(form: IntakeForm, item: CatalogueItem, ctx: IntakeContext) -> list[FieldProblem]:
    """Name everything for which this intake may not be recorded at this station."""
    refusal = authority.check(
        "case.received", place_kind=ctx.place.kind, role=ctx.role, mode=ctx.mode
    )
    if ctx.mode is None:
        return [problem("/item", "not_offered", zh=item.name, en=item.name_en)]
    if refusal:
        return [FieldProblem("/actor", "authority", refusal.message_zh, refusal.message_en)]
    problems = [*_check_item(form, item, ctx), *_check_lines(form, item, ctx)]
    problems += [*_check_answers(form, item), *crossing.check(form, item, ctx.place)]
    if form.agent and item.must_appear_in_person and may_accept(ctx):
        problems.append(problem("/agent", "in_person", zh=item.name, en=item.name_en))
    return problems + _check_whole(form, item, ctx)


def _check_whole(form: IntakeForm, item: CatalogueItem, ctx: IntakeContext) -> list[FieldProblem]:
    """Answer what stands in the way of the outcome that is asked for (R-ZH-22)."""
    if form.doubt:
        return []
    if form.deficiency and ctx.bad_credit and ctx.clock.settings.credit_bars_deficiency:
        return [problem("/commitment/deficiency", "bad_credit_deficiency")]
    if not may_accept(ctx):
        return [problem("/commitment/correction", "no_power")] if form.correction else []
    if not form.correction:
        return _check_complete(form, item)
    return [] if lacking(form, item) else [problem("/commitment/correction", "nothing_to_correct")]


def _check_item(
    form: IntakeForm, item: CatalogueItem, ctx: IntakeContext
) -> Iterable[FieldProblem]:
    """Refuse an item that is not in force (R-HC-17b), and who it is not meant for."""
    day = day_of(ctx.now if form.claimed_at is None else form.claimed_at)
    names = {"zh": item.name, "en": item.name_en}
    if stopped := in_force.refusal(item, day):
        yield stopped
    if form.applicant.kind in KINDS and form.applicant.kind not in item.subjects:
        zh, en = _SUBJECTS[form.applicant.kind]
        yield problem("/applicant/kind", "subject", who_zh=zh, who_en=en, **names)


def lacking(form: IntakeForm, item: CatalogueItem) -> tuple[Material, ...]:
    """Answer what the case needs and nobody handed in.

    What sharing fetches is not asked for (R-HC-36): such a material lacks only when it is a main
    one, which somebody must have seen, or when the applicant promises to bring it.
    """
    there = {line.no for line in kept_lines(form, item)}
    return tuple(
        material
        for material in item.needed(condition_values(form))
        if material.no not in there and not is_fetched(material, form)
    )


def may_accept(ctx: IntakeContext) -> bool:
    """Say whether this station accepts, or only receives (R-HC-30a, T16)."""
    refusal = authority.check(
        "case.accepted", place_kind=ctx.place.kind, role=ctx.role, mode=ctx.mode
    )
    return ctx.fresh and ctx.mode in _POWER and refusal is None


def kept_lines(form: IntakeForm, item: CatalogueItem) -> list[Line]:
    """Answer the lines that stand for a paper.

    "promised" without 告知承诺 is a paper that follows on a deficiency promise: it lacks. So does
    one that the formal check found wrong: it goes back to who brought it (R-ZH-21a).
    """
    return [line for line in form.materials if not line.defects and _stands(line, item)]


def _stands(line: Line, item: CatalogueItem) -> bool:
    material = item.material(line.no)
    return line.form != "promised" or (material is not None and may_promise(material, item))


def may_promise(material: Material, item: CatalogueItem) -> bool:
    """Say whether an inform-and-promise may stand for the paper (R-HC-29a, R-HC-29b)."""
    return material.promise_ok and not item.guide.promise_excluded


def is_fetched(material: Material, form: IntakeForm) -> bool:
    """Say whether sharing fetches this material, so that nobody is asked for it (R-HC-36)."""
    promised = material.deficiency_ok and form.deficiency
    return material.shared and not material.main and not promised


def condition_values(form: IntakeForm) -> dict[str, Value]:
    """Answer the fields that conditions of materials look at."""
    values = {f"form.{name}": answer for name, answer in form.answers.items()}
    return values | ({"agent.relation": form.agent.relation} if form.agent else {})


def _check_lines(
    form: IntakeForm, item: CatalogueItem, ctx: IntakeContext
) -> Iterable[FieldProblem]:
    seen: set[int] = set()
    for i, line in enumerate(form.materials):
        material = item.material(line.no)
        at = f"/materials/{i}"
        if material is None:
            yield problem(f"{at}/no", "material", no=line.no)
        elif line.no in seen:
            yield problem(f"{at}/no", "repeated", no=line.no)
        else:
            yield from _check_form(line, material, form, at)
            yield from _check_promise(line, material, item, ctx, at)
        seen.add(line.no)


def _check_form(
    line: Line, material: Material, form: IntakeForm, at: str
) -> Iterable[FieldProblem]:
    names = {"zh": material.name, "en": material.name_en}
    if line.form == "shared" and not material.shared:
        yield problem(f"{at}/form", "not_shared", **names)
    if line.form == "promised" and not material.promise_ok:
        if not material.deficiency_ok:
            yield problem(f"{at}/form", "not_promised", **names)
        elif not form.deficiency:
            yield problem(f"{at}/form", "deficiency_possible", **names)


def _check_promise(
    line: Line, material: Material, item: CatalogueItem, ctx: IntakeContext, at: str
) -> Iterable[FieldProblem]:
    """Refuse an inform-and-promise that the law or the person's credit shuts out (R-HC-29a, e)."""
    if line.form != "promised" or not material.promise_ok:
        return
    why = item.guide.promise_excluded
    if why:
        names = {"zh": material.name, "en": material.name_en}
        yield problem(f"{at}/form", "promise_barred", why=why, **names)
    elif ctx.bad_credit:
        yield problem(f"{at}/form", "bad_credit")


def _check_answers(form: IntakeForm, item: CatalogueItem) -> Iterable[FieldProblem]:
    types = {"truth": bool, "integer": int, "digits": str, "text": str}
    yield from corrections.not_asked(form.answers, item)
    for question in item.form:
        answer = form.answers.get(question.name)
        at = f"/form/{step(question.name)}"
        names = {"zh": question.title, "en": question.title_en}
        if answer is None and question.required:
            yield problem(at, "missing", **names)
        elif answer is not None and type(answer) is not types[question.kind]:
            yield problem(at, "type", **names)


def _check_complete(form: IntakeForm, item: CatalogueItem) -> list[FieldProblem]:
    listed = {line.no for line in form.materials if not line.defects}
    faulty = {line.no for line in form.materials if line.defects}
    problems = [
        problem(
            *_what_lacks(material, form, material.no in faulty),
            zh=material.name,
            en=material.name_en,
        )
        for material in lacking(form, item)
        if material.no not in listed and not (material.deficiency_ok and form.deficiency)
    ]
    if form.deficiency and form.agent and not form.agent.entrustment:
        problems.append(problem("/agent/entrustment", "entrustment"))
    return problems


def _what_lacks(material: Material, form: IntakeForm, faulty: bool) -> tuple[str, str]:  # noqa: FBT001
    if material.main:
        return "/materials", "defective_main" if faulty else "main_missing"
    if faulty and not material.deficiency_ok:
        return "/materials", "defective"
    if material.deficiency_ok and not form.deficiency:
        return "/commitment/deficiency", "deficiency_possible"
    return "/materials", "promise_possible" if material.promise_ok else "material_missing"


def news(new: Sequence[FieldProblem], known: Sequence[FieldProblem]) -> list[FieldProblem]:
    """Answer the problems that those found in reading do not already explain."""
    pointers = {p.pointer for p in known}
    blind = any(p == "/materials" or p.endswith("/no") for p in pointers)
    return [
        p for p in new if p.pointer not in pointers and not (blind and p.pointer in _UNREADABLE)
    ]
