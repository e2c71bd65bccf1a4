"""What may be published, and what a station reads whatever it says."""

import copy
from dataclasses import replace
from datetime import date

import pytest

from casework import acts, catalogue_reading, in_force, publication_rules, publishing
from casework.catalogue import KINDS, Catalogue, StepMode
from casework.catalogue_columns import ITEMS
from casework.errors import ActRefused
from fixtures.builders import calendar_2026, read_shipped, sample_catalogue, sample_item
from fixtures.desks import NOON, TOWNSHIP, act_context
from tests.unit.casework.cases import log_of

ELDER, SALARY, TRADER, DEATH = "DEMO-YL-01", "DEMO-JZ-01", "DEMO-SC-01", "DEMO-SB-05"


def document():
    return copy.deepcopy(dict(read_shipped("sample_catalogue.json")))


def changed(code, **more):
    """The shipped catalogue with some fields of one item, or of its guide, changed."""
    found = document()
    item = next(item for item in found["items"] if item["code"] == code)
    guide = {name[6:]: more.pop(name) for name in list(more) if name.startswith("guide_")}
    item.update(more)
    item["guide"] = {**item["guide"], **guide}
    return found


def _field(pointer):
    """The field within its item; the whole pointer of what is no item's."""
    _, _, rest = pointer.partition("/items/")
    return rest.partition("/")[2] or pointer.lstrip("/")


def errors(found, **more):
    verdict = publication_rules.check(catalogue_reading.parse(found), **more)
    return {(_field(problem.pointer), problem.code) for problem in verdict.errors}


def warned(found, **more):
    verdict = publication_rules.check(catalogue_reading.parse(found), **more)
    return {(_field(problem.pointer), problem.code) for problem in verdict.warnings}


def test_the_shipped_catalogue_may_be_published():
    assert errors(document()) == set()


@pytest.mark.req("R-NX-11")
@pytest.mark.parametrize(
    "name", ["basis", "conditions", "flow", "common_errors", "result_name", "consult"]
)
def test_a_guide_without_what_the_public_needs_is_not_published(name):
    empty = "" if isinstance(getattr(sample_item(ELDER).guide, name), str) else []
    assert (f"guide/{name}", "guide") in errors(changed(ELDER, **{f"guide_{name}": empty}))


@pytest.mark.req("R-NX-11")
def test_a_sample_that_is_still_made_is_only_warned_of_and_a_video_not_at_all():
    lacking = changed(ELDER, guide_sample="", guide_result_sample="", guide_video="")
    assert errors(lacking) == set()
    assert {("guide/sample", "guide"), ("guide/result_sample", "guide")} <= warned(lacking)
    assert ("guide/video", "guide") not in warned(lacking)


@pytest.mark.req("R-GX-05")
@pytest.mark.req("R-NX-23a")
@pytest.mark.parametrize("name", ["basis", "organiser", "days", "start"])
def test_a_special_step_needs_basis_organiser_limit_and_start(name):
    steps = next(i for i in document()["items"] if i["code"] == SALARY)["special_steps"]
    del steps[1][name]
    found = errors(changed(SALARY, special_steps=steps))
    assert found == {(f"special_steps/1/{name}", "step_rule")}


@pytest.mark.req("R-NX-23a")
def test_a_basis_is_a_document_that_is_cited_not_a_word():
    steps = next(i for i in document()["items"] if i["code"] == SALARY)["special_steps"]
    steps[0]["basis"] = "按惯例"
    assert ("special_steps/0/basis", "step_rule") in errors(changed(SALARY, special_steps=steps))


@pytest.mark.req("R-HC-32a")
def test_a_fee_needs_the_law_that_allows_it():
    assert ("guide/fee_basis", "fee") in errors(changed(ELDER, guide_fee="每件10元"))
    assert ("guide/fee_basis", "fee") in errors(
        changed(ELDER, guide_fee="每件10元", guide_fee_basis="县里定的")
    )
    lawful = changed(ELDER, guide_fee="每件10元", guide_fee_basis="《收费目录（示例）》第3项")
    assert errors(lawful) == set()


