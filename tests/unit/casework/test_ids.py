"""ULIDs, and citizen ID numbers by GB 11643."""

from datetime import date

import pytest

from casework.ids import IdFault, IdNumber, IdNumberRefused, Sex, Ulid, UlidMalformed

STANDARD = "11010519491231002X"
TODAY = date(2026, 11, 21)


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


def fault_of(text, today=TODAY):
    with pytest.raises(IdNumberRefused) as refused:
        IdNumber.parse(text, today=today)
    return refused.value.fault


@pytest.mark.parametrize(
    "text",
    [
        STANDARD,
        "34052419800101001X",
        "411599194001010011",
        "411599199006150024",
        "411599195808200048",
        "411599201503010030",
    ],
)
def test_right_numbers_pass(text):
    assert IdNumber.parse(text, today=TODAY).text == text


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", " 110105 19491231 002X ", wide("110105-19491231-002X")],
)
def test_typed_as_people_type(typed):
    assert IdNumber.parse(typed).text == STANDARD


def test_every_single_slip_and_swap_of_the_standards_example_is_caught():
    caught = 0
    for place in range(17):
        for digit in "0123456789".replace(STANDARD[place], ""):
            with pytest.raises(IdNumberRefused):
                IdNumber.parse(STANDARD[:place] + digit + STANDARD[place + 1 :], today=TODAY)
            caught += 1
    assert caught == 153


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1101051949123100", IdFault.LENGTH),
        ("11010519491231002XX", IdFault.LENGTH),
        ("", IdFault.LENGTH),
        ("1101051949123100XX", IdFault.CHARACTERS),
        ("\u0661" * 17 + "X", IdFault.CHARACTERS),
        ("110105194902300021", IdFault.DATE),
        ("110105000012310021", IdFault.DATE),
        ("110105203012310021", IdFault.FUTURE),
        ("110105194912310021", IdFault.CHECK),
    ],
)
def test_says_which_test_failed(typed, fault):
    assert fault_of(typed) is fault


def test_length_says_how_many():
    with pytest.raises(IdNumberRefused) as refused:
        IdNumber.parse(STANDARD[:-1])
    assert refused.value.count == 17


def test_abolished_division_is_no_reason():
    assert IdNumber.parse("999999194001010011".replace("999999", "411599")).text


def test_reads_back():
    number = IdNumber.parse(STANDARD)
    assert (number.born, number.sex) == (date(1949, 12, 31), Sex.FEMALE)
    assert number.grouped == "110105 19491231 002X"
    assert IdNumber.parse("411599194001010011").sex is Sex.MALE


def test_ulid_round_trip_and_order():
    early, late = Ulid.make(1, bytes(10)), Ulid.make(2, bytes(10))
    assert early < late
    assert early.text < late.text
    assert Ulid.parse(early.text.lower()) == early
    assert len(early.text) == 26


@pytest.mark.parametrize("text", ["", "0" * 25, "0" * 27, "8" + "0" * 25, "U" * 26, "é" * 26])
def test_ulid_refuses(text):
    with pytest.raises(UlidMalformed):
        Ulid.parse(text)


def test_ulid_refuses_wrong_raw_material():
    for now, entropy in ((-1, bytes(10)), (1 << 48, bytes(10)), (1, bytes(9))):
        with pytest.raises(UlidMalformed):
            Ulid.make(now, entropy)
    with pytest.raises(UlidMalformed):
        Ulid(bytes(15))
