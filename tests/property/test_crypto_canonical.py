"""Canonical CBOR: every value comes back, and only its own bytes give it."""

from unicodedata import normalize

import cbor2
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import canonical
from crypto.errors import CryptoError

TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: normalize("NFC", text))
INTEGERS = st.integers(-(2**63), 2**63 - 1)
KEYS = TEXT.filter(lambda text: len(text.encode()) <= 253)
SCALARS = st.none() | st.booleans() | INTEGERS | TEXT | st.binary()


def _containers(children):
    return (
        st.lists(children, max_size=5)
        | st.dictionaries(INTEGERS, children, max_size=5)
        | st.dictionaries(KEYS, children, max_size=5)
    )


VALUES = st.recursive(SCALARS, _containers, max_leaves=30)


def _read(data):
    """Return ("value", it) or ("refused", None); anything but our own error fails the test."""
    try:
        return "value", canonical.decode(data, max_bytes=10_000)
    except CryptoError:
        return "refused", None


def _plain(value):
    """Say by the long way whether `value` has only what the profile has."""
    rule = PLAIN.get(type(value))
    return rule is not None and rule(value)


def _plain_map(value):
    keys = list(value)
    one_kind = {type(key) for key in keys} in (set(), {int}, {str})
    return one_kind and all(
        _plain(key) and len(cbor2.dumps(key)) <= 255 and _plain(value[key]) for key in keys
    )


PLAIN = {
    type(None): lambda _: True,
    bool: lambda _: True,
    int: lambda value: -(2**63) <= value < 2**63,
    str: lambda value: normalize("NFC", value) == value,
    bytes: lambda _: True,
    list: lambda value: all(map(_plain, value)),
    dict: _plain_map,
}


def _ordered(value):
    """Put maps into the order of RFC 8949 section 4.2.1, by the long way."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: cbor2.dumps(pair[0]))
        return {key: _ordered(item) for key, item in pairs}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


@given(VALUES)
def test_what_is_encoded_is_decoded(value):
    assert canonical.decode(canonical.encode(value), max_bytes=1_000_000) == value


@given(VALUES)
def test_the_bytes_are_those_of_the_long_way(value):
    assert canonical.encode(value) == cbor2.dumps(_ordered(value))


@given(st.dictionaries(INTEGERS, SCALARS, min_size=2), st.randoms(use_true_random=False))
def test_the_order_of_making_does_not_matter(value, random):
    keys = list(value)
    random.shuffle(keys)
    assert canonical.encode({key: value[key] for key in keys}) == canonical.encode(value)


@given(st.binary(max_size=200))
def test_random_bytes_are_canonical_or_refused(data):
    kind, value = _read(data)
    assert kind == "refused" or canonical.encode(value) == data


@given(VALUES, st.data())
def test_damaged_bytes_are_canonical_or_refused(value, data):
    encoded = bytearray(canonical.encode(value))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(encoded)))
        patch = data.draw(st.binary(max_size=3))
        encoded[at : at + data.draw(st.integers(0, 3))] = patch
    kind, read = _read(bytes(encoded))
    assert kind == "refused" or canonical.encode(read) == bytes(encoded)


@given(st.binary(max_size=60) | VALUES.map(cbor2.dumps))
def test_what_is_refused_could_not_have_been_written_by_us(data):
    """The length rule of `decode` and the plain rule "encode again and compare" agree."""
    try:
        value = cbor2.loads(data, allow_indefinite=False, allow_duplicate_keys=False, max_depth=16)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError):
        assert _read(data)[0] == "refused"
        return
    assume(not _holds_a_tag(data))
    expected = _plain(value) and cbor2.dumps(_ordered(value)) == data
    assert (_read(data)[0] == "value") == expected


def _holds_a_tag(data):
    """Tell of tags that cbor2 understands: they give plain values, which the long way believes."""
    TAGS_SEEN.clear()
    cbor2.loads(data, semantic_decoders=TAG_READERS)
    return bool(TAGS_SEEN)


TAGS_SEEN = []
TAG_READERS = dict.fromkeys(range(60_000), lambda value, _: TAGS_SEEN.append(value))
