"""A roster of a whole village: every wrong row is told, every good one is a case, and only once."""

import pytest
import sqlalchemy as sa

from casework import roster as rules
from fixtures import builders
from node import tables, workbook
from node.errors import InvalidInput, NotFound
from station.usecases import intake, roster

CODE = "DEMO-YB-01"
ITEM = builders.sample_item(CODE)
HEADS = [column.head for column in rules.columns(ITEM)]


def people(count, *, first=100):
    return [builders.person(builders.seeded(first + n)) for n in range(count)]


def row(who, **changes):
    told = {"姓名": who.name, "身份证号": who.id_no, "电话": who.phone, "门牌或组": who.address}
    papers = {head: "原件" for head in HEADS if head.startswith("材料")}
    return [(told | papers | changes).get(head) for head in HEADS]


def book(*rows, heads=HEADS):
    return workbook.write({"名单": [heads, *rows]})


def count(village):
    with village.node.database.read() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(tables.case)).scalar()


def take(village, data, **more):
    return roster.take_in(village.node, CODE, data, account=village.worker, **more)


def test_every_good_row_is_a_case_with_its_number(village):
    found = take(village, book(*map(row, people(12))))
    assert (found.refused, found.before) == ((), ())
    assert found.kinds == {"accepted": 12}
    assert [taken.row for taken in found.taken] == list(range(2, 14))
    assert len({taken.number for taken in found.taken}) == 12
    assert village.state(found.taken[3].case).text("name") == people(12)[3].name


def test_a_wrong_row_is_told_with_its_number_and_the_others_go_on(village):
    one, two, three, four = people(4)
    found = take(
        village,
        book(
            row(one),
            row(two, 身份证号=two.id_no[:-1] + ("0" if two.id_no[-1] != "0" else "1")),
            row(three, 门牌或组=None),
            row(four, **{"村（社区）": "没有的村"}),
        ),
    )
    assert [taken.row for taken in found.taken] == [2]
    codes = {one.row: [p.code for p in one.problems] for one in found.refused}
    assert codes == {3: ["id_check"], 4: ["missing"], 5: ["cell_word"]}
    assert found.refused[0].name == two.name
    assert count(village) == 1


def test_an_id_number_typed_as_a_number_is_refused_clearly(village):
    (who,) = people(1)
    found = take(village, book(row(who, 身份证号=int(who.id_no[:17] + "0"))))
    (refused,) = found.refused
    assert [p.code for p in refused.problems] == ["number_cell"]
    assert "文本" in refused.problems[0].message_zh
    assert count(village) == 0


def test_a_phone_typed_as_a_number_is_a_phone(village):
    (who,) = people(1)
    found = take(village, book(row(who, 电话=13800000321)))
    assert village.state(found.taken[0].case).text("phone") == "13800000321"


def test_the_same_file_twice_makes_no_second_case(village):
    data = book(*map(row, people(5)))
    first = take(village, data)
    again = take(village, data)
    assert again.taken == ()
    assert [(one.row, one.case) for one in again.before] == [
        (one.row, one.case) for one in first.taken
    ]
    assert count(village) == 5


def test_a_file_put_right_takes_in_what_was_wrong_and_nothing_else(village):
    one, two = people(2)
    take(village, book(row(one), row(two, 门牌或组="")))
    found = take(village, book(row(one), row(two)))
    assert [taken.row for taken in found.taken] == [3]
    assert [taken.row for taken in found.before] == [2]
    assert count(village) == 2


def test_who_stands_twice_or_has_an_open_case_is_told(village):
    one, two = people(2)
    document = builders.case_document(two, ITEM)
    opened = intake.open_case(village.node, document, account=village.worker)
    found = take(village, book(row(one), row(one, 电话="13800000321"), row(two)))
    told = {refused.row: refused.problems[0] for refused in found.refused}
    assert told[3].code == "row_twice"
    assert "第2行" in told[3].message_zh
    assert told[4].code == "row_same"
    assert opened.temporary_number in told[4].message_zh


def test_a_check_writes_nothing(village):
    found = take(village, book(*map(row, people(3))), check_only=True)
    assert (len(found.taken), found.kinds) == (3, {"accepted": 3})
    assert count(village) == 0


@pytest.mark.req("R-GX-05")
@pytest.mark.parametrize(
    ("heads", "code"),
    [
        ([*HEADS, "无犯罪证明"], "column_unknown"),
        (HEADS[1:], "column_missing"),
        ([*HEADS, HEADS[0]], "column_twice"),
    ],
)
def test_a_column_outside_the_list_is_refused_with_the_whole_file(village, heads, code):
    with pytest.raises(InvalidInput) as refused:
        take(village, book(row(people(1)[0]), heads=heads))
    assert [p.code for p in refused.value.errors] == [code]
    assert count(village) == 0


def test_the_template_is_taken_as_it_was_filled_in(village):
    data = roster.template(village.node, CODE)
    sheets = workbook.read(data)
    assert list(sheets["名单"][0]) == HEADS
    with pytest.raises(InvalidInput):
        take(village, data)
    filled = workbook.write(dict(sheets) | {"名单": [HEADS, row(people(1)[0])]})
    assert len(take(village, filled).taken) == 1


def test_an_unknown_item_has_no_roster(village):
    with pytest.raises(NotFound):
        roster.template(village.node, "NONE")
    with pytest.raises(NotFound):
        roster.take_in(village.node, "NONE", book(row(people(1)[0])), account=village.worker)


def test_rows_are_named_by_what_they_say():
    (who,) = people(1)
    cells = dict(zip(HEADS, row(who), strict=True))
    spaced = cells | {"姓名": f" {who.name} ", "电话": int(who.phone)}
    assert rules.digest(cells, ITEM) == rules.digest(spaced, ITEM)
    assert rules.digest(cells, ITEM) != rules.digest(cells | {"电话": ""}, ITEM)
