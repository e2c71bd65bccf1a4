"""Typed reading of strict maps, and compression with an end."""

import zlib

import pytest

from sync import codec, dictionary
from sync.errors import LimitExceeded, Malformed, NewerVersion
from sync.limits import DEFAULT

FIRST_DICTIONARY = "ed6dd85a4743c5a95e4c5ca4d80a5fa93af7ebd3f826acc99ea678b88e0e6868"


def test_published_dictionaries_never_change():
    assert dictionary.fingerprint(1) == FIRST_DICTIONARY


@pytest.mark.parametrize(
    ("getter", "wrong"),
    [
        (codec.as_map, [1]),
        (codec.as_list, {}),
        (codec.as_uint, -1),
        (codec.as_uint, True),
        (codec.as_uint, "1"),
        (codec.as_instant, -1),
        (codec.as_bytes, "x"),
        (codec.as_text, b"x"),
    ],
)
def test_getters_refuse_other_types(getter, wrong):
    with pytest.raises(Malformed):
        getter(wrong)
    with pytest.raises(Malformed):
        getter(None)


def test_byte_strings_of_a_given_size():
    assert codec.as_bytes(b"12345678", 8) == b"12345678"
    with pytest.raises(Malformed):
        codec.as_bytes(b"1234567", 8)


@pytest.mark.parametrize("getter", [codec.uint, codec.bstr, codec.text, codec.instant])
def test_what_is_required_must_be_there(getter):
    with pytest.raises(Malformed):
        getter({}, 1)


def test_optional_keys_are_left_out_or_not_empty():
    assert codec.optional_bstr({}, 1) is None
    assert codec.optional_list({}, 1, most=1) == []
    assert codec.optional_map({}, 1, most=1) == {}
    assert codec.dense({1: None, 2: [], 3: {}, 4: b"", 5: 0, 6: False}) == {5: 0, 6: False}
    for call in (
        lambda: codec.optional_bstr({1: b""}, 1),
        lambda: codec.optional_list({1: []}, 1, most=1),
        lambda: codec.optional_map({1: {}}, 1, most=1),
    ):
        with pytest.raises(Malformed):
            call()


def test_counts_are_limited():
    with pytest.raises(LimitExceeded):
        codec.optional_list({1: [1, 2]}, 1, most=1)
    with pytest.raises(LimitExceeded):
        codec.optional_map({1: {1: 1, 2: 2}}, 1, most=1)


def test_times_end_with_the_calendar():
    assert codec.as_instant(DEFAULT.instant) == DEFAULT.instant
    with pytest.raises(LimitExceeded):
        codec.as_instant(DEFAULT.instant + 1)


@pytest.mark.parametrize("value", ["xxx", {"xxx": 1}, [["xxx"]], {"a": ["xxx"]}, "界"], ids=str)
def test_texts_are_measured_in_bytes_wherever_they_stand(value):
    codec.demand_short_texts(value, most=3)
    with pytest.raises(LimitExceeded):
        codec.demand_short_texts(value, most=2)


def test_decoding_is_strict_and_limited():
    assert codec.decode(b"\x01", max_bytes=1) == 1
    with pytest.raises(LimitExceeded):
        codec.decode(b"\x18\x64", max_bytes=1)
    for wrong in (b"", b"\x18\x01", b"\x01\x01", b"\x81" * 17 + b"\x01"):
        with pytest.raises(Malformed):
            codec.decode(wrong, max_bytes=99)
    with pytest.raises(Malformed):
        codec.decode_map(b"\x01", max_bytes=9)


def test_deflate_round_trip():
    plain = codec.encode({1: ["case.received", "DEMO-YL-01"]})
    packed = codec.deflate(plain, dictionary=1)
    assert len(packed) < len(plain)
    assert codec.inflate(packed, dictionary=1, most=len(plain) + 1) == plain


def test_inflating_stops_at_its_limit():
    bomb = codec.deflate(bytes(1 << 20), dictionary=1)
    assert len(bomb) < 2000
    with pytest.raises(LimitExceeded):
        codec.inflate(bomb, dictionary=1, most=(1 << 20) - 1)


HELLO = codec.deflate(b"hello, hello", dictionary=1)


@pytest.mark.parametrize(
    "packed",
    [HELLO + b"\0", HELLO[:-1], b"", b"\xff" + HELLO, zlib.compress(b"x")],
    ids=["trailing", "cut", "nothing", "junk", "with a header"],
)
def test_what_is_no_such_stream_is_malformed(packed):
    with pytest.raises(Malformed):
        codec.inflate(packed, dictionary=1, most=1000)


def test_an_unknown_dictionary_is_of_a_later_version():
    with pytest.raises(NewerVersion):
        codec.inflate(b"x", dictionary=2, most=1)
