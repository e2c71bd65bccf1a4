"""Filed again after a refusal: a new number, the papers that are here, and only what has ended."""

import pytest

from casework.case import State
from casework.errors import IntakeRefused
from casework.facts import Act
from casework.ids import Ulid
from fixtures import builders
from node import case_links, ledger
from node.case_links import Kind
from node.ledger import CaseAct
from station.usecases import intake

WHO = builders.person(builders.seeded(3))
ITEM = builders.sample_item("DEMO-YB-03")


def document(**more):
    return builders.case_document(WHO, ITEM, **more)


def refused_case(village, fact="case.not_accepted", **fields):
    """A case that was refused, as the county's word comes down."""
    opened = intake.open_case(village.node, document(), account=village.worker)
    record = Ulid.parse(opened.case).raw
    ended = fields or {"not_accepted": {"at": 1, "reasons": ["发票不是本人的"], "clause": "第三条"}}
    with village.node.database.write() as tx:
        me, at = village.node.identity_in(tx), village.node.moment(tx)
        ledger.write(tx, me, [CaseAct(record, Act(fact, ended))], actor="wang", at=at)
    return opened


def codes(village, given):
    checked = intake.check(village.node, given, account=village.worker)
    return {(p.pointer, p.code) for p in checked.problems}


def reused(case):
    lines = [{"no": m.no, "form": "original", "copies": 1} for m in ITEM.materials if not m.when]
    return [line | {"reused_from": f"{case}:{line['no']}"} for line in lines]


@pytest.mark.req("R-HC-23c")
def test_a_refused_case_is_filed_again_with_the_papers_that_are_here(village):
    before = refused_case(village)
    assert village.state(before.case).state is State.NOT_ACCEPTED
    given = document(refiled_from=before.case, materials=reused(before.case))
    after = intake.open_case(village.node, given, account=village.worker)
    state = village.state(after.case)
    assert after.temporary_number != before.temporary_number
    assert state.text("refiled_from") == before.case
    assert state.map("material.1")["reused_from"] == f"{before.case}:1"
    assert 1 in state.in_hand
    with village.node.database.read() as tx:
        again = case_links.held(tx, Kind.REFILED_FROM, before.case)
    assert again == [Ulid.parse(after.case).raw], "the case before knows the one after"


def test_a_case_that_goes_on_is_not_filed_again(village):
    running = intake.open_case(village.node, document(), account=village.worker)
    given = document(refiled_from=running.case)
    assert ("/refiled_from", "not_ended") in codes(village, given)
    with pytest.raises(IntakeRefused):
        intake.open_case(village.node, given, account=village.worker)


@pytest.mark.parametrize(
    ("fact", "fields", "may"),
    [
        ("case.withdrawn", {"withdrawn": {"at": 1}}, True),
        ("case.terminated", {"terminated": {"at": 1, "kind": "other"}}, True),
        ("case.merged", {"duplicate_of": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "main": "x"}, False),
        ("case.decided", {"decided": {"at": 1, "outcome": "no"}}, True),
        ("case.decided", {"decided": {"at": 1, "outcome": "yes"}}, False),
    ],
)
def test_only_what_was_refused_withdrawn_or_stopped_is_filed_again(village, fact, fields, may):
    before = refused_case(village, fact, **fields)
    found = codes(village, document(refiled_from=before.case))
    assert (("/refiled_from", "not_ended") in found) is not may


def test_papers_that_went_home_are_taken_again(village):
    before = refused_case(village, "case.withdrawn", withdrawn={"at": 1})
    given = document(refiled_from=before.case, materials=reused(before.case))
    assert ("/materials/0/reused_from", "not_here") in codes(village, given)


def test_another_persons_case_and_a_case_that_is_not_here_serve_nothing(village):
    before = refused_case(village)
    other = builders.case_document(builders.person(builders.seeded(9)), ITEM)
    assert ("/refiled_from", "other_person") in codes(
        village, other | {"refiled_from": before.case}
    )
    unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    assert not codes(village, document(refiled_from=unknown)), "another station's: the county looks"
    assert ("/materials/0/reused_from", "not_here") in codes(
        village, document(materials=reused(unknown))
    )


def test_a_township_that_is_not_there_is_refused_and_one_that_is_receives(village):
    assert ("/handling", "no_place") in codes(village, document(handling="411526999000"))
    assert not codes(village, document(handling="411526102000"))
