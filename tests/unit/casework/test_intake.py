"""Taking in a case: what is accepted, what is only received, what is refused and how."""

from dataclasses import replace
from datetime import date

import pytest

from casework import intake
from casework.case import Flag, State
from casework.documents import DocumentKind
from casework.errors import IntakeRefused
from casework.intake import IntakeKind
from fixtures.builders import (
    agent,
    case_document,
    person,
    sample_catalogue,
    sample_item,
    seeded,
)
from fixtures.desks import NOON, OUTLET, TOWNSHIP, VILLAGE, CaseLog, intake_context

WHO = person(seeded(7))
OTHER = person(seeded(8))


def document(code, **more):
    return case_document(WHO, sample_item(code), **more)


def refused(code, given, *, place=VILLAGE, fresh=True):
    item = sample_item(code)
    context = intake_context(item, place, fresh=fresh)
    with pytest.raises(IntakeRefused) as refusal:
        intake.take_in(given, lambda c: (item, context) if c == code else None, now=NOON)
    return {(e.pointer, e.code) for e in refusal.value.errors}


def taken(code, given=None, *, place=VILLAGE, fresh=True):
    item = sample_item(code)
    context = intake_context(item, place, fresh=fresh)
    return intake.take_in(given or document(code), lambda _: (item, context), now=NOON)


def kinds(outcome):
    return [need.kind for need in outcome.documents]


@pytest.mark.req("R-ZH-22a")
def test_complete_papers_are_accepted_at_once():
    outcome = taken("DEMO-SB-01")
    assert outcome.kind is IntakeKind.ACCEPTED
    assert [act.fact for act in outcome.acts] == ["case.received", "case.accepted"]
    assert outcome.due == date(2026, 11, 25)
    assert outcome.missing == ()
    accepted = outcome.acts[1].fields["accepted"]
    assert accepted["kind"] == "accepted"
    assert (accepted["place"], accepted["by"], accepted["at"]) == (VILLAGE.code, "first", NOON)
    assert outcome.acts[0].fields["handling"] == VILLAGE.code


@pytest.mark.req("R-ZH-21e")
def test_every_intake_prints_a_receipt_and_the_offline_slip():
    assert kinds(taken("DEMO-SB-01")) == [DocumentKind.RECEIPT, DocumentKind.OFFLINE_SLIP]


@pytest.mark.req("R-HC-28b")
@pytest.mark.req("R-HC-28c")
def test_deficiency_acceptance_with_promise_and_notice():
    given = document("DEMO-YL-01", leave_out=(4, 5), commitment={"deficiency": True})
    outcome = taken("DEMO-YL-01", given)
    assert outcome.kind is IntakeKind.ACCEPTED_DEFICIENT
    assert (outcome.missing, outcome.deficiency_deadline) == ((4, 5), date(2026, 11, 27))
    fields = outcome.acts[1].fields
    assert fields["commitment"]["materials"] == [4, 5]
    notice = next(value for name, value in fields.items() if name.startswith("notice."))
    assert (notice["kind"], notice["deadline"]) == ("deficiency", "2026-11-27")
    assert DocumentKind.DEFICIENCY_PROMISE in kinds(outcome)


def test_promised_under_a_deficiency_promise_is_the_same_as_lacking():
    given = document("DEMO-YL-01", leave_out=(4, 5), commitment={"deficiency": True})
    lines = [{"no": 4, "form": "promised"}, {"no": 5, "form": "promised"}]
    outcome = taken("DEMO-YL-01", given | {"materials": given["materials"] + lines})
    assert (outcome.kind, outcome.missing) == (IntakeKind.ACCEPTED_DEFICIENT, (4, 5))
    assert "material.4" not in outcome.acts[0].fields


def test_a_promise_with_nothing_lacking_is_plain_acceptance():
    outcome = taken("DEMO-YL-01", document("DEMO-YL-01", commitment={"deficiency": True}))
    assert outcome.kind is IntakeKind.ACCEPTED


@pytest.mark.req("R-HC-28b")
def test_without_the_promise_what_may_follow_is_refused_with_the_way_out():
    assert refused("DEMO-YL-01", document("DEMO-YL-01", leave_out=(5,))) == {
        ("/commitment/deficiency", "deficiency_possible")
    }


def test_a_main_paper_cannot_follow_even_on_promise():
    given = document("DEMO-YL-01", leave_out=(1,), commitment={"deficiency": True})
    assert refused("DEMO-YL-01", given) == {("/materials", "main_missing")}


