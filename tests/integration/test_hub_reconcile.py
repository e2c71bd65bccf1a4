"""A reconciler decides, and the decision reaches every place; real databases, real exchange."""

import pytest

from casework.case import Flag, State
from casework.errors import ActRefused
from casework.facts import Act
from hub.usecases import conflicts, reconcile
from hub.usecases.conflicts import Kind
from hub.usecases.projections import CheckState
from hub.usecases.reconcile import Answer
from node.errors import Changed, InvalidInput, NotAllowed, NotFound
from tests.integration import hub_county as tools
from tests.integration.hub_county import OUTLET, TOWNSHIP, VILLAGE, new_record, received


@pytest.fixture
def reconciler(county):
    return county.account("reconciler")


def everybody(county, places):
    for _ in range(2):
        for place in places.values():
            place.sync(county)


@pytest.fixture
def phones(county, places):
    """A phone corrected apart by village and township; the id of the case."""
    record = new_record()
    places[VILLAGE].write(record, Act("case.received", received(VILLAGE)))
    everybody(county, places)
    for code, phone in ((VILLAGE, "13900000001"), (TOWNSHIP, "13900000002")):
        fields = {"phone": phone}
        places[code].write(record, Act("case.contact_corrected", fields), actor=f"at{code[6:]}")
    everybody(county, places)
    return record


@pytest.fixture
def accounts(county, places):
    """One matter filed twice with two bank accounts; the two cases."""
    records = []
    for index, (code, number) in enumerate(((VILLAGE, "62170001"), (OUTLET, "62170002"))):
        record = new_record()
        more = {"form.bank_account": number, "at": tools.NOW + index}
        places[code].write(record, Act("case.received", received(code, **more)))
        records.append(record)
    everybody(county, places)
    return records


def the_only(county, *, open_only=True):
    (found,) = conflicts.list_conflicts(county.node, open_only=open_only)
    return found


def chosen(found, station, name="phone"):
    return next(side for side in found.fields[name] if side.station == station)


def test_a_reconciler_sees_who_where_and_when_by_both_clocks(county, phones):
    found = the_only(county)

    assert (found.rule, found.kind, found.state) == ("C35", Kind.FIELD, CheckState.OPEN)
    assert found.cases == (county.case(phones).id,)
    sides = {side.station: side for side in found.fields["phone"]}
    assert {code: side.value for code, side in sides.items()} == {
        VILLAGE: "13900000001",
        TOWNSHIP: "13900000002",
    }
    assert sides[VILLAGE].actor == "at101201"
    assert all(side.received_at >= tools.NOW for side in sides.values())


def test_a_choice_holds_everywhere_and_closes_the_check(county, places, phones, reconciler):
    found = the_only(county)
    answer = Answer(choose={"phone": chosen(found, VILLAGE).dot}, reason="打电话问过本人")

    done = reconcile.resolve(county.node, found.id, answer, account=reconciler)
    everybody(county, places)

    assert (done.state, done.settled.by, done.settled.reason) == (
        CheckState.RESOLVED,
        reconciler.login,
        "打电话问过本人",
    )
    for place in (county, places[VILLAGE], places[TOWNSHIP]):
        state = place.case(phones).state
        assert (state.values["phone"], state.checks, state.conflicts) == ("13900000001", {}, ())
        assert Flag.HOLD not in state.flags
    assert conflicts.list_conflicts(county.node, open_only=True) == []
    values = {side.value for side in done.fields["phone"]}
    assert values == {"13900000001", "13900000002"}, "both originals stay readable"


def test_another_value_may_be_set(county, phones, reconciler):
    answer = Answer(set_values={"phone": "13911112222"}, reason="两个都不对")
    reconcile.resolve(county.node, the_only(county).id, answer, account=reconciler)

    assert county.case(phones).state.values["phone"] == "13911112222"


REFUSED = [
    (Answer(choose={}, reason="r"), "/set/phone"),
    (Answer(set_values={"phone": "123"}, reason="r"), "/set/phone"),
    (Answer(set_values={"phone": ""}, reason="r"), "/set/phone"),
    (Answer(set_values={"phone": None}, reason="r"), "/set/phone"),
    (Answer(choose={"phone": "nonsense"}, reason="r"), "/choose/phone"),
    (Answer(set_values={"phone": "13911112222", "name": "x"}, reason="r"), "/set/name"),
    (Answer(set_values={"phone": "13911112222"}, reason="  "), "/reason"),
]


