"""Acts of the counter: contact, application, papers, photos, handover."""

from dataclasses import replace

import pytest

from casework import acts, counter_acts
from casework.fact_shapes import OWN_WORD_FACT
from casework.facts import Act
from fixtures.desks import (
    NOON,
    TOWNSHIP,
    VILLAGE,
    act_context,
)
from tests.unit.casework.cases import HEX, LINES, act_codes, log_of, paper


def test_contact_by_the_applicant_is_another_fact_than_by_a_helper():
    log = log_of("DEMO-SB-01")
    context = act_context(log.item, VILLAGE)
    own = acts.perform(
        "correct_contact", log.case, {"pickup": "mail", "said_by": "applicant"}, context
    )
    assert own == Act(OWN_WORD_FACT, {"pickup": "mail"})
    helper = acts.perform("correct_contact", log.case, {"phone": "138 0000 1111"}, context)
    assert helper == Act("case.contact_corrected", {"phone": "13800001111"})


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, ("", "some")),
        ({"said_by": "helper"}, ("", "some")),
        ({"phone": "12"}, ("/phone", "phone")),
        ({"pickup": "pigeon"}, ("/pickup", "choice")),
        ({"phone": "13800001111", "mood": 1}, ("/mood", "unknown")),
        ({"address": "x" * 2001}, ("/address", "length")),
    ],
)
def test_contact_refusals(fields, problem):
    assert act_codes(log_of("DEMO-SB-01"), "correct_contact", fields, VILLAGE) == {problem}


def test_correcting_the_application_keeps_the_reason():
    log = log_of("DEMO-SB-01")
    case = log.act(
        "correct_application",
        {
            "applicant": {"name": "王方", "id_no": "411599194001010011"},
            "form": {"bank_account": "6217 0001"},
            "reason": "看错了",
        },
        VILLAGE,
    )
    assert (case.text("name"), case.text("form.bank_account")) == ("王方", "62170001")
    assert case.text("correction_reason") == "看错了"


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"reason": "x"}, {("", "some")}),
        ({"form": {"land": "3"}}, {("/reason", "missing")}),
        ({"applicant": {"id_no": "1"}, "reason": "x"}, {("/applicant/id_no", "id_length_short")}),
        ({"applicant": {"mood": "1"}, "reason": "x"}, {("/applicant/mood", "unknown")}),
        ({"applicant": "x", "reason": "x"}, {("/applicant", "type")}),
    ],
)
def test_application_refusals(fields, problems):
    log = log_of("DEMO-SB-01")
    assert act_codes(log, "correct_application", fields, VILLAGE) >= problems


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (paper(9), ("/no", "material")),
        (paper(1, form="shared"), ("/form", "not_shared")),
        (paper(1, form="promised"), ("/form", "not_promised")),
        (paper(1, form="oral"), ("/form", "choice")),
        (paper(1, copies=1000), ("/copies", "copies")),
        ({"form": "copy", "copies": 1}, ("/no", "missing")),
        (paper("one"), ("/no", "type")),
    ],
)
def test_paper_refusals(fields, problem):
    assert problem in act_codes(log_of("DEMO-SB-01"), "add_material", fields, VILLAGE)


@pytest.mark.req("R-HC-29a")
def test_no_promise_stands_for_a_paper_where_the_law_shuts_promises_out():
    log = log_of("DEMO-SB-03")
    (no,) = (m.no for m in log.item.materials if m.promise_ok)
    log.act("add_material", paper(no, form="promised"), VILLAGE)
    barred = replace(log.item.guide, promise_excluded="涉及公共安全")
    log.item = replace(log.item, guide=barred)
    problems = act_codes(log, "add_material", paper(no, form="promised"), VILLAGE)
    assert problems == {("/form", "promise_barred")}


@pytest.mark.req("R-NX-29e")
def test_whoever_took_a_letter_back_may_entrust_another():
    log = log_of("DEMO-SB-01")
    named = {"id_no": "411599195808200048", "relation": "child", "entrustment": True}
    log.act("entrust", {"agent": {"name": "李梅", **named}}, VILLAGE)
    assert log.act("revoke_entrustment", {}, VILLAGE).values.get("entrustment_revoked")
    again = log.act("entrust", {"agent": {"name": "李敏", **named}}, VILLAGE)
    assert again.values.get("entrustment_revoked") is None
    assert again.text("agent.name") == "李敏"
    withdrawn = log.act("revoke_entrustment", {"reason": "不用了"}, VILLAGE)
    assert withdrawn.values.get("entrustment_revoked")


def test_a_photo_is_kept_apart_from_its_key():
    log = log_of("DEMO-SB-01")
    photo = {"material": 1, "hash": HEX, "size": 9, "chunks": [HEX], "mime": "image/jpeg"}
    case = log.act("attach", photo | {"key": b"k" * 32}, VILLAGE)
    attachment = next(n for n in case.values if n.startswith("attachment."))
    assert case.map(attachment)["captured_at"] == NOON
    assert case.values["attachment_key" + attachment.removeprefix("attachment")] == b"k" * 32


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"material": 9}, ("/material", "material")),
        ({"hash": "xyz"}, ("/hash", "type")),
        ({"chunks": []}, ("/hash", "type")),
        ({"size": 0}, ("/size", "type")),
        ({"mime": "text/html"}, ("/mime", "choice")),
    ],
)
def test_photo_refusals(change, problem):
    photo = {"material": 1, "hash": HEX, "size": 9, "chunks": [HEX], "mime": "image/jpeg"}
    assert problem in act_codes(log_of("DEMO-SB-01"), "attach", photo | change, VILLAGE)


@pytest.mark.req("R-ZH-25")
def test_a_bag_is_counted_on_both_sides_and_differences_are_written_down():
    log = log_of("DEMO-JZ-01")
    log.act("hand_over", {"to": TOWNSHIP.code, "bag": "袋 7", "lines": LINES}, VILLAGE)
    fewer = [{"no": 1, "originals": 1, "copies": 1}, {"no": 2, "originals": 0, "copies": 1}]
    case = log.act("receive_handover", {"bag": "袋7", "lines": fewer}, TOWNSHIP)
    assert case.map("handover_received.袋7")["differing"] == [1, 2]


def test_handover_refusals():
    log = log_of("DEMO-JZ-01")
    given = {"to": "镇里", "bag": "B1", "lines": []}
    assert act_codes(log, "hand_over", given, VILLAGE) == {("/to", "code"), ("/lines", "missing")}
    uncounted = {"to": TOWNSHIP.code, "bag": "B1", "lines": [{"no": 1, "copies": 1}]}
    assert act_codes(log, "hand_over", uncounted, VILLAGE) == {("/lines/0/originals", "missing")}
    assert act_codes(log, "receive_handover", {"bag": "B1", "lines": LINES}, TOWNSHIP) == {
        ("/bag", "bag")
    }
    assert act_codes(log, "hand_over", given | {"bag": " "}, VILLAGE)


def test_discrepancies_ignore_order():
    other = {"no": 2, "originals": 0, "copies": 1}
    assert counter_acts.discrepancies((LINES[0], other), (other, LINES[0])) == ()
