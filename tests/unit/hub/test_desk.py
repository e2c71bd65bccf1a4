"""The desk of a department: own items, signed in with a look at every paper, all or nothing."""

from contextlib import closing
from dataclasses import replace

import pytest

from casework.errors import ActRefused
from fixtures.builders import case_document, person, sample_item, seeded
from fixtures.world import TOWNSHIP, VILLAGE_A, World
from hub.usecases import casebook, desk
from hub.usecases.casebook import Asked
from hub.usecases.desk import Queue, Verdict
from node import acting
from node.errors import StaleView

GOOD, POOR = Verdict(good=True), Verdict(good=False)
CIVIL, LABOUR = "民政局", "人社局"
RESULTS = [{"name": "审批表", "serial": "S1"}]


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    made.add(TOWNSHIP)
    made.add(VILLAGE_A)
    with closing(made):
        yield made


@pytest.fixture
def hub(world):
    return world.hub


def who(hub, department=CIVIL, login="li"):
    return replace(hub.worker, department=department, login=login)


def filed(world, code, n=3):
    """A case that the village accepted, or the township where the village only carries."""
    village, town = world.stations[VILLAGE_A], world.stations[TOWNSHIP]
    case = village.take_in(case_document(person(seeded(n)), sample_item(code)))
    world.settle()
    if town.state(case).state.value == "RECEIVED":
        town.act(case, "accept", {})
    world.settle()
    return case


def seen(hub, case):
    with hub.node.database.read() as tx:
        return acting.newest(acting.load(tx, acting.find_case(tx, case)))


def papers(hub, case):
    return sorted(hub.state(case).in_hand)


def sign_in(hub, case, **more):
    found = dict.fromkeys(papers(hub, case), GOOD) | more.pop("found", {})
    desk.sign_in(hub.node, case, found, who(hub), seen=more.get("seen", seen(hub, case)))


def listed(hub, queue, department=CIVIL):
    return [one.line.case for one in desk.listing(hub.node, who(hub, department), queue)]


def test_a_department_sees_its_own_items_and_no_others(world, hub):
    civil, labour = filed(world, "DEMO-YL-01"), filed(world, "DEMO-SB-01", 4)
    assert listed(hub, Queue.SIGN_IN) == [civil]
    assert listed(hub, Queue.SIGN_IN, LABOUR) == [labour]
    assert set(listed(hub, Queue.SIGN_IN, "")) == {civil, labour}
    mine = casebook.listing(hub.node, Asked(department=CIVIL))
    assert ([line.case for line in mine.lines], mine.total) == ([civil], 1)
    assert casebook.listing(hub.node, Asked()).total == 2


@pytest.mark.req("R-ZH-23b")
def test_signing_in_notes_every_paper_and_takes_the_case_over_in_one_go(world, hub):
    case = filed(world, "DEMO-YL-01")
    (row,) = desk.listing(hub.node, who(hub), Queue.SIGN_IN)
    assert row.unchecked
    assert not row.paper_here  # it lies at the village
    before = hub.operations(case)
    poor = {1: POOR}
    with pytest.raises(ActRefused) as refused:
        sign_in(hub, case, found=poor)
    assert [e.pointer for e in refused.value.errors] == ["/papers/1/reason"]
    assert hub.operations(case) == before
    sign_in(hub, case)
    state = hub.state(case)
    assert state.state.value == "REVIEW"
    checks = [name for name in state.values if name.startswith("material_check.")]
    assert len(checks) == len(row.unchecked)


@pytest.mark.req("R-ZH-23b")
def test_a_paper_left_out_or_a_page_gone_stale_signs_nothing(world, hub):
    case = filed(world, "DEMO-YL-01")
    with pytest.raises(ActRefused) as refused:
        desk.sign_in(hub.node, case, {1: GOOD}, who(hub), seen=seen(hub, case))
    assert {e.pointer for e in refused.value.errors} == {f"/papers/{no}" for no in (2, 3, 4, 5)}
    old = seen(hub, case)
    hub.act(case, "correct_contact", {"phone": "13800000009"})
    with pytest.raises(StaleView):
        sign_in(hub, case, seen=old)
    assert hub.state(case).state.value == "ACCEPTED"


def test_those_looked_at_are_signed_in_together_and_the_others_named(world, hub):
    first, second = filed(world, "DEMO-YL-01"), filed(world, "DEMO-YL-01", 4)
    for no in papers(hub, first):
        hub.act(first, "check_material", {"no": no, "result": "ok"})
    chosen = {case: seen(hub, case) for case in (first, second)}
    done, left = desk.sign_in_all(hub.node, chosen, who(hub))
    assert (done, left) == ((first,), (second,))


@pytest.mark.req("R-NX-21")
def test_a_case_goes_from_review_to_decision_when_the_others_have_agreed(world, hub):
    case = filed(world, "DEMO-JZ-01")
    sign_in(hub, case)
    assert (listed(hub, Queue.REVIEW), listed(hub, Queue.DECIDE)) == ([case], [])
    for login in ("zhao", "qian"):
        said = {"opinion": "属实", "agrees": True}
        acting.act(hub.node, case, "review", said, who(hub, login=login))
    assert (listed(hub, Queue.REVIEW), listed(hub, Queue.DECIDE)) == ([], [case])
    assert desk.counts(hub.node, who(hub))[Queue.DECIDE] == 1
    acting.act(hub.node, case, "decide", {"outcome": "yes"}, who(hub))
    assert listed(hub, Queue.ISSUE) == [case]


@pytest.mark.req("R-ZH-34a")
@pytest.mark.req("R-ZH-37")
def test_a_delivery_at_the_window_comes_back_to_the_department(world, hub):
    town = world.stations[TOWNSHIP]
    case = filed(world, "DEMO-YL-01")
    sign_in(hub, case)
    acting.act(hub.node, case, "decide", {"outcome": "yes"}, who(hub))
    issued = {"to": TOWNSHIP, "results": RESULTS}
    acting.act(hub.node, case, "issue", issued, who(hub))
    world.settle()
    town.act(case, "receive_result", {"results": [{"name": "审批表", "serial": "S2"}]})
    differing = [v for n, v in town.state(case).values.items() if n.startswith("result_received.")]
    assert differing[0]["differing"] == ["S1", "S2"]
    town.act(case, "deliver", {"to": "applicant", "identity": "known", "proof": "签字"})
    world.settle()
    (row,) = desk.listing(hub.node, who(hub), Queue.DELIVERY)
    assert (row.line.case, row.line.state) == (case, "DELIVERED")


@pytest.mark.req("R-NX-09")
def test_a_running_step_stands_on_the_desk_with_its_end(world, hub):
    case = filed(world, "DEMO-JZ-01")
    sign_in(hub, case)
    step = sample_item("DEMO-JZ-01").special_steps[0]
    told = {"kind": step.kind, "basis": step.basis or "办法", "days": 1, "told": True}
    acting.act(hub.node, case, "start_special", told, who(hub))
    (row,) = desk.listing(hub.node, who(hub), Queue.SPECIAL)
    assert row.until
    assert hub.state(case).map(f"special.{_run(hub, case)}")["section"] == CIVIL


def _run(hub, case):
    return next(name[8:] for name in hub.state(case).values if name.startswith("special."))