@pytest.mark.parametrize(("answer", "pointer"), REFUSED)
def test_an_answer_that_cannot_be_is_told_where(county, phones, reconciler, answer, pointer):
    with pytest.raises(InvalidInput) as refused:
        reconcile.resolve(county.node, the_only(county).id, answer, account=reconciler)
    assert [problem.pointer for problem in refused.value.errors] == [pointer]
    assert the_only(county).state is CheckState.OPEN


def test_a_side_that_no_longer_stands_is_not_chosen(county, places, phones, reconciler):
    found = the_only(county)
    old = chosen(found, VILLAGE).dot
    more = Act("case.contact_corrected", {"phone": "13900000003"})
    places[VILLAGE].write(phones, more)
    everybody(county, places)

    gone = Answer(choose={"phone": old}, reason="r")
    stale = Answer(set_values={"phone": "13911112222"}, reason="r", seen=found.version)
    for answer in (gone, stale):
        with pytest.raises(Changed):
            reconcile.resolve(county.node, found.id, answer, account=reconciler)


def test_a_colleagues_answer_is_not_overwritten(county, phones, reconciler):
    found = the_only(county)
    answer = Answer(set_values={"phone": "13911112222"}, reason="r", seen=found.version)
    reconcile.resolve(county.node, found.id, answer, account=reconciler)

    with pytest.raises(Changed) as changed:
        reconcile.resolve(county.node, found.id, answer, account=reconciler)
    assert changed.value.by == reconciler.login


@pytest.mark.parametrize("role", ["administrator", "approver"])
def test_only_a_reconciler_settles(county, phones, role):
    answer = Answer(set_values={"phone": "13911112222"}, reason="r")
    with pytest.raises(ActRefused):
        reconcile.resolve(county.node, the_only(county).id, answer, account=county.account(role))
    with pytest.raises(NotAllowed):
        reconcile.undo(county.node, the_only(county).id, account=county.account(role))


def test_what_was_settled_can_be_taken_back(county, places, phones, reconciler):
    found = the_only(county)
    answer = Answer(choose={"phone": chosen(found, VILLAGE).dot}, reason="r")
    reconcile.resolve(county.node, found.id, answer, account=reconciler)
    everybody(county, places)

    undone = reconcile.undo(county.node, found.id, account=reconciler)
    everybody(county, places)

    assert (undone.state, undone.settled) == (CheckState.OPEN, None)
    for place in (county, places[VILLAGE], places[TOWNSHIP]):
        state = place.case(phones).state
        assert list(state.checks) == [found.id]
        assert state.conflicts == ("phone",)
    again = reconcile.resolve(county.node, found.id, answer, account=reconciler)
    assert again.state is CheckState.RESOLVED


def test_after_seven_days_it_stays(county, phones, reconciler):
    found = the_only(county)
    answer = Answer(set_values={"phone": "13911112222"}, reason="r")
    reconcile.resolve(county.node, found.id, answer, account=reconciler)
    county.node.clock.advance(conflicts.UNDO_MS + 1)

    with pytest.raises(InvalidInput):
        reconcile.undo(county.node, found.id, account=reconciler)


def test_what_was_built_upon_is_not_taken_back(county, places, phones, reconciler):
    found = the_only(county)
    answer = Answer(set_values={"phone": "13911112222"}, reason="r")
    reconcile.resolve(county.node, found.id, answer, account=reconciler)
    everybody(county, places)
    more = Act("case.contact_corrected", {"phone": "13900000009"})
    places[VILLAGE].write(phones, more)
    everybody(county, places)

    with pytest.raises(Changed):
        reconcile.undo(county.node, found.id, account=reconciler)


def test_nothing_is_taken_back_that_was_not_settled(county, phones, reconciler):
    with pytest.raises(Changed):
        reconcile.undo(county.node, the_only(county).id, account=reconciler)
    with pytest.raises(NotFound):
        reconcile.undo(county.node, "C35-0000000000000000", account=reconciler)


