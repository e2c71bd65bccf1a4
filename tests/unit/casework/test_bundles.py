"""一件事: how a matter of several cases stands, and one form and one set of papers for it."""

import itertools
from dataclasses import replace
from datetime import date

import pytest

from casework import bundle_papers, bundles, paper_trail
from casework.bundles import Part, Reference, Result, Whole
from casework.case import State
from casework.catalogue import Bundle, Catalogue
from casework.places import Mode
from fixtures.builders import case_document, sample_catalogue
from fixtures.desks import TOWNSHIP
from tests.unit.casework.cases import WHO, log_of

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
BIRTH = Bundle(
    code="DEMO-YJS-02",
    name="出生一件事",
    name_en="A birth",
    items=("DEMO-HJ-01", "DEMO-YB-01", "DEMO-SB-01"),
    lead="公安局",
)
IN_ORDER = replace(BIRTH, parallel=False)
SAMPLES = sample_catalogue()
CATALOGUE = Catalogue(1, SAMPLES.items, bundles={BIRTH.code: BIRTH})
ITEMS = bundle_papers.parts_of(BIRTH, CATALOGUE)
REFERENCE = Reference(BIRTH.code, ULID)


def part(item, result, *, due=None, state=State.ACCEPTED):
    return Part(case=f"case of {item}", item=item, state=state, result=result, due=due)


def parts(*results):
    return [part(item, result) for item, result in zip(BIRTH.items, results, strict=True)]


def test_a_reference_is_read_in_any_case_and_nothing_else_is():
    read = bundles.read_reference(f" demo-yjs-02:{ULID.lower()} ")
    assert read == REFERENCE
    assert read.text == f"DEMO-YJS-02:{ULID}"
    for wrong in ("", ULID, f":{ULID}", "DEMO-YJS-02:", "DEMO-YJS-02:XF-7"):
        assert bundles.read_reference(wrong) is None


@pytest.mark.req("R-HC-27")
def test_granted_parts_stand_and_dependent_ones_wait_when_one_is_refused():
    found = bundles.standing(parts(Result.REFUSED, Result.GRANTED, Result.OPEN), IN_ORDER)
    assert found.stands == ("case of DEMO-YB-01",)
    assert found.lost == ("case of DEMO-HJ-01",)
    assert found.waits == ("case of DEMO-SB-01",)
    assert found.is_mixed
    assert found.whole is Whole.OPEN


@pytest.mark.req("R-HC-27")
def test_parts_that_are_reviewed_at_once_do_not_wait_for_each_other():
    found = bundles.standing(parts(Result.REFUSED, Result.OPEN, Result.OPEN), BIRTH)
    assert found.waits == ()
    assert not found.is_mixed


@pytest.mark.parametrize(
    ("results", "whole"),
    [
        ((Result.GRANTED, Result.GRANTED, Result.GRANTED), Whole.GRANTED),
        ((Result.GRANTED, Result.ENDED, Result.GRANTED), Whole.MIXED),
        ((Result.REFUSED, Result.ENDED, Result.REFUSED), Whole.REFUSED),
        ((Result.GRANTED, Result.MERGED, Result.GRANTED), Whole.GRANTED),
        ((Result.GRANTED, Result.OPEN, Result.REFUSED), Whole.OPEN),
    ],
)
def test_what_becomes_of_the_whole_does_not_hang_on_the_order(results, whole):
    told = {bundles.standing(order, IN_ORDER) for order in itertools.permutations(parts(*results))}
    assert len(told) == 1
    assert told.pop().whole is whole


@pytest.mark.req("R-HC-24")
def test_the_matter_is_due_when_its_last_open_part_is():
    known = [
        part("DEMO-HJ-01", Result.OPEN, due=date(2026, 12, 4)),
        part("DEMO-YB-01", Result.OPEN, due=date(2026, 12, 18)),
        part("DEMO-SB-01", Result.GRANTED, due=date(2026, 12, 30)),
        part("DEMO-SB-02", Result.OPEN, state=State.RECEIVED),
    ]
    found = bundles.standing(known, BIRTH)
    assert found.due == date(2026, 12, 18)
    assert found.unpromised == ("case of DEMO-SB-02",)


def test_a_refused_case_stays_refused_when_its_result_is_handed_out():
    case = log_of("DEMO-YB-03").case
    assert bundles.result_of(case) is Result.OPEN
    refused = {**case.values, "decided": {"outcome": "no"}, "issued": {"to": TOWNSHIP.code}}
    handed = replace(case, state=State.READY, values=refused)
    assert bundles.result_of(handed) is Result.REFUSED
    assert bundles.part_of("one", handed).item == "DEMO-YB-03"


