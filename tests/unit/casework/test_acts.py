"""Acts on a case: the whole way from intake to archive, and every guard."""

from dataclasses import replace

import pytest

from casework import acts
from casework.case import Flag, State
from casework.errors import ActRefused
from casework.facts import VERBS, may_set
from casework.merging import is_known
from fixtures.desks import (
    COUNTY,
    OTHER_VILLAGE,
    OUTLET,
    TOWNSHIP,
    VILLAGE,
    act_context,
)
from tests.unit.casework.cases import LINES, act_codes, deficient, log_of, paper


@pytest.mark.req("R-ZH-31")
@pytest.mark.req("R-ZH-34a")
@pytest.mark.req("R-ZH-36a")
@pytest.mark.req("R-ZH-37")
def test_from_intake_to_archive():
    log = deficient()
    result = {"to": TOWNSHIP.code, "results": [{"name": "津贴卡", "serial": "A1"}]}
    case = log.acts(
        [
            ("add_material", paper(4), VILLAGE),
            ("add_material", paper(5), TOWNSHIP),
            *(("check_material", {"no": no, "result": "ok"}, COUNTY) for no in range(1, 6)),
            ("sign_in", {}, COUNTY),
            ("decide", {"outcome": "yes", "document_no": "文1"}, COUNTY),
            ("issue", result, COUNTY),
            ("receive_result", {"results": result["results"]}, TOWNSHIP),
            ("pass_on_result", result | {"to": VILLAGE.code, "bag": "r-1"}, TOWNSHIP),
            ("hand_over", {"to": VILLAGE.code, "bag": "b-1", "lines": LINES}, TOWNSHIP),
            ("receive_handover", {"bag": "B-1", "lines": LINES}, VILLAGE),
            ("receive_result", {"results": result["results"]}, VILLAGE),
            ("deliver", {"to": "applicant", "identity": "id_card", "proof": "签字"}, VILLAGE),
            ("archive", {}, COUNTY),
        ]
    )
    assert case.state is State.ARCHIVED
    assert case.unsupported == ()
    assert "differing" not in case.map("handover_received.B-1")


@pytest.mark.req("R-HC-30a")
def test_a_township_accepts_a_villages_proxy_file_and_the_clock_starts_then():
    log = log_of("DEMO-JZ-01")
    assert log.case.due is None
    case = log.act("accept", {}, TOWNSHIP)
    assert case.state is State.ACCEPTED
    assert case.due is not None
    assert case.map("accepted")["place"] == TOWNSHIP.code


def test_a_village_may_not_accept_what_it_only_carries():
    assert act_codes(log_of("DEMO-JZ-01"), "accept", {}, VILLAGE) == {("", "authority")}


@pytest.mark.req("R-HC-28b")
def test_a_township_accepts_with_papers_to_follow():
    log = log_of("DEMO-SB-02", leave_out=(3,))
    assert act_codes(log, "accept", {}, TOWNSHIP) == {("", "lacking")}
    case = log.act("accept", {"deficiency": True}, TOWNSHIP)
    assert (case.state, case.outstanding) == (State.ACCEPTED_DEF, (3,))


def test_a_main_paper_cannot_follow():
    log = log_of("DEMO-SB-02", leave_out=(1,))
    assert act_codes(log, "accept", {"deficiency": True}, TOWNSHIP) == {("", "lacking")}


@pytest.mark.req("R-ZH-22b")
def test_correction_is_told_once_and_completely():
    log = log_of("DEMO-SB-02", leave_out=(1,))
    points = [{"no": 1, "defect": "没有签名", "cure": "补签名"}]
    case = log.act("request_correction", {"points": points}, TOWNSHIP)
    assert case.state is State.CORRECTION
    told = next(v for n, v in case.values.items() if n.startswith("correction."))
    assert told["deadline"] == "2026-12-11"
    again = act_codes(log, "request_correction", {"points": points}, TOWNSHIP)
    assert again == {("", "told_already")}
    log.act("add_material", paper(1), VILLAGE)
    assert log.act("accept", {}, TOWNSHIP).state is State.ACCEPTED


