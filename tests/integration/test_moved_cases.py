"""A case that the county gives to another place: told to the first, whose late words are kept."""

import pytest

from casework.case import Flag
from casework.facts import Act
from casework.places import Role
from hub.usecases import conflicts, reconcile
from hub.usecases.reconcile import Answer
from node import casefile, ledger
from node.ledger import CaseAct
from sync.feed import in_scope
from tests.integration.hub_county import OTHER, TOWNSHIP, VILLAGE, receive


def move(county, record, to):
    """Let the county give a case to another place."""
    act = CaseAct(record, Act("case.resolved", {"station": to, "handling": to}))
    with county.node.database.write() as tx:
        me, at = county.node.identity_in(tx), county.node.moment(tx)
        ledger.write(tx, me, [act], actor="wang", at=at)


@pytest.fixture
def moved(county, places):
    """A case of one village that the county has given to the other; the first has not heard."""
    record = receive(places[VILLAGE])
    everybody(county, places)
    move(county, record, OTHER)
    return record


def line(place, record):
    with place.database.read() as tx:
        return casefile.lines_of(tx, place.me, [record])[0]


def everybody(county, places):
    for _ in range(2):
        for code in (VILLAGE, OTHER, TOWNSHIP):
            places[code].sync(county)


def phone(place, record, number):
    place.write(record, Act("case.contact_corrected", {"phone": number}))


def test_the_place_that_had_it_is_told_where_it_went(county, places, moved):
    everybody(county, places)
    first, second = places[VILLAGE].case(moved), places[OTHER].case(moved)
    assert first.scope == second.scope
    assert first.scope.station == OTHER
    assert not in_scope(places[VILLAGE].me.place, first.scope)
    assert second.state.text("name") == "王芳"
    assert [line(places[code], moved).moved for code in (VILLAGE, OTHER, TOWNSHIP)] == [
        True,
        False,
        False,
    ]
    phone(places[OTHER], moved, "13911111111")
    everybody(county, places)
    assert county.case(moved).evidence.merged.refused == {}
    assert county.case(moved).state.text("phone") == "13911111111"
    assert places[VILLAGE].case(moved).state.text("phone") == "13800000001"  # not its case any more


def test_what_it_wrote_before_it_knew_goes_to_a_person(county, places, moved):
    phone(places[VILLAGE], moved, "13922222222")
    everybody(county, places)
    [check] = conflicts.list_conflicts(county.node, open_only=True)
    assert (check.rule, [*check.fields]) == ("C40", ["phone"])
    case = county.case(moved)
    assert case.evidence.merged.refused == {}
    assert Flag.HOLD in case.state.flags
    [side] = check.fields["phone"]
    assert (side.value, side.station) == ("13922222222", VILLAGE)
    answer = Answer(set_values={"phone": "13933333333"}, reason="打电话问过")
    account = county.account(Role.RECONCILER)
    reconcile.resolve(county.node, check.id, answer, account=account)
    everybody(county, places)
    assert conflicts.list_conflicts(county.node, open_only=True) == []
    assert places[OTHER].case(moved).state.text("phone") == "13933333333"


def test_what_was_written_before_the_move_is_no_late_word(county, places):
    record = receive(places[VILLAGE])
    phone(places[VILLAGE], record, "13922222222")
    everybody(county, places)
    move(county, record, OTHER)
    everybody(county, places)
    phone(places[OTHER], record, "13911111111")
    everybody(county, places)
    assert conflicts.list_conflicts(county.node, open_only=True) == []
