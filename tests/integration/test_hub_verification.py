"""The county looks at what a station accepted before it confirms it, at a real hub."""

import pytest

from casework.case import Flag
from casework.errors import ActRefused
from casework.facts import Act
from hub.usecases import authorisations, conflicts, supervising
from node import acting
from tests.integration import hub_county as tools
from tests.integration.hub_county import VILLAGE, accepted, new_record, received


@pytest.fixture(autouse=True)
def _a_little_later(places):
    for place in places.values():
        place.clock.advance(1000)


def take(county, places, **more):
    """A case that the village received and accepted, as it then stands at the county."""
    record, village = new_record(), places[VILLAGE]
    fields = {name: value for name, value in received(VILLAGE, **more).items() if value}
    village.write(record, Act("case.received", fields))
    village.write(record, accepted(due="2026-11-25"))
    village.sync(county)
    return county.case(record)


def checks(county):
    return conflicts.list_conflicts(county.node, open_only=True)


def verify(county, case, fields):
    return acting.act(county.node, case, "verify", fields, county.account("reconciler"))


def test_what_fits_is_confirmed_and_numbered(county, places):
    case = take(county, places)
    assert case.state.text("official_number")
    assert Flag.PROVISIONAL not in case.state.flags
    assert checks(county) == []


def test_what_lacks_a_main_paper_waits_for_a_person_and_keeps_its_day(county, places):
    case = take(county, places, **{"material.2": None})
    assert Flag.PROVISIONAL in case.state.flags
    assert "verified" not in case.state.values
    assert case.state.instant("received") == tools.NOW
    assert case.state.instant("accepted") == tools.NOW
    (check,) = checks(county)
    assert (check.rule, check.failed, list(check.fields)) == ("V1", ("papers",), ["material.2"])
    assert places[VILLAGE].case(case.record).state.checks

    supervising.go_round(county.node)
    assert len(checks(county)) == 1


@pytest.mark.req("R-ZH-21a", "R-HC-30a")
def test_an_acceptance_after_the_letter_was_taken_back_is_not_confirmed_by_rule(county, places):
    (letter,) = authorisations.listed(county.node, VILLAGE)
    admin = county.account("administrator")
    authorisations.revoke(county.node, letter.id, reason="换人", account=admin)
    places[VILLAGE].sync(county)
    county.node.clock.advance(3_600_000)
    places[VILLAGE].clock.advance(3_600_000)
    take(county, places)
    (check,) = checks(county)
    assert check.failed == ("authority",)


def test_nothing_is_decided_while_the_acceptance_is_in_doubt(county, places):
    case = take(county, places, **{"material.2": None})
    with pytest.raises(ActRefused):
        acting.act(county.node, case.id, "decide", {"outcome": "yes"}, county.account("approver"))


def test_a_person_confirms_with_a_reason_and_the_number_follows(county, places):
    case = take(county, places, **{"material.2": None})
    with pytest.raises(ActRefused) as refused:
        verify(county, case.id, {})
    assert [p.pointer for p in refused.value.errors] == ["/reason"]

    verify(county, case.id, {"reason": "身份证在县里看过原件"})
    supervising.go_round(county.node)
    after = county.case(case.record)
    assert after.state.text("official_number")
    assert Flag.PROVISIONAL not in after.state.flags
    assert not after.state.checks
    assert checks(county) == []