def test_a_point_says_what_and_how():
    log = log_of("DEMO-SB-02", leave_out=(1,))
    points = {"points": [{"no": 1, "defect": "旧"}]}
    assert act_codes(log, "request_correction", points, TOWNSHIP) == {("/points/0/cure", "missing")}


def test_withdrawing_before_and_after_a_decision():
    log = log_of("DEMO-SB-01")
    assert log.act("withdraw", {"reason": "不办了"}, VILLAGE).state is State.WITHDRAWN
    decided = log_of("DEMO-SB-01")
    decided.act("decide", {"outcome": "yes"}, COUNTY)
    assert act_codes(decided, "withdraw", {}, VILLAGE) == {("", "decided_already")}
    assert act_codes(log, "withdraw", {}, VILLAGE) == {("", "state")}


def test_a_wrong_state_is_named_in_words():
    log = log_of("DEMO-SB-01")
    with pytest.raises(ActRefused) as refused:
        acts.perform(
            "deliver",
            log.case,
            {"to": "applicant", "proof": "签字"},
            act_context(log.item, VILLAGE),
        )
    assert refused.value.errors[0].message_zh == "这一件现在是“已受理”，不能送达。先看看办理经过。"


@pytest.mark.req("R-HC-25a")
def test_a_township_decides_on_the_spot_what_it_is_authorised_for():
    log = log_of("DEMO-SB-01", TOWNSHIP)
    context = act_context(log.item, TOWNSHIP, actor="first")
    act = acts.perform("decide", log.case, {"outcome": "yes"}, context)
    log.write(act, TOWNSHIP)
    assert log.case.state is State.DECIDED_YES
    slow = log_of("DEMO-JZ-03", TOWNSHIP)
    assert act_codes(slow, "decide", {"outcome": "yes"}, TOWNSHIP) == {("", "authority")}


@pytest.mark.req("R-HC-22")
def test_who_accepted_does_not_decide():
    log = log_of("DEMO-SB-02")
    log.write(
        acts.perform("accept", log.case, {}, act_context(log.item, COUNTY, actor="zhao")), COUNTY
    )
    decision = {"outcome": "yes"}
    assert act_codes(log, "decide", decision, COUNTY, actor="zhao") == {("", "authority")}
    context = act_context(log.item, COUNTY, actor="qian")
    assert acts.perform("decide", log.case, decision, context).fact == "case.decided"


def test_granting_needs_every_paper_and_refusing_needs_reasons():
    log = deficient()
    assert act_codes(log, "decide", {"outcome": "yes"}, COUNTY) == {("", "lacking")}
    bare = {("", "sign_in_first")}
    assert act_codes(log, "decide", {"outcome": "no", "reasons": [" "]}, COUNTY) == {
        ("/reasons", "reasons"),
        *bare,
    }
    for no in (1, 2, 3):
        log.act("check_material", {"no": no, "result": "ok"}, COUNTY)
    log.act("sign_in", {}, COUNTY)
    whole = {
        "outcome": "no",
        "reasons": "年龄不到",
        "clause": "第3条",
        "remedies": "60日内可以复议",
    }
    case = log.act("decide", whole, COUNTY)
    assert case.state is State.DECIDED_NO
    assert case.map("decided")["reasons"] == ["年龄不到"]


def test_decision_and_delivery_wait_for_a_check_that_weighs():
    log = log_of("DEMO-SB-01")
    check = {"id": "C35:1", "rule": "C35", "fields": ["form.bank_account"]}
    case = log.act("open_checking", check, COUNTY, role="reconciler")
    assert Flag.HOLD in case.flags
    assert act_codes(log, "decide", {"outcome": "yes"}, COUNTY) == {("", "checking")}
    settled = {"id": "C35:1", "set": {"form.bank_account": "6217001"}, "reason": "电话核实"}
    case = log.act("resolve", settled, COUNTY, role="reconciler")
    assert Flag.HOLD not in case.flags
    assert case.text("form.bank_account") == "6217001"
    assert log.act("decide", {"outcome": "yes"}, COUNTY).state is State.DECIDED_YES


