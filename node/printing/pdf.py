"""A document as PDF with its font in it: A4 or A5, normal or large print, page x of y.

Only the signs that are used are embedded, each with its code point, so that the text can be
searched and copied.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont

from casework.documents import Document, DocumentKind, Line, Section
from casework.spoken import Text
from node.printing import fonts
from node.printing.fonts import Font
from node.printing.look import Look
from node.printing.pen import QR_MM, Measures, Pen
from ui.pages import Paper

_PAPERS: Final = {
    Paper.A4: Measures((210, 297), 20, 14, 18, 1.45),
    Paper.A5: Measures((148, 210), 12, 11, 14, 1.35),
}
_SEAL_MM: Final = 34.0
_THUMB_MM: Final = 22.0
_SMALLEST: Final = 0.75
"""How much smaller a text may become where that saves a page; never in large print."""
_ALWAYS: Final = "0123456789ABCDEFU+〔〕. 　"
"""Signs that spell what no font has, and fill lines."""
_DATE: Final = Text("　　年　　月　　日", "Date:")
_SEAL: Final = Text("盖章处", "Seal")
_THUMB: Final = Text("指印", "Thumb")
_REPRINT: Final = Text("补打第{n}次", "reprint {n}")
_COPY: Final = Text("第{n}联 {keeper}", "copy {n} {keeper}")
_PAGE: Final = Text("第{x}页 共{y}页", "page {x} of {y}")
_COLON: Final = Text("{label}：{value}", "{label}: {value}")
_FIXED: Final = (_DATE, _SEAL, _THUMB, _REPRINT, _COPY, _PAGE, _COLON)


def render(document: Document, look: Look) -> bytes:
    """Lay a document out, all its copies behind one another.

    Args:
        document: what stands on it.
        look: paper, font and language; for a roll see `paper_of`.

    A sign that no font here has is written as its code point: 〔U+31234〕.
    """
    words = "".join(_everything(document, look))
    rare = _Rare.of(words, look)
    with TemporaryDirectory(prefix="bangban-") as folder:
        files = _cut(rare, words, Path(folder))
        with ExitStack() as opened:
            whole = _laid_out(document, _sheet(look, rare, files, 1.0), opened)
            if whole.page > document.copies and not look.large:
                smaller = _laid_out(document, _sheet(look, rare, files, _SMALLEST), opened)
                whole = smaller if smaller.page < whole.page else whole
            return bytes(whole.output())


def _sheet(look: Look, rare: "_Rare", files: tuple[Path, ...], scale: float) -> "_Sheet":
    measures = _PAPERS.get(look.paper, _PAPERS[Paper.A4])
    points = scale * (measures.large if look.large else measures.text)
    return _Sheet(measures=measures, files=files, points=points, at=look.at, look=look, rare=rare)


def _laid_out(document: Document, sheet: "_Sheet", opened: ExitStack) -> FPDF:
    for font in sheet.pdf.fonts.values():
        if isinstance(font, TTFFont):  # fpdf2 leaves its files open
            opened.callback(font.ttfont.close)
    for copy in range(document.copies):
        sheet.copy(document, copy)
    return sheet.pdf


def _cut(rare: "_Rare", words: str, folder: Path) -> tuple[Path, ...]:
    """Write the fonts, each with the signs of this document only; fpdf2 takes files."""
    made = []
    for number, font in enumerate(rare.fonts):
        data = fonts.cut(font, words + _ALWAYS)
        path = folder / f"{number}{'.otf' if data.startswith(b'OTTO') else '.ttf'}"
        path.write_bytes(data)
        made.append(path)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Rare:
    """The fonts that a text needs, the main one first, and signs that none of them has."""

    fonts: tuple[Font, ...]
    nowhere: frozenset[int]

    @classmethod
    def of(cls, words: str, look: Look) -> "_Rare":
        lacking = {ord(sign) for sign in words if not sign.isspace()}
        lacking -= fonts.signs_of(look.font)
        taken = [look.font]
        for font in fonts.installed() if lacking else ():
            if font != look.font and (has := lacking & fonts.signs_of(font)):
                taken.append(font)
                lacking -= has
        return cls(tuple(taken), frozenset(lacking))

    def spelled(self, text: str) -> str:
        if not self.nowhere:
            return text
        return "".join(f"〔U+{ord(c):04X}〕" if ord(c) in self.nowhere else c for c in text)


def _everything(document: Document, look: Look) -> Iterator[str]:
    say = look.voice.say
    yield look.heading
    yield f"{document.number} {document.case_number}"
    fixed = (*_FIXED, document.title, *document.signers, *look.keepers)
    yield from (say(text) for text in fixed)
    for line in (*document.head, *document.foot):
        yield say(line.label)
        yield say(line.value)
    for section in document.sections:
        told = (section.title, section.box, *section.paragraphs, *section.columns)
        yield from (say(text) for text in told)
        yield from (say(part) for line in section.lines for part in (line.label, line.value))
        yield from (say(cell) for row in section.rows for cell in row)


@dataclass(slots=True, kw_only=True)
class _Sheet(Pen):
    """One document being laid out."""

    look: Look
    rare: _Rare

    def copy(self, document: Document, copy: int) -> None:
        """Lay out one copy, then write its page numbers, which are known only now."""
        first = self.pdf.page + 1
        self.page()
        self._top(document, copy)
        self._lines(document.head)
        for number, section in enumerate(document.sections, start=1):
            self._section(section, number)
        self._signs(document)
        self._foot(document)
        self._number_pages(document, range(first, self.pdf.page + 1))

    def _top(self, document: Document, copy: int) -> None:
        if document.kind is DocumentKind.HANDOVER:
            self.bars(document.case_number)
        self.centered(self.look.heading, 0.95)
        with self.heavy():
            self.centered(self._say(document.title), 1.5)
        keepers = self.look.keepers
        keeper = self._say(keepers[copy]) if copy < len(keepers) else ""
        marks = [document.number]
        if document.copies > 1:
            marks.append(self._say(_COPY).format(n=copy + 1, keeper=keeper).strip())
        if document.reprint:
            marks.append(self._say(_REPRINT).format(n=document.reprint))
        self.text("　".join(filter(None, marks)))
        self.rule()

    def _section(self, section: Section, number: int) -> None:
        self.need(3 * self.leading())
        self.y += 2
        with self.heavy():
            self.text(f"{number}. {self._say(section.title)}")
        for paragraph in section.paragraphs:
            self.text(self._say(paragraph))
        self._lines(section.lines)
        if section.columns:
            rows = (section.columns, *section.rows)
            self.table([[self._say(cell) for cell in row] for row in rows])
        if section.box.zh:
            self.box(self._say(section.box))

    def _lines(self, lines: Sequence[Line]) -> None:
        indent = 8 * self.points * 25.4 / 72
        for line in lines:
            label = self.wrapped(self._say(line.label), indent - 2)
            value = self.wrapped(self._say(line.value), self.width - indent)
            for at in range(max(len(label), len(value))):
                self.need(self.leading())
                self.put(label[at] if at < len(label) else "", 0)
                self.put(value[at] if at < len(value) else "", indent)
                self.y += self.leading()
            if not self._say(line.value):
                self.draw_rule(indent, self.width)

    def _signs(self, document: Document) -> None:
        each = 1.6 * self.leading()
        height = max(each * len(document.signers), _SEAL_MM if document.sealed else 0)
        if not document.signers:
            return
        self.need(height + 6)
        self.y += 5
        top, margin = self.y, self.measures.margin
        room = self.width - (_SEAL_MM + 4 if document.sealed else 0)
        room -= _THUMB_MM + 3 if document.thumb else 0
        for at, signer in enumerate(document.signers):
            self._signer(self._say(signer), room, thumb=document.thumb and at == 0)
            self.y = max(self.y, top + (at + 1) * each)
        if document.sealed:
            left = margin + self.width - _SEAL_MM
            self.pdf.ellipse(left, top, _SEAL_MM, _SEAL_MM)
            below, self.y = self.y, top + _SEAL_MM / 2 - 3
            self.put(self._say(_SEAL), self.width - _SEAL_MM / 2 - 8)
            self.y = max(below, top + _SEAL_MM)

    def _signer(self, name: str, room: float, *, thumb: bool) -> None:
        date = self._say(_DATE)
        right = room
        wide = self.pdf.get_string_width(date)
        begin = self.pdf.get_string_width(name) + 2
        if thumb:
            self.pdf.rect(self.measures.margin + right + 2, self.y, _THUMB_MM, _THUMB_MM)
            self.put(self._say(_THUMB), right + 3)
        self.put(name, 0)
        if begin + wide + 25 > right:
            self.y += self.leading() * 1.3
            begin = 0
        self.y += self.leading()
        self.draw_rule(begin, right - wide - 2)
        self.y -= self.leading()
        self.put(date, right - wide)
        self.y += max(self.leading(), _THUMB_MM - self.leading() if thumb else 0)

    def _foot(self, document: Document) -> None:
        with self.smaller():
            self.need(max(QR_MM + 2, (len(document.foot) + 1) * self.leading()))
            self.rule()
            top, shift = self.y, 0.0
            if document.qr:
                self.qr(document.qr, top)
                shift = QR_MM + 4
            for line in document.foot:
                parts = {"label": self._say(line.label), "value": self._say(line.value)}
                told = self._say(_COLON).format(**parts)
                for text in self.wrapped(told, self.width - shift):
                    self.put(text, shift)
                    self.y += self.leading()

    def _number_pages(self, document: Document, pages: range) -> None:
        say = self.look.voice.say
        told = document.number or document.case_number
        with self.smaller():
            for at, page in enumerate(pages, start=1):
                self.pdf.page = page
                self.y = self.bottom + 3
                self.put(told, 0)
                numbered = say(_PAGE).format(x=at, y=len(pages))
                self.put(numbered, self.width - self.pdf.get_string_width(numbered))

    def _say(self, text: Text) -> str:
        return self.rare.spelled(self.look.voice.say(text))
