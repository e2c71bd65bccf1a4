"""Step modes, four eyes, promises, lateness; papers after a notice; ways of papers, results."""

from dataclasses import replace

import pytest

from casework.case import Flag, State
from casework.catalogue import SpecialStep, StepMode
from casework.deciding import REMEDIES
from fixtures.desks import TOWNSHIP, VILLAGE
from tests.unit.casework.cases import log_of
from tests.unit.casework.courses import (
    BAG,
    CIVIL,
    HERE,
    HUB,
    LABOUR,
    REFUSAL,
    REFUSED,
    SLOW,
    SURVEY,
    THIRD,
    TO_TOWN,
    TOWN,
    Desk,
    accepted,
    at_window,
    codes,
    correcting,
    do,
    granted,
    promised,
    received,
    reviewing,
    run_of,
)

# -- step mode (R-NX-21), four eyes (R-HC-22), lateness ------------------------------------------


def _mode(mode):
    return {"step_mode": mode}


AGREE, AGAINST = {"opinion": "同意", "agrees": True}, {"opinion": "不行", "agrees": False}
YES = {"outcome": "yes"}


@pytest.mark.req("R-NX-21")
@pytest.mark.parametrize(
    ("mode", "needed"),
    [(StepMode.COMBINED, 0), (StepMode.ONE_REVIEW, 1), (StepMode.TWO_REVIEWS, 2)],
)
def test_as_many_others_review_as_the_step_mode_asks(mode, needed):
    log = reviewing()
    do(log, "review", AGREE, THIRD)  # who decides does not count himself
    for n in range(needed):
        assert codes(log, "decide", YES, THIRD, **_mode(mode)) == {"reviews"}
        do(log, "review", AGREE, HUB._replace(actor=f"reviewer{n}", day=n + 1))
    assert do(log, "decide", YES, THIRD, **_mode(mode)).state is State.DECIDED_YES


@pytest.mark.req("R-NX-21")
def test_the_last_word_of_a_reviewer_counts():
    log = reviewing()
    do(log, "review", AGREE, HUB)
    do(log, "review", AGAINST, HUB._replace(day=1))
    assert codes(log, "decide", YES, THIRD, **_mode(StepMode.ONE_REVIEW)) == {"reviews"}
    after = do(log, "decide", REFUSAL, THIRD, **_mode(StepMode.ONE_REVIEW))
    assert after.state is State.DECIDED_NO


@pytest.mark.req("R-NX-21")
def test_a_special_procedure_has_its_steps_behind_it():
    log = reviewing()
    steps = (SpecialStep(kind="site_survey", name="入户调查", basis="第12条"),)
    more = {**_mode(StepMode.SPECIAL), "special_steps": steps}
    for day, who in enumerate(("a", "b")):
        do(log, "review", AGREE, HUB._replace(actor=who, day=day))
    assert codes(log, "decide", YES, THIRD, **more) == {"steps_left"}
    do(log, "start_special", SURVEY, HUB, **more)
    run = {"id": run_of(log), "result": "属实"}
    assert do(log, "end_special", run, HUB, **more).state is State.REVIEW
    assert do(log, "decide", YES, THIRD, **more).state is State.DECIDED_YES


@pytest.mark.req("R-NX-23b")
def test_a_step_lasts_no_longer_than_its_list_says_and_a_late_end_is_marked():
    log = reviewing()
    steps = (SpecialStep(kind="site_survey", name="入户调查", basis="第12条", days=3),)
    long = SURVEY | {"days": 4}
    assert codes(log, "start_special", long, HUB, special_steps=steps) == {"step_days"}
    do(log, "start_special", SURVEY | {"days": 3}, HUB, special_steps=steps)
    run = f"special.{run_of(log)}"
    case = do(log, "end_special", {"id": run[8:], "result": "好"}, HUB._replace(day=9))
    assert case.map(run)["late"] is True
    assert (case.map(run)["section"], case.map(run)["ended_by"]) == (CIVIL, "second")


@pytest.mark.req("R-HC-22")
def test_who_accepted_may_review_but_not_decide():
    log = received()
    do(log, "accept", {}, HUB)
    assert codes(log, "decide", YES, HUB) == {"authority"}
    assert do(log, "decide", YES, THIRD).state is State.DECIDED_YES


@pytest.mark.req("R-HC-29c")
def test_a_promise_is_decided_directly():
    log = promised()
    assert Flag.PROMISE in log.case.flags
    strict = {"step_mode": StepMode.TWO_REVIEWS, "promised_days": 5}
    assert do(log, "decide", YES, Desk(department=LABOUR), **strict).state is State.DECIDED_YES


@pytest.mark.req("R-HC-29c")
def test_an_item_outside_promises_is_not_granted_on_one():
    log = promised()
    guide = replace(log.item.guide, promise_excluded="直接涉及公共安全")
    assert codes(log, "decide", YES, Desk(), guide=guide) == {"promise_outside"}


@pytest.mark.req("R-HN-22")
@pytest.mark.parametrize(("day", "late"), [(1, None), (60, True)])
def test_a_refusal_after_the_limit_stands_and_says_so(day, late):
    log = reviewing()
    case = do(log, "decide", REFUSAL, HUB._replace(day=day))
    assert case.map("decided").get("late") is late
    assert case.map("decided")["remedies"] == REFUSAL["remedies"]