def test_a_check_of_a_phone_number_holds_nobody_up():
    log = log_of("DEMO-SB-01")
    check = {"id": "C35:2", "rule": "C35", "fields": ["phone"]}
    log.act("open_checking", check, COUNTY, role="system")
    assert log.act("decide", {"outcome": "yes"}, COUNTY).state is State.DECIDED_YES


def test_resolving_needs_an_open_check_and_a_settable_field():
    log = log_of("DEMO-SB-01")
    given = {"id": "C1:x", "set": {"material.1": {}, "mood": 1}, "reason": "查"}
    assert act_codes(log, "resolve", given, COUNTY, role="reconciler") == {
        ("/id", "no_check"),
        ("/set/material.1", "not_settable"),
        ("/set/mood", "not_settable"),
    }
    assert act_codes(log, "resolve", given, COUNTY) >= {("", "authority")}


def test_an_approver_of_one_department_leaves_the_items_of_another_alone():
    log = log_of("DEMO-SB-01")
    desk = act_context(log.item, COUNTY)
    own, other = replace(desk, department="人社局"), replace(desk, department="民政局")
    assert "decide" in acts.possible(log.case, own)
    assert not {"decide", "sign_in", "accept"} & set(acts.possible(log.case, other))
    with pytest.raises(ActRefused) as refused:
        acts.perform("decide", log.case, {"outcome": "yes"}, other)
    assert "人社局" in refused.value.errors[0].message_zh


def test_resolving_settles_what_its_check_asks_and_decides_nothing():
    log = log_of("DEMO-SB-01")
    check = {"id": "C35:5", "rule": "C35", "fields": ["phone", "decided", "accepted"]}
    log.act("open_checking", check, COUNTY, role="reconciler")
    chosen = {"decided": {"outcome": "yes"}, "id_no": "x", "accepted": None, "phone": "1"}
    given = {"id": "C35:5", "set": chosen, "reason": "查"}
    assert act_codes(log, "resolve", given, COUNTY, role="reconciler") == {
        ("/set/decided", "not_settable"),
        ("/set/id_no", "not_settable"),
    }


def test_merging_duplicates_and_undoing_it():
    log = log_of("DEMO-SB-01")
    merged = {"main": "01J", "duplicate": True}
    assert log.act("merge_duplicate", merged, COUNTY, role="system").state is State.TERMINATED
    back = log.act("merge_duplicate", merged | {"duplicate": False}, COUNTY, role="system")
    assert back.state is State.ACCEPTED


def test_the_county_verifies_and_numbers():
    log = log_of("DEMO-SB-01")
    assert Flag.PROVISIONAL in log.case.flags
    case = log.act("verify", {"official_number": "N1"}, COUNTY)
    assert (case.text("official_number"), Flag.PROVISIONAL in case.flags) == ("N1", False)
    assert (
        log.act("number", {"official_number": "N2"}, COUNTY, role="system").text("official_number")
        == "N2"
    )


def test_another_place_has_no_say_until_papers_or_results_go_there():
    log = log_of("DEMO-SB-01")
    fields = {"phone": "13800001111"}
    assert act_codes(log, "correct_contact", fields, OTHER_VILLAGE) == {("", "authority")}
    assert act_codes(log, "correct_contact", fields, OUTLET) == {("", "authority")}
    log.act("hand_over", {"to": OTHER_VILLAGE.code, "bag": "B1", "lines": LINES}, VILLAGE)
    assert log.act("correct_contact", fields, OTHER_VILLAGE).text("phone") == "13800001111"


