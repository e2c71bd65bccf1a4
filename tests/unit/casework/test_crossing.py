"""Received here, handled there: the receiving place only receives, and every step has one owner."""

import pytest

from casework import crossing
from casework.case import State
from casework.intake import IntakeKind
from casework.places import Place, PlaceKind
from fixtures.desks import COUNTY, VILLAGE
from tests.unit.casework.cases import document, log_of, refused, taken

OTHER_TOWN = "411526102000"
OTHER_COUNTY = "411325000000"
RESULT = [{"name": "备案回执", "serial": "1"}]


@pytest.mark.req("R-GX-04b")
def test_who_receives_for_another_township_only_receives_whatever_its_own_power():
    own = taken("DEMO-SB-01")
    assert own.kind is IntakeKind.ACCEPTED
    there = taken("DEMO-SB-01", document("DEMO-SB-01", handling=OTHER_TOWN))
    fields = there.acts[0].fields
    assert there.kind is IntakeKind.RECEIVED
    assert (fields["station"], fields["handling"]) == (VILLAGE.code, OTHER_TOWN)
    assert fields["mode"] == "proxy"
    assert there.due is None, "the limit is counted from the acceptance there"


@pytest.mark.req("R-HC-26")
def test_papers_are_taken_for_another_county_too():
    there = taken("DEMO-SB-01", document("DEMO-SB-01", handling=OTHER_COUNTY))
    assert there.acts[0].fields["handling"] == OTHER_COUNTY
    assert crossing.leaves_county(VILLAGE.code, OTHER_COUNTY)
    assert not crossing.leaves_county(VILLAGE.code, OTHER_TOWN)


@pytest.mark.parametrize(
    ("handling", "code"),
    [("411526102201", "handles"), ("4115", "code"), ("411526102901", "handles")],
)
def test_a_place_that_handles_nothing_is_refused(handling, code):
    given = document("DEMO-SB-01", handling=handling)
    assert ("/handling", code) in refused("DEMO-SB-01", given)


@pytest.mark.req("R-GX-04b")
def test_the_handling_place_accepts_under_its_own_mode_and_the_receiving_place_delivers():
    town = Place(code=OTHER_TOWN, kind=PlaceKind.TOWNSHIP, parent=COUNTY.code)
    log = log_of("DEMO-SB-03", handling=OTHER_TOWN)
    assert log.act("accept", {}, town).state is State.ACCEPTED
    log.act("decide", {"outcome": "yes"}, town, role="approver")
    log.act("issue", {"to": VILLAGE.code, "results": RESULT}, town)
    done = log.act("deliver", {"to": "applicant", "proof": "签字", "identity": "id_card"}, VILLAGE)
    assert done.state is State.DELIVERED


@pytest.mark.req("R-GX-04b")
def test_every_step_says_what_each_place_answers_for():
    steps = [duty.step.zh for duty in crossing.DUTIES]
    assert len(steps) == len(set(steps))
    for duty in crossing.DUTIES:
        assert duty.receiving.zh or duty.handling.zh
        for text in (duty.step, duty.receiving, duty.handling):
            assert bool(text.zh) == bool(text.en)
    accepts = next(duty for duty in crossing.DUTIES if duty.step.zh == "受理")
    assert (bool(accepts.receiving.zh), bool(accepts.handling.zh)) == (False, True)


def test_a_case_of_ones_own_township_or_county_is_not_shared():
    assert not crossing.is_shared(VILLAGE.code, VILLAGE.code)
    assert not crossing.is_shared(VILLAGE.code, "411526101000")
    assert not crossing.is_shared(VILLAGE.code, COUNTY.code)
    assert crossing.is_shared(VILLAGE.code, OTHER_TOWN)
    assert not crossing.is_shared("", "")
