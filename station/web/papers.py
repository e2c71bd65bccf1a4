"""Documents of a case or an item: shown, counted when they are printed, sent to a printer."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from casework.documents import KINDS, OF_A_CASE, OF_AN_ITEM, Document, DocumentKind
from node.errors import NotFound
from node.web import prints
from node.web.guard import needs
from node.web.prints import Around
from station.usecases import documents, printer
from station.web.context import node, person
from ui.filters import said
from ui.pages import Link

blueprint = Blueprint("papers", __name__)

Answer = Response | str


@blueprint.get("/cases/<case>/documents/<name>")
@needs("case.received")
def show(case: str, name: str) -> Answer:
    """A document of a case, to be looked at; after the print was counted, to be printed."""
    counted = request.args.get("printed") == "1"
    made = documents.look(node(), case, _kind(name, OF_A_CASE), person(), counted=counted)
    action = "" if counted else url_for("papers.count", case=case, name=name)
    back = url_for("cases.show", case=case)
    roll = bool(printer.target(node()))
    return prints.page(made, Around(back_url=back, action=action, has_roll=roll, counted=counted))


@blueprint.post("/cases/<case>/documents/<name>")
@needs("case.received")
def count(case: str, name: str) -> Answer:
    """Count a print and give it out: as the page to be printed, as PDF, or to the roll printer."""
    made = documents.document(node(), case, _kind(name, OF_A_CASE), person())
    wanted = request.form.get("as", "page")
    if wanted == "pdf":
        return prints.as_pdf(made)
    if wanted == "roll":
        printer.send(node(), made, large=request.form.get("large") == "1")
        return redirect(url_for("cases.show", case=case), 303)
    return redirect(prints.counted_url(url_for("papers.show", case=case, name=name)), 303)


@blueprint.get("/items/<code>/notice")
@needs("case.received")
def notice(code: str) -> Answer:
    """The one-time notice of an item, before there is a case."""
    return of_item(code, DocumentKind.ONE_TIME_NOTICE.value)


@blueprint.get("/items/<code>/papers/<name>")
@needs("case.received")
def of_item(code: str, name: str) -> Answer:
    """The notice, guide or form of an item, with a PDF beside it (`?as=pdf`)."""
    made = documents.of_item(node(), code, _kind(name, OF_AN_ITEM), person())
    others = tuple(
        Link(said(KINDS[kind].title), url_for("papers.of_item", code=code, name=kind.value))
        for kind in sorted(OF_AN_ITEM)
        if kind is not made.kind
    )
    return answer(made, url_for("intake.item", code=code), others)


def answer(document: Document, back: str, others: tuple[Link, ...] = ()) -> Answer:
    """Show a document that is not counted; `?as=pdf` in the address gives its PDF."""
    if request.args.get("as") == "pdf":
        return prints.as_pdf(document)
    pdf_url = "?" + "&".join([*request.query_string.decode().split("&"), "as=pdf"]).lstrip("&")
    return prints.page(document, Around(back_url=back, pdf_url=pdf_url, others=others))


def _kind(name: str, known: frozenset[DocumentKind]) -> DocumentKind:
    if name not in known:
        raise NotFound("document", name)
    return DocumentKind(name)
