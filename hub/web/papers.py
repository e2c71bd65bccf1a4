"""Documents that the county prints of a case; a print is counted when it goes on paper."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from casework.case import CaseState
from casework.documents import KINDS, DocumentKind
from casework.places import Role
from hub.usecases import documents
from hub.web.context import node, person
from hub.web.frame import OFFICE
from node import paperwork
from node.errors import NotFound
from node.web import prints
from node.web.guard import for_roles
from node.web.prints import Around
from ui.filters import said
from ui.pages import PrintLink

blueprint = Blueprint("papers", __name__)

Answer = Response | str


@blueprint.get("/cases/<case>/documents/<name>")
@for_roles(*OFFICE)
def show(case: str, name: str) -> Answer:
    """A document, to be looked at; after the print was counted, to be printed."""
    counted = request.args.get("printed") == "1"
    made = documents.look(node(), case, _kind(name), person(), counted=counted)
    action = "" if counted else url_for("papers.count", case=case, name=name)
    back = url_for("cases.show", case=case)
    return prints.page(made, Around(back_url=back, action=action, counted=counted))


@blueprint.post("/cases/<case>/documents/<name>")
@for_roles(Role.CLERK, Role.APPROVER, Role.RECONCILER)
def count(case: str, name: str) -> Answer:
    """Count a print and give it out: as the page to be printed, or as PDF."""
    made = documents.document(node(), case, _kind(name), person())
    if request.form.get("as") == "pdf":
        return prints.as_pdf(made)
    return redirect(prints.counted_url(url_for("papers.show", case=case, name=name)), 303)


def links(case_id: str, case: CaseState) -> tuple[PrintLink, ...]:
    """Links to what the county can print of a case now."""
    return tuple(
        PrintLink(
            said(KINDS[kind].title),
            url_for("papers.show", case=case_id, name=kind.value),
            copies=KINDS[kind].copies,
        )
        for kind in sorted(documents.KINDS)
        if paperwork.has_ground(kind, case)
    )


def _kind(name: str) -> DocumentKind:
    if name not in documents.KINDS:
        raise NotFound("document", name)
    return DocumentKind(name)
