"""The transitions of a case (model §2.2, #2 to #27): who, where, in which mode, state and time.

One row a transition that is allowed, and one for each way in which it is not.
"""

import pytest

from casework import acts, intake
from casework.case import State
from casework.errors import ActRefused, IntakeRefused
from fixtures.desks import (
    NOON,
    OTHER_VILLAGE,
    OUTLET,
    TOWNSHIP,
    VILLAGE,
    intake_context,
)
from tests.unit.casework.cases import document, log_of
from tests.unit.casework.courses import (
    BOTH,
    CIVIL,
    HERE,
    HUB,
    LABOUR,
    REFUSAL,
    REFUSED,
    RESULTS,
    RULES,
    SELF,
    SLOW,
    SPOT,
    SURVEY,
    TO_TOWN,
    TOWN,
    Desk,
    accepted,
    at_window,
    codes,
    correcting,
    deficient,
    delivered,
    do,
    granted,
    on_promise,
    pending,
    promised,
    ready,
    received,
    rectifying,
    reviewing,
    situation,
    special,
)

ALLOWED = [
    (3, received, "accept", {}, TOWN, State.ACCEPTED),
    (4, received, "accept", {}, Desk(role="clerk"), State.ACCEPTED),
    (5, lambda: log_of("DEMO-SB-02", leave_out=(3,)), "accept", {"deficiency": True}, TOWN,
     State.ACCEPTED_DEF),
    (6, lambda: log_of("DEMO-SB-02", leave_out=(1,)), "request_correction",
     {"points": [{"no": 1, "defect": "没交", "cure": "补交"}]}, TOWN, State.CORRECTION),
    (7, correcting, "add_material", {"no": 1, "form": "original", "copies": 1}, HERE,
     State.CORRECTION),
    (8, received, "not_accept", REFUSED, TOWN, State.NOT_ACCEPTED),
    (8, correcting, "not_accept", REFUSED, Desk(role="clerk"), State.NOT_ACCEPTED),
    (9, deficient, "verify", {}, RULES, State.ACCEPTED_DEF),
    (12, deficient, "deem", {}, RULES._replace(day=9), State.DEEMED_PENDING),
    (13, pending, "confirm_deemed", {}, Desk(role="reconciler"), State.DEEMED_WITHDRAWN),
    (15, reviewing, "start_special", SURVEY, HUB, State.SPECIAL),
    (16, accepted, "decide", {"outcome": "yes"}, HUB, State.DECIDED_YES),
    (16, reviewing, "decide", {"outcome": "yes"}, HUB, State.DECIDED_YES),
    (16, lambda: log_of(SPOT), "decide", {"outcome": "yes"}, TOWN, State.DECIDED_YES),
    (17, reviewing, "decide", REFUSAL, HUB, State.DECIDED_NO),
    (18, promised, "decide", {"outcome": "yes"}, Desk(department=LABOUR), State.DECIDED_YES),
    (19, on_promise, "order_rectify", {"reasons": "不实"}, Desk(department=LABOUR), State.RECTIFY),
    (19, rectifying, "confirm_rectified", {"evidence": "补了"}, Desk(), State.DECIDED_YES),
    (19, rectifying, "revoke", REFUSED, Desk(day=20), State.REVOKED),
    (20, granted, "issue", TO_TOWN, HUB, State.READY),
    (20, ready, "receive_result", {"results": RESULTS}, TOWN, State.READY),
    (21, at_window, "pass_on_result", TO_TOWN | {"to": VILLAGE.code, "bag": "R1"}, TOWN,
     State.READY),
    (22, at_window, "deliver", SELF, TOWN, State.DELIVERED),
    (22, ready, "deliver", {"to": "mail", "proof": "回单", "carrier": "邮政", "tracking_no": "9"},
     TOWN, State.DELIVERED),
    (23, delivered, "archive", {}, Desk(role="system"), State.ARCHIVED),
    (24, reviewing, "withdraw", {}, HERE, State.WITHDRAWN),
    (24, special, "withdraw", {}, TOWN, State.WITHDRAWN),
    (25, special, "terminate", {"kind": "applicant_died", "reason": "去世"}, HUB,
     State.TERMINATED),
    (25, correcting, "terminate", {"kind": "not_corrected", "reason": "没补"}, Desk(day=40),
     State.TERMINATED),
    (26, accepted, "open_checking", {"id": "C1:1", "rule": "C1", "fields": ["name"]}, RULES,
     State.ACCEPTED),
]  # fmt: skip


@pytest.mark.req("R-ZH-22c")
@pytest.mark.req("R-NX-09")
@pytest.mark.req("R-HN-22")
@pytest.mark.req("R-HC-29d")
@pytest.mark.parametrize("row", ALLOWED)
def test_what_the_model_allows(row):
    no, made, verb, fields, desk, after = row
    assert (no, do(made(), verb, fields, desk).state) == (no, after)


