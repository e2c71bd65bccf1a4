"""The county looks at what a station accepted before it confirms it, at a real hub."""

import pytest

from casework.case import Flag
from casework.errors import ActRefused
from casework.facts import Act
from hub.usecases import authorisations, conflicts, credit, supervising
from node import acting
from tests.integration import hub_county as tools
from tests.integration.hub_county import VILLAGE, accepted, new_record, received

WHO = "411599199006150024"
DAY = 86_400_000
LEASE = 7 * DAY


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


@pytest.mark.req("R-HC-29e")
@pytest.mark.parametrize(("barred", "state"), [("411599195808200048", "good"), (WHO, "bad")])
def test_a_promise_taken_while_the_list_was_old_waits_for_the_countys_next_list(
    county, places, barred, state
):
    admin = county.account("administrator")
    listed = "证件号码,类型,起始日期,修复日期\n411599195808200048,失信,2026-01-01,"
    credit.take(county.node, "old.csv", listed.encode(), account=admin)
    for clock in (county.node.clock, places[VILLAGE].clock):
        clock.advance(LEASE + DAY)
    places[VILLAGE].sync(county)
    at = tools.NOW + LEASE + DAY
    told = {"at": at, "warned": [{"code": "credit_stale"}]}
    promised = {"no": 3, "form": "promised", "copies": 0, "original_seen": False}
    more = {"item": "DEMO-SB-03", "received": told, "material.3": promised}
    case = take(county, places, at=at, **more)
    assert Flag.PROVISIONAL in case.state.flags
    supervising.go_round(county.node)
    assert Flag.PROVISIONAL in county.case(case.record).state.flags
    assert checks(county) == []

    fresh = listed.replace("411599195808200048", barred)
    credit.take(county.node, "new.csv", fresh.encode(), account=admin)
    supervising.go_round(county.node)
    after = county.case(case.record).state
    rejected = after.map("material_check.3").get("result") == "rejected"
    assert (Flag.PROVISIONAL in after.flags, rejected) == ((state == "bad"),) * 2
