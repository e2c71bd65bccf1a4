"""Who was asked first stands there until somebody has answered."""

import pytest

from node.errors import InvalidInput, NotFound
from station.usecases import asking

ITEM = "DEMO-YL-01"


def note(village, **said):
    return asking.note(village.node, ITEM, said, account=village.worker)


@pytest.mark.req("R-NX-17")
def test_what_is_told_at_once_owes_nothing(village):
    told = note(village, question="要带什么")
    assert (told.due, told.answered_at, told.account) == ("", None, village.worker.login)


@pytest.mark.req("R-GX-07")
@pytest.mark.req("R-NX-17")
def test_what_is_not_told_at_once_is_owed_within_two_working_days(village):
    told = note(village, question="户口在外县", later="yes", phone="138 0000 0321")
    assert told.due == "2026-11-24"  # Saturday: Monday and Tuesday count
    assert told.phone == "13800000321"
    note(village, question="别的")
    assert [one.question for one in asking.asked(village.node)] == ["户口在外县", "别的"]
    asking.answer(village.node, told.id, account=village.worker)
    (first, second) = asking.asked(village.node)
    assert {first.answered_at is None, second.answered_at is None} == {True, False}


def test_an_answer_given_twice_is_the_first_one(village):
    told = note(village, question="户口在外县", later="yes")
    asking.answer(village.node, told.id, account=village.worker)
    (once,) = asking.asked(village.node)
    asking.answer(village.node, told.id, account=village.worker)
    assert asking.asked(village.node) == [once]


@pytest.mark.parametrize(
    "said",
    [{"later": "yes"}, {"question": "x" * 201}, {"question": "x", "phone": "12"}],
)
def test_what_cannot_be_answered_is_not_noted(village, said):
    with pytest.raises(InvalidInput):
        note(village, **said)
    assert asking.asked(village.node) == []


def test_nobody_asks_about_nothing(village):
    with pytest.raises(NotFound):
        asking.note(village.node, "NONE", {}, account=village.worker)
    with pytest.raises(NotFound):
        asking.answer(village.node, "NONE", account=village.worker)
