"""From a posted form to a case document, and from a rule's pointer back to the field."""

import pytest

from ui import forms
from ui.pages import FieldError

NATURAL = [
    ("csrf_token", "x"),
    ("go", "next"),
    ("once", "01HX"),
    ("duplicate.choice", "other"),
    ("applicant.kind", "natural"),
    ("applicant.name", " 王芳 "),
    ("applicant.id_type", "resident_id"),
    ("applicant.id_no", "411599199006150024"),
    ("applicant.uscc", ""),
    ("applicant.phone", ""),
    ("agent.present", "self"),
    ("agent.name", "李强"),
    ("form.bank_account", "6217"),
    ("pickup", "station"),
    ("materials.2.form", "copy"),
    ("materials.2.copies", "1"),
    ("materials.2.original_seen", "yes"),
    ("materials.1.form", "original"),
    ("materials.1.copies", "一"),
    ("materials.3.form", ""),
    ("materials.3.copies", "1"),
    ("commitment.deficiency", "yes"),
]


def test_a_form_becomes_the_document_of_the_interface():
    assert forms.case_document(NATURAL) == {
        "applicant": {
            "kind": "natural",
            "name": "王芳",
            "id_type": "resident_id",
            "id_no": "411599199006150024",
        },
        "form": {"bank_account": "6217"},
        "pickup": "station",
        "materials": [
            {"no": 1, "form": "original", "copies": "一"},
            {"no": 2, "form": "copy", "copies": 1, "original_seen": True},
        ],
        "commitment": {"deficiency": True},
    }


def test_an_agent_counts_only_when_the_page_says_so():
    posted = [("agent.present", "agent"), ("agent.name", "李强"), ("agent.entrustment", "yes")]
    assert forms.case_document(posted)["agent"] == {"name": "李强", "entrustment": True}


def test_a_firm_is_asked_under_names_of_its_own():
    posted = [
        ("applicant.kind", "legal"),
        ("applicant.name", "王芳"),
        ("applicant.organisation", "幸福合作社"),
        ("applicant.uscc", "91411599MA0000015R"),
    ]
    assert forms.case_document(posted)["applicant"] == {
        "kind": "legal",
        "name": "幸福合作社",
        "id_type": "uscc",
        "id_no": "91411599MA0000015R",
    }


@pytest.mark.parametrize(
    ("pointer", "document", "page"),
    [
        ("/applicant/name", {}, "/applicant/name"),
        ("/applicant/name", {"applicant": {"kind": "legal"}}, "/applicant/organisation"),
        ("/applicant/phone", {"applicant": {"kind": "legal"}}, "/applicant/phone"),
        ("/materials/0/form", {"materials": [{"no": 4}]}, "/materials/4/form"),
        ("/materials/9/form", {"materials": [{"no": 4}]}, "/materials/9/form"),
        ("", {}, ""),
    ],
)
def test_a_rules_pointer_finds_the_field_of_the_page(pointer, document, page):
    assert forms.page_pointer(pointer, document) == page


@pytest.mark.parametrize(
    "posted",
    [
        [("applicant", "x"), ("applicant.name", "y")],
        [("applicant.name", "y"), ("applicant", "x")],
        [("materials", "x")],
        [("materials.1", "x")],
        [("materials.1.form.deeper", "x")],
        [("agent", "x")],
        [("materials.²." + "form", "copy")],
        [("." * 40, "x")],
        [("", "x")],
        [("materials." + "9" * 5000 + ".form", "copy"), ("materials.1.copies", "9" * 5000)],
    ],
)
def test_hostile_names_never_break_the_reading(posted):
    assert isinstance(forms.case_document(posted), dict)


def test_errors_find_their_field():
    error = FieldError("/materials/2/copies", "身份证", "份数要是数字。")
    assert error.name == "materials.2.copies"
    assert forms.errors_at((error,), "materials.2.copies") == (error,)
    assert forms.errors_at((error,), "materials.2") == ()


def test_ids_of_two_forms_stay_apart():
    assert forms.field_id("applicant.name") == "f-applicant-name"
    assert forms.field_id("reason", "withdraw") == "f-withdraw-reason"
