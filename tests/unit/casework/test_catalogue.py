"""The sample catalogue that is shipped, and what a catalogue may not say."""

import copy

import pytest

from casework import catalogue_reading
from casework.catalogue import mode_at
from casework.errors import CatalogueRefused
from casework.places import Mode, PlaceKind
from fixtures.builders import read_shipped, sample_catalogue, sample_item


def changed(**more):
    document = copy.deepcopy(dict(read_shipped("sample_catalogue.json")))
    document["items"] = [document["items"][21] | more]
    return document


def codes_of(document):
    with pytest.raises(CatalogueRefused) as refused:
        catalogue_reading.parse(document)
    return {(e.pointer, e.code) for e in refused.value.errors}


def test_thirty_items_are_shipped():
    assert len(sample_catalogue().items) == 30
    assert sample_catalogue().version == 1


def test_every_text_has_its_english():
    for item in sample_catalogue().items.values():
        assert item.name_en
        assert item.words
        assert all(material.name_en for material in item.materials)
        assert all(step.name_en for step in item.special_steps)


@pytest.mark.req("R-HC-25b")
def test_promised_is_shorter_than_statutory_everywhere():
    assert all(i.promised_days < i.statutory_days for i in sample_catalogue().items.values())


@pytest.mark.req("R-HC-28a")
def test_every_item_names_main_papers_and_those_that_may_follow():
    for item in sample_catalogue().items.values():
        assert any(material.main for material in item.materials)
        assert not (item.deficiency_allowed and item.promised_days < 1)


@pytest.mark.req("R-HC-30d")
def test_partner_outlets_only_receive():
    modes = {
        item.modes[column]
        for item in sample_catalogue().items.values()
        for column in ("bank", "post")
        if column in item.modes
    }
    assert modes == {Mode.PROXY}


@pytest.mark.req("R-HC-30c")
def test_areas_close_to_people_are_covered():
    areas = {item.area for item in sample_catalogue().items.values()}
    assert areas >= {
        *("社会保障", "户籍管理", "就业创业", "社会救助", "危（旧）房改造"),
        *("市场主体登记", "涉农补贴"),
    }


def test_rows_with_a_confirmed_national_code_carry_it():
    opening = sample_item("DEMO-SC-01")
    assert (opening.catalog_code, opening.handle_code) == ("000131128000", "00013112800001")
    assert sample_item("DEMO-SC-02").handle_code == "00013112800003"


def test_every_form_has_an_optional_bank_account():
    for item in sample_catalogue().items.values():
        field = next(field for field in item.form if field.name == "bank_account")
        assert (field.required, field.data_class) == (False, 3)


def test_rows_of_the_model_that_tests_lean_on():
    elder = sample_item("DEMO-YL-01")
    assert [m.no for m in elder.materials if m.deficiency_ok] == [4, 5]
    assert (elder.promised_days, elder.statutory_days) == (15, 30)
    assert sample_item("DEMO-HJ-03").must_appear_in_person
    assert [s.kind for s in sample_item("DEMO-WF-01").special_steps] == [
        *("public_notice", "site_survey", "appraisal")
    ]
    assert sample_item("DEMO-SC-01").material(4).when == "agent"


@pytest.mark.parametrize(
    ("code", "kind", "partner", "mode"),
    [
        ("DEMO-SB-01", PlaceKind.VILLAGE, "", Mode.ENTRUSTED),
        ("DEMO-SB-01", PlaceKind.TOWNSHIP, "", Mode.AUTHORISED),
        ("DEMO-SB-01", PlaceKind.OUTLET, "bank", Mode.PROXY),
        ("DEMO-SB-02", PlaceKind.OUTLET, "post", None),
        ("DEMO-SB-02", PlaceKind.OUTLET, "market", None),
        ("DEMO-SB-02", PlaceKind.COUNTY, "", None),
    ],
)
@pytest.mark.req("R-HC-30a")
def test_mode_is_a_matter_of_item_and_place(code, kind, partner, mode):
    assert mode_at(sample_item(code), kind, partner) is mode


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"promised_days": 30}, ("/items/0/promised_days", "rule")),
        ({"promised_days": -1}, ("/items/0/promised_days", "days")),
        ({"name": ""}, ("/items/0/name", "missing")),
        ({"code": "demo yl"}, ("/items/0/code", "rule")),
        ({"modes": {"village": "wholly"}}, ("/items/0/modes", "mode")),
        ({"modes": {"town": "proxy"}}, ("/items/0/modes", "mode")),
        ({"materials": []}, ("/items/0/materials", "rule")),
        (
            {"materials": [{"no": 1, "name": "其他材料", "main": True}]},
            ("/items/0/materials/0/name", "vague"),
        ),
        (
            {"materials": [{"no": 1, "name": "申请表", "main": True, "deficiency_ok": True}]},
            ("/items/0/materials", "rule"),
        ),
        (
            {"materials": [{"no": 2, "name": "申请表", "main": True}]},
            ("/items/0/materials", "rule"),
        ),
        (
            {"materials": [{"no": 1, "name": "申请表", "main": True, "when": "moon"}]},
            ("/items/0/materials/0/when", "condition"),
        ),
        (
            {"materials": [{"no": 1, "name": "申请表", "main": "yes"}]},
            ("/items/0/materials/0/main", "truth"),
        ),
        (
            {"special_steps": [{"kind": "public_notice", "name": ""}]},
            ("/items/0/special_steps/0/name", "missing"),
        ),
        (
            {"special_steps": [{"kind": "coffee", "name": "休息"}]},
            ("/items/0/special_steps/0/kind", "step"),
        ),
        ({"form": [{"name": "B!", "title": "x"}]}, ("/items/0/form/0/name", "form")),
        ({"promised_days": 0}, ("/items/0/materials", "rule")),
    ],
)
def test_refuses_with_row_and_rule(more, problem):
    assert problem in codes_of(changed(**more))


def test_names_every_problem_of_every_row_at_once():
    document = changed(name="", promised_days=99)
    document["items"].append(document["items"][0])
    assert codes_of(document) >= {
        ("/items/0/name", "missing"),
        ("/items/1/promised_days", "rule"),
        ("/items", "repeated"),
    }


@pytest.mark.parametrize("document", [None, [], {}, {"items": "x"}, {"items": [1]}])
def test_refuses_what_is_no_catalogue(document):
    assert codes_of(document)


@pytest.mark.parametrize(("county", "townships"), [("411526", 23), ("411325", 16)])
def test_divisions_are_shipped(county, townships):
    regions = read_shipped(f"regions_{county}.json")
    assert regions["code"] == county + "000000"
    assert len(regions["townships"]) == townships
    for township in regions["townships"]:
        assert len(township["code"]) == 12
        assert all(v[0][:9] == township["code"][:9] for v in township["villages"])
