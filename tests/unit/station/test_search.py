"""Finding cases and items the way people type."""

import pytest

from fixtures import builders
from station import initials
from station import search as index
from station.usecases import intake, search
from station.usecases.search import CaseHit, ItemHit


def open_for(village, name, seed=3):
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    document["applicant"] = document["applicant"] | {"name": name}
    return intake.open_case(village.node, document, account=village.worker)


def cases(village, text):
    found = search.find(village.node, text)
    return [hit.line.case for hit in found if isinstance(hit, CaseHit)]


def items(village, text):
    return [hit.item.code for hit in search.find(village.node, text) if isinstance(hit, ItemHit)]


@pytest.mark.parametrize("typed", ["王", "小芳", "王小芳", "wxf", "WXF", "xf", "王 wxf"])
def test_a_name_is_found_by_any_of_its_signs_and_by_first_letters(village, typed):
    opened = open_for(village, "王小芳")
    assert cases(village, typed) == [opened.case]


@pytest.mark.parametrize("typed", ["芳王", "王芳", "wf", "李"])
def test_what_does_not_stand_there_is_not_found(village, typed):
    open_for(village, "王小芳")
    assert cases(village, typed) == []


def test_numbers_are_found_in_any_spacing_and_in_part(village):
    opened = open_for(village, "王小芳")
    number = opened.temporary_number
    spaced = f"{number[:7]}-{number[7:]}".lower()
    for typed in (number, spaced, number[-5:], f"{number[:13]} {number[13:]}"):
        assert cases(village, typed) == [opened.case]


def test_a_rare_sign_beyond_the_basic_plane_is_found(village):
    opened = open_for(village, "𬌗小明")
    assert cases(village, "𬌗") == [opened.case]
    assert cases(village, "𬌘") == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [("单志祥", "szx"), ("仇英", "qy"), ("区大年", "odn"), ("解小东", "xxd"), ("曾国强", "zgq")],
)
def test_surnames_are_read_as_surnames(name, letters):
    assert letters in initials.of_name(name)


@pytest.mark.parametrize("typed", ['"', "'", "*", "a OR b", "NEAR(", "", " ", "王*", "-", "^"])
def test_signs_that_mean_something_to_the_index_mean_nothing_to_people(village, typed):
    open_for(village, "王小芳")
    assert isinstance(search.find(village.node, typed), list)


def test_items_are_found_by_name_everyday_word_and_first_letters(village):
    for typed in ("高龄", "gljt", "养老保险"):
        assert items(village, typed)
    assert "DEMO-YL-01" in items(village, "gljt")


def test_items_of_this_place_stand_first(village):
    found = [h for h in search.find(village.node, "保险", limit=40) if isinstance(h, ItemHit)]
    offered = [hit.mode is not None for hit in found]
    assert offered == sorted(offered, reverse=True)
    assert True in offered


def test_a_corrected_name_is_found_under_the_new_one_only(village):
    opened = open_for(village, "王小芳")
    village.act(
        opened.case,
        "correct_application",
        {"applicant": {"name": "汪小芳"}, "reason": "写错了"},
    )
    assert cases(village, "汪小芳") == [opened.case]
    assert cases(village, "王小芳") == []


def test_what_is_gone_leaves_no_trace_in_the_index(village):
    open_for(village, "王小芳")
    with village.node.database.write() as tx:
        tx.exec_driver_sql("DELETE FROM case_file")
    assert cases(village, "王小芳") == []
    with village.node.database.read() as tx:
        data = tx.exec_driver_sql("SELECT block FROM search_entry_fts_data").scalars().all()
    assert not any("芳".encode() in block for block in data)


def test_the_index_can_be_thrown_away_and_built_anew(village):
    opened = open_for(village, "王小芳")
    with village.node.database.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER search_case_written")
        assert not index.is_built(tx)
        index.build(tx)
        assert index.is_built(tx)
    assert cases(village, "wxf") == [opened.case]


def test_words_are_found_by_every_reading_of_their_characters():
    assert "yhk" in initials.readings("银行卡")
    assert initials.readings("高龄津贴") == ("gljt",)
    assert initials.readings("重庆 a12")[:2] == ("zqa12", "cqa12")
    assert len(initials.readings("重行长都" * 9)) <= 16
    assert initials.readings("（）") == ()
