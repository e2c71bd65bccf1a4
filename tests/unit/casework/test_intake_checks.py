"""The formal check of papers, what is told and kept, and the three outcomes of R-ZH-22."""

from dataclasses import replace
from datetime import date

import pytest

from casework.case import State
from casework.catalogue import Guide
from casework.intake import IntakeKind
from fixtures.builders import case_document, sample_item
from fixtures.desks import TOWNSHIP, CaseLog
from tests.unit.casework.cases import WHO, document, refused, refused_of, taken, taken_of

ELDER = "DEMO-YL-01"


def with_line(code, no, **changes):
    given = document(code)
    rows = [row | changes if row["no"] == no else row for row in given["materials"]]
    return given | {"materials": rows}


def materials(outcome):
    return [name for name in outcome.acts[0].fields if name.startswith("material.")]


@pytest.mark.req("R-ZH-21a")
@pytest.mark.parametrize("defect", ["incomplete", "irregular", "unlawful"])
def test_a_main_paper_that_is_not_in_form_is_not_accepted(defect):
    given = with_line(ELDER, 1, defects=[defect])
    assert refused(ELDER, given) == {("/materials", "defective_main")}


def test_a_paper_not_in_form_may_follow_on_a_promise_where_the_item_allows_it():
    given = with_line(ELDER, 4, defects=["incomplete"], cure="拍清楚卡号")
    assert refused(ELDER, given) == {("/commitment/deficiency", "deficiency_possible")}
    outcome = taken(ELDER, given | {"commitment": {"deficiency": True}})
    assert (outcome.kind, outcome.missing) == (IntakeKind.ACCEPTED_DEFICIENT, (4,))
    assert "material.4" not in materials(outcome)


def test_an_unknown_defect_is_told():
    assert ("/materials/0/defects", "choice") in refused(
        ELDER, with_line(ELDER, 1, defects=["ugly"])
    )


@pytest.mark.req("R-ZH-22b")
def test_what_is_wrong_is_told_once_with_its_cure_and_the_case_is_kept():
    given = with_line(ELDER, 1, defects=["irregular"], cure="第3栏改写成全名")
    rows = [row for row in given["materials"] if row["no"] != 5]
    given |= {"materials": rows, "commitment": {"correction": True}}
    outcome = taken(ELDER, given)
    assert outcome.kind is IntakeKind.CORRECTION
    assert [act.fact for act in outcome.acts] == ["case.received", "case.correction_requested"]
    assert (outcome.due, outcome.deficiency_deadline) == (None, date(2026, 12, 11))
    (told,) = outcome.acts[1].fields.values()
    assert told["points"] == [
        {"no": 1, "defect": "填写不规范", "cure": "第3栏改写成全名"},
        {"no": 5, "defect": "没有交来", "cure": "补来照片"},
    ]
    log = CaseLog(sample_item(ELDER))
    log.take_in(given)
    assert log.case.state is State.CORRECTION


@pytest.mark.req("R-GX-05")
@pytest.mark.req("R-HC-20a")
def test_a_correction_can_ask_for_nothing_but_what_the_list_asks():
    given = document(ELDER, leave_out=(2,), commitment={"correction": True})
    (told,) = taken(ELDER, given).acts[1].fields.values()
    assert {point["no"] for point in told["points"]} == {2}
    outside = [*document(ELDER)["materials"], {"no": 77, "form": "original"}]
    given = document(ELDER) | {"materials": outside}
    assert ("/materials/5/no", "material") in refused(ELDER, given)


def test_where_nothing_is_wrong_there_is_nothing_to_correct():
    given = document(ELDER, commitment={"correction": True})
    assert refused(ELDER, given) == {("/commitment/correction", "nothing_to_correct")}


def test_a_station_that_only_receives_tells_no_correction_but_gives_the_notice():
    given = with_line("DEMO-JZ-01", 1, defects=["incomplete"])
    asked = given | {"commitment": {"correction": True}}
    assert refused("DEMO-JZ-01", asked) == {("/commitment/correction", "no_power")}
    outcome = taken("DEMO-JZ-01", given)
    notice = next(v for n, v in outcome.acts[0].fields.items() if n.startswith("notice."))
    assert outcome.kind is IntakeKind.RECEIVED
    assert notice["defects"] == [{"no": 1, "defect": "不齐全（缺页或缺项）"}]


@pytest.mark.req("R-ZH-21b")
def test_a_copy_of_a_certificate_whose_original_nobody_saw_is_told_and_kept():
    outcome = taken(ELDER, with_line(ELDER, 2, original_seen=False))
    assert outcome.kind is IntakeKind.ACCEPTED
    assert [(w.pointer, w.code) for w in outcome.warnings] == [
        ("/materials/1/original_seen", "original_unseen")
    ]
    received = outcome.acts[0].fields["received"]
    assert received["warned"] == [{"code": "original_unseen", "no": 2}]
    assert outcome.acts[0].fields["material.2"]["original_seen"] is False


@pytest.mark.req("R-ZH-21b")
def test_a_copy_compared_with_its_original_is_said_to_agree():
    outcome = taken(ELDER)
    assert outcome.warnings == ()
    assert "warned" not in outcome.acts[0].fields["received"]
    assert outcome.acts[0].fields["material.2"]["original_seen"] is True


def test_an_original_is_its_own_proof():
    assert taken(ELDER, with_line(ELDER, 2, form="original", original_seen=False)).warnings == ()


def test_what_an_authority_issued_is_a_certificate_though_nobody_shares_it():
    item = sample_item(ELDER)
    bank = item.materials[3]
    given = with_line(ELDER, 4, form="copy", original_seen=False)
    assert taken_of(item, given).warnings == ()
    issued = replace(item, materials=(*item.materials[:3], replace(bank, source="authority")))
    given["materials"] = [row for row in given["materials"] if row["no"] != 5]
    assert [w.code for w in taken_of(issued, given).warnings] == ["original_unseen"]


