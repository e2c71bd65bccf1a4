"""A printable document as the pages know it (``documents/print.html``)."""

from dataclasses import dataclass
from enum import StrEnum

from casework.documents import Document
from ui.pages.parts import Link


class Paper(StrEnum):
    """The paper a document is laid out for."""

    A4 = "a4"
    A5 = "a5"
    ROLL80 = "roll80"


@dataclass(frozen=True, slots=True)
class PrintPage:
    """One document, printed ``document.copies`` times with a page break between.

    Args:
        document: What stands on it; its texts are shown in the reader's language.
        heading: County and station.
        keepers: Who keeps each copy, in order ("申请人", "存档"); may be shorter than the copies.
        qr_svg: ``document.qr`` drawn as inline SVG without styles, or empty.
        bars_svg: The number in Code 128 as inline SVG, or empty.
        action: Posting ``as`` (``page``, ``pdf``, ``roll``) counts a print; empty: it is counted
            already, or is of no case.
        pdf_url: The PDF of a document that is not counted, or empty.
        has_roll: A receipt printer is set.
        counted: Its print was counted just now: the browser's print dialog opens by itself.
        large, both: Large print; both languages.
        looks: Links to the other looks of this page.
    """

    document: Document
    paper: Paper
    heading: str
    keepers: tuple[str, ...] = ()
    qr_svg: str = ""
    back_url: str = ""
    bars_svg: str = ""
    action: str = ""
    pdf_url: str = ""
    has_roll: bool = False
    counted: bool = False
    large: bool = False
    both: bool = False
    looks: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A case on a day sheet: numbers and, in words, how far it has come; no names."""

    number: str
    official_number: str
    item: str
    transport: str
    at: int


@dataclass(frozen=True, slots=True)
class DaySheetPage:
    """``documents/day_sheet.html``: receipts of a day against what the county has.

    Args:
        day: ISO date.
        printed: Receipts printed for the cases taken in; fewer than ``taken``: some were not.
        waiting_ever: Cases of any day that the county has not confirmed.
        seq: How far the signed head reaches; ``lines`` are its letters, ``qr_svg`` the same drawn.
    """

    heading: str
    day: str
    made_at: int
    taken: int
    printed: int
    received: int
    waiting: int
    waiting_ever: int
    rows: tuple[SheetRow, ...] = ()
    seq: int = 0
    lines: tuple[str, ...] = ()
    qr_svg: str = ""
    back_url: str = ""
    pdf_url: str = ""
