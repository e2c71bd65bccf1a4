"""The pen that writes on the pages of a PDF: lines, tables, codes; fpdf2 draws."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF

from node.printing import squares
from node.printing.wrapping import wrap

_POINT: Final = 25.4 / 72
_FAMILY: Final = "chinese"
_HEAVY: Final = 0.12
"""Width of the stroke that makes headings heavy, mm: a second face would double the file."""
QR_MM: Final = 33.0
"""With its quiet zone: the code itself is more than `squares.SMALLEST_MM` wide."""
_BOX_MM: Final = 60.0
_BAR_MM: Final = 0.4
_WIDE: Final = 0x2E80
"""From here on signs are as wide as high, near enough to share out a table."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Of a paper.

    Attributes:
        size: width and height, mm; margin: mm.
        text: points; large: the same in large print.
        leading: height of a line in heights of its text.
    """

    size: tuple[float, float]
    margin: float
    text: float
    large: float
    leading: float


@dataclass(slots=True, kw_only=True)
class Pen:
    """Where the pen is.

    Attributes:
        files: the fonts, the main one first.
        points: size of the text.
        at: when the file is made, milliseconds.
        y: from the top of the page, mm; x in the methods counts from the margin.
    """

    measures: Measures
    files: tuple[Path, ...]
    points: float
    at: int
    pdf: FPDF = field(init=False)
    y: float = 0.0

    def __post_init__(self) -> None:
        self.pdf = FPDF(format=self.measures.size)
        self.pdf.set_auto_page_break(auto=False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.set_lang("zh-CN")
        self.pdf.set_creation_date(datetime.fromtimestamp(self.at / 1000, UTC))
        for number, path in enumerate(self.files):
            self.pdf.add_font(f"{_FAMILY}{number}", fname=path)
        self.pdf.set_fallback_fonts([f"{_FAMILY}{n}" for n in range(1, len(self.files))])
        self.pdf.set_font(f"{_FAMILY}0", size=self.points)
        self.pdf.set_line_width(0.25)

    @property
    def width(self) -> float:
        """Room between the margins, mm."""
        return self.measures.size[0] - 2 * self.measures.margin

    @property
    def bottom(self) -> float:
        """Where the text area ends, mm from the top."""
        return self.measures.size[1] - self.measures.margin

    def leading(self) -> float:
        """Height of a line as the text is now, mm."""
        return float(self.pdf.font_size) * self.measures.leading

    def wrapped(self, text: str, width: float) -> list[str]:
        """Break a text into lines of a width in mm."""
        return wrap(text, width, self.pdf.get_string_width)

    def page(self) -> None:
        """Begin a page."""
        self.pdf.add_page()
        self.y = self.measures.margin

    def need(self, height: float) -> None:
        """Begin a page unless so many mm are left on this one."""
        if self.y + height > self.bottom and self.y > self.measures.margin:
            self.page()

    def put(self, text: str, x: float) -> None:
        """Write a text at the pen, x mm from the margin; the pen stays."""
        if text:
            self.pdf.set_xy(self.measures.margin + x, self.y)
            self.pdf.cell(h=self.leading(), text=text)

    def text(self, text: str) -> None:
        """Write a paragraph; the pen goes below it."""
        for line in self.wrapped(text, self.width):
            self.need(self.leading())
            self.put(line, 0)
            self.y += self.leading()

    def centered(self, text: str, scale: float) -> None:
        """Write a text in the middle, so many times as large."""
        with self.sized(self.points * scale):
            for line in self.wrapped(text, self.width):
                self.put(line, (self.width - self.pdf.get_string_width(line)) / 2)
                self.y += self.leading()

    def rule(self) -> None:
        """Draw a line across the page."""
        self.y += 1
        self.draw_rule(0, self.width)
        self.y += 2

    def draw_rule(self, left: float, right: float) -> None:
        """Draw a line at the pen between two x, mm from the margin."""
        margin = self.measures.margin
        self.pdf.line(margin + left, self.y, margin + right, self.y)

    @contextmanager
    def sized(self, points: float) -> Iterator[None]:
        """Write in another size for a while."""
        before = self.pdf.font_size_pt
        self.pdf.set_font_size(points)
        yield
        self.pdf.set_font_size(before)

    def smaller(self) -> AbstractContextManager[None]:
        """Write smaller for a while."""
        return self.sized(self.points * 0.8)

    @contextmanager
    def heavy(self) -> Iterator[None]:
        """Write heavy for a while."""
        with self.pdf.local_context(text_mode="FILL_STROKE", line_width=_HEAVY):
            yield

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Draw a table; its first row are the heads."""
        widths = _widths(rows, self.width)
        for row in rows:
            self.row(row, widths)

    def row(self, cells: Sequence[str], widths: Sequence[float]) -> None:
        """Draw a row of a table; it is never torn between pages."""
        wrapped = [self.wrapped(c, w - 2) for c, w in zip(cells, widths, strict=True)]
        height = max(map(len, wrapped)) * self.leading() + 1
        self.need(height)
        left, top = 0.0, self.y
        for lines, width in zip(wrapped, widths, strict=True):
            self.pdf.rect(self.measures.margin + left, top, width, height)
            for at, text in enumerate(lines):
                self.y = top + 0.5 + at * self.leading()
                self.put(text, left + 1)
            left += width
        self.y = top + height

    def box(self, told: str) -> None:
        """Draw an empty box with a word in its corner."""
        self.need(_BOX_MM)
        margin = self.measures.margin
        self.pdf.rect(margin, self.y + 1, self.width, _BOX_MM - 2, style="D")
        self.y += 2
        self.put(told, 2)
        self.y += _BOX_MM - 2

    def qr(self, text: str, top: float) -> None:
        """Draw a QR code at the left margin, its top so many mm from that of the page."""
        matrix = squares.qr(text)
        side = QR_MM / len(matrix)
        for row, cells in enumerate(matrix):
            for start, length in _runs(cells):
                left = self.measures.margin + start * side
                self.pdf.rect(left, top + row * side, length * side, side, style="F")

    def bars(self, text: str) -> None:
        """Draw a text in Code 128 where it can be."""
        left, module = self.measures.margin, _BAR_MM
        for at, width in enumerate(squares.bars(text)):
            if at % 2 == 0:
                self.pdf.rect(left, self.y, width * module, 10, style="F")
            left += width * module
        self.y += 12


def _runs(cells: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Dark squares that touch, as start and length."""
    start = None
    for at, dark in enumerate((*cells, False)):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at - start
            start = None


def _widths(rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """Share the width by the longest cell of each column, none narrower than five signs."""
    longest = [
        min(max(sum(2 if ord(c) >= _WIDE else 1 for c in cell) for cell in column), 24)
        for column in zip(*rows, strict=True)
    ]
    shares = [max(one, 6) for one in longest]
    return [room * share / sum(shares) for share in shares]
