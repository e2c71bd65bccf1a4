"""整村名单: the template, and what a filled-in one came to, row by row."""

import io

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from node import workbook
from node.errors import InvalidInput, LowSpace
from node.problems import problem_of
from node.web import context, speech
from node.web.guard import needs, takes_files
from station.usecases import roster
from station.usecases.roster import Report
from station.web.context import node, person
from station.web.desk import open_item
from ui.i18n import gettext as _
from ui.pages import FieldError, RosterPage, RosterRow

blueprint = Blueprint("roster", __name__)
_TO_MEND = 422
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Answer = str | tuple[str, int]


@blueprint.get("/items/<code>/roster")
@needs("case.received")
def show(code: str) -> str:
    """Where a roster is brought."""
    return _page(code)


@blueprint.get("/items/<code>/roster/template")
@needs("case.received")
def template(code: str) -> Response:
    """The workbook to be filled in."""
    made = io.BytesIO(roster.template(node(), code))
    return send_file(made, mimetype=_TYPE, as_attachment=True, download_name=f"{code}.xlsx")


@blueprint.post("/items/<code>/roster")
@takes_files(workbook.MAX_BYTES)
@needs("case.received")
def take(code: str) -> Answer:
    """Look at a roster, or take it in; a file that is none is told."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(code, errors=(_error(_("先选一个文件。")),)), _TO_MEND
    only = request.form.get("go") != "take"
    try:
        found = roster.take_in(node(), code, file.read(), account=person(), check_only=only)
    except InvalidInput as error:
        errors = tuple(_error(speech.message(problem)) for problem in error.errors)
        return _page(code, errors=errors), _TO_MEND
    except LowSpace as error:
        told = problem_of(error, context.language())
        return _page(code, errors=(_error(f"{told.title}{told.detail}"),)), _TO_MEND
    return _page(code, found, checked=only)


def _error(message: str) -> FieldError:
    return FieldError("/file", _("名单文件(.xlsx)"), message)


def _page(
    code: str,
    found: Report | None = None,
    *,
    checked: bool = False,
    errors: tuple[FieldError, ...] = (),
) -> str:
    page = RosterPage(
        action=url_for("roster.take", code=code),
        back_url=url_for("intake.item", code=code),
        template_url=url_for("roster.template", code=code),
        item=speech.item_name(open_item(code).item),
        done=found is not None,
        checked=checked,
        kinds=found.kinds if found else None,
        before=len(found.before) if found else 0,
        refused=_refused(found) if found else (),
        cases_url=url_for("cases.index"),
        errors=errors,
    )
    return render_template("roster.html", page=page)


def _refused(found: Report) -> tuple[RosterRow, ...]:
    return tuple(
        RosterRow(one.row, one.name, tuple(dict.fromkeys(map(speech.message, one.problems))))
        for one in found.refused
    )