CLERK_HUB, STEWARD = Desk(role="clerk"), Desk(role="administrator")
REFUSALS = [
    # 3, 4, 5: only who has the power, and only what is whole
    (3, received, "accept", {}, HERE, {"authority"}),
    (3, received, "accept", {}, Desk(OTHER_VILLAGE), {"authority"}),
    (3, received, "accept", {}, Desk(role="reconciler"), {"authority"}),
    (3, accepted, "accept", {}, TOWN, {"state"}),
    (5, lambda: log_of("DEMO-SB-02", leave_out=(1,)), "accept", {"deficiency": True}, TOWN,
     {"lacking"}),
    # 6, 7: one notice, whole, and nothing besides it afterwards
    (6, received, "request_correction", {"points": []}, TOWN, {"missing"}),
    (6, lambda: log_of("DEMO-JZ-01", leave_out=(1,)), "request_correction",
     {"points": [{"no": 2, "defect": "旧", "cure": "换"}]}, TOWN, {"incomplete_notice"}),
    (6, received, "request_correction", {"points": [{"no": 99, "defect": "旧", "cure": "换"}]},
     TOWN, {"material"}),
    (6, received, "request_correction", {"points": [{"no": 1, "defect": "旧", "cure": "换"}]},
     HERE, {"authority"}),
    (7, correcting, "request_correction", {"points": [{"no": 2, "defect": "旧", "cure": "换"}]},
     TOWN, {"told_already"}),
    (7, correcting, "check_material", {"no": 2, "result": "rejected", "reason": "旧"}, TOWN,
     {"not_in_notice"}),
    (7, correcting, "accept", {}, TOWN, {"lacking"}),
    # 8: not by a village, not without reasons and clause, not later
    (8, received, "not_accept", REFUSED, HERE, {"authority"}),
    (8, received, "not_accept", {"reasons": " ", "clause": "第2条"}, TOWN, {"reasons"}),
    (8, received, "not_accept", {"reasons": "不符", "clause": " "}, TOWN, {"missing"}),
    (8, received, "not_accept", {"reasons": "不符"}, TOWN, {"missing"}),
    (8, accepted, "not_accept", REFUSED, TOWN, {"state"}),
    # 10: after a look at the papers, by the department
    (10, accepted, "sign_in", {}, CLERK_HUB, {"authority"}),
    (10, accepted, "sign_in", {}, TOWN, {"authority"}),
    (10, reviewing, "sign_in", {}, HUB, {"state"}),
    # 12, 13
    (12, deficient, "deem", {}, RULES, {"deficiency_runs"}),
    (12, deficient, "deem", {}, TOWN, {"authority"}),
    (13, pending, "confirm_deemed", {}, HERE, {"authority"}),
    (13, deficient, "confirm_deemed", {}, Desk(role="reconciler"), {"state"}),
    # 15: R-NX-09, R-NX-23b
    (15, reviewing, "start_special", SURVEY, Desk(), {"section"}),
    (15, reviewing, "start_special", SURVEY, Desk(department=LABOUR), {"authority"}),
    (15, reviewing, "start_special", SURVEY, TOWN, {"authority", "section"} - {"section"}),
    (15, reviewing, "start_special", SURVEY, Desk(role="clerk", department=CIVIL), {"authority"}),
    (15, reviewing, "start_special", SURVEY | {"kind": "auction"}, HUB, {"step_not_listed"}),
    (15, reviewing, "start_special", SURVEY | {"told": False}, HUB, {"not_told"}),
    (15, reviewing, "start_special", SURVEY | {"days": 0}, HUB, {"step_days"}),
    (15, special, "start_special", SURVEY, HUB, {"step_running"}),
    (15, accepted, "start_special", SURVEY, HUB, {"state"}),
    (15, special, "end_special", {"id": "X", "result": "好"}, HUB, {"no_step"}),
    # 16, 17, 18
    (16, accepted, "decide", {"outcome": "yes"}, TOWN, {"authority"}),
    (16, received, "decide", {"outcome": "yes"}, HUB, {"state"}),
    (16, special, "decide", {"outcome": "yes"}, HUB, {"state"}),
    (16, deficient, "decide", {"outcome": "yes"}, HUB, {"lacking"}),
    (16, reviewing, "decide", {"outcome": "yes"}, Desk(department=LABOUR), {"authority"}),
    (17, accepted, "decide", REFUSAL, HUB, {"sign_in_first"}),
    (17, reviewing, "decide", REFUSAL | {"reasons": []}, HUB, {"reasons"}),
    (17, lambda: log_of(SPOT), "decide", REFUSAL, TOWN, {"refused_by_department"}),
    # 19
    (19, granted, "order_rectify", {"reasons": "不实"}, HUB, {"no_promise"}),
    (19, on_promise, "revoke", REFUSED, Desk(), {"state"}),
    (19, rectifying, "revoke", REFUSED, Desk(), {"rectify_runs"}),
    (19, rectifying, "revoke", REFUSED, TOWN._replace(day=20), {"authority"}),
    (19, on_promise, "order_rectify", {"reasons": ""}, Desk(department=LABOUR), {"reasons"}),
    # 20, 21, 22
    (20, reviewing, "issue", TO_TOWN, HUB, {"state"}),
    (20, granted, "issue", TO_TOWN, HERE, {"authority"}),
    (20, ready, "receive_result", {"results": RESULTS}, HERE, {"result_elsewhere"}),
    (20, at_window, "receive_result", {"results": RESULTS}, TOWN, {"result_received"}),
    (21, ready, "pass_on_result", TO_TOWN | {"to": VILLAGE.code, "bag": "R"}, TOWN,
     {"result_not_here"}),
    (21, at_window, "pass_on_result", TO_TOWN | {"bag": "R"}, TOWN, {"same_place"}),
    (21, at_window, "pass_on_result",
     {"to": VILLAGE.code, "bag": "R", "results": [{"name": "证", "serial": "S2"}]}, TOWN,
     {"serials"}),
    (22, at_window, "deliver", SELF | {"identity": "entrustment"}, TOWN, {"identity"}),
    (22, at_window, "deliver", SELF | {"proof": " "}, TOWN, {"missing"}),
    (22, at_window, "deliver", {"to": "agent", "identity": "entrustment", "proof": "签字"}, TOWN,
     {"agent_unknown"}),
    (22, at_window, "deliver", {"to": "mail", "proof": "回单", "carrier": "邮政"}, TOWN,
     {"missing"}),
    (22, at_window, "deliver", SELF, Desk(OTHER_VILLAGE), {"authority"}),
    (22, granted, "deliver", SELF, TOWN, {"state"}),
    (22, delivered, "deliver", SELF, TOWN, {"state"}),
    # 23, 24, 25
    (23, ready, "archive", {}, HUB, {"state"}),
    (23, delivered, "archive", {}, TOWN, {"authority"}),
    (24, granted, "withdraw", {}, HERE, {"decided_already"}),
    (24, granted, "withdraw", {}, STEWARD, {"authority", "decided_already"}),
    (25, accepted, "terminate", {"kind": "wrong_place", "reason": "不归"}, HUB, {"missing"}),
    (25, accepted, "terminate", {"kind": "not_corrected", "reason": "没补"}, HUB,
     {"correction_runs"}),
    (25, correcting, "terminate", {"kind": "not_corrected", "reason": "没补"}, Desk(),
     {"correction_runs"}),
    (25, granted, "terminate", {"kind": "other", "reason": "x"}, HUB, {"state"}),
    (25, accepted, "terminate", {"kind": "other", "reason": "x"}, TOWN, {"authority"}),
]  # fmt: skip


