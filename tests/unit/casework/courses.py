"""Cases brought to each state of their course, for tests of what may happen to them."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from casework import acts
from casework.case import State
from casework.catalogue import StepMode
from casework.errors import ActRefused
from casework.facts import Act
from fixtures.builders import case_document
from fixtures.desks import (
    COUNTY,
    NOON,
    TOWNSHIP,
    VILLAGE,
    act_context,
)
from tests.unit.casework.cases import WHO, log_of

DAY = 86_400_000
CIVIL, LABOUR = "民政局", "人社局"
SLOW, SPOT, BOTH = "DEMO-JZ-01", "DEMO-SB-01", "DEMO-YL-01"
"""Fifteen and more days and a proxy village; on the spot; a village that accepts."""
PROMISED = "DEMO-SB-03"
RESULTS = [{"name": "证", "serial": "S1"}]
TO_TOWN = {"to": TOWNSHIP.code, "results": RESULTS}
REFUSAL = {"outcome": "no", "reasons": "收入超标", "clause": "第3条", "remedies": "60日内复议"}
SURVEY = {"kind": "site_survey", "basis": "办法第12条", "days": 1, "told": True}
SELF = {"to": "applicant", "identity": "id_card", "proof": "本人签字"}
BAG = {"bag": "B1", "lines": [{"no": 1, "originals": 1, "copies": 0}]}
REFUSED = {"reasons": "不属于救助对象", "clause": "第2条"}


class Desk(NamedTuple):
    """Somebody somewhere, at some time."""

    place: object = COUNTY
    role: str = ""
    actor: str = "second"
    department: str = ""
    day: int = 0


HUB = Desk(department=CIVIL)
THIRD = HUB._replace(actor="third")
TOWN, HERE = Desk(TOWNSHIP), Desk(VILLAGE)
RULES = Desk(role="system")


def do(log, verb, fields, desk=HUB, **item):
    """Do an act and answer the case."""
    act = acts.perform(verb, log.case, fields, situation(log, desk, **item))
    log.write(act, desk.place)
    return log.case


def situation(log, desk, **item):
    """Somebody at work on the case; `item`: what is otherwise published of it."""
    context = act_context(
        replace(log.item, **({"step_mode": StepMode.COMBINED} | item)),
        desk.place,
        role=desk.role,
        actor=desk.actor,
        department=desk.department,
        now=NOON + desk.day * DAY,
    )
    return replace(context, mode=None) if desk.place is COUNTY else context


def codes(log, verb, fields, desk=HUB, **item):
    """Why an act is refused."""
    with pytest.raises(ActRefused) as refused:
        do(log, verb, fields, desk, **item)
    return {error.code for error in refused.value.errors}


def received():
    return log_of(SLOW)


def correcting():
    log = log_of("DEMO-SB-02", leave_out=(1,))
    do(log, "request_correction", {"points": [{"no": 1, "defect": "没交", "cure": "补交"}]}, TOWN)
    return log


def accepted():
    log = received()
    do(log, "accept", {}, TOWN)
    return log


def deficient():
    return log_of(BOTH, leave_out=(4, 5), commitment={"deficiency": True})


def reviewing(code=SLOW, **more):
    log = log_of(code, **more)
    if log.case.state is State.RECEIVED:
        do(log, "accept", {}, TOWN)
    for no in sorted(log.case.in_hand):
        do(log, "check_material", {"no": no, "result": "ok"}, Desk())
    do(log, "sign_in", {}, Desk())
    return log


def special():
    log = reviewing()
    do(log, "start_special", SURVEY)
    return log


def granted():
    log = reviewing()
    do(log, "decide", {"outcome": "yes"})
    return log


def ready():
    log = granted()
    do(log, "issue", TO_TOWN)
    return log


def at_window():
    log = ready()
    do(log, "receive_result", {"results": RESULTS}, TOWN)
    return log


def delivered():
    log = at_window()
    do(log, "deliver", SELF, TOWN)
    return log


def pending():
    log = deficient()
    do(log, "deem", {}, RULES._replace(day=9))
    log.write(Act("case.deemed_pending", {"deemed_pending": {"at": NOON, "final": True}}), COUNTY)
    return log


def promised():
    """On the spot with a promise in place of a paper."""
    return log_of(PROMISED, materials=_with_promise())


def _with_promise():
    item = log_of(PROMISED).item
    rows = case_document(WHO, item)["materials"]
    return [row | ({"form": "promised"} if row["no"] == 3 else {}) for row in rows]


def on_promise():
    log = promised()
    do(log, "decide", {"outcome": "yes"}, Desk(department=LABOUR))
    return log


def rectifying():
    log = on_promise()
    do(log, "order_rectify", {"reasons": "材料不实"}, Desk(department=LABOUR))
    return log


def run_of(log):
    return next(name[8:] for name in log.case.values if name.startswith("special."))
