"""ESC/POS: the bytes that make a receipt printer write a roll, in GB18030.

A line with a sign of four bytes (a rare name) is sent as a picture, because printers know the
two-byte signs of GB2312 and GBK only. Every model differs: `Profile` says what this one
needs, found out with the sheet of `test_sheet`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from casework.documents import Document
from node.errors import FontMissing
from node.printing import roll, squares
from node.printing.fonts import Font
from node.printing.roll import ENCODING, Layout, RollLine, Size

ESC: Final = b"\x1b"
GS: Final = b"\x1d"
RESET: Final = ESC + b"@"
KANJI_ON: Final = b"\x1c&"
_CUT: Final = GS + b"VB\x00"
_SIZES: Final = {Size.NORMAL: 0x00, Size.TALL: 0x01, Size.DOUBLE: 0x11}
_DOTS_A_COLUMN: Final = 12
_DOTS_A_MM: Final = 8
_LINE_DOTS: Final = 30
_SIGN_DOTS: Final = 24
WIDTHS: Final = (48, 42, 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one printer needs.

    Attributes:
        picture: every line is sent as a picture, for a printer without Chinese signs.
        start: bytes sent after the reset, hexadecimal: they choose the code page (FS & by default).
        width: columns: 48, 42 or 32.
        qr_picture: QR codes are sent as pictures, for a printer without the command.
        cut: it has a cutter.
    """

    picture: bool = False
    start: str = KANJI_ON.hex()
    width: int = roll.COLUMNS
    qr_picture: bool = False
    cut: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """A printer and the font for what it cannot set; None draws nothing, and says so.

    Attributes:
        font: needed for pictures of lines only.
    """

    profile: Profile
    font: Font | None = None


def render(document: Document, look: Layout, machine: Machine) -> bytes:
    """Make the bytes of a document, all copies, each cut off.

    Raises:
        FontMissing: a line must be drawn and there is no font (`machine.font` is None).
    """
    look = replace(look, width=machine.profile.width)
    parts = [_begin(machine.profile)]
    for copy in range(document.copies):
        parts += [_line(line, machine) for line in roll.lay_out(document, look, copy)]
        parts.append(_end(machine.profile))
    return b"".join(parts)


def _begin(profile: Profile) -> bytes:
    return RESET + bytes.fromhex(profile.start)


def _end(profile: Profile) -> bytes:
    return b"\n\n\n" + (_CUT if profile.cut else b"\n\n")


def _line(line: RollLine, machine: Machine) -> bytes:
    if line.qr:
        return _qr(line.qr, picture=machine.profile.qr_picture or machine.profile.picture)
    if line.text and (machine.profile.picture or not line.plain):
        return picture(_drawn(line, machine))
    place = ESC + b"a" + (b"\x01" if line.centered else b"\x00")
    size = GS + b"!" + bytes([_SIZES[line.size]])
    return place + size + line.text.encode(ENCODING) + b"\n"


def _qr(text: str, *, picture: bool) -> bytes:
    matrix = squares.qr(text)
    bare = len(matrix) - 8
    dots = -(-int(squares.SMALLEST_MM * _DOTS_A_MM) // bare)
    center = ESC + b"a\x01"
    if picture:
        return center + raster(
            [[s for s in row for _ in range(dots)] for row in matrix for _ in range(dots)]
        )
    data = text.encode("ascii")
    return center + b"".join(
        (
            _qr_function(65, b"2\x00"),  # model 2
            _qr_function(67, bytes([dots])),  # side of a square, dots
            _qr_function(69, b"1"),  # error correction M, as everywhere
            _qr_function(80, b"0" + data),  # store
            _qr_function(81, b"0"),  # print
            b"\n",
        )
    )


def _qr_function(number: int, data: bytes) -> bytes:
    length = len(data) + 2
    return GS + b"(k" + length.to_bytes(2, "little") + b"1" + bytes([number]) + data


def picture(image: Image.Image) -> bytes:
    """Make the bytes of a picture, black on white, at the left edge."""
    dark = image.convert("1")
    pixels = [[not dark.getpixel((x, y)) for x in range(dark.width)] for y in range(dark.height)]
    return ESC + b"a\x00" + raster(pixels)


def raster(rows: Sequence[Sequence[bool]]) -> bytes:
    """Make the bytes of a raster image (GS v 0): rows of dots, true is black."""
    wide = -(-len(rows[0]) // 8)
    head = GS + b"v0\x00" + wide.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return head + b"".join(_packed(row, wide) for row in rows)


def _packed(row: Sequence[bool], wide: int) -> bytes:
    number = 0
    for dot in row:
        number = number << 1 | dot
    return (number << (wide * 8 - len(row))).to_bytes(wide, "big")


def _drawn(line: RollLine, machine: Machine) -> Image.Image:
    scale = 1 if line.size is Size.NORMAL else 2
    image = Image.new("1", (machine.profile.width * _DOTS_A_COLUMN, _LINE_DOTS * scale), 1)
    pen = ImageDraw.Draw(image)
    font = _face(machine, _SIGN_DOTS * (2 if line.size is Size.DOUBLE else 1))
    text = "".join(sign if sign.isprintable() else " " for sign in line.text)
    x = (image.width - pen.textlength(text, font)) / 2 if line.centered else 0
    pen.text((x, 0), text, font=font, fill=0)
    return image


def _face(machine: Machine, dots: int) -> ImageFont.FreeTypeFont:
    if machine.font is None:
        raise FontMissing
    return ImageFont.truetype(str(machine.font.path), dots, index=machine.font.number)


# -- the sheet that tells what a printer can do ---------------------------------------------------

_TRIALS: Final = (
    ("A", KANJI_ON.hex(), "FS &"),
    ("B", "", "-"),
    ("C", (KANJI_ON + ESC + b"t\xff").hex(), "FS & ESC t 255"),
    ("D", (ESC + b"R\x0f" + KANJI_ON).hex(), "ESC R 15 FS &"),
)
_SAMPLE: Final = "材料受理 √□￥①"


def test_sheet(machine: Machine) -> bytes:
    """Make the sheet of the self-test: widths, ways to choose Chinese, pictures, QR codes.

    Whoever reads it says which lines came out right; `station printer set` is told so.
    """
    return b"".join(_test_parts(machine))


def _test_parts(machine: Machine) -> Iterable[bytes]:
    plain = replace(machine.profile, picture=False)
    for letter, start, name in _TRIALS:
        yield RESET + bytes.fromhex(start)
        yield f"{letter} {_SAMPLE} {name}\n".encode(ENCODING)
    yield _begin(plain)
    for width in WIDTHS:
        yield (str(width).rjust(width, "-") + "\n").encode()
    if machine.font is not None:
        yield picture(_drawn(RollLine(f"P {_SAMPLE}"), machine))
    yield from _test_codes()
    yield _end(plain)


def _test_codes() -> Iterator[bytes]:
    yield b"Q1\n" + _qr("Q1", picture=False)
    yield b"Q2\n" + _qr("Q2", picture=True)


TRIALS: Final = {letter: start for letter, start, _name in _TRIALS}
"""Line of the test sheet → the bytes that made it, for `Profile.start`."""
