"""What follows from conflicts: rules that write, two persons, many at once, messages."""

import json
from dataclasses import replace

import pytest

from casework.case import State
from casework.facts import Act
from casework.messages import SMS_CHARACTERS, compose
from hub.usecases import bulk, conflicts, notifications, reconcile, supervising
from hub.usecases.conflicts import Kind
from hub.usecases.notifications import Way
from hub.usecases.projections import CheckState
from hub.usecases.settling import Answer
from node import ledger
from node.errors import Changed, InvalidInput, OwnProposal
from node.ledger import CaseAct
from tests.integration import hub_county as tools
from tests.integration.hub_county import OUTLET, TOWNSHIP, VILLAGE, accepted, receive

DAY = 86_400_000
BAG = [{"no": 1, "originals": 1, "copies": 0}]
LESS = [{"no": 1, "originals": 0, "copies": 0}]


@pytest.fixture
def first(county):
    return county.account("reconciler")


@pytest.fixture
def second(first):
    return replace(first, login="second")


def everybody(county, places):
    for _ in range(2):
        for place in places.values():
            place.sync(county)


def miscounted(county, places, bag="A1", **more):
    """A case of which the village counted one paper and the township none."""
    record = receive(places[VILLAGE], id_no="", id_type="none", **more)
    handed = {"at": tools.NOW, "place": VILLAGE, "to": TOWNSHIP, "lines": BAG}
    places[VILLAGE].write(record, Act("case.handed_over", {f"handover.{bag}": handed}))
    everybody(county, places)
    taken = {"at": tools.NOW, "place": TOWNSHIP, "lines": LESS, "differing": [1]}
    places[TOWNSHIP].write(
        record, Act("case.handover_received", {f"handover_received.{bag}": taken})
    )
    everybody(county, places)
    return record


def of_rule(county, rule, *, open_only=True):
    return [c for c in conflicts.list_conflicts(county.node, open_only=open_only) if c.rule == rule]


def accounts_apart(county, places):
    """One case whose bank account was corrected apart at two places; its check."""
    record = receive(places[VILLAGE])
    everybody(county, places)
    for code in (VILLAGE, TOWNSHIP):
        corrected = {"form.bank_account": f"6217000{code[-4:]}", "correction_reason": "写错了"}
        places[code].write(record, Act("case.application_corrected", corrected))
    everybody(county, places)
    (found,) = of_rule(county, "C35")
    return found


def money(found):
    """The first side of every field."""
    chosen = {name: sides[0].dot for name, sides in found.fields.items()}
    return Answer(choose=chosen, reason="问过本人")


# --- two persons where money hangs on it


def test_the_first_word_on_money_changes_nothing(county, places, first):
    found = accounts_apart(county, places)
    done = reconcile.resolve(county.node, found.id, money(found), account=first)

    assert (done.state, done.proposed.by, done.settled) == (CheckState.OPEN, first.login, None)
    assert done.version == found.version
    assert [done.id] == [one.id for one in of_rule(county, "C35")]


def test_a_bank_account_written_apart_is_told_by_a_call(county, places):
    accounts_apart(county, places)
    (call,) = notifications.to_call(county.node)
    assert (call.rule, call.way) == ("C35", Way.PHONE)


def test_nobody_confirms_his_own_word(county, places, first, second):
    found = accounts_apart(county, places)
    reconcile.resolve(county.node, found.id, money(found), account=first)
    with pytest.raises(OwnProposal):
        reconcile.confirm(county.node, found.id, account=first)
    done = reconcile.confirm(county.node, found.id, account=second)

    assert (done.state, done.settled.by, done.proposed) == (
        CheckState.RESOLVED,
        second.login,
        None,
    )
    state = county.case(tools.Ulid.parse(found.case).raw).state
    said = [state.map(n) for n in state.values if n.startswith("resolution.")]
    assert [one["proposed_by"] for one in said] == [first.login]


def test_nothing_is_confirmed_that_was_not_proposed(county, places, second):
    found = accounts_apart(county, places)
    with pytest.raises(Changed):
        reconcile.confirm(county.node, found.id, account=second)


def test_a_side_that_comes_in_between_makes_the_first_word_void(county, places, first, second):
    found = accounts_apart(county, places)
    reconcile.resolve(county.node, found.id, money(found), account=first)
    other = tools.Ulid.parse(found.cases[0]).raw
    changed = {"form.bank_account": "62170077"}
    places[VILLAGE].write(other, Act("case.application_corrected", changed))
    everybody(county, places)

    with pytest.raises(Changed):
        reconcile.confirm(county.node, found.id, account=second)


# --- questions of rules, with answers of their own


