"""Settings in layers: which one holds where and when, and what may be set (R-NX-42)."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import policy_layers
from casework.deadline import Settings
from casework.policy_layers import LAYERS, SPECS, Layer, setting
from fixtures.desks import COUNTY, OTHER_VILLAGE, TOWNSHIP, VILLAGE
from node.policy import NAMES, Policy, parse

DAY = date(2026, 11, 21)
ELSEWHERE = "411526102000"


def layer(value, scope="county", day="2026-01-01", **more):
    given = {"name": "correction_days", "source": "办法第10条"} | more
    return Layer(scope=scope, value=value, effective_from=date.fromisoformat(day), **given)


ALL = (
    layer(20, "province"),
    layer(15),
    layer(12, TOWNSHIP.code),
    layer(9, VILLAGE.code),
    layer(3, ELSEWHERE),
)


def value(layers, place, day=DAY):
    held = setting("correction_days", layers, place, day)
    return held.value if held else None


@pytest.mark.req("R-NX-42")
@pytest.mark.parametrize(
    ("place", "holds"),
    [(COUNTY.code, 15), (TOWNSHIP.code, 12), (OTHER_VILLAGE.code, 12), (VILLAGE.code, 9)],
)
def test_the_narrowest_layer_holds(place, holds):
    assert value(ALL, place) == holds


@pytest.mark.req("R-NX-42")
def test_a_township_goes_back_to_the_county_and_the_county_to_the_province():
    assert value(ALL[:2], VILLAGE.code) == 15
    assert value(ALL[:1], VILLAGE.code) == 20
    assert value((), VILLAGE.code) is None


@pytest.mark.req("R-NX-42")
def test_a_day_that_has_not_come_counts_for_nothing_yet():
    later = (layer(15), layer(10, day="2026-12-01"), layer(11, day="2026-12-01", set_at=9))
    assert value(later, VILLAGE.code) == 15
    assert value(later, VILLAGE.code, date(2026, 12, 1)) == 11
    assert value(reversed(later), VILLAGE.code, date(2026, 12, 1)) == 11


@pytest.mark.req("R-NX-42")
def test_what_is_published_is_read_again_with_its_source():
    part = {LAYERS: [policy_layers.write(one) for one in ALL]}
    assert policy_layers.read(part) == ALL
    assert policy_layers.deadlines(part, VILLAGE.code, DAY).correction_days == 9
    assert policy_layers.deadlines(part, COUNTY.code, DAY).correction_days == 15


def test_the_flat_map_of_before_is_still_read():
    flat = {"correction_days": 7, "lease_days": 3, "freeze_unsent_days": "soon", "x": 1}
    assert policy_layers.deadlines(flat, VILLAGE.code, DAY) == Settings(correction_days=7)
    assert parse(flat) == Policy(lease_days=3)
    assert parse(None) == parse([1]) == parse({LAYERS: 7}) == Policy()


def test_layers_hold_over_the_flat_numbers_that_go_with_them():
    part = {"correction_days": 15, LAYERS: [policy_layers.write(layer(9, VILLAGE.code))]}
    assert policy_layers.deadlines(part, VILLAGE.code, DAY).correction_days == 9
    part[LAYERS].append(policy_layers.write(layer(4, "county", name="lease_days")))
    assert parse(part, VILLAGE.code).lease_days == 4
    part[LAYERS].append(policy_layers.write(layer(2, VILLAGE.code, name="lease_days")))
    assert (parse(part, VILLAGE.code).lease_days, parse(part).lease_days) == (2, 4)


def test_old_programs_are_given_what_holds_at_the_county_today():
    layers = (*ALL, layer(1, day="2027-01-01"), layer(6, VILLAGE.code, name="booking_days"))
    flat = policy_layers.flattened(layers, COUNTY.code, DAY)
    assert flat == {"correction_days": 15}


def test_a_slip_of_the_pen_gives_nobody_no_time_at_all():
    part = {LAYERS: [policy_layers.write(layer(0))], "deficiency_days": 0}
    assert policy_layers.deadlines(part, VILLAGE.code, DAY) == Settings()


@pytest.mark.parametrize(
    "junk",
    [None, 7, {}, {"name": 1}, {"name": "x", "scope": "moon", "value": 1}, {"value": True}],
)
def test_what_is_no_layer_is_passed_over(junk):
    assert policy_layers.read({LAYERS: [junk]}) == ()


@pytest.mark.parametrize(
    ("wanted", "pointers"),
    [
        (layer(15), set()),
        (layer(15, name="nothing"), {"/name"}),
        (layer(0), {"/value"}),
        (layer(61), {"/value"}),
        (layer(15, "moon"), {"/scope"}),
        (layer(15, source=" "), {"/source"}),
        (layer(9, name="lease_days"), set()),
    ],
)
def test_what_may_be_set(wanted, pointers):
    found = {one.pointer for one in policy_layers.check(wanted, instant=frozenset(NAMES))}
    assert found == pointers


def test_every_setting_of_the_rules_is_described_and_its_default_allowed():
    assert set(SPECS) == {one.name for one in fields(Settings)}
    for one in fields(Settings):
        assert policy_layers.allows(one.name, one.default)


LAYER = st.builds(
    layer,
    st.integers(1, 60),
    st.sampled_from(["province", "county", TOWNSHIP.code, VILLAGE.code, ELSEWHERE]),
    st.sampled_from(["2026-01-01", "2026-11-21", "2026-11-22"]),
    set_at=st.integers(0, 3),
)


@given(st.lists(LAYER, max_size=8), st.randoms(use_true_random=False))
def test_no_order_and_no_repetition_matters(layers, chance):
    shuffled = [*layers, *layers[:2]]
    chance.shuffle(shuffled)
    for place in (COUNTY.code, TOWNSHIP.code, VILLAGE.code):
        assert value(shuffled, place) == value(layers, place)