@pytest.mark.req("R-HC-36")
def test_what_sharing_fetches_is_not_asked_for():
    outcome = taken("DEMO-SB-01", document("DEMO-SB-01", leave_out=(3,)))
    assert outcome.kind is IntakeKind.ACCEPTED
    assert outcome.acts[0].fields["material.3"]["form"] == "shared"


def test_a_main_paper_may_be_said_to_be_shared():
    given = document("DEMO-SB-01", leave_out=(2,))
    given["materials"].append({"no": 2, "form": "shared"})
    assert taken("DEMO-SB-01", given).kind is IntakeKind.ACCEPTED


@pytest.mark.req("R-HC-29a")
def test_inform_and_promise_replaces_a_paper_where_the_item_allows_it():
    given = document("DEMO-JY-02", leave_out=(3,))
    assert refused("DEMO-JY-02", given) == {("/materials", "promise_possible")}
    given["materials"].append({"no": 3, "form": "promised"})
    log = CaseLog(sample_item("DEMO-JY-02"))
    assert log.take_in(given).kind is IntakeKind.ACCEPTED
    assert Flag.PROMISE in log.case.flags


@pytest.mark.req("R-HC-30b")
def test_proxy_mode_receives_and_has_the_letter_signed():
    outcome = taken("DEMO-JZ-01")
    assert outcome.kind is IntakeKind.RECEIVED
    assert [act.fact for act in outcome.acts] == ["case.received"]
    assert outcome.due is None
    assert outcome.acts[0].fields["handling"] == TOWNSHIP.code
    entrustment = [n for n in outcome.documents if n.kind is DocumentKind.ENTRUSTMENT]
    assert [need.to_sign for need in entrustment] == [True]


@pytest.mark.req("R-HC-30d")
def test_an_outlet_receives_for_its_township():
    outcome = taken("DEMO-SB-01", document("DEMO-SB-01", channel="outlet"), place=OUTLET)
    assert outcome.kind is IntakeKind.RECEIVED
    assert outcome.acts[0].fields["handling"] == TOWNSHIP.code


def test_proxy_takes_what_there_is_and_says_at_once_what_lacks():
    outcome = taken("DEMO-JZ-01", document("DEMO-JZ-01", leave_out=(1,)))
    assert (outcome.kind, outcome.missing) == (IntakeKind.RECEIVED, (1,))
    assert DocumentKind.ONE_TIME_NOTICE in kinds(outcome)
    assert any(name.startswith("notice.") for name in outcome.acts[0].fields)


def test_old_copies_only_receive():
    outcome = taken("DEMO-SB-01", fresh=False)
    assert outcome.kind is IntakeKind.RECEIVED
    assert outcome.acts[0].fields["handling"] == VILLAGE.code


@pytest.mark.req("R-HC-25a")
def test_on_the_spot_at_the_township_is_promised_the_same_day():
    outcome = taken("DEMO-SB-01", place=TOWNSHIP)
    assert (outcome.kind, outcome.due) == (IntakeKind.ACCEPTED, date(2026, 11, 21))


@pytest.mark.req("R-NX-29e")
def test_an_agent_without_a_letter_signs_one_and_may_not_promise_papers():
    without = agent(OTHER, entrustment=False)
    outcome = taken("DEMO-SB-01", document("DEMO-SB-01", agent=without))
    assert DocumentKind.ENTRUSTMENT in kinds(outcome)
    given = document("DEMO-YL-01", leave_out=(5,), agent=without, commitment={"deficiency": True})
    assert refused("DEMO-YL-01", given) == {("/agent/entrustment", "entrustment")}
    with_letter = given | {"agent": agent(OTHER)}
    assert taken("DEMO-YL-01", with_letter).kind is IntakeKind.ACCEPTED_DEFICIENT


def test_conditional_papers_are_needed_only_where_they_apply():
    given = document("DEMO-SC-01")
    assert taken("DEMO-SC-01", given, place=TOWNSHIP).missing == ()
    by_agent = given | {"agent": agent(OTHER)}
    assert refused("DEMO-SC-01", by_agent, place=TOWNSHIP) == {("/materials", "main_missing")}


def test_who_must_appear_cannot_send_somebody():
    given = document("DEMO-HJ-03", agent=agent(OTHER))
    assert refused("DEMO-HJ-03", given, place=TOWNSHIP) == {("/agent", "in_person")}