@pytest.mark.req("R-HC-23a")
def test_only_online_needs_a_document_that_says_so():
    assert ("guide/online_only_basis", "online_only") in errors(
        changed(ELDER, guide_online_only=True)
    )
    basis = "《网上办理规定（示例）》"
    assert not errors(changed(ELDER, guide_online_only=True, guide_online_only_basis=basis))


@pytest.mark.req("R-HC-29a")
def test_promises_need_their_terms_and_an_item_that_is_not_excluded():
    assert ("guide/promise_terms", "promise") in errors(changed(TRADER, guide_promise_terms=""))
    excluded = changed(TRADER, guide_promise_excluded="关系人身安全，风险较大")
    assert ("guide/promise_excluded", "promise") in errors(excluded)


@pytest.mark.req("R-HC-20a")
def test_a_proof_outside_the_list_is_asked_of_nobody():
    materials = next(i for i in document()["items"] if i["code"] == DEATH)["materials"]
    materials[1]["proof"] = "P-NONE"
    assert ("materials/1/proof", "proof") in errors(changed(DEATH, materials=materials))
    del materials[1]["proof"]
    assert ("materials/1/proof", "proof") in errors(changed(DEATH, materials=materials))


@pytest.mark.req("R-HC-20a")
@pytest.mark.parametrize("name", ["basis", "issuing_unit", "how"])
def test_every_proof_says_by_what_law_from_whom_and_how(name):
    found = document()
    found["proofs"][0][name] = ""
    verdict = publication_rules.check(catalogue_reading.parse(found))
    assert {e.pointer for e in verdict.errors} == {f"/proofs/0/{name}"}
    found["proofs"][0][name] = "找有关部门"
    assert publication_rules.check(catalogue_reading.parse(found)).errors


@pytest.mark.req("R-HC-18a")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("guide_conditions", ["符合有关规定"]),
        ("guide_flow", ["由有关部门审核"]),
        ("guide_consult", "问相关部门"),
        ("remarks", "其他材料视情况"),
        ("department", "有关部门"),
    ],
)
def test_vague_words_are_refused_wherever_the_public_reads_them(field, value):
    assert "vague" in {code for _, code in errors(changed(ELDER, **{field: value}))}


@pytest.mark.req("R-HC-18a")
def test_the_title_of_a_law_is_quoted_not_vague():
    basis = ["《关于老年人其他材料和有关部门分工的通知（示例）》"]
    assert errors(changed(ELDER, guide_basis=basis)) == set()


@pytest.mark.req("R-GX-22")
def test_what_touches_secrets_is_neither_published_nor_read_at_a_station():
    secret = changed(ELDER, confidential=True)
    known = catalogue_reading.parse(secret)
    assert ("confidential", "confidential") in errors(secret)
    assert ("confidential", "confidential") in errors(secret, known=[known])
    assert ELDER not in catalogue_reading.read_published(secret).items


def test_receipts_and_calendars_are_warned_of():
    long = changed(ELDER, name="高龄津贴申领（八十周岁以上老年人按月发放的那一种）")
    assert ("name", "long") in warned(long)
    soon = {"calendar": calendar_2026(), "today": date(2026, 11, 21)}
    assert ("holidays", "calendar") in warned(document(), **soon)
    early = {"calendar": calendar_2026(), "today": date(2026, 6, 1)}
    assert ("holidays", "calendar") not in warned(document(), **early)


def test_bundles_name_listed_items_and_a_lead():
    found = document()
    found["bundles"][0] |= {"items": ["DEMO-NO-99"], "lead": ""}
    verdict = publication_rules.check(catalogue_reading.parse(found))
    assert [e.pointer for e in verdict.errors] == ["/bundles/0/items", "/bundles/0/lead"]


@pytest.mark.req("R-HC-17b")
def test_stopping_an_item_does_not_wait_for_old_guides():
    bare = document()
    for item in bare["items"]:
        del item["guide"]
    old = catalogue_reading.parse(bare)
    assert publication_rules.check(old).errors
    bare["items"][3] |= {"cancelled_on": "2026-12-01", "successor": ELDER}
    stopped = publication_rules.check(catalogue_reading.parse(bare), known=[old])
    assert stopped.errors == ()
    assert any(w.code == "guide" for w in stopped.warnings)
    bare["items"][3]["promised_days"] = 1
    assert publication_rules.check(catalogue_reading.parse(bare), known=[old]).errors


