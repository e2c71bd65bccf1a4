"""Telling once, at the counter, everything that lacks or is not in form (R-ZH-22b, R-HC-28c)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from casework import deadline
from casework.catalogue import CatalogueItem
from casework.desk import IntakeContext
from casework.errors import FieldProblem
from casework.evidence import evidence
from casework.facts import Act
from casework.intake_reading import IntakeForm, Line
from casework.values import Value, day_of
from casework.wording import problem, step

DEFECT_WORDS: Final[Mapping[str, str]] = {
    "incomplete": "不齐全（缺页或缺项）",
    "irregular": "填写不规范",
    "unlawful": "不合法定形式",
}
"""What the formal check found, as the notice prints it."""
_TYPES: Final = {"truth": bool, "integer": int, "digits": str, "text": str}
_DIGITS: Final = 15
_NOT_BROUGHT: Final = "没有交来"
_BRING: Final = "补来{name}"
_MEND: Final = "按样表改好{name}再交来"


def request(
    form: IntakeForm,
    item: CatalogueItem,
    missing: tuple[int, ...],
    ctx: IntakeContext,
    *,
    at: int,
) -> tuple[Act, date]:
    """Answer the act that tells every correction at once, and the day until which they are made.

    Args:
        form: as read.
        item: as shown to the citizen.
        missing: numbers of the materials that lack or are not in form.
        ctx: who tells, where.
        at: instant of the intake, milliseconds.
    """
    last = deadline.correction(day_of(at), ctx.clock).day
    told: dict[str, Value] = {
        **evidence(ctx),
        "at": at,
        "points": [_point(no, form, item) for no in missing],
        "deadline": last.isoformat(),
    }
    return Act("case.correction_requested", {f"correction.{ctx.new_id()}": told}), last


def typed_answers(
    answers: Mapping[str, Value], item: CatalogueItem
) -> tuple[dict[str, Value], list[FieldProblem]]:
    """Answer what a correction says as the item's questions take it, and what they do not take.

    Args:
        answers: by the name of the question; a page gives all of them as texts.
        item: as shown to the citizen.
    """
    kinds = {question.name: question for question in item.form}
    typed: dict[str, Value] = {}
    problems = []
    for name, answer in answers.items():
        question = kinds.get(name)
        typed[name] = _typed(answer, question.kind) if question else answer
        if question and type(typed[name]) is not _TYPES[question.kind]:
            names = {"zh": question.title, "en": question.title_en}
            problems.append(problem(f"/form/{step(name)}", "type", **names))
    return typed, problems


def not_asked(names: Iterable[str], item: CatalogueItem) -> list[FieldProblem]:
    """Answer what the form of the item does not ask for: nothing outside the list (R-GX-05)."""
    asked = {question.name for question in item.form}
    found = sorted(set(names) - asked)
    return [problem(f"/form/{step(name)}", "not_asked", en=name) for name in found]


def _typed(answer: Value, kind: str) -> Value:
    if kind == "truth" and isinstance(answer, str):
        return {"yes": True, "no": False}.get(answer, answer)
    if kind == "integer" and isinstance(answer, str) and answer.isascii() and answer.isdigit():
        return int(answer) if len(answer) <= _DIGITS else answer
    return answer


def doubt(form: IntakeForm, ctx: IntakeContext) -> Act:
    """Answer the note of a counter that doubts the conditions; it refuses nothing (R-ZH-22c)."""
    said: dict[str, Value] = {**evidence(ctx), "text": form.doubt, "about": "not_accept"}
    return Act("case.noted", {f"note.{ctx.new_id()}": said})


def notice(form: IntakeForm, missing: tuple[int, ...], at: int) -> dict[str, Value]:
    """Answer the one-time notice of a station that only receives: what lacks, what was wrong."""
    told: dict[str, Value] = {"kind": "one_time", "materials": list(missing), "at": at}
    wrong: list[Value] = [_defect(line) for line in form.materials if line.defects]
    return told | ({"defects": wrong} if wrong else {})


def _point(no: int, form: IntakeForm, item: CatalogueItem) -> dict[str, Value]:
    line = next((line for line in form.materials if line.no == no and line.defects), None)
    material = item.material(no)
    name = material.name if material else str(no)
    if line is None:
        return {"no": no, "defect": _NOT_BROUGHT, "cure": _BRING.format(name=name)}
    return {"no": no, "defect": _words(line), "cure": line.cure or _MEND.format(name=name)}


def _defect(line: Line) -> dict[str, Value]:
    told: dict[str, Value] = {"no": line.no, "defect": _words(line)}
    return told | ({"cure": line.cure} if line.cure else {})


def _words(line: Line) -> str:
    return "、".join(DEFECT_WORDS[defect] for defect in line.defects)