def test_everything_wrong_with_an_act_is_named_at_once():
    log = log_of("DEMO-SB-01")
    found = act_codes(log, "decide", {"outcome": "maybe", "x": 1}, VILLAGE)
    assert found == {("", "authority"), ("/outcome", "choice"), ("/x", "unknown")}


def test_an_unknown_verb():
    log = log_of("DEMO-SB-01")
    assert act_codes(log, "dance", {}, VILLAGE) == {("", "verb")}
    assert act_codes(log, "receive", {}, VILLAGE) == {("", "verb")}


def test_an_issue_names_its_results():
    log = log_of("DEMO-SB-01")
    log.act("decide", {"outcome": "yes"}, COUNTY)
    given = {"to": TOWNSHIP.code, "results": [{"name": "证"}]}
    assert act_codes(log, "issue", given, COUNTY) == {("/results/0/serial", "missing")}


def test_a_result_is_proven():
    log = log_of("DEMO-SB-01")
    log.act("decide", {"outcome": "yes"}, COUNTY)
    log.act("issue", {"to": VILLAGE.code, "results": [{"name": "证", "serial": "1"}]}, COUNTY)
    given = {"to": "applicant", "identity": "known", "proof": " "}
    assert act_codes(log, "deliver", given, VILLAGE) == {("/proof", "missing")}


def test_an_item_that_this_place_lacks_cannot_be_accepted():
    log = log_of("DEMO-JZ-01")
    context = replace(act_context(log.item, TOWNSHIP), item=None)
    with pytest.raises(ActRefused) as refused:
        acts.perform("accept", log.case, {}, context)
    assert refused.value.errors[0].code == "item"
    assert acts.perform("add_material", log.case, paper(9), context).fields["material.9"]


def test_a_check_has_a_name():
    log = log_of("DEMO-SB-01")
    check = {"id": "核 1", "rule": "C35", "fields": ["phone"]}
    found = act_codes(log, "open_checking", check, COUNTY, role="system")
    assert found == {("/id", "type")}


def test_a_resolution_keeps_its_clause():
    log = log_of("DEMO-SB-01")
    check = {"id": "C35:3", "rule": "C35", "fields": ["phone"]}
    log.act("open_checking", check, COUNTY, role="system")
    settled = {"id": "C35:3", "set": {"phone": "13800001111"}, "reason": "问过", "clause": "第28条"}
    case = log.act("resolve", settled, COUNTY, role="reconciler")
    kept = next(case.map(n) for n in case.values if n.startswith("resolution."))
    assert (kept["clause"], kept["check"], kept["fields"]) == ("第28条", "C35:3", ["phone"])


def test_values_that_no_operation_can_carry_are_refused():
    log = log_of("DEMO-SB-01")
    check = {"id": "C35:4", "rule": "C35", "fields": ["phone"]}
    log.act("open_checking", check, COUNTY, role="system")
    given = {"id": "C35:4", "set": {"phone": 1.5}, "reason": "x"}
    assert act_codes(log, "resolve", given, COUNTY, role="reconciler") == {("/set", "type")}


def test_possible_acts_for_buttons():
    log = log_of("DEMO-SB-01")
    assert set(acts.possible(log.case, act_context(log.item, VILLAGE))) == {
        *("withdraw", "add_material", "attach", "correct_contact", "correct_application"),
        *("hand_over", "receive_handover", "entrust", "revoke_entrustment", "note", "notify"),
        "note_external",
    }
    assert {"decide", "sign_in"} <= set(acts.possible(log.case, act_context(log.item, COUNTY)))


def test_every_verb_but_receiving_has_a_function_and_writes_only_what_its_fact_may():
    assert acts.BUILDERS.keys() == VERBS.keys() - {"receive"}
    assert may_set("case.sung", "anything")
    assert not may_set("case.withdrawn", "accepted")
    assert is_known("correction_reason")


def test_what_every_act_writes_its_fact_may_set():
    log = deficient()
    outcome_fields = [(f, h[0].fact) for f, h in log.heads.items()]
    assert all(may_set(fact, field) for field, fact in outcome_fields)
