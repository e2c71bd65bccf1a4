"""An answer put right keeps the kind that its question has."""

from dataclasses import replace

import pytest

from casework import acts
from casework.catalogue import FormField
from casework.errors import ActRefused
from fixtures.builders import sample_item
from fixtures.desks import VILLAGE, act_context
from tests.unit.casework.cases import log_of

QUESTIONS = (
    FormField(name="alone", title="一个人住", title_en="Lives alone", kind="truth"),
    FormField(name="land", title="几亩地", title_en="Land", kind="integer"),
    FormField(name="remark", title="备注", title_en="Remark", kind="text"),
)
ITEM = replace(sample_item("DEMO-SB-01"), form=QUESTIONS)


def put_right(**answers):
    log = log_of("DEMO-SB-01")
    fields = {"form": answers, "reason": "填错了"}
    return acts.perform("correct_application", log.case, fields, act_context(ITEM, VILLAGE))


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("alone", "yes", True),
        ("alone", "no", False),
        ("alone", True, True),
        ("land", "12", 12),
        ("land", 12, 12),
        ("remark", "12", "12"),
    ],
    ids=repr,
)
def test_what_a_page_posts_as_text_is_kept_as_its_kind(name, typed, kept):
    assert put_right(**{name: typed}).fields[f"form.{name}"] == kept


@pytest.mark.parametrize(
    ("name", "typed"), [("alone", "perhaps"), ("land", "many"), ("land", True)], ids=repr
)
def test_what_the_question_does_not_take_is_refused(name, typed):
    with pytest.raises(ActRefused) as refused:
        put_right(**{name: typed})
    assert [(e.pointer, e.code) for e in refused.value.errors] == [(f"/form/{name}", "type")]


@pytest.mark.req("R-GX-05")
def test_what_the_form_does_not_ask_is_refused_unless_an_older_case_carries_it():
    with pytest.raises(ActRefused) as refused:
        put_right(income="900")
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/form/income", "not_asked")]
    assert "form.bank_account" in log_of("DEMO-SB-01").case.values
    assert put_right(bank_account="6217").fields["form.bank_account"] == "6217"
