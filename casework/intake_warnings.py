"""What an intake tells and keeps, and for which it stops nobody."""

from collections.abc import Iterable

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from casework.catalogue import CatalogueItem, Material
from casework.desk import IntakeContext
from casework.errors import FieldProblem
from casework.intake_reading import USCC, IntakeForm
from casework.values import Value
from casework.wording import problem

UNSEEN, CREDIT_STALE = "original_unseen", "credit_stale"


def warnings(form: IntakeForm, item: CatalogueItem) -> tuple[FieldProblem, ...]:
    """Name what somebody should look at again before the intake is recorded as it is.

    Early credit codes were given out with check characters that fail (GB 32100-2015): the licence
    decides, not the sum.
    """
    return (*_firm(form), *_unseen(form, item))


def unsure(form: IntakeForm, ctx: IntakeContext) -> Iterable[FieldProblem]:
    """Say that the credit list is too old to tell, where a promise hangs on it (R-HC-29e, T16)."""
    barred = bool(ctx.clock.settings.credit_bars_deficiency)
    if not ctx.credit_stale:
        return
    if form.deficiency and barred:
        yield problem("/commitment/deficiency", CREDIT_STALE)
    for i, line in enumerate(form.materials):
        if line.form == "promised" and (form.promise or not form.deficiency):
            yield problem(f"/materials/{i}/form", CREDIT_STALE)


def kept(found: Iterable[FieldProblem], form: IntakeForm) -> list[Value]:
    """Answer warnings as the fact of receiving carries them: code, and number of the material."""
    return [{"code": one.code, **_number(one, form)} for one in found]


def is_certificate(material: Material) -> bool:
    """Say whether an authority issued it: a copy must agree with the original (R-ZH-21b)."""
    return material.source == "authority" or bool(material.proof) or material.shared


def fits(code: str) -> bool:
    """Say whether the check character of a credit code fits.

    >>> fits("91411599MA0000015R"), fits("91350203M0001QAY9B")
    (True, False)
    """
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True


def _firm(form: IntakeForm) -> Iterable[FieldProblem]:
    applicant = form.applicant
    if applicant.id_type == USCC and applicant.id_no and not fits(applicant.id_no):
        yield problem("/applicant/id_no", "uscc_check")


def _unseen(form: IntakeForm, item: CatalogueItem) -> Iterable[FieldProblem]:
    for i, line in enumerate(form.materials):
        material = item.material(line.no)
        if material and line.form == "copy" and not line.original_seen and not line.defects:
            names = {"zh": material.name, "en": material.name_en}
            if is_certificate(material):
                yield problem(f"/materials/{i}/original_seen", UNSEEN, **names)


def _number(one: FieldProblem, form: IntakeForm) -> dict[str, Value]:
    if one.code != UNSEEN:
        return {}
    return {"no": form.materials[int(one.pointer.split("/")[2])].no}
