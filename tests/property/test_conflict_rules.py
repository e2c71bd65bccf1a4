"""Every conflict rule: the same findings in any order, nothing more on its own outcome."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import State
from casework.conflict_rules.table import RULES
from tests.property.rule_groups import GROUPS
from tests.property.rule_scenes import (
    SCENES,
    acts_of_case,
    acts_of_group,
    names,
    written,
)

SHUFFLE = st.randoms(use_true_random=False)
EACH = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
ALL = pytest.mark.parametrize(("name", "scenes", "expected"), GROUPS, ids=[g[0] for g in GROUPS])


def shuffled(chance, heads):
    """The same heads in another order, some of them twice."""
    again = [head for head in heads if chance.random() < 0.2]
    found = [*heads, *again]
    chance.shuffle(found)
    return found


@EACH
def test_a_rule_finds_what_it_should(scene):
    assert names(acts_of_case(scene.matter(scene.heads))) == scene.expected


@EACH
@given(chance=SHUFFLE)
@settings(max_examples=20, deadline=None)
def test_the_order_of_arrival_plays_no_part(scene, chance):
    straight = acts_of_case(scene.matter(scene.heads))
    mixed = acts_of_case(scene.matter(shuffled(chance, scene.heads)))
    assert sorted(mixed, key=repr) == sorted(straight, key=repr)


@EACH
@given(chance=SHUFFLE)
@settings(max_examples=10, deadline=None)
def test_running_it_again_on_its_own_outcome_adds_nothing(scene, chance):
    after = written(scene.heads, acts_of_case(scene.matter(scene.heads)))
    assert acts_of_case(scene.matter(shuffled(chance, after))) == []


@EACH
@given(chance=SHUFFLE)
@settings(max_examples=10, deadline=None)
def test_a_hub_that_looks_after_every_arrival_ends_where_a_replay_ends(scene, chance):
    at_once = acts_of_case(scene.matter(scene.heads))
    known, wrote = [], []
    order = list(scene.wrote)
    chance.shuffle(order)
    for head in [None, *order]:
        known += (
            list(scene.heads[: len(scene.heads) - len(scene.wrote)]) if head is None else [head]
        )
        acts = acts_of_case(scene.matter(known))
        wrote += acts
        known = written(known, acts)
    assert acts_of_case(scene.matter(known)) == []
    assert names(at_once) <= names(wrote)


@pytest.mark.parametrize("earlier_last", [True, False])
def test_whichever_withdrawal_comes_last_the_case_ends_as_withdrawn(earlier_last):
    """`wrote`: acceptance, withdrawal before the decision, decision, withdrawal after it."""
    scene = next(one for one in SCENES if one.name.startswith("C5 withdrawn at the village"))
    first, last, base = scene.wrote[1], scene.wrote[3], len(scene.heads) - len(scene.wrote)
    order = (last, first) if earlier_last else (first, last)
    known = [*scene.heads[:base], scene.wrote[0], scene.wrote[2]]
    for head in order:
        known = written([*known, head], acts_of_case(scene.matter([*known, head])))
    assert scene.matter(known).case.state is State.WITHDRAWN


@ALL
@given(chance=SHUFFLE)
@settings(max_examples=20, deadline=None)
def test_rules_across_cases_ask_the_same_in_any_order(name, scenes, expected, chance):
    del name
    members = [scene.matter(shuffled(chance, scene.heads)) for scene in scenes]
    chance.shuffle(members)
    found = acts_of_group(members)
    assert frozenset().union(*map(names, found.values())) == expected
    straight = acts_of_group([scene.matter(scene.heads) for scene in scenes])
    assert found == straight


@ALL
def test_rules_across_cases_add_nothing_to_their_own_outcome(name, scenes, expected):
    del name, expected
    members = [scene.matter(scene.heads) for scene in scenes]
    found = acts_of_group(members)
    after = [
        scene.matter(written(scene.heads, found[member.id]))
        for scene, member in zip(scenes, members, strict=True)
    ]
    assert not any(acts_of_group(after).values())


def test_every_rule_has_a_scene():
    """C1, C2 and C32 are about filings, C35 about fields, C19 and C20 about silence: see there."""
    elsewhere = {"C1", "C2", "C32", "C35", "C19", "C20"}
    shown = {scene.name.split()[0] for scene in SCENES} | {group[0].split()[0] for group in GROUPS}
    assert shown == RULES.keys() - elsewhere


def test_a_message_fits_into_a_short_one():
    assert {name for name, rule in RULES.items() if len(rule.told.split("/")[0]) > 54} == set()
