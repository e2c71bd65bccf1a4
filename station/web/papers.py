"""Documents to be printed by the browser: plain pages, black only, with a print style sheet."""

from collections.abc import Mapping
from typing import Final

import segno
from flask import Blueprint, render_template, request, url_for

from casework.documents import Document, DocumentKind
from node.errors import NotFound
from node.web.guard import needs
from station.usecases import documents
from station.web.context import node, person
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import Paper, PrintPage

blueprint = Blueprint("papers", __name__)

_PAPERS: Final[Mapping[DocumentKind, Paper]] = {
    DocumentKind.RECEIPT: Paper.ROLL80,
    DocumentKind.ONE_TIME_NOTICE: Paper.A5,
    DocumentKind.OFFLINE_SLIP: Paper.ROLL80,
}
_KEEPERS: Final = (marked("申请人"), marked("存档"))


@blueprint.get("/cases/<case>/documents/<name>")
@needs("case.received")
def show(case: str, name: str) -> str:
    """A document of a case; every time it is opened counts as a print."""
    document = documents.document(node(), case, _kind(name), person())
    return _print(document, url_for("cases.show", case=case))


@blueprint.get("/items/<code>/notice")
@needs("case.received")
def notice(code: str) -> str:
    """The one-time notice of an item, before there is a case."""
    document = documents.notice(node(), code, person())
    return _print(document, url_for("intake.item", code=code))


def _kind(name: str) -> DocumentKind:
    if name not in set(DocumentKind):
        raise NotFound("document", name)
    return DocumentKind(name)


def _print(document: Document, back: str) -> str:
    me = node().identity()
    page = PrintPage(
        document,
        _paper(document),
        f"{me.county.name} {me.name}",
        tuple(_(keeper) for keeper in _KEEPERS),
        qr_svg(document.qr) if document.case_number else "",
        back,
    )
    return render_template("documents/print.html", page=page)


def _paper(document: Document) -> Paper:
    wanted = request.args.get("paper", "")
    return Paper(wanted) if wanted in set(Paper) else _PAPERS.get(document.kind, Paper.A4)


def qr_svg(text: str) -> str:
    """A QR code as inline SVG, without styles: the policy of our pages lets none through."""
    return str(segno.make(text, micro=False).svg_inline(omitsize=True))
