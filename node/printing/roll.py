"""A document as lines of a roll 80 mm wide: how wide, how large, and what a line may hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.documents import Document, Line, Section
from casework.spoken import Text
from node.printing.voice import Voice
from node.printing.wrapping import wrap

COLUMNS: Final = 48
"""Half-width columns of a roll of 80 mm: 24 Chinese signs (screens §3.9)."""
ENCODING: Final = "gb18030"
_TWO: Final = 2
_BLANK: Final = 16
_WIDE_SPACE: Final = "\N{IDEOGRAPHIC SPACE}"
_CUT_HERE: Final = Text("- - 存根 沿此撕开 - -", "- - stub, tear here - -")


class Size(StrEnum):
    """How large the signs of a line are."""

    NORMAL = "normal"
    TALL = "tall"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class RollLine:
    """One line: text, where it stands, how large it is; or a QR code.

    Attributes:
        qr: drawn instead of the text.
    """

    text: str = ""
    centered: bool = False
    size: Size = Size.NORMAL
    qr: str = ""

    @property
    def plain(self) -> bool:
        """Whether a printer can set it: every sign is in GBK, which its own font covers.

        Beyond it are the signs of four bytes, and a few of two (䶮) that only newer printers have.
        """
        return _in_gbk(self.text)


def _in_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    # A control sign in a name must never reach the printer as a command.
    return all(sign.isprintable() or sign == _WIDE_SPACE for sign in text)


def bytes_of(sign: str) -> bytes:
    """Answer the bytes of one sign; what GB18030 lacks (a lone surrogate) counts as four."""
    known = sign.isprintable() or sign == _WIDE_SPACE
    return sign.encode(ENCODING, "replace") if known else b"\0" * 4


def columns(text: str) -> int:
    """Answer how many columns a text takes; a sign of four bytes is drawn two wide.

    >>> columns("受理 No.7"), columns("䶮")
    (9, 2)
    """
    return sum(min(len(bytes_of(sign)), _TWO) for sign in text)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a roll is laid out for.

    Attributes:
        width: columns of the printer: 48, 42 or 32.
        large: every line twice as high.
    """

    heading: str
    width: int = COLUMNS
    keepers: tuple[Text, ...] = ()
    large: bool = False
    voice: Voice = Voice.ZH


def lay_out(document: Document, look: Layout, copy: int) -> Iterator[RollLine]:
    """Lay out one copy of a document, from the head of the county to the stub.

    Args:
        document: what stands on it.
        look: width, language.
        copy: from 0.
    """
    for line in _lines(document, look, copy):
        size = Size.TALL if look.large and line.size is Size.NORMAL else line.size
        yield RollLine(line.text, line.centered, size, line.qr)


def _lines(document: Document, look: Layout, copy: int) -> Iterator[RollLine]:
    say, width = look.voice.say, look.width
    yield from _centered(look.heading, width)
    for text in _wrapped(say(document.title), width // 2):
        yield RollLine(text, centered=True, size=Size.DOUBLE)
    keeper = say(look.keepers[copy]) if copy < len(look.keepers) else ""
    which = say(Text("第{n}联 {keeper}", "copy {n} {keeper}")).format(n=copy + 1, keeper=keeper)
    yield from _spread(document.number, which if document.copies > 1 else "", width)
    if document.reprint:
        again = say(Text("补打第{n}次", "reprint {n}")).format(n=document.reprint)
        yield RollLine(again, centered=True, size=Size.TALL)
    yield RollLine("-" * width)
    yield from _labelled(document.head, look)
    for section in document.sections:
        yield from _section(section, look)
    for signer in document.signers:
        yield RollLine()
        yield from _flow(f"{say(signer)}：", width)
        yield RollLine("_" * (width - _BLANK))
    if document.sealed:
        yield from _flow(say(Text("（盖章处）", "(seal)")), width)
        yield from (RollLine() for _ in range(4))
    yield RollLine("-" * width)
    yield from _labelled(document.foot, look)
    if document.qr:
        yield RollLine(qr=document.qr)
    yield from _centered(say(_CUT_HERE), width)


def _section(section: Section, look: Layout) -> Iterator[RollLine]:
    say = look.voice.say
    yield from _flow(f"【{say(section.title)}】", look.width)
    for paragraph in section.paragraphs:
        yield from _flow(say(paragraph), look.width)
    yield from _labelled(section.lines, look)
    for row in section.rows:
        cells = [(say(head), say(cell)) for head, cell in zip(section.columns, row, strict=True)]
        told = "  ".join(f"{head}:{cell}" for head, cell in cells if cell)
        yield from _flow(f"· {told}", look.width)
    if section.box.zh:
        yield from _flow(f"[{say(section.box)}]", look.width)
        yield from (RollLine() for _ in range(8))


def _labelled(lines: tuple[Line, ...], look: Layout) -> Iterator[RollLine]:
    for line in lines:
        label, value = look.voice.say(line.label), look.voice.say(line.value)
        blank = "_" * max(4, look.width - columns(label) - 1)
        indent = min(columns(label) + 1, look.width // 2)
        first, *rest = _wrapped(f"{label} {value or blank}", look.width)
        yield RollLine(first)
        for text in _wrapped("".join(rest), look.width - indent) if rest else ():
            yield RollLine(" " * indent + text)


def _flow(text: str, width: int) -> Iterator[RollLine]:
    return (RollLine(line) for line in _wrapped(text, width))


def _centered(text: str, width: int) -> Iterator[RollLine]:
    return (RollLine(line, centered=True) for line in _wrapped(text, width))


def _spread(left: str, right: str, width: int) -> Iterator[RollLine]:
    room = width - columns(left) - columns(right)
    if room >= 1:
        yield RollLine(left + " " * room + right if right else left)
    else:
        yield from _flow(left, width)
        yield from _flow(right, width)


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, columns)
