"""PDF: the text is read back by a second reader, the font is inside, pages are numbered."""

import re
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from casework import papers
from casework.documents import DocumentKind
from fixtures import printed
from node.errors import FontMissing
from node.printing import fonts, paged, squares
from node.printing import papers as usual
from node.printing.look import Look
from node.printing.voice import Voice
from tests.unit.node.printing.reading import embedded_fonts, read_pdf
from ui.pages import Paper

EVERY = printed.every()
FONT = fonts.known()
LONGEST = {Paper.A4: (210, 297), Paper.A5: (148, 210)}
POINT = 25.4 / 72


@cache
def made(kind, document=None, **more):
    shown = document or EVERY[kind]
    paper = usual.paper_of(kind, paged=True)
    look = Look(font=FONT, heading=printed.HEADING, keepers=usual.keepers(kind), paper=paper)
    return paged.render(shown, replace(look, **more))


def squeezed(text):
    return re.sub(r"\s+", "", text)


def words(document):
    lines = [*document.head, *(line for s in document.sections for line in s.lines)]
    yield document.title.zh
    yield from (part.zh for line in lines for part in (line.label, line.value))
    for section in document.sections:
        yield from (text.zh for text in (section.title, *section.paragraphs, *section.columns))
        yield from (cell.zh for row in section.rows for cell in row)
    yield from (line.value.zh for line in document.foot)
    yield from (signer.zh for signer in document.signers)


@pytest.mark.parametrize("kind", sorted(EVERY))
def test_every_word_of_every_document_can_be_read_back(kind):
    document = EVERY[kind]
    pages = read_pdf(made(kind))
    each = len(pages) // document.copies
    copy = squeezed("".join(page.text for page in pages[:each]))
    for text in words(document):
        # Values are broken into lines, and a label may stand between two of them.
        assert set(squeezed(text)) <= set(copy), text
        assert squeezed(text)[:2] in copy, text


@pytest.mark.parametrize("kind", [DocumentKind.GUIDE, DocumentKind.RESULT_DELIVERY])
@pytest.mark.parametrize("large", [False, True])
def test_nothing_runs_off_the_page_and_pages_are_numbered(kind, large):
    document = EVERY[kind]
    paper = usual.paper_of(kind, paged=True)
    width, height = (mm / POINT for mm in LONGEST[paper])
    pages = read_pdf(made(kind, large=large))
    each = len(pages) // document.copies
    for at, page in enumerate(pages):
        assert f"第{at % each + 1}页 共{each}页" in page.text
        for x, y, text in page.texts:
            assert 0 < x < width
            assert 0 < y < height, text


@pytest.mark.req("R-NX-27")
def test_large_print_is_larger_and_keeps_every_word():
    sizes = {
        large: {float(n) for n in re.findall(r"([\d.]+)pt", _sizes(large))}
        for large in (True, False)
    }
    assert max(sizes[True]) > max(sizes[False])
    assert 18.0 in sizes[True]


def _sizes(large):
    data = made(DocumentKind.DEFICIENCY_PROMISE, large=large)
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            content = zlib.decompressobj().decompress(raw)
        except zlib.error:
            continue
        found += re.findall(rb"/F\d+ ([\d.]+) Tf", content)
    return " ".join(f"{size.decode()}pt" for size in found)


def test_the_font_is_inside_and_the_file_is_small():
    data = made(DocumentKind.RECEIPT)
    files, names = embedded_fonts(data)
    assert files == 1
    assert all(name.startswith("MPDFAA+") for name in names)
    assert len(data) < 48 * 1024


def test_a_copy_says_whose_it_is_and_a_reprint_that_it_is_one():
    document = replace(EVERY[DocumentKind.DEFICIENCY_PROMISE], reprint=3)
    first, second = read_pdf(made(document.kind, document))
    assert "第1联 申请人" in first.text
    assert "第2联 存档" in second.text
    assert "补打第3次" in first.text


def test_rare_signs_come_from_the_font_and_what_no_font_has_is_spelled():
    sheet = printed.sheet(printed.taken_in(), handler=("赵䶮𠮷\U000323af", "H1"))
    document = papers.build(DocumentKind.RECEIPT, sheet)
    text = squeezed("".join(page.text for page in read_pdf(made(document.kind, document))))
    assert "赵䶮𠮷〔U+323AF〕（H1）" in text


def test_in_english_and_in_both_languages():
    english = read_pdf(made(DocumentKind.RECEIPT, voice=Voice.EN))
    assert "Receipt for papers" in english[0].text
    both = read_pdf(made(DocumentKind.RECEIPT, voice=Voice.BOTH))
    assert "材料受理及接收凭证 Receipt for papers" in both[0].text


def test_two_prints_of_the_same_are_the_same_bytes_but_for_their_names():
    one, two = (made(DocumentKind.FORM, at=1795233600000) for _ in range(2))
    assert one == two


def test_a_font_that_is_none_is_an_error(tmp_path):
    with pytest.raises(FontMissing):
        fonts.find(str(tmp_path / "none.ttf"), {}, variable="STATION_FONT")
    wrong = tmp_path / "wrong.ttf"
    wrong.write_bytes(b"no font")
    with pytest.raises(FontMissing):
        fonts.find(None, {"STATION_FONT": str(wrong)}, variable="STATION_FONT")


def test_a_font_without_chinese_is_an_error():
    latin = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))
    with pytest.raises(FontMissing):
        fonts.find(str(latin), {}, variable="STATION_FONT")


def test_the_option_goes_before_the_environment():
    found = fonts.find(str(FONT.path), {"STATION_FONT": "/nowhere"}, variable="STATION_FONT")
    assert found == FONT


def test_every_qr_code_has_its_quiet_zone_and_level_m():
    matrix = squares.qr(EVERY[DocumentKind.RECEIPT].qr)
    assert len(matrix) == 29 + 8
    assert not any(any(row) for row in (*matrix[:4], *matrix[-4:]))


def test_bars_begin_and_stop_as_code_128_says():
    widths = squares.bars("7KQ2M9X4TA")
    assert widths[:6] == [2, 1, 1, 2, 1, 4]
    assert widths[-7:] == [2, 3, 3, 1, 1, 1, 2]
    assert sum(widths) == 11 * 12 + 13
    assert squares.bars("袋7") == []
