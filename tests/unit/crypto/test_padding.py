"""Padmé: few sizes, little waste, one way to take it off."""

import pytest

from crypto import padding
from crypto.errors import Flaw, LimitExceeded, Malformed

SALT = b"\x80" * 16


def test_the_sizes_are_those_of_the_paper():
    # Nikitin et al. 2019, algorithm 1, computed with floor(log2) as it is written there.
    assert [padding.padme(n) for n in (1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 31, 33)] == [
        1, 2, 3, 4, 5, 8, 9 + 1, 16, 16, 18, 32, 36,
    ]  # fmt: skip


def test_72_sizes_stand_for_every_length_between_200_and_5000():
    assert len({padding.padme(n) for n in range(200, 5001)}) == 72


def test_it_never_costs_more_than_12_percent():
    assert all(n <= padding.padme(n) <= n * 1.12 for n in range(1, 20_000))


def test_a_padded_size_is_its_own_padded_size():
    assert all(padding.padme(padding.padme(n)) == padding.padme(n) for n in range(20_000))


@pytest.mark.parametrize(
    "plaintext", [b"", b"\x00", b"\x80", b"a" * 100, b"\x80\x00\x00", b"a" * 5000]
)
def test_what_is_padded_is_unpadded(plaintext):
    padded = padding.pad(plaintext, SALT)
    assert len(padded) == padding.padme(len(plaintext) + 17)
    assert padding.unpad(padded) == plaintext


@pytest.mark.parametrize(
    ("what", "padded"),
    [
        ("nothing", b""),
        ("zeros", bytes(64)),
        ("no end mark", SALT + b"text\x01"),
        ("shorter than a salt", b"\x80"),
        ("a zero too many", padding.pad(b"text", SALT) + b"\x00"),
        ("a zero too few", padding.pad(b"a" * 20, SALT)[:-1]),
        ("as long as another size", padding.pad(b"text", SALT).ljust(256, b"\x00")),
    ],
)
def test_every_other_padding_is_refused(what, padded):
    with pytest.raises(Malformed) as caught:
        padding.unpad(padded)
    assert caught.value.reason is Flaw.PADDING, what


def test_the_longest_part_still_fits_its_limit():
    longest = padding.pad(b"a" * 1000, SALT)
    padding.require_padded_size(len(longest), max_part=1000)
    with pytest.raises(LimitExceeded):
        padding.require_padded_size(len(longest) + 1, max_part=1000)
