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
    sample_catalogue,
    sample_item,
)
from fixtures.desks import NOON, OUTLET, TOWNSHIP, VILLAGE, CaseLog, intake_context
from tests.unit.casework.cases import OTHER, WHO, document, refused, taken, taken_of


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
    item = replace(sample_item("DEMO-YB-01"), subjects=("natural", "legal"))
    assert taken_of(item, given).acts[0].fields["applicant_kind"] == "legal"


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


def test_a_licensed_machine_needs_its_licence():
    given = document("DEMO-NY-02", form={"licensed_machine": True})
    outcome = taken("DEMO-NY-02", given)
    assert outcome.missing == (4,)
    assert outcome.acts[0].fields["form.licensed_machine"] is True


def test_an_acceptance_past_the_published_calendar_is_an_estimate():
    item = sample_item("DEMO-YL-01")
    context = intake_context(item, now=1_798_000_000_000)
    outcome = intake.take_in(case_document(WHO, item), lambda _: (item, context), now=context.now)
    assert outcome.estimated
    assert outcome.due > date(2027, 1, 1)


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
