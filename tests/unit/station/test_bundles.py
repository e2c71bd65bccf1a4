"""一件事 at the counter: one form, one set of papers, one transaction, and one overview."""

import pytest
import sqlalchemy as sa

from casework.errors import IntakeRefused
from casework.ids import Ulid
from fixtures import builders
from node import acting
from node import matter as matter_file
from node.errors import NotFound
from node.tables import case as case_table
from station.usecases import bundles, drafts, intake, search

CODE = "YJS-SHYJ"
WHO = builders.person(builders.seeded(3))


@pytest.fixture
def matter(village):
    """The matter as it is filled in: every paper once, in hand."""
    with village.node.database.read() as tx:
        catalogue = village.node.catalogue(tx)
    whole = bundles.matter_of(catalogue, CODE, lambda: "0" * 26).whole
    return builders.case_document(WHO, whole)


def open_matter(village, document, **more):
    return intake.open_case(village.node, document, account=village.worker, **more)


def count(village):
    with village.node.database.read() as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(case_table))


@pytest.mark.req("R-HC-24")
def test_one_intake_makes_a_case_of_each_part_in_one_transaction(village, matter):
    opened = open_matter(village, matter)
    states = [village.state(part.case) for part in opened.parts]
    items = [state.text("item") for state in states]
    assert items == ["DEMO-SB-05", "DEMO-CJ-01", "DEMO-HJ-02"]
    assert {state.text("bundle") for state in states} == {opened.bundle}
    assert opened.bundle.startswith(f"{CODE}:")
    assert len({part.temporary_number for part in opened.parts}) == len(items)
    assert {state.text("id_no") for state in states} == {WHO.id_no}


@pytest.mark.req("R-HC-24")
def test_a_paper_given_once_counts_for_every_part_that_asks_for_it(village, matter):
    opened = open_matter(village, matter)
    states = [village.state(part.case) for part in opened.parts]
    lines = [state.map(name) for state in states for name in state.values if "material." in name]
    reused = [line["reused_from"] for line in lines if "reused_from" in line]
    assert len(matter["materials"]) + len(reused) == len(lines)
    for text in reused:
        case, _, no = text.partition(":")
        assert village.state(case).map(f"material.{no}")["no"] == int(no)
    assert all(not state.outstanding for state in states)


def test_nothing_is_written_when_one_part_is_refused(village, matter):
    broken = matter | {"form": {**matter["form"], "nonsense": "Ä" * 3000}}
    with pytest.raises(IntakeRefused):
        open_matter(village, broken)
    with pytest.raises(IntakeRefused):
        open_matter(village, matter | {"materials": [{"no": 99, "form": "original"}]})
    assert count(village) == 0
    assert [part.temporary_number[-4:-1] for part in open_matter(village, matter).parts] == [
        "001",
        "002",
        "003",
    ]


@pytest.mark.req("R-HC-24")
def test_the_overview_shows_all_parts_and_one_day(village, matter):
    opened = open_matter(village, matter)
    found = matter_file.overview(village.node, opened.bundle.lower())
    assert [line.item for line in found.lines] == ["DEMO-SB-05", "DEMO-CJ-01", "DEMO-HJ-02"]
    assert set(found.parts) == {part.case for part in opened.parts}
    assert len(found.items) == len(found.lines)
    promised = [part.due for part in found.parts.values() if part.due]
    assert found.standing.due == max(promised, default=None)
    assert len(found.standing.unpromised) == len(found.lines) - len(promised)
    for wrong in ("", "YJS-SHYJ", "YJS-SHYJ:01ARZ3NDEKTSV4RRFFQ69G5FAV"):
        with pytest.raises(NotFound):
            matter_file.overview(village.node, wrong)


def test_the_draft_becomes_the_first_case_and_a_photo_lies_where_its_paper_lies(
    village, matter, picture
):
    node = village.node
    draft = drafts.save(
        node, draft=None, item=CODE, step="check", document=matter, account=village.worker
    )
    drafts.add_photo(node, draft, 1, picture, village.worker)
    opened = open_matter(village, matter, draft=draft)
    assert opened.case == Ulid.parse(draft).text
    with node.database.read() as tx:
        states = [acting.load(tx, Ulid.parse(p.case).raw).state for p in opened.parts]
    photos = [[n for n in state.values if n.startswith("attachment.")] for state in states]
    assert [len(one) for one in photos] == [1, 0, 0]
    assert drafts.list_drafts(node) == []


@pytest.mark.req("R-HC-24")
def test_a_matter_is_found_by_its_words_like_an_item(village):
    hits = search.find(village.node, "身后一件事")
    assert [hit.item.code for hit in hits] == [CODE]
    assert hits[0].mode is not None


def test_an_open_part_of_the_same_person_is_told_before_a_matter_is_taken_in(village, matter):
    opened = open_matter(village, matter)
    checked = intake.check(village.node, matter, account=village.worker)
    assert {one.case for one in checked.duplicates} == {part.case for part in opened.parts}
    assert checked.outcome is not None
    assert checked.outcome.temporary_number.endswith(tuple("0123456789ABCDEFGHJKLMNPQRTUWXY"))
