"""Every vector is read by our code as the second pen reads it, and every refusal has its word."""

import pytest

from fixtures.vectorkit import __main__ as kit
from tests.vectors import ours
from tests.vectors.written import FOLDER, INDEX, VECTORS


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: one.id)
def test_a_vector_is_read_as_the_specification_says(one):
    code, found = ours.outcome(one)
    assert code == one.refuse
    if not one.refuse:
        _demand_same(one, found)


def _demand_same(one, found):
    if one.reader == "bundle":  # a node answers with everything it holds of that log
        assert [extract for extract in one.accept if extract not in found] == []
    else:
        assert found == one.accept


def test_every_kind_of_vector_has_good_ones_and_bad_ones():
    kinds = {(one.reader, bool(one.refuse)) for one in VECTORS}
    wanted = {(reader, bad) for reader in INDEX["vectors"] for bad in (False, True)}
    assert kinds == wanted - {("merge", True)}  # whatever is held, something counts


def test_no_two_vectors_have_one_name():
    assert len({one.id for one in VECTORS}) == len(VECTORS)


def test_the_kit_writes_the_committed_files_again():
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert kit.files() == committed
