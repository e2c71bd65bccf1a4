"""Signed heads, and their letters for people."""

import pytest

from crypto.signing import SigningKey
from sync import head
from sync.errors import LimitExceeded, Malformed, NewerVersion, Unauthentic
from sync.head import Head, Mistyped

KEY = SigningKey(b"\x07" * 32)
HEAD = Head(bytes(range(8)), 1234, bytes(range(16)), 1_795_227_000_000)
SIGNED = head.sign(HEAD, KEY)


def test_a_head_is_small_and_reads_back():
    assert head.read(SIGNED, key=KEY.verify_key) == HEAD
    assert len(SIGNED) == 100
    assert head.parse(SIGNED) == HEAD


def test_only_the_key_of_its_replica_verifies_it():
    with pytest.raises(Unauthentic):
        head.read(SIGNED, key=SigningKey(b"\x08" * 32).verify_key)


@pytest.mark.parametrize("at", range(0, len(SIGNED), 3))
def test_no_byte_of_it_may_change(at):
    changed = bytearray(SIGNED)
    changed[at] ^= 1
    with pytest.raises((Malformed, Unauthentic, NewerVersion, LimitExceeded)):
        head.read(bytes(changed), key=KEY.verify_key)


@pytest.mark.parametrize("data", [b"", bytes(63), bytes(64), b"\x80" + bytes(64), bytes(200)])
def test_what_is_no_head_is_refused(data):
    with pytest.raises((Malformed, LimitExceeded)):
        head.parse(data)


def test_it_is_written_in_seven_lines_and_read_however_it_is_typed():
    lines = head.to_lines(SIGNED)
    assert len(lines) == 7
    assert {len(line.replace(" ", "")) for line in lines[:-1]} == {26}
    text = "\n".join(lines)
    for typed in (
        text,
        text.lower(),
        text.replace("0", "o").replace("1", "l"),
        text.replace(" ", "-"),
        text.replace(" ", ""),
        head.to_code(SIGNED),
        "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text),
        f"\n\n{text}\n",
    ):
        assert head.from_text(typed) == SIGNED


def test_a_slip_is_named_by_its_line():
    lines = list(head.to_lines(SIGNED))
    for number in range(7):
        wrong = list(lines)
        letter = wrong[number][2]
        wrong[number] = wrong[number][:2] + ("K" if letter != "K" else "M") + wrong[number][3:]
        with pytest.raises(Mistyped) as told:
            head.from_text("\n".join(wrong))
        assert told.value.lines == (number + 1,)


def test_a_letter_left_out_is_named_by_its_line():
    lines = list(head.to_lines(SIGNED))
    lines[2] = lines[2][:-1]
    with pytest.raises(Mistyped) as told:
        head.from_text("\n".join(lines))
    assert told.value.lines == (3,)


def test_two_lines_in_the_wrong_order_are_both_named():
    lines = list(head.to_lines(SIGNED))
    lines[1], lines[2] = lines[2], lines[1]
    with pytest.raises(Mistyped) as told:
        head.from_text("\n".join(lines))
    assert told.value.lines == (2, 3)


@pytest.mark.parametrize("text", ["", "  ", "王", "A", "A" * 9999, "A\n" * 300])
def test_what_is_no_text_of_a_head_is_refused(text):
    with pytest.raises(Mistyped):
        head.from_text(text)


def test_a_later_form_is_said_to_be_one():
    with pytest.raises(NewerVersion):
        head.parse(b"\x81\x02" + bytes(64))
