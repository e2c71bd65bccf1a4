"""P4: everything once more, what the button will do, and the way out when it cannot be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for

from casework.catalogue import CatalogueItem, Material
from casework.errors import FieldProblem
from casework.intake import IntakeKind as Kind
from casework.intake import IntakeOutcome
from node.web import speech
from station.web import labels, materials_page, person_page, steps
from station.web.filled import Filled, Step
from station.web.person_page import Around
from ui import filters, forms, words
from ui.i18n import gettext as _
from ui.pages import (
    CheckPage,
    FieldError,
    IntakeKind,
    Link,
    MissingPaper,
    Option,
    SummaryRow,
    SummarySection,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the rules say of a whole intake.

    Attributes:
        outcome: what would be recorded; None: it cannot be, for the reasons in `problems`.
        correction: what a notice of all that lacks or is not in form comes to; None: it cannot be.
    """

    outcome: IntakeOutcome | None
    problems: tuple[FieldProblem, ...]
    correction: IntakeOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What is read out and ticked before it can be done."""

    statements: tuple[Option, ...] = ()
    terms: tuple[str, ...] = ()
    may_doubt: bool = False


def build(
    filled: Filled,
    around: Around,
    judged: Judged,
    *,
    saying: Saying,
    errors: tuple[FieldError, ...] = (),
) -> CheckPage:
    """Lay out the page."""
    outcome = judged.outcome
    kind = outcome.kind if outcome else Kind.ACCEPTED
    deficient = kind is Kind.ACCEPTED_DEFICIENT
    return CheckPage(
        steps=steps.bar(Step.CHECK, filled.item.code, around.draft),
        action=around.action(Step.CHECK),
        back_url=url_for("intake.materials", draft=around.draft),
        item=speech.item_name(filled.item),
        kind=IntakeKind(kind.value),
        sections=(_person(filled, around), *_questions(filled, around), _papers(filled, around)),
        once=around.draft,
        promised_days=filled.item.promised_days,
        due=outcome.due.isoformat() if outcome and outcome.due else "",
        due_estimated=outcome is not None and outcome.estimated,
        missing=missing_papers(filled.item, outcome) if outcome and deficient else (),
        commitments=saying.statements,
        ticked=tuple(o.value for o in saying.statements if filled.text(o.value) == "yes"),
        refusal="" if outcome else _refusal(judged.problems),
        actions=() if outcome else _ways_out(filled.item),
        notes=tuple(_notes(outcome, filled.item)) if outcome else (),
        errors=errors,
        saved_at=around.saved_at,
        terms=saying.terms,
        warnings=tuple(speech.message(w) for w in outcome.warnings) if outcome else (),
        points=tuple(_points(judged.correction, filled)) if judged.correction else (),
        may_doubt=saying.may_doubt,
        doubt=filled.text("commitment.doubt"),
    )


def _points(told: IntakeOutcome, filled: Filled) -> Iterable[str]:
    """What a notice would ask, and nothing else may be asked later (R-ZH-22b)."""
    for no in told.missing:
        defect = filled.text(f"materials.{no}.defect")
        why = words.word(defect, "defect") if defect else _("没有交来")
        yield _("%(paper)s:%(why)s", paper=_name(filled.item, no), why=why)


def missing_papers(item: CatalogueItem, outcome: IntakeOutcome) -> tuple[MissingPaper, ...]:
    """Papers to be promised, and until when."""
    last = outcome.deficiency_deadline.isoformat() if outcome.deficiency_deadline else ""
    names = [_name(item, no) for no in outcome.missing]
    return tuple(MissingPaper(name, last, _("本站或所属乡镇")) for name in names)


def _name(item: CatalogueItem, no: int) -> str:
    material = item.material(no)
    return speech.material_name(material) if material else str(no)


def _refusal(problems: Iterable[FieldProblem]) -> str:
    return " ".join(dict.fromkeys(speech.message(problem) for problem in problems))


def _ways_out(item: CatalogueItem) -> tuple[Link, ...]:
    return (Link(_("打印一次性告知单"), url_for("papers.notice", code=item.code)),)


def _notes(outcome: IntakeOutcome, item: CatalogueItem) -> Iterable[str]:
    if outcome.kind is Kind.RECEIVED and outcome.missing:
        names = filters.listed(_name(item, no) for no in outcome.missing)
        yield _("还缺%(papers)s。会打印一次性告知单。", papers=names)
    if any(need.to_sign for need in outcome.documents):
        yield _("有单子要申请人签字或按手印,受理后打印。")


def _person(filled: Filled, around: Around) -> SummarySection:
    url = url_for("intake.person", draft=around.draft, then="check")

    def row(name: str, value: str) -> SummaryRow:
        return SummaryRow(labels.label(name), value, f"{url}#{forms.field_id(name)}")

    village = filled.text("applicant.division")
    firm = filled.text("applicant.kind") == "legal"
    who = (
        (
            row("applicant.uscc", filled.text("applicant.uscc")),
            row("applicant.stands_name", filled.text("applicant.stands_name")),
        )
        if firm
        else (row("applicant.id_no", _number(filled)), *_read_back(filled, around.today))
    )
    return SummarySection(
        _("申请人"),
        (
            *who,
            row(
                "applicant.organisation" if firm else "applicant.name",
                materials_page.applicant_name(filled),
            ),
            row("applicant.phone", filled.text("applicant.phone")),
            row("applicant.division", around.places.get(village, village)),
            row("applicant.address", filled.text("applicant.address")),
            row("agent.present", _who(filled)),
            row("pickup", words.word(filled.text("pickup"), "pickup")),
        ),
    )


def _number(filled: Filled) -> str:
    kind = filled.text("applicant.id_type") or "resident_id"
    if kind == "resident_id":
        number: str = filled.document["applicant"].get("id_no", "")
        return filters.grouped_id("".join(number.split()).upper())
    return f"{words.word(kind, 'id_type')} {filled.text('applicant.id_no')}".strip()


def _read_back(filled: Filled, today: date) -> Iterable[SummaryRow]:
    found = person_page.read_back(filled, today)
    if found is not None:
        sex = _("女") if found.female else _("男")
        born = filters.birthday(found.born)
        yield SummaryRow(
            _("念给本人听"), _("%(born)s生,%(sex)s,%(age)s岁", born=born, sex=sex, age=found.age)
        )


def _who(filled: Filled) -> str:
    if filled.text("agent.present") != "agent":
        return _("本人在场")
    relation = words.word(filled.text("agent.relation"), "relation")
    signed = filled.text("agent.entrustment") == "yes"
    return _(
        "%(name)s(%(relation)s)代办,%(letter)s",
        name=filled.text("agent.name"),
        relation=relation,
        letter=_("委托书已签") if signed else _("委托书还没签"),
    )


def _questions(filled: Filled, around: Around) -> Iterable[SummarySection]:
    url = url_for("intake.person", draft=around.draft, then="check")
    rows = [
        SummaryRow(
            speech.question(field),
            _answer(filled.text(f"form.{field.name}"), field.kind),
            f"{url}#{forms.field_id(f'form.{field.name}')}",
        )
        for field in filled.item.form
    ]
    if rows:
        yield SummarySection(_("办这件事还要填"), tuple(rows))


def _answer(typed: str, kind: str) -> str:
    if kind != "truth":
        return typed
    return _("是") if typed == "yes" else _("不是")


def _papers(filled: Filled, around: Around) -> SummarySection:
    url = url_for("intake.materials", draft=around.draft, then="check")
    rows = [
        _paper(
            material, filled, f"{url}#paper-{material.no}", len(around.photos.get(material.no, ()))
        )
        for material in filled.needed
    ]
    return SummarySection(_("材料"), tuple(rows))


def _paper(material: Material, filled: Filled, url: str, photos: int) -> SummaryRow:
    at = f"materials.{material.no}"
    form = filled.text(f"{at}.form")
    name = speech.material_name(material)
    if not form:
        there = material.shared and not material.main
        return SummaryRow(name, _lacks(material), url, missing=not there)
    told = [f"{words.word(form, 'form')} × {filled.text(f'{at}.copies') or 1}"]
    told += [_("看过原件")] if filled.text(f"{at}.original_seen") == "yes" else []
    told += [_("照片%(n)s张", n=photos)] if photos else []
    defect = filled.text(f"{at}.defect")
    if defect:
        told += [_("退回:%(why)s", why=words.word(defect, "defect"))]
        return SummaryRow(name, ",".join(told), url, missing=True)
    return SummaryRow(name, ",".join(told), url)


def _lacks(material: Material) -> str:
    if material.deficiency_ok:
        return _("缺,可以后补")
    return _("县里调取,不用带") if material.shared and not material.main else _("缺")