@pytest.mark.req("R-ZH-25")
def test_a_miscount_is_answered_and_the_citizen_told(county, places, first):
    record = miscounted(county, places)
    (found,) = of_rule(county, "C10")
    assert (found.kind, found.second_person) == (Kind.RULE, False)
    answer = Answer(set_values={"answer": "lost"}, reason="两边都找过")
    done = reconcile.resolve(county.node, found.id, answer, account=first)

    state = county.case(record).state
    told = [state.map(name)["text"] for name in state.values if name.startswith("told.")]
    assert (done.state, told) == (
        CheckState.RESOLVED,
        ["您的一份原件在流转中缺失，我们负责补办。"],
    )
    supervising.go_round(county.node)
    assert of_rule(county, "C10") == [], "an answered question is not asked again"


@pytest.mark.parametrize("given", [{}, {"answer": "no"}, {"answer": "lost", "phone": "1"}])
def test_only_a_known_answer_closes_a_question(county, places, first, given):
    miscounted(county, places)
    (found,) = of_rule(county, "C10")
    with pytest.raises(InvalidInput) as refused:
        reconcile.resolve(
            county.node, found.id, Answer(set_values=given, reason="r"), account=first
        )
    assert [p.pointer for p in refused.value.errors] == ["/set/answer"]


@pytest.mark.req("R-HC-47")
def test_a_correction_is_a_new_fact_and_the_old_one_stays(county, places, first):
    """Nothing is changed at will: who, when and why stand beside what was there before."""
    record = miscounted(county, places)
    before = [h.entry.operation for h in county.case(record).helds]
    (found,) = of_rule(county, "C10")
    answer = Answer(set_values={"answer": "counted"}, reason="重新点过")
    reconcile.resolve(county.node, found.id, answer, account=first)
    reconcile.undo(county.node, found.id, account=first)

    case = county.case(record)
    operations = [h.entry.operation for h in case.helds]
    assert operations[: len(before)] == before
    (settled,) = [o for o in operations if o.fact == "case.resolved"]
    said = next(v for n, v in settled.fields.items() if n.startswith("resolution."))
    assert (said["by"], said["reason"], said["at"]) == (first.login, "重新点过", tools.NOW)
    assert settled.dot in case.evidence.merged.refused
    assert [one.id for one in of_rule(county, "C10")] == [found.id]


# --- many at once


@pytest.fixture
def archived(county, places):
    """Three cases to which a paper came after their end."""
    records = [receive(places[VILLAGE], id_no="", id_type="none") for _ in range(3)]
    everybody(county, places)
    for record in records:
        county_act(county, record, Act("case.archived", {"archived": {"at": tools.NOW}}))
    county.node.clock.advance(1000)
    for record in records:
        paper = {"no": 2, "form": "copy", "copies": 1, "at": tools.NOW}
        places[VILLAGE].write(record, Act("case.material_added", {"material.2": paper}))
    everybody(county, places)
    return [one.id for one in of_rule(county, "C39")]


def county_act(county, record, act):
    with county.node.database.write() as tx:
        me, at = county.node.identity_in(tx), county.node.moment(tx)
        ledger.write(tx, me, [CaseAct(record, act)], actor="li", at=at)


def test_what_comes_after_the_end_reopens_nothing(county, archived):
    cases = [conflicts.show(county.node, check).case for check in archived]
    states = [county.case(tools.Ulid.parse(case).raw).state.state for case in cases]
    assert states == [State.ARCHIVED] * 3


def test_many_soft_ones_are_answered_at_once_and_taken_back_at_once(county, archived, first):
    plan = bulk.preview(county.node, archived, "appendix")
    assert (plan.rule, len(plan.checks), plan.cases) == ("C39", 3, 3)
    assert plan.told == "您后交的材料已补入档案。"
    assert len(of_rule(county, "C39")) == 3, "a preview changes nothing"

    done = bulk.settle(county.node, plan.seen, "appendix", reason="都看过", account=first)
    assert of_rule(county, "C39") == []
    assert bulk.undo(county.node, done, account=first) == 3
    assert len(of_rule(county, "C39")) == 3


def test_what_has_changed_since_the_preview_refuses_the_whole(county, archived, first):
    plan = bulk.preview(county.node, archived, "appendix")
    stale = dict(plan.seen) | {archived[2]: "another"}
    with pytest.raises(Changed):
        bulk.settle(county.node, stale, "appendix", reason="r", account=first)
    assert len(of_rule(county, "C39")) == 3


def test_hard_ones_are_never_answered_in_bulk(county, places):
    found = accounts_apart(county, places)
    for checks in ([found.id], []):
        with pytest.raises(InvalidInput):
            bulk.preview(county.node, checks, "appendix")


# --- what citizens are told


@pytest.fixture
def told(county, places):
    """One who has a mobile number and one who has not were filed twice each."""
    for id_no, phone in (("411599199006150024", "13800000001"), ("411599195808200048", "")):
        receive(places[VILLAGE], id_no=id_no, phone=phone)
        receive(places[OUTLET], id_no=id_no, phone=phone, at=tools.NOW + 1)
    everybody(county, places)