def test_an_edit_made_before_the_settlement_was_known_opens_it_again(
    county, places, phones, reconciler
):
    found = the_only(county)
    places[VILLAGE].write(phones, Act("case.contact_corrected", {"phone": "13900000003"}))
    answer = Answer(choose={"phone": chosen(found, TOWNSHIP).dot}, reason="r")
    reconcile.resolve(county.node, found.id, answer, account=reconciler)
    everybody(county, places)

    again = the_only(county)
    assert again.id == found.id
    assert {side.value for side in again.fields["phone"]} == {"13900000002", "13900000003"}


def test_a_duplicate_is_settled_by_naming_the_main_case(county, places, accounts):
    found = the_only(county)
    first, second = (county.case(r).id for r in accounts)
    assert (found.kind, set(found.cases), found.second_person) == (
        Kind.DUPLICATE,
        {first, second},
        False,
    )
    assert {s.value for s in found.fields["form.bank_account"]} == {"62170001", "62170002"}

    answer = Answer(set_values={"main": second}, reason="本人说用银行这一份")
    done = county.settle(found.id, answer)
    everybody(county, places)

    assert (done.state, done.case) == (CheckState.RESOLVED, second)
    assert places[VILLAGE].case(accounts[0]).state.state is State.TERMINATED
    assert places[OUTLET].case(accounts[1]).state.state is State.RECEIVED
    for record in accounts:
        state = county.case(record).state
        assert (state.text("main"), state.checks) == (second, {})


def test_what_a_person_settled_stays_when_the_group_is_looked_at_again(county, places, accounts):
    found = the_only(county)
    second = county.case(accounts[1]).id
    answer = Answer(set_values={"main": second}, reason="r")
    county.settle(found.id, answer)
    everybody(county, places)
    places[OUTLET].write(accounts[1], Act("case.contact_corrected", {"phone": "13900000009"}))
    everybody(county, places)

    assert conflicts.list_conflicts(county.node, open_only=True) == []
    assert county.case(accounts[0]).state.text("duplicate_of") == second


def test_two_cases_may_stay_two(county, places, accounts):
    found = the_only(county)
    answer = Answer(set_values={"main": reconcile.SEPARATE}, reason="两户")
    county.settle(found.id, answer)
    everybody(county, places)
    places[OUTLET].write(accounts[1], Act("case.contact_corrected", {"phone": "13900000009"}))
    everybody(county, places)

    assert [county.case(r).state.state for r in accounts] == [State.RECEIVED] * 2
    assert conflicts.list_conflicts(county.node, open_only=True) == []


def test_a_merge_taken_back_opens_the_check_on_every_case(county, places, accounts, reconciler):
    found = the_only(county)
    main = county.case(accounts[0]).id
    answer = Answer(set_values={"main": main}, reason="r")
    county.settle(found.id, answer)
    reconcile.undo(county.node, found.id, account=reconciler)

    for record in accounts:
        state = county.case(record).state
        assert (state.text("main"), list(state.checks)) == ("", [found.id])
    assert the_only(county).id == found.id


@pytest.mark.parametrize("given", [{}, {"main": "L0"}, {"phone": "1"}, {"main": 7}])
def test_the_main_case_must_be_one_of_them(county, accounts, reconciler, given):
    answer = Answer(set_values=given, reason="r")
    with pytest.raises(InvalidInput) as refused:
        reconcile.resolve(county.node, the_only(county).id, answer, account=reconciler)
    assert [p.pointer for p in refused.value.errors] == ["/set/main"]


def test_a_contradiction_is_settled_by_clearing_one_of_the_two(county, places, reconciler):
    record = new_record()
    village, town = places[VILLAGE], places[TOWNSHIP]
    village.write(record, Act("case.received", received(VILLAGE)))
    accepted = {"accepted": {"at": tools.NOW, "kind": "accepted", "due": "2026-12-04"}}
    village.write(record, Act("case.accepted", accepted))
    everybody(county, places)
    village.write(record, Act("case.withdrawn", {"withdrawn": {"at": tools.NOW}}))
    town.write(record, Act("case.decided", {"decided": {"outcome": "yes"}}))
    everybody(county, places)
    found = the_only(county)
    assert found.kind is Kind.CONTRADICTION

    answer = Answer(set_values={"withdrawn": "null"}, reason="本人要继续办")
    reconcile.resolve(county.node, found.id, answer, account=reconciler)

    assert county.case(record).state.state is State.DECIDED_YES
    assert county.case(record).state.contradictions == ()
