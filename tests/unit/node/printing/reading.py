"""Second readers, of ESC/POS bytes and of the text in a PDF: nothing shared with the writers."""

import re
import zlib
from dataclasses import dataclass, field

_GS_WITH_ONE = {0x21, 0x42, 0x48}
_ESC_WITH_ONE = {0x61, 0x74, 0x52, 0x21}


@dataclass
class Roll:
    """What a printer would put on paper.

    Attributes:
        lines: text as set, with (centered, size byte).
        pictures: width and height in dots of raster images, and how many dots are black.
        codes: QR codes: text, dots a square, correction level.
    """

    lines: list[str] = field(default_factory=list)
    looks: list[tuple[bool, int]] = field(default_factory=list)
    pictures: list[tuple[int, int, int]] = field(default_factory=list)
    codes: list[tuple[str, int, str]] = field(default_factory=list)
    cuts: int = 0
    kanji: bool = False


def read_roll(data):  # noqa: C901, PLR0912, PLR0915  # one long table of commands
    """Play bytes as a printer of GBK signs does; a byte it does not know is an error."""
    roll, at, text = Roll(), 0, b""
    centered, size, code = False, 0, {}
    while at < len(data):
        byte = data[at]
        two = data[at : at + 2]
        if two == b"\x1b@":
            centered, size, roll.kanji, at = False, 0, False, at + 2
        elif two == b"\x1c&":
            roll.kanji, at = True, at + 2
        elif two == b"\x1ba":
            centered, at = data[at + 2] == 1, at + 3
        elif byte == 0x1B and data[at + 1] in _ESC_WITH_ONE:
            at += 3
        elif two == b"\x1d!":
            size, at = data[at + 2], at + 3
        elif two == b"\x1dV":
            roll.cuts, at = roll.cuts + 1, at + 4
        elif data[at : at + 4] == b"\x1dv0\x00":
            wide = int.from_bytes(data[at + 4 : at + 6], "little")
            high = int.from_bytes(data[at + 6 : at + 8], "little")
            dots = data[at + 8 : at + 8 + wide * high]
            assert len(dots) == wide * high
            roll.pictures.append((wide * 8, high, sum(b.bit_count() for b in dots)))
            roll.lines.append(f"<{len(roll.pictures)}>")
            roll.looks.append((centered, size))
            at += 8 + wide * high
        elif data[at : at + 3] == b"\x1d(k":
            length = int.from_bytes(data[at + 3 : at + 5], "little")
            body = data[at + 5 : at + 5 + length]
            code[body[1]] = body[2:]
            if body[1] == 81:
                level = chr(code[69][0])
                roll.codes.append((code[80][1:].decode("ascii"), code[67][0], level))
            at += 5 + length
        elif byte == 0x0A:
            roll.lines.append(text.decode("gbk"))
            roll.looks.append((centered, size))
            text, at = b"", at + 1
        else:
            assert byte >= 0x20, f"unknown byte {byte:02x} at {at}"
            step = 2 if byte >= 0x81 else 1
            text, at = text + data[at : at + step], at + step
    return roll


def columns(text):
    """How many columns a printer needs for a text."""
    return len(text.encode("gbk"))


_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(
    rb"/F(\d+) [\d.]+ Tf|([\d.-]+) ([\d.-]+) Td|\(((?:\\.|[^\\)])*)\) ?Tj", re.DOTALL
)
_ESCAPED = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass
class Page:
    """Texts of a page as (x, y from below, text), in points."""

    texts: list[tuple[float, float, str]]

    @property
    def text(self):
        """All texts, a line each."""
        return "\n".join(text for _x, _y, text in self.texts)


def read_pdf(data):
    """Read the text of every page by way of its ToUnicode tables."""
    objects = {int(n): body for n, body in _OBJECT.findall(data)}
    fonts = {}
    for body in objects.values():
        for name, number in re.findall(rb"/F(\d+) (\d+) 0 R", body):
            table = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
            fonts[int(name)] = _table(_stream(objects[int(table.group(1))]))
    kids = re.search(rb"/Kids \[(.*?)\]", data, re.DOTALL).group(1)
    pages = [objects[int(n)] for n in re.findall(rb"(\d+) 0 R", kids)]
    contents = [int(re.search(rb"/Contents (\d+) 0 R", page).group(1)) for page in pages]
    return [Page(_texts(_stream(objects[n]), fonts)) for n in contents]


def embedded_fonts(data):
    """Names of the fonts whose files are inside."""
    files = re.findall(rb"/FontFile[23]? (\d+) 0 R", data)
    named = re.findall(rb"/BaseFont /([^\s/]+)", data)
    return len(files), sorted({name.decode() for name in named})


def _stream(body):
    raw = _STREAM.search(body).group(1)
    return zlib.decompressobj().decompress(raw) if b"FlateDecode" in body else raw


def _table(cmap):
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", cmap)
    return {int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs}


def _texts(content, fonts):
    found, font, place = [], 0, (0.0, 0.0)
    for name, x, y, shown in _SHOWN.findall(content):
        if name:
            font = int(name)
        elif x:
            place = float(x), float(y)
        else:
            raw = re.sub(rb"\\(.)", lambda m: _ESCAPED.get(m[1], m[1]), shown, flags=re.DOTALL)
            codes = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
            found.append((*place, "".join(fonts[font][code] for code in codes)))
    return found
