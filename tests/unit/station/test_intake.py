"""Taking in a case: one transaction, or nothing at all."""

import pytest
import sqlalchemy as sa

from casework.errors import IntakeRefused
from casework.numbering import TemporaryNumber
from fixtures import builders
from node import photographs, policy, tables
from node.errors import NoCatalogue, NotFound
from node.policy import DAY_MS
from station.usecases import drafts, intake
from sync.adapters.tables import operation

DAY = 24 * 60 * 60 * 1000


def rows(village, table):
    with village.node.database.read() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(table)).scalar()


def another(seed, code="DEMO-YL-01", **more):
    who = builders.person(builders.seeded(seed))
    return builders.case_document(who, builders.sample_item(code), **more)


@pytest.mark.req("R-ZH-22a")
def test_a_complete_application_is_accepted_at_once(village, document):
    opened = intake.open_case(village.node, document, account=village.worker)
    assert (opened.kind, opened.state, opened.missing) == ("accepted", "ACCEPTED", ())
    assert opened.due == "2026-12-11"
    assert "receipt" in opened.documents


def test_intake_is_two_operations_of_one_case(village, document):
    opened = intake.open_case(village.node, document, account=village.worker)
    assert rows(village, operation) == 2
    assert village.state(opened.case).text("name") == document["applicant"]["name"]


def test_numbers_count_up_and_are_never_given_twice(village):
    numbers = [
        intake.open_case(village.node, another(seed), account=village.worker).temporary_number
        for seed in range(3)
    ]
    assert [TemporaryNumber.parse(number).serial for number in numbers] == [1, 2, 3]


def test_a_refused_intake_takes_no_number_and_writes_nothing(village, document):
    with pytest.raises(IntakeRefused):
        intake.open_case(village.node, document | {"pickup": "by pigeon"}, account=village.worker)
    assert rows(village, operation) == 0
    opened = intake.open_case(village.node, document, account=village.worker)
    assert TemporaryNumber.parse(opened.temporary_number).serial == 1


def test_each_day_begins_its_own_serials(world, village, document):
    intake.open_case(village.node, another(1), account=village.worker)
    world.clock.advance(DAY)
    opened = intake.open_case(village.node, document, account=village.worker)
    number = TemporaryNumber.parse(opened.temporary_number)
    assert (number.serial, number.day.isoformat()) == (1, "2026-11-22")


def test_an_import_of_yesterday_takes_a_number_of_yesterday(village, document):
    claimed = document | {"claimed_at": "2026-11-20T10:00:00+08:00"}
    opened = intake.open_case(village.node, claimed, account=village.worker)
    assert TemporaryNumber.parse(opened.temporary_number).day.isoformat() == "2026-11-20"
    today = intake.open_case(village.node, another(2), account=village.worker)
    assert TemporaryNumber.parse(today.temporary_number).serial == 1


def test_the_draft_goes_with_its_case_and_its_photos_come_along(village, document, picture):
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="materials",
        document=document,
        account=village.worker,
    )
    drafts.add_photo(village.node, draft, 1, picture, village.worker)
    opened = intake.open_case(village.node, document, account=village.worker, draft=draft)
    assert drafts.list_drafts(village.node) == []
    (photo,) = photographs.list_photos(village.node, opened.case)
    assert (photo.material, photo.here) == (1, True)
    image = photographs.read(village.node, opened.case, photo.attachment).image
    assert image.startswith(b"\xff\xd8")


def test_a_refused_intake_leaves_draft_and_photos_as_they_were(village, document, picture):
    half = {k: v for k, v in document.items() if k != "pickup"}
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="check",
        document=half,
        account=village.worker,
    )
    drafts.add_photo(village.node, draft, 1, picture, village.worker)
    with pytest.raises(IntakeRefused):
        intake.open_case(village.node, half, account=village.worker, draft=draft)
    assert len(drafts.get(village.node, draft).photos) == 1


def test_a_draft_makes_one_case_only(village, document):
    draft = drafts.save(
        village.node,
        draft=None,
        item="DEMO-YL-01",
        step="check",
        document=document,
        account=village.worker,
    )
    intake.open_case(village.node, document, account=village.worker, draft=draft)
    with pytest.raises(NotFound):
        intake.open_case(village.node, document, account=village.worker, draft=draft)
    assert rows(village, tables.case) == 1


def test_without_a_catalogue_the_refusal_says_so(village, document):
    with village.node.database.write() as tx:
        tx.execute(sa.delete(tables.published))
    with pytest.raises(NoCatalogue):
        intake.open_case(village.node, document, account=village.worker)


def test_with_a_catalogue_older_than_its_lease_papers_are_only_received(world, village, document):
    world.clock.advance(policy.DEFAULT.lease_days * DAY_MS + 1000)
    opened = intake.open_case(village.node, document, account=village.worker)
    assert (opened.kind, opened.state, opened.due) == ("received", "RECEIVED", None)


def test_a_clock_a_day_off_only_receives(village, document):
    with village.node.database.write() as tx:
        tx.execute(sa.update(tables.identity).values(clock_offset=DAY_MS + 1))
    opened = intake.open_case(village.node, document, account=village.worker)
    assert opened.kind == "received"


def test_checking_writes_nothing_and_names_the_problems_of_the_step(village, document):
    half = document | {"pickup": "by pigeon", "materials": []}
    person = intake.check(village.node, half, account=village.worker, step="person")
    assert {p.pointer for p in person.problems} == {"/pickup"}
    every = intake.check(village.node, half, account=village.worker)
    assert every.outcome is None
    assert {p.pointer.split("/")[1] for p in every.problems} >= {"pickup", "materials"}
    assert rows(village, operation) == 0


def test_the_same_person_and_item_are_shown_as_a_possible_duplicate(village, document):
    opened = intake.open_case(village.node, document, account=village.worker)
    spaced = document | {
        "applicant": document["applicant"] | {"id_no": " ".join(document["applicant"]["id_no"])}
    }
    (same,) = intake.check(village.node, spaced, account=village.worker).duplicates
    assert same.case == opened.case
    other = document | {"item": "DEMO-SB-01"}
    assert intake.check(village.node, other, account=village.worker).duplicates == ()


def test_a_withdrawn_case_is_no_duplicate(village, document):
    opened = intake.open_case(village.node, document, account=village.worker)
    village.act(opened.case, "withdraw", {})
    assert intake.check(village.node, document, account=village.worker).duplicates == ()
