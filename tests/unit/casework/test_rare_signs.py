"""Names with signs that cannot be typed are put together from code points, and never refused."""

import pytest

from casework.rare_signs import HOLDER, NoSuchSign, signs, spelled


@pytest.mark.parametrize(
    ("name", "typed", "whole"),
    [
        ("王?明", "4DAE", "王䶮明"),
        ("王〓〓", "U+4DAE 2B5AF", "王䶮𫖯"),
        ("王", "u+4dae", "王䶮"),
        ("王〓明", "", "王〓明"),
        ("〓〓", "4DAE", "䶮〓"),
        ("", "0x4dae、\\u5149", "䶮光"),
        ("玛依拉?买买提", "00B7", "玛依拉·买买提"),
    ],
)
def test_a_name_is_put_together(name, typed, whole):
    assert spelled(name, typed) == whole


@pytest.mark.parametrize("typed", ["41", "GGGG", "0041", "D800", "110000", "4DAE 1F600", "-4DAE"])
def test_what_is_no_sign_of_a_name_is_told(typed):
    with pytest.raises(NoSuchSign):
        signs(typed)


def test_the_holder_stays_where_nobody_knows_the_sign():
    assert spelled(f"李{HOLDER}", "") == f"李{HOLDER}"
