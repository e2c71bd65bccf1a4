"""The cases of the county: the list, one case, the acts on it, and its whole numbers on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import acts as rules
from casework.errors import ActRefused
from casework.facts import VERBS
from casework.places import Role
from casework.spoken import Text
from hub.usecases import casebook, unmasking
from hub.web import case_list, dossier
from hub.web.context import node, person
from hub.web.dossier import Dossier
from hub.web.frame import OFFICE
from node import acting
from node.acting import Wish
from node.errors import InvalidInput, StaleView
from node.web import act_forms, csv_twin, speech
from node.web.guard import for_roles
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import ActForm, FieldError, UnmaskPage

blueprint = Blueprint("cases", __name__)

Answer = Response | str | tuple[str, int]
_TO_MEND: Final = 422
_STALE: Final = 412
_MAIN_ACTS: Final = frozenset({"accept", "decide", "issue", "archive"})
"""The county's own steps; the first that is possible is unfolded."""


@blueprint.get("/cases")
@for_roles(*OFFICE)
def index() -> Answer:
    """The cases of the county, the newest first."""
    return render_template("cases.html", page=case_list.build(request.args))


@blueprint.get("/cases.csv")
@for_roles(*OFFICE)
def table() -> Response:
    """The same list for a spreadsheet, all pages, names masked."""
    asked = case_list.asked_of(request.args, limit=casebook.MOST)
    rows = map(case_list.csv_row, case_list.every(asked))
    return csv_twin.answer("cases", case_list.CSV_HEADER, rows)


@blueprint.get("/cases/<case>")
@for_roles(*OFFICE)
def show(case: str) -> Answer:
    """One case, its personal values masked."""
    opened = dossier.open_case(node(), case, person())
    done = VERBS.get(request.args.get("done", ""))
    note = _("已经办好:%(act)s", act=said(Text(done.title_zh, done.title_en))) if done else ""
    return _page(opened, _forms(opened), note=note)


@blueprint.post("/cases/<case>/acts")
@for_roles(Role.CLERK, Role.APPROVER, Role.RECONCILER)
def act(case: str) -> Answer:
    """Do one act, or say what is in its way with everything typed still there."""
    verb, posted = request.form.get("fact", ""), request.form.to_dict()
    try:
        fields = act_forms.read(verb, posted) if verb in act_forms.KINDS else {}
        wish = Wish(verb=verb, fields=fields, seen=posted.get("seen", ""))
        acting.act_seen(node(), case, wish, person())
    except ActRefused as refused:
        return _again(dossier.open_case(node(), case, person()), verb, refused)
    except StaleView:
        return _changed(dossier.open_case(node(), case, person()), verb)
    return redirect(url_for("cases.show", case=case, done=verb), 303)


@blueprint.get("/cases/<case>/unmask")
@for_roles(*unmasking.MAY_UNMASK)
def ask_purpose(case: str) -> Answer:
    """Ask what the whole numbers are needed for."""
    return _ask(case, ())


@blueprint.post("/cases/<case>/unmask")
@for_roles(*unmasking.MAY_UNMASK)
def unmask(case: str) -> Answer:
    """Show the case with its whole numbers, once; the look is recorded before."""
    purpose = request.form.get("purpose", "")
    try:
        file = unmasking.unmask(node(), case, purpose=purpose, account=person())
    except InvalidInput as error:
        messages = tuple(FieldError(p.pointer, _("用途"), speech.message(p)) for p in error.errors)
        return _ask(case, messages), _TO_MEND
    opened = dossier.of_file(node(), file, person())
    note = _("号码已经显示全,用途记下了:%(purpose)s", purpose=purpose.strip())
    return _page(opened, (), note=note)


def _ask(case: str, errors: tuple[FieldError, ...]) -> str:
    opened = dossier.open_case(node(), case, person())
    line = opened.shown.file.line
    page = UnmaskPage(
        action=url_for("cases.unmask", case=line.case),
        back_url=url_for("cases.show", case=line.case),
        applicant=line.name,
        number=speech.number(line.temporary_number),
        purpose=request.form.get("purpose", ""),
        errors=errors,
    )
    return render_template("unmask.html", page=page)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """An act that was refused, shown again."""

    verb: str
    errors: tuple[FieldError, ...]


def _again(opened: Dossier, verb: str, refused: ActRefused) -> Answer:
    problems = tuple(
        FieldError(p.pointer, _label(opened, verb, p.pointer), speech.message(p))
        for p in refused.errors
    )
    return _page(opened, _forms(opened, _Wrong(verb, problems))), _TO_MEND


def _changed(opened: Dossier, verb: str) -> Answer:
    message = _("这一件刚才有变化。看一下办理经过,还要办就再按一次。")
    return _page(opened, _forms(opened, _Wrong(verb, (FieldError("", "", message),)))), _STALE


def _label(opened: Dossier, verb: str, pointer: str) -> str:
    name = pointer.strip("/").replace("/", ".")
    kind = act_forms.KINDS.get(verb)
    fields = kind.ask(opened.subject) if kind else ()
    return next((field.label for field in fields if field.name == name), "")


def _forms(opened: Dossier, wrong: _Wrong | None = None) -> tuple[ActForm, ...]:
    action = url_for("cases.act", case=opened.shown.file.line.case)
    posted: Mapping[str, str] = request.form.to_dict()
    verbs = rules.possible(opened.shown.case, opened.ctx)
    offered = act_forms.offered((*verbs, wrong.verb) if wrong else verbs, opened.subject)
    asked = request.args.get("act", "")
    main = next((verb for verb in offered if verb in _MAIN_ACTS), "")
    opens = "" if wrong else asked if asked in offered else main
    return tuple(
        act_forms.form(
            verb,
            opened.subject,
            action=action,
            seen=opened.seen,
            posted=posted if wrong and verb == wrong.verb else None,
            errors=wrong.errors if wrong and verb == wrong.verb else (),
            opened=verb == opens,
        )
        for verb in offered
    )


def _page(opened: Dossier, forms: tuple[ActForm, ...], *, note: str = "") -> str:
    return render_template("case.html", page=dossier.page(opened, forms, done_note=note))