# --- reading


@pytest.mark.req("R-HC-03")
def test_kinds_of_the_rules_and_both_sorts_of_applicants_are_read():
    assert len(KINDS) == 8
    for kind in KINDS:
        found = catalogue_reading.parse(changed(ELDER, kind=kind, subjects=["natural", "legal"]))
        assert (found.items[ELDER].kind, found.items[ELDER].subjects) == (
            kind,
            ("natural", "legal"),
        )
    words = next(column for column in ITEMS.columns if column.path == "kind").words
    assert set(words) == set(KINDS)
    used = {item.kind for item in sample_catalogue().items.values()}
    assert used >= {"licence", "benefit", "confirmation", "filing", "service"}


def test_every_new_attribute_is_read():
    found = catalogue_reading.parse(
        changed(
            ELDER,
            once_only=True,
            step_mode="two_reviews",
            external_system="老龄系统",
            effective_from="2026-01-01",
            cancelled_on="2027-01-01",
            carried_on=True,
            successor="DEMO-YL-02",
            station_modes={"411526101201": "proxy", "411526101202": None},
        )
    ).items[ELDER]
    assert found.once_only
    assert found.step_mode is StepMode.TWO_REVIEWS
    assert found.external_system == "老龄系统"
    assert (found.effective_from, found.cancelled_on) == (date(2026, 1, 1), date(2027, 1, 1))
    assert found.carried_on
    assert found.successor == "DEMO-YL-02"
    assert dict(found.station_modes) == {"411526101201": "proxy", "411526101202": None}
    assert found.guide.fee == ""
    assert found.material(2).issuing_unit == "公安局"


def test_an_old_catalogue_without_guides_is_read_as_ever():
    found = document()
    del found["proofs"], found["bundles"]
    for item in found["items"]:
        for name in ("guide", "kind", "subjects", "step_mode", "once_only"):
            item.pop(name, None)
    old = catalogue_reading.parse(found).items[ELDER]
    assert (old.kind, old.subjects, old.step_mode) == ("service", ("natural",), StepMode.COMBINED)


@pytest.mark.req("R-HC-18b")
def test_a_station_never_refuses_what_the_county_published():
    found = changed(ELDER, promised_days=40, modes={"village": "of_a_later_program"})
    found["items"][0]["statutory_days"] = "bald"
    found["items"][1]["step_mode"] = "three_reviews"
    found["items"][2]["materials"][0]["name"] = "其他材料"
    read = catalogue_reading.read_published(found)
    assert read.items[ELDER].promised_days == 40
    assert read.items[ELDER].modes == {}
    assert found["items"][0]["code"] not in read.items
    assert read.items[found["items"][1]["code"]].step_mode is StepMode.TWO_REVIEWS
    assert len(read.items) == 29


# --- what a version changes


def test_compare_names_papers_days_and_law():
    old = sample_item(ELDER)
    fewer = replace(old, materials=old.materials[:4], promised_days=10)
    found = publishing.compare(old, fewer)
    assert ([m.name for m in found.fewer], found.more, found.shorter) == (["照片"], (), True)
    back = publishing.compare(fewer, old)
    assert ([m.name for m in back.more], back.fewer, back.longer) == (["照片"], (), True)
    assert not found.legal
    stricter = replace(old, guide=replace(old.guide, conditions=("年满90周岁",)))
    assert publishing.compare(old, stricter).legal


def test_the_order_of_papers_is_no_demand():
    old = sample_item(ELDER)
    turned = replace(
        old,
        materials=tuple(replace(m, no=i) for i, m in enumerate(reversed(old.materials), start=1)),
    )
    found = publishing.compare(old, turned)
    assert (found.more, found.fewer) == ((), ())


@pytest.mark.parametrize(
    "less", [{"deficiency_ok": True}, {"shared": True}, {"promise_ok": True}, {"copies": 0}]
)
def test_a_paper_asked_less_strictly_is_one_fewer(less):
    old = sample_item("DEMO-YB-03")
    slack = {"deficiency_ok": False, "shared": False, "promise_ok": False, "copies": 1}
    hard, mild = replace(old.materials[2], **slack), replace(old.materials[2], **slack | less)
    found = publishing.compare(replace(old, materials=(hard,)), replace(old, materials=(mild,)))
    assert (found.fewer, found.more) == ((hard,), ())


