"""Which operations count: a function of the set, and of nothing that an attacker can add to it."""

import itertools

import pytest

from sync import merge
from sync.operation import Ref
from sync.verdict import Verdict
from tests.unit.sync.builders import COUNTY, OTHER, TOWNSHIP, VILLAGE, op


def said(about, *, refused=True, code="not-authorised"):
    return Verdict(dot=about.dot, hash=about.hash, refused=refused, code=code, reason="不算")


def verdict(seq, *about, replica=COUNTY, replaces=None, **more):
    fields = {one.field: one.value() for one in about}
    return op(replica, seq, fields, fact="case.judged", replaces=replaces, **more)


def heads(*operations, name="phone", county=(COUNTY,)):
    return set(merge.merge(operations, county=county).heads.get(name, ()))


FIRST = op(VILLAGE, 1, {"phone": "1"})
SECOND = op(TOWNSHIP, 1, {"phone": "2"}, replaces={"phone": [FIRST]})
BESIDE = op(OTHER, 1, {"phone": "3"}, replaces={"phone": [FIRST]})


def test_what_is_replaced_no_longer_stands():
    assert heads(FIRST, SECOND) == {SECOND}


def test_two_that_did_not_know_each_other_both_stand():
    assert heads(FIRST, SECOND, BESIDE) == {SECOND, BESIDE}


def test_every_order_and_repetition_gives_the_same():
    refusal = verdict(1, said(SECOND))
    everything = (FIRST, SECOND, BESIDE, refusal)
    results = {
        tuple(merge.merge((*order, order[0]), county=[COUNTY]).heads.items())
        for order in itertools.permutations(everything)
    }
    assert len(results) == 1


def test_a_refused_operation_gives_way_to_what_it_replaced():
    assert heads(FIRST, SECOND, verdict(1, said(SECOND))) == {FIRST}


def test_descent_runs_through_a_refused_operation():
    third = op(VILLAGE, 2, {"phone": "4"}, replaces={"phone": [SECOND]})
    assert heads(FIRST, SECOND, third, verdict(1, said(SECOND))) == {third}


def test_a_ratified_operation_stands_again():
    refusal = verdict(1, said(SECOND))
    kept = verdict(2, said(SECOND, refused=False), replaces={said(SECOND).field: [refusal]})
    assert heads(FIRST, SECOND, refusal, kept) == {SECOND}


def test_a_ratified_operation_does_not_undo_what_was_answered_meanwhile():
    refusal = verdict(1, said(SECOND))
    later = op(VILLAGE, 2, {"phone": "4"}, replaces=merge.frontier([FIRST, SECOND], ["phone"]))
    kept = verdict(2, said(SECOND, refused=False), replaces={said(SECOND).field: [refusal]})
    assert heads(FIRST, SECOND, refusal, later, kept) == {later}


def test_where_verdicts_differ_and_neither_knew_the_other_refused_wins():
    kept = verdict(2, said(SECOND, refused=False))
    assert heads(FIRST, SECOND, verdict(1, said(SECOND)), kept) == {FIRST}


def test_a_verdict_may_come_before_its_operation():
    refusal = verdict(1, said(SECOND))
    assert heads(FIRST, refusal) == {FIRST}
    assert heads(FIRST, refusal, SECOND) == {FIRST}


def test_a_verdict_counts_only_for_the_operation_with_its_hash():
    twin = op(TOWNSHIP, 1, {"phone": "9"}, replaces={"phone": [FIRST]})
    assert heads(FIRST, SECOND, verdict(1, said(twin))) == {SECOND}


def test_a_verdict_on_a_verdict_is_ignored():
    refusal = verdict(1, said(SECOND))
    assert heads(FIRST, SECOND, refusal, verdict(2, said(refusal))) == {FIRST}


def test_a_verdict_of_a_station_is_none():
    forged = verdict(2, said(SECOND), replica=OTHER)
    assert heads(FIRST, SECOND, forged) == {SECOND}


def test_a_station_cannot_hide_the_countys_verdict_behind_its_own():
    refusal = verdict(1, said(SECOND))
    name = said(SECOND).field
    mine = verdict(2, said(SECOND, refused=False), replica=TOWNSHIP, replaces={name: [refusal]})
    assert heads(FIRST, SECOND, refusal, mine) == {FIRST}


def test_the_county_can_still_ratify_when_a_station_meddled():
    refusal = verdict(1, said(SECOND))
    name = said(SECOND).field
    mine = verdict(2, said(SECOND), replica=TOWNSHIP, replaces={name: [refusal]})
    open_ends = merge.frontier([FIRST, SECOND, refusal, mine], [name])
    kept = verdict(2, said(SECOND, refused=False), replaces=open_ends)
    assert heads(FIRST, SECOND, refusal, mine, kept) == {SECOND}


def test_an_operation_cannot_escape_judgement_by_carrying_a_verdict_field():
    armoured = op(
        TOWNSHIP,
        1,
        {"phone": "2", said(FIRST).field: said(FIRST).value()},
        replaces={"phone": [FIRST]},
    )
    assert heads(FIRST, armoured, verdict(1, said(armoured))) == {FIRST}


def test_verdict_fields_of_stations_never_stand():
    forged = verdict(2, said(SECOND), replica=OTHER)
    assert heads(FIRST, SECOND, forged, name=said(SECOND).field) == set()


@pytest.mark.parametrize(
    "edge",
    [
        Ref(VILLAGE, 1, b"tag-lies"),
        Ref(VILLAGE, 7, FIRST.ref.tag),
        Ref(OTHER, 1, FIRST.ref.tag),
    ],
    ids=["wrong tag", "operation that is not held", "another's dot"],
)
def test_an_edge_to_what_its_author_has_not_seen_does_not_count(edge):
    blind = op(TOWNSHIP, 1, {"phone": "2"}, replaces={"phone": [edge]})
    assert heads(FIRST, blind) == {FIRST, blind}


def test_an_edge_to_an_operation_that_does_not_set_the_field_does_not_count():
    address = op(VILLAGE, 2, {"address": "一组"})
    third = op(OTHER, 1, {"phone": "3"}, replaces={"phone": [FIRST]})
    sly = op(TOWNSHIP, 1, {"phone": "2"}, replaces={"phone": [address]})
    assert heads(FIRST, address, third, sly) == {third, sly}


def test_operations_cannot_make_a_cycle_in_which_a_field_vanishes():
    one = op(VILLAGE, 1, {"phone": "1"}, replaces={"phone": [Ref(TOWNSHIP, 1, b"unknown.")]})
    two = op(TOWNSHIP, 1, {"phone": "2"}, replaces={"phone": [one]})
    assert heads(one, two) == {two}


def test_the_frontier_names_refused_operations_too():
    assert merge.frontier([FIRST, SECOND, BESIDE], ["phone", "address"]) == {
        "phone": (SECOND.ref, BESIDE.ref)
    }
