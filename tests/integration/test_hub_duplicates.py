"""One matter filed twice: merged by rule or put before a person, in every order of arrival."""

import itertools

import pytest

from casework.case import State
from hub.usecases.duplicates import DUPLICATE
from node.tables import case as case_table
from tests.integration import hub_county as tools
from tests.integration.hub_county import (
    OUTLET,
    TOWNSHIP,
    VILLAGE,
    accepted,
    receive,
)


def filed_twice(county, places, order, *, account):
    """One person files one matter at the village and at the bank."""
    first = receive(places[VILLAGE], at=tools.NOW)
    places[VILLAGE].write(first, accepted(at=tools.NOW))
    more = {"form.bank_account": account}
    second = receive(places[OUTLET], at=tools.NOW + 3_600_000, **more)
    for code in order:
        places[code].sync(county)
    for place in places.values():
        place.sync(county)
    return first, second


ORDERS = list(itertools.permutations((VILLAGE, OUTLET)))


@pytest.mark.parametrize("order", ORDERS)
def test_the_same_matter_filed_twice_is_merged_by_rule(county, places, order):
    first, second = filed_twice(county, places, order, account="6217001234567890123")

    main, other = county.case(first), county.case(second)
    assert (main.state.text("main"), main.state.text("duplicate_of")) == (main.id, "")
    assert (other.state.text("main"), other.state.text("duplicate_of")) == (main.id, main.id)
    assert (main.state.state, other.state.state) == (State.ACCEPTED, State.TERMINATED)
    assert not main.state.checks
    assert places[OUTLET].case(second).state.state is State.TERMINATED


@pytest.mark.parametrize("order", ORDERS)
def test_another_bank_account_goes_to_a_person_in_any_order(county, places, order):
    first, second = filed_twice(county, places, order, account="6217009999999999999")

    a, b = county.case(first), county.case(second)
    check = f"C1-{tools.rule_key(county, 'C1', group_of(county, first))}"
    assert list(a.state.checks) == list(b.state.checks) == [check]
    assert a.state.checks[check] == {
        "rule": DUPLICATE,
        "fields": ["form.bank_account"],
        "open": True,
    }
    assert (a.state.text("main"), b.state.text("main")) == ("", "")
    assert (a.state.state, b.state.state) == (State.ACCEPTED, State.RECEIVED)


def group_of(county, record):
    with county.node.database.read() as tx:
        keys = {r.record: r.group_key for r in tx.execute(case_table.select())}
    assert keys[record] is not None
    return keys[record]


@pytest.mark.parametrize("order", list(itertools.permutations((VILLAGE, TOWNSHIP, OUTLET))))
def test_a_third_filing_that_differs_takes_the_merge_back_in_any_order(county, places, order):
    records = {
        VILLAGE: receive(places[VILLAGE]),
        TOWNSHIP: receive(places[TOWNSHIP], at=tools.NOW + 1),
        OUTLET: receive(places[OUTLET], at=tools.NOW + 2, **{"form.bank_account": "62170099"}),
    }
    for code in order:
        places[code].sync(county)

    cases = [county.case(r).state for r in records.values()]
    checks = {check for case in cases for check in case.checks}
    assert len(checks) == 1
    assert [(c.state, c.text("main"), len(c.checks)) for c in cases] == [
        (State.RECEIVED, "", 1)
    ] * 3


def test_the_earlier_promise_binds_the_main_case(county, places):
    first = receive(places[VILLAGE], at=tools.NOW)
    places[VILLAGE].write(first, accepted(at=tools.NOW, due="2026-12-20"))
    second = receive(places[TOWNSHIP], at=tools.NOW + 1000)
    places[TOWNSHIP].write(second, accepted(at=tools.NOW + 1000, due="2026-12-04"))
    places[VILLAGE].sync(county)
    places[TOWNSHIP].sync(county)

    assert county.case(first).state.due.isoformat() == "2026-12-04"


def test_an_earlier_promise_that_arrives_after_the_merge_binds_as_well(county, places):
    first = receive(places[VILLAGE], at=tools.NOW)
    places[VILLAGE].write(first, accepted(at=tools.NOW, due="2026-12-20"))
    second = receive(places[TOWNSHIP], at=tools.NOW + 1000)
    places[VILLAGE].sync(county)
    places[TOWNSHIP].sync(county)
    places[TOWNSHIP].write(second, accepted(at=tools.NOW + 1000, due="2026-12-04"))
    places[TOWNSHIP].sync(county)

    assert county.case(first).state.due.isoformat() == "2026-12-04"


def test_people_without_a_document_are_never_taken_for_one(county, places):
    records = [receive(places[VILLAGE], id_type="none", id_no="") for _ in range(2)]
    places[VILLAGE].sync(county)

    assert [county.case(r).state.text("main") for r in records] == ["", ""]


def test_a_later_matter_is_another_matter(county, places):
    day = 86_400_000
    first = receive(places[VILLAGE], at=tools.NOW)
    second = receive(places[OUTLET], at=tools.NOW + 31 * day)
    places[VILLAGE].sync(county)
    places[OUTLET].sync(county)

    assert [county.case(r).state.text("main") for r in (first, second)] == ["", ""]
