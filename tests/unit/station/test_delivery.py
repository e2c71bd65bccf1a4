"""Results that wait at a station: told, stopped, delivered with their proof."""

from dataclasses import replace

import pytest

from casework.errors import ActRefused
from fixtures.builders import case_document, person, sample_item, seeded
from fixtures.world import TOWNSHIP
from node import acting, photographs, policy
from node.acting import Wish
from node.errors import NotAnImage
from station.usecases import delivery

DAY = 86_400_000
RESULTS = [{"name": "备案回执", "serial": "R-1"}]
SELF = {"to": "applicant", "identity": "id_card", "proof": "本人签字"}
MAIL = {"to": "mail", "proof": "邮寄凭证照片", "carrier": "邮政", "tracking_no": "EMS1"}


@pytest.fixture
def town(world):
    return world.stations[TOWNSHIP]


@pytest.fixture
def case(town):
    """A case decided on the spot, whose result has come to the window."""
    document = case_document(person(seeded(3)), sample_item("DEMO-SB-01"))
    made = town.take_in(document)
    town.act(made, "decide", {"outcome": "yes"})
    town.act(made, "issue", {"to": TOWNSHIP, "results": RESULTS})
    return made


@pytest.mark.req("R-HC-30a")
def test_nothing_is_decided_on_the_spot_when_the_lease_has_run_out(world, town):
    made = town.take_in(case_document(person(seeded(3)), sample_item("DEMO-SB-01")))
    world.clock.advance(policy.DEFAULT.lease_days * DAY + 1000)
    with pytest.raises(ActRefused) as refused:
        town.act(made, "decide", {"outcome": "yes"})
    assert [problem.code for problem in refused.value.errors] == ["only-receives"]


def hand_out(town, case, fields, proof=None):
    with town.node.database.read() as tx:
        seen = acting.newest(acting.load(tx, acting.find_case(tx, case)))
    wish = Wish(verb="deliver", fields=fields, seen=seen)
    delivery.deliver(town.node, case, wish, town.worker, proof=proof)


@pytest.mark.req("R-ZH-35")
def test_a_result_is_to_be_told_within_a_working_day(world, town, case):
    (row,) = delivery.waiting(town.node)
    assert (row.arrived, row.told, row.results) == (False, 0, (("备案回执", "R-1"),))
    assert row.phone.startswith("1")
    town.act(case, "receive_result", {"results": RESULTS})
    world.clock.advance(8 * DAY)
    (row,) = delivery.waiting(town.node)
    assert (row.arrived, row.days_left < 0) == (True, True)
    tried = {"about": "result", "channel": "phone", "reached": False}
    town.act(case, "notify", tried)
    assert delivery.waiting(town.node)[0].told == 0
    town.act(case, "notify", tried | {"reached": True})
    assert delivery.waiting(town.node)[0].told > 0


@pytest.mark.req("R-ZH-36a")
@pytest.mark.req("R-ZH-37")
def test_delivering_registers_and_ends_the_wait(world, village, town, case):
    hand_out(town, case, SELF)
    assert delivery.waiting(town.node) == ()
    assert delivery.count(town.node) == 0
    world.exchange(town, world.hub)
    assert world.hub.state(case).map("delivered")["identity"] == "id_card"


@pytest.mark.req("R-ZH-36b")
def test_the_photo_of_the_posting_proof_stays_with_the_case(town, case, picture):
    with pytest.raises(NotAnImage):
        hand_out(town, case, MAIL, proof=b"no picture")
    assert town.state(case).state.value == "READY"
    hand_out(town, case, MAIL, proof=picture)
    assert town.state(case).map("delivered")["tracking_no"] == "EMS1"
    assert [photo.material for photo in photographs.list_photos(town.node, case)] == [0]


def test_who_has_withdrawn_is_stopped_before_the_result_is_given(world, town, case):
    """The county hears of a withdrawal that a village took down before the decision (C5)."""
    (row,) = delivery.waiting(town.node)
    state = town.state(case)
    withdrawn = replace(state, values=dict(state.values) | {"withdrawn": {"at": 1}})
    assert (row.stopped, delivery.stopped(withdrawn)) == ("", "withdrawn")
    held = replace(state, checks={"C5:1": {"rule": "C5"}})
    assert delivery.stopped(held) == "checking"


def test_a_result_goes_back_after_three_visits(world, town, case):
    town.act(case, "receive_result", {"results": RESULTS})
    for _ in range(3):
        world.clock.advance(DAY)
        town.act(case, "visit_failed", {"reason": "没人在家"})
    assert delivery.waiting(town.node)[0].visits == 3
    with pytest.raises(ActRefused):
        town.act(case, "visit_failed", {"reason": "没人在家"})
