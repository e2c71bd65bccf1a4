"""An item is cancelled while a village is offline: its acceptance is void, the papers come back."""

from dataclasses import replace
from datetime import date

import pytest

from casework.case import State
from casework.conflict_rules.findings import Pen
from casework.conflict_rules.matter import Edition
from casework.conflict_rules.table import find
from fixtures.desks import VILLAGE
from tests.property.rule_scenes import (
    ACCEPTED,
    ITEM,
    SHOWN,
    STAMP,
    Scene,
    names,
    newer,
    said,
    written,
)

BEFORE, AFTER = date(2027, 3, 1), date(2026, 11, 1)


def ended(day, **more):
    item = replace(ITEM, cancelled_on=day, successor="DEMO-YL-02", **more)
    return Scene("cancelled", (ACCEPTED,), setting={"newest": newer(item)})


def acts_of(matter):
    pen = Pen(STAMP, lambda rule, about: f"{rule}-{len(about)}", matter.id)
    found = (finding.act(matter.case, pen) for _, finding in find(matter))
    return [act for act in found if act]


@pytest.mark.req("R-HC-17b")
def test_what_was_accepted_after_the_end_is_void_and_referred():
    scene = ended(AFTER)
    acts = acts_of(scene.matter(scene.heads))
    state = scene.matter(written(scene.heads, acts)).case

    assert state.state is State.TERMINATED
    assert state.map("terminated")["kind"] == "item_void"
    assert state.map("terminated")["referral"] == "DEMO-YL-02"
    told = [state.map(name)["text"] for name in state.values if name.startswith("told.")]
    assert told == ["该事项11月1日起取消，村站没及时收到通知，材料退您；可改办DEMO-YL-02。"]
    assert "not_accepted" not in state.values, "no refusal stands in the applicant's record"


@pytest.mark.req("R-HC-17b")
def test_what_was_accepted_before_goes_on_where_the_act_says_so():
    carried = ended(BEFORE, carried_on=True)
    assert acts_of(carried.matter(carried.heads)) == []
    silent = ended(BEFORE)
    assert names(acts_of(silent.matter(silent.heads))) == {"checking.C6"}


@pytest.mark.req("R-HC-29e")
@pytest.mark.parametrize("since", [AFTER, BEFORE])
def test_only_a_record_older_than_the_promise_takes_the_promise_away(since):
    line = {"no": 5, "form": "promised", "copies": 1, "at": 0}
    wrote = (said(VILLAGE, "material.5", line, device=2), ACCEPTED)
    scene = Scene("credit", wrote, setting={"credit_since": since})
    acts = acts_of(scene.matter(scene.heads))
    after = scene.matter(written(scene.heads, acts)).case

    assert (5 in after.in_hand) == (since == BEFORE)
    assert (after.state is State.ACCEPTED) == (not after.outstanding)


def test_an_item_that_is_gone_from_the_catalogue_is_cancelled():
    scene = Scene("gone", (ACCEPTED,), setting={"newest": Edition(2, None, AFTER), "shown": SHOWN})
    assert "terminated" in names(acts_of(scene.matter(scene.heads)))