@pytest.mark.req("R-ZH-22c")
@pytest.mark.req("R-ZH-23b")
@pytest.mark.req("R-NX-09")
@pytest.mark.req("R-HN-22")
@pytest.mark.req("R-ZH-36a")
@pytest.mark.req("R-ZH-36b")
@pytest.mark.parametrize("row", REFUSALS)
def test_what_the_model_forbids(row):
    no, made, verb, fields, desk, why = row
    assert (no, codes(made(), verb, fields, desk)) == (no, why)


@pytest.mark.parametrize("fresh", [True, False])
def test_a_village_accepts_only_while_its_leases_hold(fresh):
    """#2 and #3: papers are always taken in; a stale lease makes no acceptance."""
    item = log_of(BOTH).item
    context = intake_context(item, VILLAGE, fresh=fresh)
    taken = intake.take_in(document(BOTH), lambda _: (item, context), now=NOON)
    facts = [act.fact for act in taken.acts]
    assert ("case.accepted" in facts) is fresh
    assert facts[0] == "case.received"


def test_an_outlet_receives_what_it_carries_and_nothing_it_does_not_offer():
    """#2: a proxy place makes a file; where an item is not offered, not even that."""
    assert log_of(SPOT, OUTLET).case.state is State.RECEIVED
    item = log_of(SLOW).item
    with pytest.raises(IntakeRefused):
        intake.take_in(document(SLOW), lambda _: (item, intake_context(item, OUTLET)), now=NOON)


@pytest.mark.parametrize(
    ("verb", "made"),
    [
        ("decide", accepted),
        ("revoke", rectifying),
        ("start_special", reviewing),
        ("end_special", special),
        ("confirm_deemed", pending),
        ("deem", deficient),
        ("number", accepted),
        ("verify", accepted),
        ("merge_duplicate", accepted),
        ("link", accepted),
        ("open_checking", accepted),
        ("resolve", accepted),
        ("state_due", accepted),
        ("tell", accepted),
        ("note_fault", accepted),
        ("extend_limit", accepted),
        ("terminate", accepted),
        ("archive", delivered),
    ],
)
@pytest.mark.parametrize("place", [VILLAGE, TOWNSHIP, OUTLET])
def test_what_a_station_may_never_do(verb, made, place):
    """§2.3, as somebody would try it: the button is not there and the act is refused."""
    log = made()
    for role in ("", "approver", "reconciler", "system"):
        context = situation(log, Desk(place, role, department=CIVIL))
        assert verb not in acts.possible(log.case, context)
        with pytest.raises(ActRefused):
            acts.perform(verb, log.case, {}, context)
