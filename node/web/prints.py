"""Documents as pages for a browser's printer and as PDF, the same for both programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Response, render_template, request
from werkzeug.datastructures import MultiDict

from casework.documents import Document, DocumentKind
from casework.numbering import normalise
from casework.values import day_of
from node.identity import Identity
from node.printing import paged, plain, squares
from node.printing import papers as usual
from node.printing.look import Look
from node.printing.voice import Voice
from node.web import context
from ui import i18n
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import Link, Paper, PrintPage

_BAR_HEIGHT: Final = 24
_LOOKS: Final = ("paper", "large", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a document on its page.

    Attributes:
        action: where a print is counted; empty: nothing is counted.
        pdf_url: where the PDF is where nothing is counted.
        has_roll: a receipt printer is set.
        counted: its print was counted just now.
        others: links to other documents of the same item.
    """

    back_url: str
    action: str = ""
    pdf_url: str = ""
    has_roll: bool = False
    counted: bool = False
    others: tuple[Link, ...] = ()


def page(document: Document, around: Around) -> str:
    """Show a document as it will be on paper."""
    asked = _Asked.of(request.args, document.kind)
    me = context.node().identity()
    shown = PrintPage(
        document=document,
        paper=asked.paper,
        heading=_heading(me),
        keepers=tuple(said(keeper) for keeper in usual.keepers(document.kind)),
        qr_svg=plain.svg(document.qr) if document.qr else "",
        bars_svg=bars_svg(document.case_number) if _is_bag(document) else "",
        back_url=around.back_url,
        action=around.action,
        pdf_url=around.pdf_url,
        has_roll=around.has_roll,
        counted=around.counted,
        large=asked.large,
        both=asked.both,
        looks=(*around.others, *asked.others()),
    )
    return render_template("documents/print.html", page=shown)


def counted_url(address: str) -> str:
    """Where a document is shown after its print was counted, in the look that was posted."""
    kept = "".join(f"&{n}={v}" for n in _LOOKS if (v := request.form.get(n, "")).isalnum())
    return f"{address}?printed=1{kept}"


def as_pdf(document: Document) -> Response:
    """Send a document as a PDF file; its name says kind and number, nobody's name.

    Raises:
        FontMissing: there is no Chinese font on this computer.
    """
    asked = _Asked.of(request.values, document.kind)
    node = context.node()
    wanted = Look(
        font=context.site().font(),
        heading=_heading(node.identity()),
        paper=asked.paged,
        keepers=usual.keepers(document.kind),
        large=asked.large,
        voice=asked.voice,
        at=node.clock.now_ms(),
    )
    number = normalise(document.case_number) or day_of(node.clock.now_ms()).isoformat()
    safe = "".join(c for c in number if c.isascii() and (c.isalnum() or c == "-"))
    name = f"{document.kind.value}-{safe}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(paged.render(document, wanted), mimetype="application/pdf", headers=headers)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the reader wants it."""

    kind: DocumentKind
    paper: Paper
    large: bool
    both: bool
    chosen: bool

    @classmethod
    def of(cls, args: "MultiDict[str, str]", kind: DocumentKind) -> "_Asked":
        wanted = args.get("paper", "")
        chosen = wanted in set(Paper)
        paper = Paper(wanted) if chosen else usual.paper_of(kind)
        return cls(kind, paper, args.get("large") == "1", args.get("both") == "1", chosen)

    @property
    def paged(self) -> Paper:
        if self.chosen and self.paper is not Paper.ROLL80:
            return self.paper
        return usual.paper_of(self.kind, paged=True)

    @property
    def voice(self) -> Voice:
        return Voice.BOTH if self.both else Voice(i18n.current().value)

    def others(self) -> Iterator[Link]:
        """The same page, larger, in both languages or on another paper."""
        yield Link(_("平常大小") if self.large else _("大字"), self._with(large=not self.large))
        yield Link(
            _("只用一种文字") if self.both else _("中英对照"), self._with(both=not self.both)
        )
        for paper, label in ((Paper.A4, "A4"), (Paper.A5, "A5"), (Paper.ROLL80, _("小票"))):
            if paper is not self.paper:
                yield Link(label, self._with(paper=paper.value))

    def _with(self, **more: object) -> str:
        asked: dict[str, object] = {
            **request.args.to_dict(),
            "paper": self.paper.value,
            "large": self.large,
            "both": self.both,
            **more,
        }
        told = {name: "1" if value is True else value for name, value in asked.items() if value}
        return "?" + "&".join(f"{name}={value}" for name, value in told.items())


def _heading(me: Identity) -> str:
    return me.name if me.is_county else f"{me.county.name} {me.name}"


def _is_bag(document: Document) -> bool:
    return document.kind is DocumentKind.HANDOVER


def bars_svg(text: str) -> str:
    """A number in Code 128 as inline SVG; empty where it cannot be drawn."""
    widths = squares.bars(text)
    path, x = "", 10
    for at, width in enumerate(widths):
        if at % 2 == 0:
            path += f"M{x} 0h{width}v{_BAR_HEIGHT}h-{width}z"
        x += width
    return plain.outline(f"0 0 {x + 10} {_BAR_HEIGHT}", path) if widths else ""
