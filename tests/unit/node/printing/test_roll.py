"""The roll of 80 mm: golden texts of every document, and the bytes read back by a second reader."""

from dataclasses import replace
from pathlib import Path

import pytest

from casework import papers
from casework.documents import DocumentKind
from fixtures import printed
from node.errors import FontMissing, PrinterFailed
from node.printing import device, escpos, fonts, roll
from node.printing import papers as usual
from node.printing.escpos import Machine, Profile
from node.printing.roll import Layout, Size
from node.printing.voice import Voice
from tests.unit.node.printing.reading import columns, read_roll

GOLDEN = Path(__file__).parent / "golden"
EVERY = printed.every()
RECEIPT = EVERY[DocumentKind.RECEIPT]
FONT = fonts.known()


def look(document, **more):
    return Layout(heading=printed.HEADING, keepers=usual.keepers(document.kind), **more)


def bytes_of(document, *, font=None, **profile):
    return escpos.render(document, look(document), Machine(Profile(**profile), font))


def text_of(document, **more):
    lines = roll.lay_out(document, look(document, **more), 0)
    shown = (f"[QR {line.qr}]" if line.qr else line.text for line in lines)
    return "\n".join(shown) + "\n"


@pytest.mark.req("R-ZH-21e")
@pytest.mark.req("R-ZH-22c")
@pytest.mark.req("R-HC-28c")
@pytest.mark.req("R-NX-23b")
@pytest.mark.req("R-ZH-34a")
@pytest.mark.req("R-ZH-34b")
@pytest.mark.req("R-ZH-36b")
@pytest.mark.req("R-HC-32a")
@pytest.mark.req("R-ZH-12")
@pytest.mark.parametrize("kind", sorted(EVERY))
def test_every_document_says_exactly_this(kind):
    """The golden text is what the domain model lists for the document, word for word."""
    assert text_of(EVERY[kind]) == (GOLDEN / f"{kind.value}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(EVERY))
@pytest.mark.parametrize("width", escpos.WIDTHS)
def test_a_printer_reads_the_same_words_and_no_line_is_too_wide(kind, width):
    document = EVERY[kind]
    found = read_roll(bytes_of(document, width=width))
    wanted = [
        line.text
        for copy in range(document.copies)
        for line in roll.lay_out(document, look(document, width=width), copy)
        if not line.qr
    ]
    assert [line for line in found.lines if line] == [line for line in wanted if line]
    # A line of double width has half the room.
    for line, (_centered, size) in zip(found.lines, found.looks, strict=True):
        assert columns(line) * (2 if size & 0x10 else 1) <= width
    assert found.cuts == document.copies
    assert found.kanji
    assert not found.pictures


def test_the_title_is_large_and_in_the_middle():
    found = read_roll(bytes_of(RECEIPT))
    looks = dict(zip(found.lines, found.looks, strict=True))
    assert looks["材料受理及接收凭证"] == (True, 0x11)
    assert looks["事项 高龄津贴申领"] == (False, 0x00)


def test_the_code_is_large_enough_and_names_nobody():
    (code, again) = read_roll(bytes_of(RECEIPT)).codes
    text, dots, level = code
    assert code == again
    assert (text, level) == (RECEIPT.qr, "1")  # 1 is M
    assert 29 * dots / 8 >= 25  # 29 squares of version 3, 8 dots a mm
    for secret in (printed.WHO.name, printed.WHO.id_no, printed.WHO.phone):
        assert secret not in text


def test_a_rare_name_is_drawn_and_nothing_else_is():
    document = papers.build(
        DocumentKind.RECEIPT, printed.sheet(printed.taken_in(), handler=("赵䶮", "H1"))
    )
    found = read_roll(bytes_of(document, font=FONT))
    assert [(wide, high) for wide, high, _black in found.pictures] == [(576, 30)] * 2
    assert all(black > 500 for _wide, _high, black in found.pictures)
    assert "<1>" in found.lines
    assert not any("赵" in line for line in found.lines)
    assert len(found.lines) == len(read_roll(bytes_of(RECEIPT)).lines)


def test_a_rare_name_without_a_font_is_an_error_and_never_a_blank():
    document = papers.build(
        DocumentKind.RECEIPT, printed.sheet(printed.taken_in(), handler=("赵䶮", "H1"))
    )
    with pytest.raises(FontMissing):
        bytes_of(document)


def test_a_control_sign_in_a_name_never_reaches_the_printer_as_a_command():
    evil = papers.build(
        DocumentKind.RECEIPT, printed.sheet(printed.taken_in(), handler=("赵\x1b@\x1dV\0", "H1"))
    )
    found = read_roll(bytes_of(evil, font=FONT))
    assert found.cuts == evil.copies
    assert len(found.pictures) == evil.copies


def test_a_printer_without_chinese_gets_pictures_only():
    found = read_roll(bytes_of(RECEIPT, font=FONT, picture=True, cut=False))
    assert not [line for line in found.lines if line and not line.startswith("<")]
    assert (found.cuts, found.codes) == (0, [])
    assert len(found.pictures) > 60


def test_the_start_of_the_profile_is_sent_first():
    assert bytes_of(RECEIPT, start="1b521c261b7401").startswith(b"\x1b@\x1bR\x1c&\x1bt\x01")


def test_large_print_is_twice_as_high():
    lines = list(roll.lay_out(RECEIPT, look(RECEIPT, large=True), 0))
    assert {line.size for line in lines} == {Size.TALL, Size.DOUBLE}


def test_a_reprint_says_so():
    document = replace(RECEIPT, reprint=2)
    assert "补打第2次" in text_of(document)


def test_in_both_languages_every_line_still_fits():
    lines = list(roll.lay_out(RECEIPT, look(RECEIPT, voice=Voice.BOTH), 0))
    assert "证件号码 Document 411599********0017" in [line.text for line in lines]
    assert max(columns(line.text) for line in lines) <= 48


def test_the_self_test_sheet_tries_every_way():
    found = read_roll(escpos.test_sheet(Machine(Profile(), FONT)))
    assert [line[0] for line in found.lines[:4]] == list("ABCD")
    assert found.lines[4:7] == ["48".rjust(48, "-"), "42".rjust(42, "-"), "32".rjust(32, "-")]
    assert len(found.codes) == 1
    assert len(found.pictures) == 2  # a line, and a code


def test_bytes_reach_a_device_file(tmp_path):
    printer = tmp_path / "lp0"
    printer.touch()
    device.send(f"file:{printer}", b"abc")
    assert printer.read_bytes() == b"abc"


@pytest.mark.parametrize("target", ["", "file:", "file:/nowhere/lp0", "smoke:signals"])
def test_a_printer_that_is_not_there_is_said_so(target):
    with pytest.raises(PrinterFailed):
        device.send(target, b"abc")


@pytest.mark.enable_socket
def test_a_printer_that_takes_nothing_does_not_hold_the_counter_up():
    with pytest.raises(PrinterFailed):
        device.send("tcp:127.0.0.1:9", b"abc", seconds=0.2)
