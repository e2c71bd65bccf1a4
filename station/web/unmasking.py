"""Whole numbers of a case: for a purpose, once, and never without a trace."""

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for

from node.errors import InvalidInput
from node.web import speech
from node.web.guard import needs
from station.usecases import seeing
from station.web import cases
from station.web.context import node, person
from ui.i18n import gettext as _
from ui.pages import FieldError, UnmaskPage

blueprint = Blueprint("unmasking", __name__)
_TO_MEND = 422


@blueprint.get("/cases/<case>/unmask")
@needs("case.received")
def ask(case: str) -> str:
    """Ask what the whole numbers are needed for."""
    return _ask(case, ())


@blueprint.post("/cases/<case>/unmask")
@needs("case.received")
def show(case: str) -> str | tuple[str, int]:
    """Show the case with its whole numbers, once; the look is recorded before."""
    purpose = request.form.get("purpose", "")
    try:
        file = seeing.unmasked(node(), case, purpose=purpose, account=person())
    except InvalidInput as error:
        errors = tuple(FieldError(p.pointer, _("用途"), speech.message(p)) for p in error.errors)
        return _ask(case, errors), _TO_MEND
    opened = cases.open_case(case)
    shown = replace(opened.shown, file=replace(file, record=opened.shown.file.record))
    note = _("号码已经显示全,用途记下了:%(purpose)s", purpose=purpose.strip())
    return cases.page(replace(opened, shown=shown), (), note=note)


def _ask(case: str, errors: tuple[FieldError, ...]) -> str:
    line = cases.open_case(case).shown.file.line
    page = UnmaskPage(
        action=url_for("unmasking.show", case=line.case),
        back_url=url_for("cases.show", case=line.case),
        applicant=line.name,
        number=speech.number(line.temporary_number),
        purpose=request.form.get("purpose", ""),
        errors=errors,
    )
    return render_template("unmask.html", page=page)
