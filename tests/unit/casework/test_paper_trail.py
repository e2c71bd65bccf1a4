"""Where papers and results lie follows from what was written, whoever asks."""

import pytest

from casework import paper_trail
from casework.case import State
from fixtures.desks import OTHER_VILLAGE, TOWNSHIP, VILLAGE
from tests.unit.casework.courses import BAG, DAY, HERE, RESULTS, TO_TOWN, TOWN, do, ready, received

TO = {"to": TOWNSHIP.code}
PAPER = {"no": 1, "form": "original", "copies": 1}


def places(log):
    return {paper.no: (paper.place, paper.bag) for paper in paper_trail.papers(log.case)}


def test_a_paper_lies_where_it_was_handed_in_until_a_bag_takes_it():
    log = received()
    assert places(log)[1] == (VILLAGE.code, "")
    do(log, "hand_over", BAG | TO, HERE)
    assert places(log)[1] == (TOWNSHIP.code, "B1")
    assert f" >{TOWNSHIP.code} " in paper_trail.paper_mark(log.case)
    do(log, "receive_handover", BAG, TOWN._replace(day=1))
    assert places(log)[1] == (TOWNSHIP.code, "")


def test_a_paper_that_comes_anew_is_where_it_was_brought():
    log = received()
    do(log, "hand_over", BAG | TO, HERE)
    do(log, "receive_handover", BAG, TOWN)
    do(log, "add_material", PAPER, HERE._replace(day=2))
    assert places(log)[1] == (VILLAGE.code, "")


def test_what_was_missing_on_arrival_lies_nowhere():
    log = received()
    do(log, "hand_over", BAG | TO, HERE)
    none = {"bag": "B1", "lines": [{"no": 1, "originals": 0, "copies": 0}]}
    do(log, "receive_handover", none, TOWN)
    assert places(log)[1] == ("", "")
    assert 1 not in {paper.no for paper in paper_trail.waiting(log.case, TOWNSHIP.code)}


@pytest.mark.parametrize("verb", ["withdraw"])
def test_papers_of_an_ended_case_go_back_and_are_on_no_list(verb):
    log = received()
    do(log, verb, {}, HERE)
    assert paper_trail.waiting(log.case, VILLAGE.code) == ()
    assert paper_trail.paper_mark(log.case) == ""


def test_a_result_is_under_way_until_it_was_signed_for_there():
    log = ready()
    assert paper_trail.result_mark(log.case) == f">{TOWNSHIP.code}"
    do(log, "receive_result", {"results": RESULTS}, TOWN)
    assert paper_trail.result_mark(log.case) == TOWNSHIP.code
    on = TO_TOWN | {"to": OTHER_VILLAGE.code, "bag": "R"}
    do(log, "pass_on_result", on, TOWN._replace(day=1))
    found = paper_trail.result(log.case)
    assert (found.place, found.arrived) == (OTHER_VILLAGE.code, False)
    assert found.since % DAY == log.case.instant("issued") % DAY
    assert log.case.state is State.READY
