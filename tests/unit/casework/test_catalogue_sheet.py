"""A clerk's workbook: what is typed becomes a catalogue, and every slip has its place."""

import copy

import pytest

from casework import catalogue_reading, catalogue_sheet
from casework.catalogue_columns import BUNDLES, ITEMS, MATERIALS, PROOFS, STEPS
from casework.errors import CatalogueRefused
from fixtures.builders import read_shipped


def book(**changes):
    """The shipped catalogue as a workbook; `changes`: sheet name → (row, head, value) to write."""
    made = catalogue_sheet.write(copy.deepcopy(dict(read_shipped("sample_catalogue.json"))))
    for sheet, (row, head, value) in changes.items():
        made[sheet][row - 1][made[sheet][0].index(head)] = value
    return made


def problems(made):
    taken = catalogue_sheet.read(made)
    try:
        catalogue_reading.parse(taken.document)
    except CatalogueRefused as refused:
        found = [taken.located(error) for error in refused.errors]
    else:
        found = []
    return [(p.sheet, p.row, p.field) for p in (*taken.problems, *found)]


def test_a_catalogue_goes_into_a_workbook_and_comes_back_whole():
    shipped = read_shipped("sample_catalogue.json")
    back = catalogue_reading.parse(catalogue_sheet.read(book()).document)
    there = catalogue_reading.parse(shipped)
    assert (back.items, back.proofs, back.bundles) == (there.items, there.proofs, there.bundles)


def test_the_bare_template_has_heads_in_chinese_and_no_rows():
    bare = catalogue_sheet.write({})
    assert [len(rows) for rows in bare.values()] == [1] * 6
    assert bare[ITEMS.name][0][:2] == ["事项编码", "事项名称"]


@pytest.mark.parametrize(
    ("sheet", "row", "head", "value"),
    [
        (ITEMS.name, 5, "事项编码", 10234),
        (ITEMS.name, 5, "基本编码", 131128000),
        (ITEMS.name, 5, "基本编码", 131128000.0),
        (ITEMS.name, 5, "承诺时限（工作日）", "三天"),
        (ITEMS.name, 5, "承诺时限（工作日）", -1),
        (ITEMS.name, 5, "要本人到场", "要"),
        (ITEMS.name, 5, "事项类型", "行政命令"),
        (ITEMS.name, 5, "村站", "随便"),
        (ITEMS.name, 5, "取消日期", "明年"),
        (ITEMS.name, 5, "事项名称", None),
        (ITEMS.name, 5, "承诺时限（工作日）", 99),
        (MATERIALS.name, 7, "材料名称", "其他材料"),
        (MATERIALS.name, 7, "事项编码", "DEMO-NO-99"),
        (STEPS.name, 3, "种类", "喝茶"),
        (PROOFS.name, 2, "编号", 7),
        (BUNDLES.name, 2, "编码", None),
    ],
)
def test_every_slip_names_sheet_row_and_head(sheet, row, head, value):
    found = problems(book(**{sheet: (row, head, value)}))
    places = {(one, at) for one, at, _ in found}
    assert (sheet, row) in places
    assert any(one == (sheet, row, head) for one in found) or value is None


def test_a_code_typed_as_a_number_is_told_plainly():
    taken = catalogue_sheet.read(book(**{ITEMS.name: (5, "基本编码", 131128000)}))
    assert "前面的0会丢" in taken.problems[0].message_zh


def test_what_looks_like_a_formula_is_a_text():
    taken = catalogue_sheet.read(book(**{ITEMS.name: (5, "备注", "=1+1")}))
    assert taken.problems == ()
    assert taken.document["items"][3]["remarks"] == "=1+1"


def test_columns_stand_in_any_order_and_strange_ones_are_refused():
    made = book()
    made[PROOFS.name] = [row[::-1] for row in made[PROOFS.name]]
    assert problems(made) == []
    made[PROOFS.name][0][0] = "心情"
    assert (PROOFS.name, 1, "心情") in problems(made)


def test_a_missing_sheet_is_named():
    made = book()
    del made[MATERIALS.name]
    assert (MATERIALS.name, 0, "") in problems(made)


def test_an_item_written_twice_is_told_where_it_stands_again():
    made = book()
    made[ITEMS.name].append(made[ITEMS.name][1])
    assert problems(made) == [(ITEMS.name, 32, "事项编码")]


def test_empty_rows_between_are_nothing():
    made = book()
    made[ITEMS.name].insert(3, [])
    assert problems(made) == []