def test_changes_are_told_in_the_words_of_the_workbook():
    materials = next(i for i in document()["items"] if i["code"] == ELDER)["materials"]
    materials[4] |= {"deficiency_ok": False, "source": "other"}
    modes = {"village": "proxy", "township": "entrusted"}
    new = changed(ELDER, materials=materials, modes=modes, kind="service")
    found = publishing.changes(sample_catalogue(), catalogue_reading.parse(new)).changed[0]
    told = {change.path: (change.before, change.after) for change in found.fields}
    assert told["modes.village"] == ("委托受理", "帮办代办")
    assert told["modes.post"] == ("帮办代办", "")
    assert told["kind"] == ("行政给付", "公共服务")
    assert "可容缺：是" in told["materials"][0]
    assert "来源：其他单位" in told["materials"][1]
    assert set(told) == {"modes.village", "modes.post", "kind", "materials"}


def test_changes_name_items_and_fields():
    old = sample_catalogue()
    new = catalogue_reading.parse(changed(ELDER, promised_days=9, guide_consult="问村里"))
    items = {code: item for code, item in new.items.items() if code != TRADER}
    items["DEMO-NEW-1"] = replace(new.items[ELDER], code="DEMO-NEW-1")
    found = publishing.changes(old, Catalogue(2, items, "", new.proofs, {}))
    assert [item.code for item in found.added] == ["DEMO-NEW-1"]
    assert [item.code for item in found.removed] == [TRADER]
    assert [(c.path, c.before, c.after) for c in found.changed[0].fields] == [
        ("promised_days", "15", "9"),
        ("guide.consult", sample_item(ELDER).guide.consult, "问村里"),
    ]
    assert found.lists == ("bundles",)
    assert found.codes == {"DEMO-NEW-1", TRADER, ELDER}
    assert not publishing.changes(old, old)


# --- in force


@pytest.mark.req("R-HC-17b")
def test_a_cancelled_item_is_refused_from_its_day_with_the_successor():
    item = replace(sample_item(ELDER), cancelled_on=date(2026, 12, 1), successor="DEMO-YL-02")
    assert in_force.refusal(item, date(2026, 11, 30)) is None
    refused = in_force.refusal(item, date(2026, 12, 1))
    assert refused.code == "not_in_force"
    assert "DEMO-YL-02" in refused.message_zh


@pytest.mark.req("R-HC-17b")
def test_what_came_in_before_the_end_goes_on_where_the_act_says_so():
    item = replace(sample_item(ELDER), cancelled_on=date(2026, 12, 1))
    day, before = date(2026, 12, 5), date(2026, 11, 20)
    assert in_force.refusal(item, day, received=before) is not None
    assert in_force.refusal(replace(item, carried_on=True), day, received=before) is None
    assert in_force.refusal(replace(item, carried_on=True), day, received=day) is not None


@pytest.mark.req("R-HC-17b")
def test_a_township_accepts_no_file_of_a_cancelled_item_unless_the_act_lets_it_go_on():
    log = log_of("DEMO-JZ-01")  # received on 21 November
    desk = act_context(log.item, TOWNSHIP, now=NOON + 3 * 86_400_000)
    ended = replace(log.item, cancelled_on=date(2026, 11, 23))
    with pytest.raises(ActRefused) as refused:
        acts.perform("accept", log.case, {}, replace(desk, newest=ended))
    assert refused.value.errors[0].code == "not_in_force"
    assert acts.perform("accept", log.case, {}, replace(desk, newest=log.item))
    carried = replace(ended, carried_on=True)
    assert acts.perform("accept", log.case, {}, replace(desk, newest=carried))


def test_an_item_that_has_not_begun_is_not_taken_in():
    item = replace(sample_item(ELDER), effective_from=date(2026, 12, 1))
    assert in_force.refusal(item, date(2026, 11, 30)).code == "not_yet"
    assert in_force.refusal(item, date(2026, 12, 1)) is None
