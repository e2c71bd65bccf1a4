"""Workbooks that people fill in: nothing is computed, nothing is believed."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from node import workbook
from node.errors import InvalidInput

ROWS = (("编码", "天数", "日期"), ("0001", 5, date(2026, 12, 1)), ("=1+1", None, "2026-12-02"))


def test_what_is_written_is_read_again():
    assert workbook.read(workbook.write({"事项": ROWS}))["事项"] == ROWS


def test_what_looks_like_a_formula_is_text_for_every_program():
    book = load_workbook(io.BytesIO(workbook.write({"事项": ROWS})))
    assert book["事项"]["A3"].data_type == "s"


def test_a_formula_of_somebody_is_read_as_its_text():
    book, file = Workbook(), io.BytesIO()
    book.active.append(['=HYPERLINK("http://x","点我")'])
    book.save(file)
    assert workbook.read(file.getvalue()) == {"Sheet": (('=HYPERLINK("http://x","点我")',),)}


def test_empty_ends_are_left_out():
    found = workbook.read(workbook.write({"x": (("a", "", None), (None, ""), ("b",), ("",))}))
    assert found["x"] == (("a",), (), ("b",))


@pytest.mark.parametrize("data", [b"", b"PK", b"\x00" * 400, b"code,name\n1,2\n"])
def test_refuses_what_is_no_workbook(data):
    with pytest.raises(InvalidInput):
        workbook.read(data)


def test_refuses_a_zip_that_is_no_workbook_and_one_that_swells():
    for name, content in (("readme.txt", b"x"), ("xl/sheet.xml", b"\0" * (65 << 20))):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(name, content)
        with pytest.raises(InvalidInput):
            workbook.read(file.getvalue())