@pytest.mark.req("R-ZH-34a")
@pytest.mark.parametrize(("day", "late"), [(1, None), (60, True)])
def test_a_result_that_reaches_the_window_late_says_so(day, late):
    log = granted()
    assert do(log, "issue", TO_TOWN, HUB._replace(day=day)).map("issued").get("late") is late


def test_the_statutory_limit_is_extended_once_by_ten_days_at_most():
    log = reviewing()
    longer = {"days": 11, "approved_by": "局长", "reason": "情况复杂"}
    assert codes(log, "extend_limit", longer) == {"extension_days"}
    do(log, "extend_limit", longer | {"days": 10})
    assert codes(log, "extend_limit", longer | {"days": 1}) == {"extended_already"}


# -- papers after a correction notice -------------------------------------------------------------


@pytest.mark.req("R-ZH-22b")
def test_after_a_notice_only_its_points_and_new_papers_are_looked_at():
    log = correcting()
    log.act("add_material", {"no": 1, "form": "copy", "copies": 1}, VILLAGE)
    poor = {"no": 1, "result": "rejected", "reason": "没签名"}
    do(log, "check_material", poor, TOWN)
    assert codes(log, "accept", {}, TOWN) == {"lacking"}
    do(log, "add_material", {"no": 1, "form": "original", "copies": 1}, HERE._replace(day=1))
    assert do(log, "accept", {}, TOWN).state is State.ACCEPTED


@pytest.mark.req("R-ZH-23b")
def test_a_paper_that_came_in_after_the_look_is_looked_at_again():
    log = accepted()
    for no in sorted(log.case.in_hand):
        do(log, "check_material", {"no": no, "result": "ok"})
    do(log, "add_material", {"no": 1, "form": "copy", "copies": 3}, HERE._replace(day=1))
    assert do(log, "sign_in", {}).map("review")["papers"] == [1]


@pytest.mark.req("R-ZH-23b")
def test_a_paper_that_will_not_do_is_no_ground_to_grant():
    log = accepted()
    for no in sorted(log.case.in_hand):
        result = {"result": "rejected", "reason": "模糊"} if no == 2 else {"result": "ok"}
        do(log, "check_material", {"no": no, **result})
    do(log, "sign_in", {})
    assert codes(log, "decide", YES) == {"lacking"}


# -- the way of papers and results ----------------------------------------------------------------


@pytest.mark.req("R-ZH-25")
def test_a_paper_is_in_one_bag_and_a_bag_is_counted_once_where_it_goes():
    log = received()
    bag = BAG | {"to": TOWNSHIP.code}
    assert codes(log, "hand_over", bag | {"to": VILLAGE.code}, HERE) == {"same_place"}
    do(log, "hand_over", bag, HERE)
    assert codes(log, "hand_over", bag | {"bag": "B2"}, HERE) == {"under_way"}
    assert codes(log, "receive_handover", BAG, HERE) == {"bag_elsewhere"}
    do(log, "receive_handover", BAG, TOWN)
    assert codes(log, "receive_handover", BAG, TOWN) == {"bag_counted"}
    absent = {**bag, "bag": "B3", "lines": [{"no": 9, "originals": 1, "copies": 0}]}
    assert codes(log, "hand_over", absent, HERE) == {"not_handed_in"}


def test_after_the_third_failed_visit_the_result_goes_back():
    log = at_window()
    for n in range(3):
        do(log, "visit_failed", {"reason": f"没人在家{n}"}, TOWN._replace(day=n))
    assert codes(log, "visit_failed", {"reason": "没人"}, TOWN) == {"visits_over"}


@pytest.mark.req("R-ZH-36a")
def test_an_agent_fetches_with_his_letter_until_it_is_taken_back():
    log = at_window()
    agent = {"name": "李四", "relation": "relative", "id_no": "411599195808200048"}
    agent |= {"entrustment": True}
    do(log, "entrust", {"agent": agent}, HERE)
    given = {"to": "agent", "proof": "代领人签字"}
    assert codes(log, "deliver", given | {"identity": "id_card"}, TOWN) == {"letter"}
    do(log, "entrust", {"agent": agent | {"entrustment": False}}, HERE)
    assert codes(log, "deliver", given, TOWN) == {"letter"}
    do(log, "revoke_entrustment", {}, HERE)
    assert codes(log, "deliver", given | {"identity": "entrustment"}, TOWN) == {
        "entrustment_revoked"
    }


def test_a_rejected_application_can_be_filed_anew():
    """#27: an ended case takes nothing more; the new one is a case of its own."""
    log = received()
    do(log, "not_accept", REFUSED, TOWN)
    assert codes(log, "add_material", {"no": 1, "form": "copy", "copies": 1}, HERE) == {"state"}
    assert log_of(SLOW).case.state is State.RECEIVED


@pytest.mark.req("R-HN-22")
def test_a_refusal_always_says_on_what_ground_and_where_to_turn():
    """Other programs give reasons only (interface contract): the item and the law say the rest."""
    log = reviewing()
    decided = do(log, "decide", {"outcome": "no", "reasons": "收入超标"}, HUB).map("decided")
    assert decided["remedies"] == REMEDIES
    assert decided["clause"] == "；".join(log.item.guide.basis)
    bare = replace(log.item.guide, basis=())
    assert codes(reviewing(), "decide", {"outcome": "no", "reasons": "x"}, guide=bare) == {
        "missing"
    }
