"""Every act has a form or a reason why not, and a page asks for what it can ask for."""

import pytest

from casework.conflict_rules.persons import GONE
from casework.errors import ActRefused
from casework.facts import VERBS
from fixtures.builders import sample_item
from fixtures.desks import VILLAGE, CaseLog
from node.web import act_forms
from node.web.form_parts import Subject


def test_every_verb_has_a_form_or_a_reason_why_not():
    assert VERBS.keys() == act_forms.KINDS.keys() | act_forms.FORMLESS.keys()
    assert not act_forms.KINDS.keys() & act_forms.FORMLESS.keys()
    assert all(act_forms.FORMLESS.values())


def _subject(log):
    return Subject(case=log.case, item=log.item, place=VILLAGE, known=None)


def test_a_note_can_say_that_the_applicant_died_or_moved():
    """Else nobody could set C36 going."""
    log = CaseLog(sample_item("DEMO-YL-01"))
    about, *_ = act_forms.KINDS["note"].ask(_subject(log))
    offered = {option.value for option in about.options}
    assert offered >= GONE | {"word", "not_accept"}


@pytest.mark.req("R-ZH-36a")
@pytest.mark.req("R-ZH-36b")
@pytest.mark.parametrize(
    ("posted", "pointers"),
    [
        ({"to": "applicant", "proof": "签字"}, {"/identity"}),
        ({"to": "agent", "proof": "签字", "identity": " "}, {"/identity"}),
        ({"to": "mail", "proof": "贴好了"}, {"/carrier", "/tracking_no"}),
    ],
)
def test_a_page_asks_who_it_is_and_under_which_number_it_went(posted, pointers):
    with pytest.raises(ActRefused) as refused:
        act_forms.read("deliver", posted)
    assert {error.pointer for error in refused.value.errors} == pointers


@pytest.mark.parametrize(
    ("verb", "posted", "read"),
    [
        ("deliver", {"to": "applicant", "identity": "known", "proof": "签字", "photo": ""},
         {"to": "applicant", "identity": "known", "proof": "签字"}),
        ("receive_result", {"results.0.name": "证", "results.0.serial": " S1 "},
         {"results": [{"name": "证", "serial": "S1"}]}),
        ("issue", {"to": "4", "results.1.serial": "2", "results.0.name": "证"},
         {"to": "4", "results": [{"name": "证"}, {"serial": "2"}]}),
        ("notify", {"about": "result", "channel": "phone", "reached": "no"},
         {"about": "result", "channel": "phone", "reached": False}),
        ("review", {"agrees": "yes", "opinion": "好"}, {"agrees": True, "opinion": "好"}),
        ("start_special", {"kind": "hearing", "days": "3", "told": "yes"},
         {"kind": "hearing", "days": 3, "told": True}),
        ("extend_limit", {"days": "x", "reason": "y"}, {"days": "x", "reason": "y"}),
        ("check_material", {"no": "2", "result": "ok", "reason": ""}, {"no": 2, "result": "ok"}),
        ("request_correction",
         {"points.2.defect": "旧", "points.2.cure": "换", "points.1.cure": " "},
         {"points": [{"no": 2, "defect": "旧", "cure": "换"}]}),
        ("entrust", {"agent.name": "李", "agent.relation": "child"},
         {"agent": {"name": "李", "relation": "child", "entrustment": False}}),
        ("correct_application", {"applicant.name": "李", "form.land": "3", "reason": "错"},
         {"applicant": {"name": "李"}, "form": {"land": "3"}, "reason": "错"}),
        ("pass_on_result", {"to": "4", "bag": "B", "results.0.name": "证", "results.0.serial": "1"},
         {"to": "4", "bag": "B", "results": [{"name": "证", "serial": "1"}]}),
    ],
)  # fmt: skip
def test_what_was_answered_is_read_as_the_rules_ask(verb, posted, read):
    assert act_forms.read(verb, posted) == read
