"""Giving a document out of a command: as a plain page or as PDF, on the screen or into a file."""

from dataclasses import dataclass
from pathlib import Path

from casework.documents import Document
from node.printing import paged, papers, plain
from node.printing.fonts import Font
from node.printing.look import Look
from node.printing.voice import Voice
from ui.pages import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a command wants a document.

    Attributes:
        form: html, pdf or escpos.
        out: file to write; empty: the screen, which takes html only.
        paper: a4, a5 or empty for the usual one.
    """

    form: str = "html"
    out: str = ""
    paper: str = ""
    large: bool = False
    voice: Voice = Voice.ZH


def html(document: Document, heading: str, wish: Wish) -> str:
    """Make the plain page of a document."""
    kept = papers.keepers(document.kind)
    return plain.page(document, heading=heading, keepers=kept, voice=wish.voice, large=wish.large)


def pdf(document: Document, heading: str, wish: Wish, *, font: Font, at: int) -> bytes:
    """Make the PDF of a document.

    Args:
        document: what stands on it.
        heading: county and station.
        wish: paper, size, language.
        font: a Chinese one.
        at: milliseconds.
    """
    paper = Paper(wish.paper) if wish.paper else papers.paper_of(document.kind, paged=True)
    wanted = Look(
        font=font,
        heading=heading,
        paper=paper,
        keepers=papers.keepers(document.kind),
        large=wish.large,
        voice=wish.voice,
        at=at,
    )
    return paged.render(document, wanted)


def write(out: str, data: bytes) -> None:
    """Write a file.

    Raises:
        OSError: it cannot be written.
    """
    Path(out).expanduser().write_bytes(data)