def test_a_message_goes_out_once_and_a_call_waits_for_a_person(county, told, tmp_path):
    outbox = tmp_path / "out.jsonl"
    done = notifications.drain(county.node, notifications.into_file(outbox))
    again = notifications.drain(county.node, notifications.into_file(outbox))

    (message,) = [json.loads(line) for line in outbox.read_text("utf-8").splitlines()]
    assert (done.sent, done.to_call, again.sent) == (1, 1, 0)
    assert (message["to"], message["rule"]) == ("13800000001", "C1")
    assert len(message["text"]) <= SMS_CHARACTERS
    assert "王*" in message["text"]
    assert "王芳" not in message["text"]
    (call,) = notifications.to_call(county.node)
    assert (call.way, call.number, call.station) == (Way.PHONE, "", VILLAGE)


def test_a_rebuild_sends_nothing_twice(county, told, tmp_path):
    sink = notifications.into_file(tmp_path / "out.jsonl")
    notifications.drain(county.node, sink)
    supervising.rebuild(county.node)

    assert notifications.drain(county.node, sink).sent == 0
    assert len(notifications.listed(county.node, open_only=False)) == 2


def test_who_was_reached_is_not_called_again(county, places, told):
    (call,) = notifications.to_call(county.node)
    notified = {"at": tools.NOW, "about": f"told.C1-{call.case}", "channel": "phone"}
    act = Act("case.notified", {"notified.N": {**notified, "reached": True}})
    places[VILLAGE].write(tools.Ulid.parse(call.case).raw, act)
    everybody(county, places)

    assert notifications.to_call(county.node) == []


def test_a_program_that_fails_is_asked_again_and_at_last_a_person_calls(county, told):
    fails = notifications.into_command("/bin/false")
    tries = [
        notifications.drain(county.node, fails).failed for _ in range(notifications.MOST_TRIES)
    ]
    assert tries == [1] * notifications.MOST_TRIES
    assert notifications.drain(county.node, fails).failed == 0
    assert len(notifications.to_call(county.node)) == 2


def test_a_program_that_takes_it_is_given_it_once(county, told):
    takes = notifications.into_command("/bin/true")
    assert [notifications.drain(county.node, takes).sent for _ in range(2)] == [1, 0]


def test_messages_go_where_the_county_has_said(county, told, tmp_path):
    assert notifications.drain_as_scheduled(county.node) is None
    notifications.schedule(county.node, file=str(tmp_path / "out.jsonl"), command="")
    assert notifications.drain_as_scheduled(county.node).sent == 1


def test_a_long_text_is_cut_to_a_short_message():
    text = compose("欧阳小敏", "L411599101201-01-261121-001-M", "说" * 90)
    assert (len(text), text[-1]) == (SMS_CHARACTERS, "…")


# --- papers of a duplicate


def test_a_merge_takes_the_papers_of_the_duplicate_along(county, places):
    paper = {"no": 2, "form": "copy", "copies": 1, "original_seen": True}
    main = receive(places[VILLAGE], **{"material.2": paper})
    places[VILLAGE].write(main, accepted(at=tools.NOW))
    more = {"material.3": {"no": 3, "form": "original", "copies": 1, "original_seen": True}}
    other = receive(places[OUTLET], at=tools.NOW + 1, **more)
    everybody(county, places)

    state = county.case(main).state
    assert state.map("material.3")["from"] == county.case(other).id
    assert "from" not in state.map("material.1"), "what the main case has stays its own"
    assert county.case(other).state.state is State.TERMINATED
    before = len(county.case(main).helds)
    supervising.go_round(county.node)
    assert len(county.case(main).helds) == before


# --- withdrawn or decided, by what the clocks can prove


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_what_came_first_for_certain_stands_and_the_other_stays_readable(
    county, places, withdrawn_first
):
    record = receive(places[VILLAGE])
    places[VILLAGE].write(record, accepted(at=tools.NOW))
    everybody(county, places)
    deeds = [lambda: withdraw(county, places, record), lambda: decide(county, record)]
    for deed in deeds if withdrawn_first else deeds[::-1]:
        deed()
        county.node.clock.advance(DAY)
        for place in places.values():
            place.clock.advance(DAY)
            place.sync(county)
    supervising.go_round(county.node)

    state = county.case(record).state
    kept, gone = ("withdrawn", "decided") if withdrawn_first else ("decided", "withdrawn")
    assert (kept in state.values, gone in state.values) == (True, False)
    assert of_rule(county, "C5") == []
    facts = {h.entry.operation.fact for h in county.case(record).helds}
    assert {"case.withdrawn", "case.decided", "case.resolved", "case.citizen_told"} <= facts


def withdraw(county, places, record):
    places[VILLAGE].write(record, Act("case.withdrawn", {"withdrawn": {"at": tools.NOW}}))
    places[VILLAGE].sync(county)


def decide(county, record):
    county_act(county, record, Act("case.decided", {"decided": {"outcome": "yes"}}))
