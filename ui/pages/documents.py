"""A printable document as the pages know it (``documents/print.html``)."""

from dataclasses import dataclass
from enum import StrEnum


class Paper(StrEnum):
    """The paper a document is laid out for."""

    A4 = "a4"
    A5 = "a5"
    ROLL80 = "roll80"


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line with its label; an empty label makes a sentence; ``mark`` is √, □ or empty."""

    label: str
    value: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PrintSection:
    """Lines under a heading; sections are numbered where the document says so."""

    title: str
    lines: tuple[PrintLine, ...]


@dataclass(frozen=True, slots=True)
class PrintPage:
    """One document, printed ``copies`` times with a page break between.

    Args:
        heading: County and station.
        number: The case's or the document's own number.
        copies: Who keeps each: ("申请人", "存档").
        signatures: Who signs; a box for the thumb print goes with the first.
        qr_svg: The code as drawn squares (``segno``'s inline SVG), or empty; holds no personal
            data.
        reprint: 0 for the first print, else how often it was printed again.
        offline: Printed without the county: says so.
    """

    paper: Paper
    title: str
    heading: str
    number: str
    sections: tuple[PrintSection, ...]
    copies: tuple[str, ...]
    printed_at: int
    handler: str
    back_url: str = ""
    numbered: bool = True
    intro: str = ""
    closing: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    thumb_print: bool = False
    qr_svg: str = ""
    phone: str = ""
    complaint_phone: str = ""
    reprint: int = 0
    offline: bool = False
