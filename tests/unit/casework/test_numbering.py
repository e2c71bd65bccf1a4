"""Numbers of cases and documents."""

from datetime import date

import pytest

from casework import numbering
from casework.errors import NumberingExhausted, NumberRefused
from casework.numbering import TemporaryNumber

EXAMPLE = "L411599101201-01-261121-001-M"
DAY = date(2026, 11, 21)


def test_the_worked_example():
    number = TemporaryNumber("411599101201", 1, DAY, 1)
    assert number.printed == EXAMPLE
    assert number.text == "L41159910120101261121001M"


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


@pytest.mark.parametrize(
    "typed",
    [
        EXAMPLE,
        EXAMPLE.lower(),
        EXAMPLE.replace("-", ""),
        " l 4115 9910 1201 01 261121 001 m ",
        wide(EXAMPLE).replace(wide("-"), "\u2011"),
    ],
)
def test_read_in_any_spacing_dashes_width_and_case(typed):
    assert TemporaryNumber.parse(typed) == TemporaryNumber("411599101201", 1, DAY, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "length"),
        (EXAMPLE + "1", "length"),
        ("X" + EXAMPLE[1:], "length"),
        (EXAMPLE[:-1] + "N", "check"),
        (EXAMPLE.replace("261121", "261112"), "check"),
        (EXAMPLE.replace("001-M", "I01-M"), "characters"),
    ],
)
def test_says_why_a_number_is_refused(typed, code):
    with pytest.raises(NumberRefused) as refused:
        TemporaryNumber.parse(typed)
    assert refused.value.code == code


def test_refuses_an_impossible_day():
    body = "41159910120101261332001"
    with pytest.raises(NumberRefused, match="date"):
        TemporaryNumber.parse("L" + body + numbering.check_character(body))


def test_every_single_slip_is_caught():
    text = TemporaryNumber("411526101201", 3, DAY, 17).text
    for place in range(1, len(text)):
        for character in numbering.ALPHABET.replace(text[place], ""):
            with pytest.raises(NumberRefused):
                TemporaryNumber.parse(text[:place] + character + text[place + 1 :])


def test_refuses_a_station_or_device_that_cannot_be():
    for station, device in (("4115", 1), ("411526101201", 0), ("411526101201", 100)):
        with pytest.raises(NumberRefused):
            TemporaryNumber(station, device, DAY, 1)


def test_a_day_with_ten_thousand_filings_still_gets_numbers():
    texts = [TemporaryNumber("411526101201", 1, DAY, n).text for n in range(1, 10_001)]
    assert len(set(texts)) == 10_000
    assert {len(text) for text in texts} == {25}
    assert TemporaryNumber.parse(texts[9_999]).serial == 10_000


def test_serials_end_somewhere():
    assert numbering.serial_value(numbering.serial_text(21_180, 3)) == 21_180
    with pytest.raises(NumberingExhausted):
        numbering.serial_text(21_181, 3)
    with pytest.raises(NumberRefused):
        numbering.serial_value("I01")


def test_official_numbers_with_and_without_an_implementation_code():
    code = "11411599MB0000019G4000131128000"
    with_code = numbering.official_number(
        county="411599", item="DEMO-SC-01", implementation=code, day=DAY, serial=1
    )
    assert with_code == "11411599MB0000019G4000131128000202611210001"
    assert len(with_code) == 43
    without = numbering.official_number(
        county="411526000000", item="DEMO-YL-01", implementation="", day=DAY, serial=68
    )
    assert without == "411526DEMO-YL-01202611210068"


def test_document_numbers():
    made = numbering.document_number(label="双柳树", kind="受", year=2026, serial=12, device="A")
    assert made == "双柳树受\u30142026\u3015A0012号"
    assert "A" not in numbering.document_number(label="县", kind="发", year=2026, serial=1)