FIRM = {"kind": "legal", "name": "示例合作社", "id_type": "uscc"}


@pytest.mark.parametrize(
    ("typed", "warned"),
    [
        ("91411599MA0000015R", []),
        ("9141 1599 ma00 0001 5r", []),
        ("91350203M0001QAY9B", ["uscc_check"]),
        ("12345", ["uscc_check"]),
    ],
)
def test_a_credit_code_that_does_not_fit_is_told_and_stops_nobody(typed, warned):
    item = replace(sample_item("DEMO-SC-01"), subjects=("natural", "legal"))
    given = case_document(WHO, item)
    given["applicant"] |= FIRM | {"id_no": typed}
    outcome = taken_of(item, given)
    assert [w.code for w in outcome.warnings] == warned
    assert " " not in outcome.acts[0].fields["id_no"]


@pytest.mark.parametrize("kind", ["natural", "legal"])
def test_an_item_is_for_whom_it_is_published_for(kind):
    item = replace(sample_item(ELDER), subjects=("legal" if kind == "natural" else "natural",))
    given = case_document(WHO, item)
    given["applicant"] |= FIRM | {"id_no": "91411599MA0000015R"} if kind == "legal" else {}
    assert ("/applicant/kind", "subject") in refused_of(item, given)


@pytest.mark.req("R-HC-17b")
def test_an_item_out_of_force_is_refused_and_its_successor_named():
    item = replace(sample_item(ELDER), cancelled_on=date(2026, 11, 21), successor="DEMO-YL-02")
    assert refused_of(item, document(ELDER)) == {("/item", "not_in_force")}
    before = replace(item, cancelled_on=date(2026, 11, 22))
    assert taken_of(before, document(ELDER)).kind is IntakeKind.ACCEPTED
    later = document(ELDER, claimed_at="2026-11-20T10:00:00+08:00")
    assert taken_of(item, later).kind is IntakeKind.ACCEPTED


def test_an_item_not_yet_in_force_waits():
    item = replace(sample_item(ELDER), effective_from=date(2026, 11, 22))
    assert refused_of(item, document(ELDER)) == {("/item", "not_yet")}


PROMISED = "DEMO-YB-02"


def promised(item):
    no = next(m.no for m in item.materials if m.promise_ok)
    given = case_document(WHO, item)
    rows = [row | {"form": "promised"} if row["no"] == no else row for row in given["materials"]]
    return given | {"materials": rows, "commitment": {"promise": True, "read_aloud": True}}


@pytest.mark.req("R-HC-29a")
def test_an_excluded_item_takes_no_promise_in_place_of_a_paper():
    item = sample_item(PROMISED)
    given = promised(item)
    assert taken_of(item, given, place=TOWNSHIP).kind is IntakeKind.ACCEPTED
    shut = replace(item, guide=Guide(promise_excluded="涉及公共安全"))
    assert ("/materials/2/form", "promise_barred") in refused_of(shut, given, place=TOWNSHIP)


@pytest.mark.req("R-HC-29e")
def test_bad_credit_shuts_the_promise_out_and_nothing_else():
    item = sample_item(PROMISED)
    assert refused_of(item, promised(item), place=TOWNSHIP, bad_credit=True) == {
        ("/materials/2/form", "bad_credit")
    }
    whole = case_document(WHO, item)
    assert taken_of(item, whole, place=TOWNSHIP, bad_credit=True).kind is IntakeKind.ACCEPTED


def test_what_was_read_aloud_before_a_promise_is_kept():
    item = sample_item(PROMISED)
    received = taken_of(item, promised(item), place=TOWNSHIP).acts[0].fields["received"]
    assert (received["promise"], received["read_aloud"]) == (True, True)


@pytest.mark.req("R-HC-23c")
@pytest.mark.parametrize("code", ["DEMO-SB-01", "DEMO-CJ-01"])
def test_what_sharing_fetches_is_not_asked_for(code):
    item = sample_item(code)
    left = tuple(m.no for m in item.materials if m.shared and not m.main)
    assert left
    outcome = taken_of(item, case_document(WHO, item, leave_out=left))
    assert not set(left) & set(outcome.missing)
    fields = outcome.acts[0].fields
    assert {fields[f"material.{no}"]["form"] for no in left} == {"shared"}


@pytest.mark.req("R-HC-23a")
@pytest.mark.parametrize("channel", ["window", "mail", "visit", "proxy"])
def test_no_channel_needs_a_booking_or_an_online_filing_first(channel):
    outcome = taken("DEMO-SB-01", document("DEMO-SB-01", channel=channel))
    assert outcome.kind is IntakeKind.ACCEPTED
    assert "online_ref" not in outcome.acts[0].fields


@pytest.mark.req("R-ZH-22c")
def test_a_village_only_drafts_a_refusal_to_accept_and_the_township_decides():
    given = document(ELDER, commitment={"doubt": "户口不在本县，满80岁但不是本县户籍。"})
    outcome = taken(ELDER, given)
    assert outcome.kind is IntakeKind.RECEIVED
    assert [act.fact for act in outcome.acts] == ["case.received", "case.noted"]
    (said,) = outcome.acts[1].fields.values()
    assert (said["about"], said["text"]) == ("not_accept", given["commitment"]["doubt"])
    assert outcome.acts[0].fields["handling"] == TOWNSHIP.code
    log = CaseLog(sample_item(ELDER))
    log.take_in(given)
    assert log.case.state is State.RECEIVED
