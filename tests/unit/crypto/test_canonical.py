"""One value, one encoding: what is written, and every other spelling refused."""

import enum

import cbor2
import pytest

from crypto import canonical
from crypto.errors import Flaw, LimitExceeded, Malformed


def decode(text, **limits):
    return canonical.decode(bytes.fromhex(text), **({"max_bytes": 1000} | limits))


def flaw_of(call, *args, **kwargs):
    with pytest.raises(Malformed) as caught:
        call(*args, **kwargs)
    return caught.value.reason


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65_536, "1a00010000"),
        (2**32, "1b0000000100000000"),
        (2**63 - 1, "1b7fffffffffffffff"),
        (-1, "20"),
        (-24, "37"),
        (-25, "3818"),
        (-(2**63), "3b7fffffffffffffff"),
        (None, "f6"),
        (True, "f5"),
        (False, "f4"),
        ("", "60"),
        ("张", "63e5bca0"),
        (b"", "40"),
        ([], "80"),
        ([1, [2, "三"]], "82018202 63e4b889"),
        ({}, "a0"),
        ({1: {2: b"\x00"}}, "a101a1024100"),
        ({"a": 1, "bb": 2}, "a2616101626262 02"),
    ],
)
def test_values_have_the_bytes_of_rfc_8949(value, encoded):
    assert canonical.encode(value).hex() == encoded.replace(" ", "")
    assert decode(encoded) == value


def test_keys_stand_in_bytewise_order_whatever_order_they_came_in():
    # RFC 8949 section 4.2.1; the older length-first rule would put -1 before 24.
    assert canonical.encode({-1: 0, 24: 0, 3: 0}).hex() == "a303001818002000"
    assert canonical.encode({"b": 0, "aa": 0, "a": 0}).hex() == "a3616100616200626161 00".replace(
        " ", ""
    )


def test_maps_inside_maps_are_put_in_order_too():
    shuffled = {2: [{"b": 1, "a": (True, {9: 0, 8: 0})}], 1: None}
    assert canonical.encode(shuffled) == canonical.encode(
        {1: None, 2: [{"a": [True, {8: 0, 9: 0}], "b": 1}]}
    )


def test_a_value_in_order_is_not_copied_and_not_changed():
    value = {2: [1], 1: {"b": 2, "a": 1}}
    canonical.encode(value)
    assert list(value) == [2, 1]


@pytest.mark.parametrize(
    ("what", "encoded"),
    [
        ("number longer than needed", "1817"),
        ("number longer than needed, two bytes", "1900ff"),
        ("text head longer than needed", "780161"),
        ("byte string head longer than needed", "580100"),
        ("array head longer than needed", "980100"),
        ("map head longer than needed", "b8010000"),
        ("something follows", "0000"),
        ("false written in two bytes", "f814"),
    ],
)
def test_every_longer_spelling_is_refused(what, encoded):
    assert flaw_of(decode, encoded) in {Flaw.NOT_SHORTEST, Flaw.NOT_CBOR, Flaw.TYPE}, what


@pytest.mark.parametrize(
    ("what", "encoded", "flaw"),
    [
        ("nothing", "", Flaw.NOT_CBOR),
        ("half an item", "8201", Flaw.NOT_CBOR),
        ("a break", "ff", Flaw.NOT_CBOR),
        ("indefinite array", "9f00ff", Flaw.NOT_CBOR),
        ("indefinite text", "7f6161ff", Flaw.NOT_CBOR),
        ("repeated key", "a2010001 00", Flaw.NOT_CBOR),
        ("invalid UTF-8", "62c328", Flaw.NOT_CBOR),
        ("a surrogate in UTF-8", "63eda080", Flaw.NOT_CBOR),
        ("length beyond the end", "5b7fffffffffffffff", Flaw.NOT_CBOR),
        ("half precision float", "f90000", Flaw.TYPE),
        ("double precision float", "fb3ff0000000000000", Flaw.TYPE),
        ("undefined", "f7", Flaw.TYPE),
        ("simple value", "e0", Flaw.TYPE),
        ("a float behind the end", "8101f90000", Flaw.NOT_SHORTEST),
        ("float in an array", "81f90000", Flaw.TYPE),
        ("undefined in a map", "a101f7", Flaw.TYPE),
        ("number below 64 bits", "3bffffffffffffffff", Flaw.INT_RANGE),
        ("number above 63 bits", "1b8000000000000000", Flaw.INT_RANGE),
        ("keys out of order", "a202000100", Flaw.KEY_ORDER),
        ("length-first key order", "a22000181800", Flaw.KEY_ORDER),
        ("bytes as key", "a1410000", Flaw.KEY_TYPE),
        ("boolean as key", "a1f500", Flaw.KEY_TYPE),
        ("float as key", "a1f9000000", Flaw.KEY_TYPE),
        ("array as key", "a18000", Flaw.KEY_TYPE),
        ("map as key", "a1a000", Flaw.KEY_TYPE),
        ("mixed keys", "a201006161 00", Flaw.MIXED_KEYS),
        ("text not in form C", "6365cc81", Flaw.NOT_NFC),
        ("key not in form C", "a16365cc8100", Flaw.NOT_NFC),
    ],
)
def test_every_other_item_is_refused(what, encoded, flaw):
    assert flaw_of(decode, encoded) is flaw, what