def test_an_item_not_offered_here():
    given = document("DEMO-SB-05")
    assert refused("DEMO-SB-05", given, place=OUTLET) == {("/item", "not_offered")}


def test_an_unknown_item():
    given = document("DEMO-SB-01") | {"item": "DEMO-XX-99"}
    assert refused("DEMO-SB-01", given) == {("/item", "item")}


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


def test_no_document_is_a_path_and_not_an_error():
    given = document("DEMO-SB-01")
    given["applicant"] |= {"id_type": "none"}
    del given["applicant"]["id_no"], given["applicant"]["phone"]
    fields = taken("DEMO-SB-01", given).acts[0].fields
    assert "id_no" not in fields
    assert "phone" not in fields


@pytest.mark.req("R-HC-03")
def test_organisations_apply_too():
    given = document("DEMO-YB-01")
    given["applicant"] |= {
        "kind": "legal",
        "name": "豫溪种植合作社",
        "id_type": "uscc",
        "id_no": "91411599MA0000015R",
    }
    assert taken("DEMO-YB-01", given).acts[0].fields["applicant_kind"] == "legal"


def test_rare_names_are_taken_as_they_are():
    given = document("DEMO-SB-01")
    given["applicant"]["name"] = "䶮𫖯·买买提"
    assert taken("DEMO-SB-01", given).acts[0].fields["name"] == "䶮𫖯·买买提"


def test_an_import_keeps_its_own_time():
    given = document("DEMO-SB-01", claimed_at="2026-11-19T10:00:00+08:00")
    outcome = taken("DEMO-SB-01", given)
    assert outcome.due == date(2026, 11, 24)
    assert outcome.acts[0].fields["received"]["at"] == 1795053600000
    assert "261119" in outcome.temporary_number


def test_typed_numbers_are_cleaned():
    given = document("DEMO-SB-01", form={"bank_account": "6217 0000-1234 5678"})
    given["applicant"] |= {"phone": "138 1234-3210", "id_no": WHO.id_no.lower()}
    fields = taken("DEMO-SB-01", given).acts[0].fields
    assert fields["form.bank_account"] == "6217000012345678"
    assert (fields["phone"], fields["id_no"]) == ("13812343210", WHO.id_no)


@pytest.mark.parametrize("code", sorted(sample_catalogue().items))
@pytest.mark.parametrize("place", [VILLAGE, TOWNSHIP], ids=lambda place: place.kind.value)
def test_every_sample_item_can_be_taken_in_whole(code, place):
    item = sample_item(code)
    log = CaseLog(item)
    outcome = log.take_in(case_document(WHO, item), place)
    expected = {"received": State.RECEIVED, "accepted": State.ACCEPTED}[outcome.kind]
    assert log.case.state is expected
    assert log.case.missing == ()
    assert log.case.due == outcome.due


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


def test_a_licensed_machine_needs_its_licence():
    given = document("DEMO-NY-02", form={"licensed_machine": True})
    outcome = taken("DEMO-NY-02", given)
    assert outcome.missing == (4,)
    assert outcome.acts[0].fields["form.licensed_machine"] is True


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


def test_an_acceptance_past_the_published_calendar_is_an_estimate():
    item = sample_item("DEMO-YL-01")
    context = intake_context(item, now=1_798_000_000_000)
    outcome = intake.take_in(case_document(WHO, item), lambda _: (item, context), now=context.now)
    assert outcome.estimated
    assert outcome.due > date(2027, 1, 1)


def test_a_wrong_number_of_an_agent_or_an_empty_line_is_named():
    given = document("DEMO-SB-01", agent=agent(OTHER) | {"id_no": "12"})
    assert refused("DEMO-SB-01", given) == {("/agent/id_no", "id_length_short")}


def test_parse_alone_reads_without_the_item():
    form = intake.parse(document("DEMO-SB-01") | {"item": "ANYTHING"})
    assert form.item == "ANYTHING"
    with pytest.raises(IntakeRefused):
        intake.parse({})


def test_intake_of_a_parsed_form():
    item = sample_item("DEMO-SB-01")
    form = intake.parse(document("DEMO-SB-01"), now=NOON)
    assert intake.intake(form, item, intake_context(item)).kind is IntakeKind.ACCEPTED
    with pytest.raises(IntakeRefused):
        intake.intake(
            form, sample_item("DEMO-SB-05"), intake_context(sample_item("DEMO-SB-05"), OUTLET)
        )
