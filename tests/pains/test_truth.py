"""Pains 5 to 8, 11 and 18: two truths about one case, late ones, moved ones, and wrong clocks."""

from hub.usecases import reconcile, verdicts
from hub.usecases.reconcile import Answer
from node.clock import FixedClock
from station.transport import Parent
from station.usecases import exchange
from tests.pains.small import County
from tests.simulation.template import NOW

_DAY = 86_400_000
ONE, OTHER = "13900000001", "13900000002"


def test_pain_05_the_same_citizen_entered_twice_offline_is_not_flagged(
    county, hub, village, neighbour
):
    """Neither village could know of the other: the county sees it, and asks which account holds."""
    other = {"bank_account": "6217000000000000018"}
    first, second = village.take_in(1), neighbour.take_in(1, form=other)
    county.settle()
    (check,) = hub.checks()
    assert (check.rule, {*check.cases}) == ("C1", {first, second})
    assert village.cases() == {first: "county_checking"}
    assert neighbour.cases() == {second: "county_checking"}
    assert {*hub.cases()} == {first, second}


def _differing(county):
    """A case of the village of which village and township each write another phone number."""
    case = county.village.take_in()
    county.settle()
    county.village.act(case, "correct_contact", phone=ONE)
    county.town.act(case, "correct_contact", phone=OTHER)
    return case


def test_pain_06_an_edit_is_lost_silently_on_a_conflict(county, hub, village, town):
    """Both numbers stand side by side until somebody decides; the loser stays to be read."""
    case = _differing(county)
    county.settle()
    (check,) = hub.checks()
    sides = {side.value: side.station for side in check.fields["phone"]}
    assert sides == {ONE: village.code, OTHER: town.code}
    assert {head.value for head in village.show(case).fields["phone"].heads} == {ONE, OTHER}

    chosen = next(side.dot for side in check.fields["phone"] if side.value == ONE)
    answer = Answer(choose={"phone": chosen}, reason="打电话问过本人")
    reconcile.resolve(hub.node, check.id, answer, account=hub.worker)
    county.settle()
    for place in (hub, town, village):
        assert place.values(case)["phone"] == ONE
        written = [event.changes.get("phone") for event in place.show(case).timeline]
        assert {ONE, OTHER} <= set(written)


def test_pain_07_the_result_depends_on_who_syncs_first(memory_path):
    """Two counties, the same deeds, the other way round: the same question and the same answer."""
    seen = []
    for turn in (False, True):
        county = County.copied(memory_path / str(turn))
        case = _differing(county)
        order = [county.village, county.town]
        for place in order[::-1] if turn else order:
            place.lines.down = {Parent.TOWNSHIP}
            place.sync()
        county.settle(*order)
        (check,) = county.hub.checks()
        before = county.hub.values(case)["phone"]
        reconcile.resolve(
            county.hub.node,
            check.id,
            Answer(set_values={"phone": "13900000003"}, reason="问过"),
            account=county.hub.worker,
        )
        county.settle(*order[::-1])
        after = {p.values(case)["phone"] for p in (county.hub, *order)}
        heads = {len(p.show(case).fields["phone"].heads) for p in (county.hub, *order)}
        stations = {side.station for side in check.fields["phone"]}
        seen.append((check.rule, stations, before, after, heads))
        county.close()
    assert seen[0] == seen[1]
    assert (seen[0][3], seen[0][4]) == ({"13900000003"}, {1})


def test_pain_08_dependent_submissions_arrive_out_of_order(county, hub, village, town):
    """The township's word on a case is at the county before the case itself is."""
    village.lines.down = {Parent.COUNTY}
    case = village.take_in()
    village.sync()
    town.act(case, "correct_contact", phone=OTHER)
    told = town.values(case)

    only_its_own = exchange.child_of(town.node, Parent.COUNTY, most=1)
    answer = hub.door.answer(only_its_own.request().message)
    exchange.child_of(town.node, Parent.COUNTY).take(answer)
    assert case not in hub.cases()  # nobody can work on half a case
    assert town.status.receipted == 1  # but it is there, and not refused
    assert not [one for one in verdicts.listed(hub.node) if one.refused]

    county.settle(town, village)
    assert list(hub.cases()) == [case]
    assert {name: hub.values(case)[name] for name in ("phone", "name", "item")} == {
        name: told[name] for name in ("phone", "name", "item")
    }
    assert village.values(case)["phone"] == OTHER
    assert hub.checks() == []


def test_pain_11_a_record_leaves_the_scope_and_later_edits_fail_silently(
    county, hub, village, neighbour
):
    """The county gave the case to another village; what this one still wrote goes to a person."""
    case = village.take_in()
    county.settle()
    hub.write(case, "case.resolved", {"station": neighbour.code, "handling": neighbour.code})
    village.act(case, "correct_contact", phone=ONE)
    county.settle()
    assert village.show(case).line.moved
    assert list(neighbour.cases()) == [case]
    (check,) = hub.checks()
    (side,) = check.fields["phone"]
    assert (side.value, side.station) == (ONE, village.code)
    assert village.status.receipted == village.status.operations


def test_pain_18_the_clock_of_a_device_is_wrong(county, hub, village, town):
    """A clock of next year: its word is not the newest, no term hangs on it, and it is said."""
    case = village.take_in(1)
    county.settle()
    village.close()
    wrong = FixedClock(village.clock.now + 400 * _DAY, 1000)
    village.clock = village.lines.clock = wrong
    village.open()
    village.act(case, "correct_contact", phone=ONE)
    village.sync()
    county.settle(town)
    town.act(case, "correct_contact", phone=OTHER)
    county.settle(town)
    assert hub.values(case)["phone"] == OTHER  # it knew of the other: it is the later one
    assert hub.checks() == []

    assert village.status.clock_offset_ms > 399 * _DAY
    late = village.take_in(2)
    assert village.values(late).get("accepted") is None  # 收件 only, no term begins by this clock
    village.sync()
    (receiving,) = [e for e in hub.show(late).timeline if e.fact == "case.received"]
    assert receiving.received_at - NOW < _DAY < receiving.claimed_at - NOW
