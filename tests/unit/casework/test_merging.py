"""What holds where two places wrote one field apart."""

import pytest

from casework import merging
from casework.errors import UnknownField
from casework.fact_shapes import OWN_WORD_FACT
from casework.facts import FACTS, UNDISCLOSED, Head
from casework.merging import FIELDS, Policy, class_of, policy_of, settle

A, B = b"a" * 8, b"b" * 8


def head(value, *, replica=A, seq=1, kind="village", fact="case.received", between=(0, None)):
    return Head(value, replica, seq, "411526101201", kind, "helper", fact, 0, *between)


def test_no_heads_one_head_equal_heads():
    assert settle("phone", ()) == merging.Settled(value=None, conflict=False, values=())
    assert settle("phone", [head("1")]).value == "1"
    twice = settle("phone", [head("1"), head("1", replica=B)])
    assert (twice.value, twice.conflict, twice.values) == ("1", False, ("1",))


def test_ask_is_a_conflict_with_the_higher_place_first():
    village, township = head("1"), head("2", replica=B, kind="township")
    settled = settle("phone", [village, township])
    assert settled == settle("phone", [township, village, township])
    assert (settled.value, settled.conflict, settled.values) == ("2", True, ("2", "1"))


def test_equal_rank_goes_by_the_smallest_dot():
    assert settle("phone", [head("2", replica=B), head("1", replica=A, seq=9)]).value == "1"
    assert settle("phone", [head("2", seq=2), head("1", seq=1)]).value == "1"


def test_truth_and_number_are_not_the_same_but_list_and_tuple_are():
    assert settle("agent.entrustment", [head([True]), head([1], replica=B)]).conflict
    assert not settle("form.land", [head([1, {"a": 2}]), head((1, {"a": 2}), replica=B)]).conflict


def test_authority_never_asks():
    county, village = head("x", replica=B, kind="county"), head("y")
    settled = settle("official_number", [village, county])
    assert (settled.value, settled.conflict) == ("x", False)
    assert settled.values == ("x", "y")


def test_an_unknown_kind_of_place_ranks_lowest():
    assert settle("item", [head("x", kind="satellite"), head("y", replica=B)]).value == "y"


def test_a_place_that_cannot_see_one_side_says_nothing():
    settled = settle("id_no", [head("1"), head(UNDISCLOSED, replica=B)])
    assert (settled.value, settled.conflict, settled.values) == (UNDISCLOSED, False, ())


def test_own_word_stands_over_a_helpers_even_of_a_higher_place():
    own = head("上门", fact=OWN_WORD_FACT)
    helper = head("邮寄", replica=B, kind="county", fact="case.contact_corrected")
    settled = settle("pickup", [helper, own])
    assert (settled.value, settled.conflict) == ("上门", False)


def test_of_two_own_words_the_provably_later_one_stands():
    early = head("1", replica=B, kind="county", fact=OWN_WORD_FACT, between=(10, 20))
    late = head("2", fact=OWN_WORD_FACT, between=(30, None))
    assert settle("address", [early, late]).value == "2"


def test_where_intervals_overlap_the_rank_stands():
    one = head("1", replica=B, kind="township", fact=OWN_WORD_FACT, between=(10, 40))
    other = head("2", fact=OWN_WORD_FACT, between=(30, None))
    assert settle("address", [one, other]).value == "1"


def test_bounds_that_run_backwards_do_not_lose_a_value():
    broken = head("1", fact=OWN_WORD_FACT, between=(30, 10))
    assert settle("address", [broken, head("2", replica=B)]).value == "1"


@pytest.mark.parametrize(
    ("field", "policy", "seen"),
    [
        ("phone", Policy.ASK, 2),
        ("id_no", Policy.ASK, 3),
        ("form.bank_account", Policy.ASK, 3),
        ("address", Policy.OWN_WORD, 2),
        ("pickup", Policy.OWN_WORD, 1),
        ("material.4", Policy.SET, 1),
        ("attachment_key.01J", Policy.SET, 3),
        ("promise.01J", Policy.SET, 1),
        ("accepted", Policy.AUTHORITY, 1),
        ("checking.C1:ab", Policy.AUTHORITY, 1),
    ],
)
def test_policy_and_class(field, policy, seen):
    assert (policy_of(field), class_of(field)) == (policy, seen)
    assert merging.is_known(field)


@pytest.mark.parametrize("field", ["mood", "material", "mood.1", ""])
def test_a_newer_field_is_kept_as_most_sensitive_and_not_written_by_us(field):
    assert (policy_of(field), class_of(field)) == (Policy.ASK, 3)
    assert not merging.is_known(field)
    with pytest.raises(UnknownField):
        merging.demand_known(["phone", field])


def test_the_catalogue_may_lower_the_class_of_an_answer():
    assert class_of("form.licensed_machine", form_classes={"licensed_machine": 1}) == 1
    assert class_of("form.illness", form_classes={"licensed_machine": 1}) == 3


def test_every_fact_sets_only_fields_that_a_policy_covers():
    patterns = {pattern for spec in FACTS.values() for pattern in spec.sets} - {"*"}
    assert patterns <= FIELDS.keys()


def test_deciding_fields():
    assert merging.is_deciding("form.bank_account")
    assert merging.is_deciding("name")
    assert not merging.is_deciding("phone")
