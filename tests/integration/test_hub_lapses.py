"""What passing days do at the hub: deadlines, finality, silence, alerts (R-HC-28e, C19)."""

import pytest

from casework.case import State
from casework.errors import ActRefused
from casework.facts import Act
from casework.places import Role
from hub.usecases import alerts, conflicts, lapses, supervising
from hub.usecases.publishing import republish
from node import acting
from tests.integration import hub_county as tools
from tests.integration.hub_county import OTHER, TOWNSHIP, VILLAGE, receive

DAY = 86_400_000
MONDAY = tools.NOW + 2 * DAY
LAST = "2026-12-01"
PAPER = {"no": 4, "form": "original", "copies": 1, "at": 1}


def deficient(village, *, last=LAST, **more):
    record = receive(village, item="DEMO-YL-01", **more)
    fields = {
        "accepted": {"at": tools.NOW, "kind": "accepted_deficient", "due": "2026-12-30"},
        "commitment": {"materials": [4], "deadline": last, "at": tools.NOW},
    }
    village.write(record, Act("case.accepted", fields))
    return record


def at(county, places, day):
    """Let it be that many days after the start, everywhere."""
    for one in (county.node, *places.values()):
        one.clock.advance(tools.NOW + day * DAY - one.clock.now_ms())


def state(county, record):
    return county.case(record).state.state


def confirm(county, record):
    case = county.case(record).id
    return acting.act(county.node, case, "confirm_deemed", {}, county.account(Role.RECONCILER))


@pytest.mark.req("R-HC-28e")
def test_a_deadline_that_passed_waits_for_the_stations_then_for_a_person(county, places):
    record = deficient(places[VILLAGE])
    for code in (VILLAGE, TOWNSHIP):
        places[code].sync(county)
    at(county, places, 9)
    assert supervising.go_round(county.node).lapsed == 0, "the deadline is the 10th day"

    at(county, places, 11)
    assert supervising.go_round(county.node).lapsed == 1
    assert state(county, record) is State.DEEMED_PENDING
    assert supervising.go_round(county.node).lapsed == 0, "twice is once"
    with pytest.raises(ActRefused) as refused:
        confirm(county, record)
    assert [e.code for e in refused.value.errors] == ["not_final"]

    places[VILLAGE].sync(county)
    assert supervising.go_round(county.node).lapsed == 0, "the township was not heard yet"
    places[TOWNSHIP].sync(county)
    supervising.go_round(county.node)
    assert county.case(record).state.map("deemed_pending")["ground"] == "synced"
    assert confirm(county, record).state == State.DEEMED_WITHDRAWN


@pytest.mark.req("R-HC-28e")
def test_after_the_days_of_grace_no_station_is_waited_for(county, places):
    record = deficient(places[VILLAGE])
    places[VILLAGE].sync(county)
    at(county, places, 11)
    supervising.go_round(county.node)
    at(county, places, 24)  # 2026-12-15: ten working days after the deadline
    supervising.go_round(county.node)
    assert county.case(record).state.map("deemed_pending").get("final") is None
    at(county, places, 25)
    supervising.go_round(county.node)
    assert county.case(record).state.map("deemed_pending")["ground"] == "grace"
    assert confirm(county, record).state == State.DEEMED_WITHDRAWN


@pytest.mark.req("R-HC-28d")
@pytest.mark.req("R-HC-28e")
def test_a_timely_paper_from_an_offline_village_revives_the_case(county, places):
    village = places[VILLAGE]
    record = deficient(village)
    village.sync(county)
    village.write(record, Act("case.material_added", {"material.4": PAPER}))
    at(county, places, 12)
    supervising.go_round(county.node)
    assert state(county, record) is State.DEEMED_PENDING

    village.sync(county)
    found = county.case(record)
    assert found.state.state is State.ACCEPTED
    assert found.dues.promised.isoformat() == "2026-12-30", "the clock is as if never stopped"
    supervising.go_round(county.node)
    assert state(county, record) is State.ACCEPTED


def test_a_known_gap_holds_finality_back(county, places):
    marks = lapses.watermarks(county.node)
    assert marks.of[VILLAGE] > 0 or VILLAGE in marks.of
    village = places[VILLAGE]
    deficient(village)
    village.sync(county)
    heard = lapses.watermarks(county.node).of[VILLAGE]
    assert heard >= tools.NOW
    assert lapses.watermarks(county.node).passed({VILLAGE, "411526999000"}, heard)
    assert not lapses.watermarks(county.node).passed({OTHER}, heard)


def test_alerts_name_their_timer_and_the_age_of_what_is_known(county, places):
    record = deficient(places[VILLAGE], last="2027-01-30")
    places[VILLAGE].sync(county)
    supervising.go_round(county.node)
    assert alerts.board(county.node, alerts.Asked()).total == 0

    at(county, places, 20)
    found = supervising.go_round(county.node)
    board = alerts.board(county.node, alerts.Asked())
    assert found.alerts == board.levels
    kinds = {(one.timer, one.level) for one in board.alerts}
    assert {("T1", "blue"), ("T6", "yellow")} == kinds
    assert {one.line.case for one in board.alerts} == {county.case(record).id}
    assert {one.data_age for one in board.alerts} == {20}

    at(county, places, 45)
    supervising.go_round(county.node)
    red = alerts.board(county.node, alerts.Asked(level="red"))
    assert [one.timer for one in red.alerts] == ["T1"]
    assert alerts.board(county.node, alerts.Asked(timer="T6")).alerts[0].level == "yellow"


def test_a_hub_that_was_off_for_days_goes_round_once_when_it_is_back(county, places):
    record = deficient(places[VILLAGE])
    places[VILLAGE].sync(county)
    assert supervising.daily_round(county.node)
    assert not supervising.daily_round(county.node)
    at(county, places, 15)
    assert supervising.daily_round(county.node)
    assert state(county, record) is State.DEEMED_PENDING
    assert not supervising.daily_round(county.node)


def licences(county, village):
    """The county publishes an item as a licence, and the village hears of it."""
    with county.node.database.write() as tx:
        catalogue = county.node.published(tx).document["catalogue"]
        items = [
            one | ({"kind": "licence"} if one["code"] == "DEMO-YL-01" else {})
            for one in catalogue["items"]
        ]
        republish(tx, county.node, {"catalogue": catalogue | {"items": items}})
    village.sync(county)


def test_papers_of_a_licence_without_a_word_count_as_accepted_once_confirmed(county, places):
    village = places[VILLAGE]
    licences(county, village)
    record = receive(village, item="DEMO-YL-01", item_version=2)
    village.sync(county)
    at(county, places, 4)  # Wednesday: the third working day of silence
    supervising.go_round(county.node)
    assert [(a.timer, a.level) for a in alerts.board(county.node, alerts.Asked()).alerts] == [
        ("T3", "yellow")
    ]
    at(county, places, 7)
    supervising.go_round(county.node)
    (check,) = conflicts.list_conflicts(county.node, open_only=True)
    assert (check.rule, state(county, record)) == ("C20", State.RECEIVED)

    case = county.case(record)
    fields = {"id": check.id, "set": {}, "reason": "核实收件属实"}
    acting.act(county.node, case.id, "resolve", fields, county.account(Role.RECONCILER))
    supervising.go_round(county.node)
    found = county.case(record).state
    assert found.instant("accepted") == found.instant("received")
    assert found.map("accepted")["ground"] == "C20"
    supervising.go_round(county.node)
    again = county.case(record).state
    told = [again.map(n)["text"] for n in again.values if n.startswith("told.")]
    assert told == ["您的申请自11月21日起视为受理。"]
