"""Keyed hashes."""

import hashlib
import hmac

import pytest

from crypto import entropy, keyed

KEY = b"\x0f" * 32


def test_the_hash_is_what_the_specification_tells():
    framed = (2).to_bytes(8) + b"ab" + (3).to_bytes(8) + "张".encode()
    expected = hmac.new(KEY, framed, hashlib.sha256).digest()[:16]
    assert keyed.keyed_hash(KEY, b"ab", "张") == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("ab",), ("ab", "")),
        ((), ("",)),
        (("a", "b"), ("b", "a")),
    ],
)
def test_parts_do_not_run_into_each_other(one, other):
    assert keyed.keyed_hash(KEY, *one) != keyed.keyed_hash(KEY, *other)


def test_another_key_gives_another_hash():
    assert keyed.keyed_hash(KEY, "a") != keyed.keyed_hash(bytes(32), "a")


def test_chance_has_the_length_that_was_asked_for_and_does_not_repeat():
    drawn = [entropy.random_bytes(32) for _ in range(100)]
    assert {len(one) for one in drawn} == {32}
    assert len(set(drawn)) == 100
    assert entropy.random_bytes(0) == b""