def test_a_withdrawn_part_is_ended_and_a_merged_one_goes_on_elsewhere():
    log = log_of("DEMO-YB-03")
    log.act("withdraw", {}, TOWNSHIP)
    assert bundles.result_of(log.case) is Result.ENDED
    merged = replace(log.case, values={**log.case.values, "duplicate_of": ULID})
    assert bundles.result_of(merged) is Result.MERGED


@pytest.mark.req("R-HC-24")
def test_a_paper_that_several_parts_ask_for_is_asked_for_once():
    papers = bundle_papers.common_papers(ITEMS)
    names = [paper.material.name for paper in papers]
    assert len(names) == len(set(names))
    assert [paper.material.no for paper in papers] == list(range(1, len(papers) + 1))
    (household,) = (paper for paper in papers if paper.material.name == "户口簿")
    assert len(household.places) > 1
    asked = sum(len(item.materials) for item in ITEMS)
    assert sum(len(paper.places) for paper in papers) == asked > len(papers)


@pytest.mark.req("R-HC-24")
def test_one_form_asks_every_question_once_and_the_matter_is_found_as_an_item():
    matter = bundle_papers.find(CATALOGUE, BIRTH.code)
    names = [question.name for question in matter.form]
    assert len(names) == len(set(names))
    assert matter.department == "公安局"
    assert matter.promised_days == max(item.promised_days for item in ITEMS)
    assert matter.modes["village"] is Mode.PROXY, "the weakest of its parts"
    assert bundle_papers.find(CATALOGUE, "DEMO-SB-01") is CATALOGUE.items["DEMO-SB-01"]
    assert bundle_papers.find(CATALOGUE, "DEMO-NO-01") is None


def test_a_matter_whose_part_is_not_published_is_not_offered():
    broken = replace(BIRTH, items=(*BIRTH.items, "DEMO-NO-01"))
    assert bundle_papers.find(replace(CATALOGUE, bundles={BIRTH.code: broken}), BIRTH.code) is None


@pytest.mark.req("R-HC-24")
def test_each_part_gets_the_papers_it_asks_for_and_says_where_the_one_piece_lies():
    matter = bundle_papers.find(CATALOGUE, BIRTH.code)
    whole = case_document(WHO, matter)
    split = bundle_papers.split(REFERENCE, ITEMS, whole, lambda item: f"CASE-{item}")
    assert [one["item"] for one in split] == list(BIRTH.items)
    assert {one["bundle"] for one in split} == {REFERENCE.text}
    assert all(one["applicant"] == whole["applicant"] for one in split)
    for one, item in zip(split, ITEMS, strict=True):
        wanted = [m.no for m in item.materials if not m.when]
        assert sorted(line["no"] for line in one["materials"]) == wanted
    reused = [
        line["reused_from"]
        for one in split
        for line in one["materials"][:]
        if "reused_from" in line
    ]
    assert reused
    assert all(
        text.partition(":")[0] == "CASE-DEMO-HJ-01" or "DEMO-YB-01" in text for text in reused
    )
    assert not any("reused_from" in line for line in split[0]["materials"])


@pytest.mark.req("R-HC-24")
def test_the_one_piece_of_a_paper_is_handed_over_with_the_part_in_whose_folder_it_lies():
    case = log_of("DEMO-YB-03").case
    line = {**case.map("material.1"), "reused_from": f"{ULID}:2"}
    part = replace(case, values={**case.values, "bundle": REFERENCE.text, "material.1": line})
    refiled = replace(case, values={**case.values, "material.1": line})
    assert 1 in {paper.no for paper in paper_trail.papers(case)}
    assert 1 not in {paper.no for paper in paper_trail.papers(part)}
    assert 1 in {paper.no for paper in paper_trail.papers(refiled)}, "it goes with the new case"
    assert 1 in part.in_hand, "it counts for this part all the same"


def test_an_answer_that_nobody_asked_for_is_left_to_be_refused_with_the_first_part():
    whole = {"form": {"bank_account": "6217000012345", "nonsense": "1"}, "materials": []}
    split = bundle_papers.split(REFERENCE, ITEMS, whole, str)
    assert "nonsense" in split[0]["form"]
    assert all("nonsense" not in one["form"] for one in split[1:])
