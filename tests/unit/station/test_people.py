"""A person who was here before: what is offered, how his cases stand, which photos serve again."""

import pytest

from fixtures import builders
from station.usecases import drafts, intake, people, photos, reusing

WHO = builders.person(builders.seeded(3))
OTHER = builders.person(builders.seeded(4))


def take_in(village, who=WHO, code="DEMO-YL-01", **more):
    document = builders.case_document(who, builders.sample_item(code), **more)
    return intake.open_case(village.node, document, account=village.worker)


def test_who_was_here_before_is_known_by_the_number(village):
    assert people.known(village.node, WHO.id_no) is None
    take_in(village)
    found = people.known(
        village.node, f" {WHO.id_no[:6]} {WHO.id_no[6:14]} {WHO.id_no[14:].lower()}"
    )
    assert (found.name, found.phone, found.address) == (WHO.name, WHO.phone, WHO.address)
    assert people.known(village.node, OTHER.id_no) is None
    assert people.known(village.node, "") is None


def test_what_was_corrected_since_is_what_is_offered(village):
    opened = take_in(village)
    assert people.known(village.node, WHO.id_no).phone == WHO.phone
    village.act(opened.case, "correct_contact", {"phone": "13800000321"})
    assert people.known(village.node, WHO.id_no).phone == "13800000321"


def test_a_case_whose_number_was_corrected_is_found_by_the_right_one_alone(village):
    opened = take_in(village)
    assert people.known(village.node, WHO.id_no)
    fields = {"applicant": {"id_no": OTHER.id_no}, "reason": "看错了"}
    village.act(opened.case, "correct_application", fields)
    assert people.known(village.node, WHO.id_no) is None
    assert people.known(village.node, OTHER.id_no).name == WHO.name


@pytest.mark.parametrize("spacing", ["", " ", "-"])
def test_progress_is_found_by_number_or_person_in_any_spacing(village, spacing):
    first = take_in(village, leave_out=(4, 5), commitment={"deficiency": True})
    second = take_in(village, code="DEMO-SB-01")
    take_in(village, OTHER)
    number = spacing.join((first.temporary_number[:6], first.temporary_number[6:]))
    (by_number,) = people.progress(village.node, number)
    assert by_number.line.case == first.case
    assert by_number.missing == (4, 5)
    spaced = spacing.join((WHO.id_no[:6], WHO.id_no[6:]))
    cases = {one.line.case for one in people.progress(village.node, spaced)}
    assert cases == {first.case, second.case}


def test_what_fits_nothing_finds_nothing(village):
    take_in(village)
    for typed in ("", "   ", "L999", OTHER.id_no):
        assert people.progress(village.node, typed) == ()


@pytest.mark.req("R-HC-23c")
def test_a_paper_photographed_today_serves_the_next_item(village, picture):
    opened = take_in(village)
    photos.attach(village.node, opened.case, 2, picture, village.worker)
    photos.attach(village.node, opened.case, 1, picture, village.worker)
    item = builders.sample_item("DEMO-SB-01")
    (found,) = reusing.earlier(village.node, item, WHO.id_no)
    paper = builders.sample_item("DEMO-YL-01").material(2)
    assert item.material(found.material).name == paper.name
    assert reusing.earlier(village.node, item, OTHER.id_no) == ()
    document = builders.case_document(WHO, item)
    draft = drafts.save(
        village.node,
        draft=None,
        item=item.code,
        step="materials",
        document=document,
        account=village.worker,
    )
    reusing.take(village.node, draft, found.material, found.name, village.worker)
    (staged,) = drafts.get(village.node, draft).photos
    assert staged.material == found.material
