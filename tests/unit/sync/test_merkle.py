"""Known answers of RFC 9162 trees, and proofs for every subset of leaves."""

from hashlib import sha256
from itertools import combinations

import pytest

from sync import merkle
from sync.errors import Unauthentic

# The eight entries and the roots of the reference log of certificate transparency.
ENTRIES = tuple(
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def leaf(entry):
    return sha256(b"\x00" + entry).digest()


LEAVES = [leaf(entry) for entry in ENTRIES]


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert merkle.root([]) == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_every_subset_is_proven(size):
    leaves = LEAVES[:size]
    expected = merkle.root(leaves)
    for count in range(1, size + 1):
        for places in combinations(range(size), count):
            proof = merkle.prove(merkle.known_leaves(leaves), size, places)
            root, _ = merkle.check(size, {p: leaves[p] for p in places}, proof)
            assert root == expected


def test_a_whole_tree_needs_no_proof():
    assert merkle.prove(merkle.known_leaves(LEAVES), 8, range(8)) == b""


def test_a_smaller_proof_can_be_made_from_what_a_proof_taught():
    proof = merkle.prove(merkle.known_leaves(LEAVES), 8, [1, 6])
    _, learnt = merkle.check(8, {1: LEAVES[1], 6: LEAVES[6]}, proof)
    known = {**learnt, (1, 2): LEAVES[1], (6, 7): LEAVES[6]}
    root, _ = merkle.check(8, {6: LEAVES[6]}, merkle.prove(known, 8, [6]))
    assert root.hex() == ROOTS[7]


def test_what_is_not_known_cannot_be_proven():
    with pytest.raises(KeyError):
        merkle.prove({(0, 1): LEAVES[0]}, 4, [0])


@pytest.mark.parametrize("length", [0, 32, 64, 95, 97, 128])
def test_a_proof_is_used_up_exactly(length):
    proof = merkle.prove(merkle.known_leaves(LEAVES), 8, [3])
    assert len(proof) == 96
    with pytest.raises(Unauthentic):
        merkle.check(8, {3: LEAVES[3]}, (proof + bytes(32))[:length])


def test_a_leaf_in_anothers_place_gives_another_root():
    proof = merkle.prove(merkle.known_leaves(LEAVES), 8, [3])
    root, _ = merkle.check(8, {3: LEAVES[2]}, proof)
    assert root.hex() != ROOTS[7]
