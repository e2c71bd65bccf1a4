"""Bags over many cases: packed in one go, counted on arrival, differences seen on both sides."""

import pytest

from casework.errors import ActRefused
from fixtures.builders import case_document, person, sample_item, seeded
from fixtures.world import TOWNSHIP, VILLAGE_B
from node.errors import NotFound
from station.usecases import handover
from station.usecases.handover import Packing

DAY = 86_400_000


@pytest.fixture
def cases(village):
    """Three cases of three people."""
    item = sample_item("DEMO-YL-01")
    return [village.take_in(case_document(person(seeded(n)), item)) for n in (3, 4, 5)]


@pytest.fixture
def town(world):
    return world.stations[TOWNSHIP]


def counts(papers):
    return [{"no": p.no, "originals": p.originals, "copies": p.copies} for p in papers]


def packing(village, *, number="b 1", leave=0, to=TOWNSHIP):
    rows = handover.waiting(village.node)
    lines = {one.line.case: counts(one.papers) for one in rows[leave:]}
    return Packing(number=number, to=to, carrier="王秀兰", lines=lines)


def pack(village, **more):
    return handover.pack(village.node, packing(village, **more), village.worker)


def exchange(world, village):
    for _ in range(2):
        world.exchange(village, world.stations[TOWNSHIP])


def counted(bag, *, less=None):
    """What the township counts: as packed, but for one copy of one case."""
    told = {}
    for one in bag.cases:
        rows = [dict(row) for row in one.packed]
        if one.line.case == less:
            rows[0]["copies"] = 0
            rows[0]["originals"] = 0
        told[one.line.case] = rows
    return told


@pytest.mark.req("R-ZH-25")
def test_what_waits_is_packed_over_many_cases_with_one_number(village, cases):
    assert {one.line.case for one in handover.waiting(village.node)} == set(cases)
    before = [village.operations(case) for case in cases]
    assert pack(village) == "B1"
    assert [village.operations(case) for case in cases] == [n + 1 for n in before]
    assert all(village.state(case).map("handover.B1")["carrier"] == "王秀兰" for case in cases)
    assert handover.waiting(village.node) == ()
    assert handover.count_waiting(village.node) == 0


def test_a_bag_is_packed_whole_or_not_at_all(village, cases):
    wrong = packing(village)
    wrong.lines[cases[1]][0]["no"] = 99
    before = [village.operations(case) for case in cases]
    with pytest.raises(ActRefused) as refused:
        handover.pack(village.node, wrong, village.worker)
    assert [e.pointer for e in refused.value.errors] == [f"/cases/{cases[1]}/lines/0/no"]
    assert [village.operations(case) for case in cases] == before


def test_a_bag_sent_twice_is_packed_once_and_its_number_is_not_used_again(village, cases):
    wish = packing(village, leave=1)
    handover.pack(village.node, wish, village.worker)
    before = [village.operations(case) for case in cases]
    handover.pack(village.node, wish, village.worker)
    assert [village.operations(case) for case in cases] == before
    with pytest.raises(ActRefused) as refused:
        pack(village)
    assert refused.value.errors[0].code == "used"
    nothing = Packing(number="B9", to=TOWNSHIP, carrier="", lines={})
    with pytest.raises(ActRefused):
        handover.pack(village.node, nothing, village.worker)


@pytest.mark.req("R-ZH-25")
def test_a_township_counts_a_bag_and_a_difference_is_seen_on_both_sides(
    world, village, town, cases
):
    pack(village)
    exchange(world, village)
    (bag,) = handover.incoming(town.node)
    assert (bag.number, bag.from_place, len(bag.cases)) == ("B1", village.code, 3)
    handover.receive(
        town.node,
        "b1",
        village.code,
        counted(bag, less=cases[0]),
        remark="少一份,回村找",
        account=town.worker,
    )
    assert handover.incoming(town.node) == ()
    exchange(world, village)
    for place in (town, village):
        seen = handover.bag(place.node, "B1", village.code)
        assert seen.opened_by is not None
        assert seen.remark == "少一份,回村找"
        assert [one.line.case for one in seen.cases if one.differing] == [cases[0]]
    first = {p.no for w in handover.waiting(town.node) if w.line.case == cases[0] for p in w.papers}
    assert first
    assert 1 not in first  # what was missing lies nowhere


def test_a_bag_is_counted_whole_by_whom_it_goes_to(world, village, town, cases):
    pack(village)
    exchange(world, village)
    (bag,) = handover.incoming(town.node)
    partly = counted(bag)
    del partly[cases[2]]
    with pytest.raises(ActRefused) as refused:
        handover.receive(town.node, "B1", village.code, partly, remark="", account=town.worker)
    assert [e.pointer for e in refused.value.errors] == [f"/cases/{cases[2]}"]
    with pytest.raises(NotFound):
        handover.bag(town.node, "B2", village.code)
    with pytest.raises(NotFound):
        handover.bag(town.node, "B1", VILLAGE_B)


def test_paper_that_lies_too_long_is_late(world, village, cases):
    (first, *_) = handover.waiting(village.node)
    assert first.days_left >= 0
    world.clock.advance(10 * DAY)
    (late, *_) = handover.waiting(village.node)
    assert late.days_left < 0


def test_a_withdrawn_case_goes_back_to_its_owner_and_in_no_bag(village, cases):
    village.act(cases[0], "withdraw", {})
    assert cases[0] not in {one.line.case for one in handover.waiting(village.node)}


def test_a_drawn_number_is_ten_signs_that_scanners_read(village):
    number = handover.new_bag(village.node)
    assert len(number) == 10
    assert number.isalnum()
    assert number.isupper() or number.isdigit()
