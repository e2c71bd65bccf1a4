"""What is refused at intake: all at once, each with its place and its words."""

from dataclasses import replace

import pytest

from casework import intake
from casework.errors import IntakeRefused
from fixtures.builders import (
    agent,
    sample_item,
)
from fixtures.desks import NOON, intake_context
from tests.unit.casework.cases import OTHER, WHO, document, refused


def test_everything_wrong_is_named_at_once():
    given = document("DEMO-YL-01", leave_out=(1, 5), note="x")
    given["applicant"] |= {"id_no": WHO.id_no[:-1], "phone": "12", "division": "潢川"}
    given["channel"] = "pigeon"
    given["materials"][0]["copies"] = -1
    given["materials"] += [{"no": 9, "form": "copy"}, {"no": 2, "form": "copy"}]
    assert refused("DEMO-YL-01", given) == {
        ("/note", "unknown"),
        ("/channel", "choice"),
        ("/applicant/id_no", "id_length_short"),
        ("/applicant/phone", "phone"),
        ("/applicant/division", "code"),
        ("/materials/0/copies", "copies"),
        ("/materials/3/no", "material"),
        ("/materials/4/no", "repeated"),
        ("/materials", "main_missing"),
        ("/commitment/deficiency", "deficiency_possible"),
    }


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"applicant": None}, ("/applicant", "missing")),
        ({"applicant": "王芳"}, ("/applicant", "type")),
        ({"materials": None}, ("/materials", "missing")),
        ({"materials": "1,2"}, ("/materials", "type")),
        ({"materials": [1]}, ("/materials/0", "type")),
        ({"form": []}, ("/form", "type")),
        ({"form": {"bank_account": "六二一七"}}, ("/form/bank_account", "digits")),
        ({"form": {"bank_account": 6217}}, ("/form/bank_account", "type")),
        ({"form": {"Bank": "1"}}, ("/form/Bank", "unknown")),
        ({"form": {"a/b": "1"}}, ("/form/a~1b", "unknown")),
        ({"form": {"land": 1.5}}, ("/form/land", "type")),
        ({"commitment": {"deficiency": "yes"}}, ("/commitment/deficiency", "type")),
        ({"claimed_at": "yesterday"}, ("/claimed_at", "instant")),
        ({"claimed_at": "2026-11-20T09:00:00"}, ("/claimed_at", "instant")),
        ({"claimed_at": "2026-11-22T09:00:00+08:00"}, ("/claimed_at", "later")),
        ({"pickup": "pigeon"}, ("/pickup", "choice")),
        ({"item": None}, ("/item", "missing")),
        ({"actor": "a\x00b"}, ("/actor", "control")),
    ],
)
def test_a_malformed_document_is_refused_where_it_is_wrong(change, problem):
    assert problem in refused("DEMO-SB-01", document("DEMO-SB-01") | change)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": ""}, "missing"),
        ({"name": "  "}, "missing"),
        ({"name": 5}, "type"),
        ({"name": "王\n芳"}, "control"),
        ({"name": "王" * 201}, "length"),
        ({"id_no": "11010519491231002x9"}, "id_length_long"),
        ({"id_no": "11010519490230002X"}, "id_date"),
        ({"id_no": "11010529491231002X"}, "id_future"),
        ({"id_no": "110105194912310021"}, "id_check"),
        ({"id_no": "A10105194912310021"}, "id_characters"),
        ({"id_type": "badge"}, "choice"),
        ({"kind": "robot"}, "choice"),
    ],
)
def test_a_person_is_refused_for_nothing_but_what_is_wrong(change, problem):
    given = document("DEMO-SB-01")
    given["applicant"] |= change
    found = refused("DEMO-SB-01", given)
    assert found == {(f"/applicant/{next(iter(change))}", problem)}


def test_words_of_a_refusal_say_what_to_do_next():
    given = document("DEMO-SB-01")
    given["applicant"]["id_no"] = WHO.id_no[:-1]
    item = sample_item("DEMO-SB-01")
    with pytest.raises(IntakeRefused) as refusal:
        intake.take_in(given, lambda _: (item, intake_context(item)), now=NOON)
    problem = refusal.value.errors[0]
    assert problem.message_zh == "身份证号少1位，现在是17位。对照身份证再看一遍。"
    assert "17 characters, 1 too few" in problem.message_en


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"no": 1, "form": "shared"}, ("/materials/0/form", "not_shared")),
        ({"no": 1, "form": "promised"}, ("/materials/0/form", "not_promised")),
        ({"no": 4, "form": "promised"}, ("/materials/0/form", "deficiency_possible")),
    ],
)
def test_a_form_that_the_item_does_not_allow(line, problem):
    given = document("DEMO-YL-01", leave_out=(line["no"],))
    assert refused("DEMO-YL-01", given | {"materials": [line, *given["materials"]]}) == {problem}


def test_an_answer_of_the_wrong_type():
    given = document("DEMO-NY-02", form={"licensed_machine": "yes", "bank_account": 2**60})
    assert refused("DEMO-NY-02", given) == {
        ("/form/licensed_machine", "type"),
        ("/form/bank_account", "type"),
    }


@pytest.mark.req("R-GX-05")
def test_an_answer_that_the_form_of_the_item_does_not_ask_for():
    given = document("DEMO-SB-01", form={"bank_account": "6217", "income": "900", "land": 3})
    assert refused("DEMO-SB-01", given) == {
        ("/form/income", "not_asked"),
        ("/form/land", "not_asked"),
    }


def test_a_required_answer_lacks():
    item = sample_item("DEMO-SB-01")
    item = replace(item, form=(replace(item.form[0], required=True),))
    given = document("DEMO-SB-01", form={})
    with pytest.raises(IntakeRefused) as refusal:
        intake.take_in(given, lambda _: (item, intake_context(item)), now=NOON)
    assert [(e.pointer, e.code) for e in refusal.value.errors] == [
        ("/form/bank_account", "missing")
    ]


def test_a_paper_that_can_neither_follow_nor_be_promised():
    item = sample_item("DEMO-SB-01")
    register = replace(item.materials[2], shared=False)
    item = replace(item, materials=(*item.materials[:2], register))
    given = document("DEMO-SB-01", leave_out=(3,))
    with pytest.raises(IntakeRefused) as refusal:
        intake.take_in(given, lambda _: (item, intake_context(item)), now=NOON)
    assert [e.code for e in refusal.value.errors] == ["material_missing"]


def test_who_may_not_take_in_is_told():
    item = sample_item("DEMO-SB-01")
    context = replace(intake_context(item), role="approver")
    with pytest.raises(IntakeRefused) as refusal:
        intake.take_in(document("DEMO-SB-01"), lambda _: (item, context), now=NOON)
    assert [(e.pointer, e.code) for e in refusal.value.errors] == [("/actor", "authority")]


def test_a_wrong_number_of_an_agent_or_an_empty_line_is_named():
    given = document("DEMO-SB-01", agent=agent(OTHER) | {"id_no": "12"})
    assert refused("DEMO-SB-01", given) == {("/agent/id_no", "id_length_short")}