def test_no_tag_is_read_whatever_it_holds():
    contents = [
        b"\x01",
        b"\x61a",
        b"\x41\x01",
        b"\x80",
        b"\xa0",
        b"\x82\x01\x02",
        b"\x44\x7f\x00\x00\x01",
    ]
    for tag in (*range(1100), 43_000, 55_799, 2**32, 2**64 - 1):
        head = cbor2.dumps(cbor2.CBORTag(tag, 0))[:-1]
        for content in contents:
            for data in (head + content, b"\x81" + head + content, b"\xa1\x01" + head + content):
                with pytest.raises(Malformed):
                    canonical.decode(data, max_bytes=100)


def test_shared_references_cannot_make_a_value_larger_than_its_bytes():
    # 28 marks a value, 29 repeats it: a few bytes would unfold to millions of items.
    bomb = bytes.fromhex("82d81c8200 00d81d00".replace(" ", ""))
    assert flaw_of(canonical.decode, bomb, max_bytes=100) is Flaw.NOT_CBOR


def test_size_is_checked_before_anything_is_parsed():
    with pytest.raises(LimitExceeded) as caught:
        canonical.decode(b"\xff" * 11, max_bytes=10)
    assert (caught.value.limit, caught.value.actual) == (10, 11)


def test_sixteen_levels_are_read_and_written_and_no_more():
    deep = bytes([0x81]) * 16 + b"\x00"
    value = canonical.decode(deep, max_bytes=100)
    assert canonical.encode(value) == deep
    assert flaw_of(canonical.encode, [value]) is Flaw.DEPTH
    assert flaw_of(canonical.encode, {1: value}) is Flaw.DEPTH
    assert flaw_of(canonical.decode, b"\x81" + deep, max_bytes=100) is Flaw.NOT_CBOR


def test_a_caller_can_ask_for_less_depth():
    assert decode("8101", max_depth=1) == [1]
    assert flaw_of(decode, "818101", max_depth=1) is Flaw.NOT_CBOR


def test_a_value_that_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    assert flaw_of(canonical.encode, loop) is Flaw.DEPTH


class Colour(enum.IntEnum):
    """A number that is not exactly a number."""

    RED = 1


class Word(enum.StrEnum):
    """A text that is not exactly a text."""

    RED = "red"


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        (1.0, Flaw.TYPE),
        ([1.0], Flaw.TYPE),
        (bytearray(b"a"), Flaw.TYPE),
        (Colour.RED, Flaw.TYPE),
        (Word.RED, Flaw.TYPE),
        ({Colour.RED: 1}, Flaw.KEY_TYPE),
        ({True: 1}, Flaw.KEY_TYPE),
        ({b"a": 1}, Flaw.KEY_TYPE),
        ({1: 1, "a": 1}, Flaw.MIXED_KEYS),
        ({"a": 1, 1: 1}, Flaw.MIXED_KEYS),
        (2**63, Flaw.INT_RANGE),
        (-(2**63) - 1, Flaw.INT_RANGE),
        ("e\u0301", Flaw.NOT_NFC),
        ("\ud800", Flaw.SURROGATE),
        ({"e\u0301": 1}, Flaw.NOT_NFC),
        ({"\ud800": 1}, Flaw.SURROGATE),
        ({"k" * 254: 1}, Flaw.KEY_LENGTH),
    ],
)
def test_what_the_profile_does_not_have_is_not_written(value, flaw):
    assert flaw_of(canonical.encode, value) is flaw


def test_the_longest_key_is_255_bytes_with_its_head():
    longest = {"k" * 253: 1}
    assert canonical.decode(canonical.encode(longest), max_bytes=1000) == longest


def test_our_own_bytes_are_read_without_the_walk():
    value = {1: ["张三", None], 2: {"a": b"b"}}
    assert canonical.decode_own(canonical.encode(value)) == value
    assert canonical.decode_own(bytes.fromhex("1817")) == 23  # the form is not looked at again


@pytest.mark.parametrize("edited", ["", "8201", "ff", "9f00ff", "c24101", "62c328"])
def test_an_edited_row_raises_only_our_errors(edited):
    assert flaw_of(canonical.decode_own, bytes.fromhex(edited)) is Flaw.NOT_CBOR
