"""Who stands on the credit list may not promise in place of papers, also offline (R-HC-29e)."""

from datetime import date

import pytest

from casework import credit
from casework.credit import Record
from casework.errors import IntakeRefused
from casework.values import day_of
from fixtures import builders
from node import acting, publication
from node.credit import digest
from node.policy import DAY_MS
from station.usecases import intake

ITEM = "DEMO-SB-03"
WHO = builders.person(builders.seeded(11))


def publish(world, village, *rows, age=0, **settings):
    """The county publishes a list of some age, and the village hears of it."""
    today = day_of(world.clock.now - age * DAY_MS)
    with village.node.database.write() as tx:
        before = village.node.published(tx)
        part = credit.publish(rows, key=bytes(16), as_of=today, digest=digest)
        document = {**before.document, "settings": settings, "credit": part}
        message = publication.publish(before.version + 1, document, world.hub.me.signing)
        publication.take_published(tx, village.me, message, now=world.clock.now)


def listed(repaired=None, number=WHO.id_no):
    return number, Record("dishonest", date(2026, 1, 1), repaired)


def with_promise():
    document = builders.case_document(WHO, builders.sample_item(ITEM))
    rows = [r | ({"form": "promised"} if r["no"] == 3 else {}) for r in document["materials"]]
    commitment = {"promise": True, "read_aloud": True}
    return document | {"materials": rows, "commitment": commitment}


def take(village, document):
    return intake.open_case(village.node, document, account=village.worker)


def refused(village, document):
    with pytest.raises(IntakeRefused) as told:
        take(village, document)
    return {(one.pointer, one.code) for one in told.value.errors}


@pytest.mark.req("R-HC-29e")
def test_a_listed_person_gets_no_promise_and_is_told_what_to_do(world, village):
    publish(world, village, listed())
    with pytest.raises(IntakeRefused) as told:
        take(village, with_promise())
    (problem,) = told.value.errors
    assert (problem.pointer, problem.code) == ("/materials/2/form", "bad_credit")
    assert "信用修复" in problem.message_zh
    whole = builders.case_document(WHO, builders.sample_item(ITEM))
    assert take(village, whole).kind == "accepted"


@pytest.mark.req("R-HC-29e")
def test_after_the_repair_the_promise_is_taken_again(world, village):
    publish(world, village, listed(repaired=date(2026, 6, 1)))
    assert take(village, with_promise()).kind == "accepted"


@pytest.mark.req("R-HC-29e")
def test_papers_that_follow_are_shut_out_only_where_the_county_says_so(world, village):
    item = builders.sample_item("DEMO-YL-01")
    later = builders.case_document(
        WHO, item, leave_out=(4, 5), commitment={"deficiency": True, "read_aloud": True}
    )
    publish(world, village, listed(), credit_bars_deficiency=1)
    assert refused(village, later) == {("/commitment/deficiency", "bad_credit_deficiency")}
    publish(world, village, listed(), credit_bars_deficiency=0)
    assert take(village, later).kind == "accepted_deficient"


@pytest.mark.req("R-HC-29e")
def test_a_list_past_its_lease_leaves_a_mark_for_the_county(world, village):
    publish(world, village, age=8, lease_days=400)
    case = take(village, with_promise()).case
    with village.node.database.read() as tx:
        state = acting.load(tx, acting.find_case(tx, case)).state
    assert "PROVISIONAL" in {flag.value for flag in state.flags}
    assert {"code": "credit_stale"} in state.map("received")["warned"]
    publish(world, village, listed(), age=8, lease_days=400)
    assert refused(village, with_promise()) == {("/materials/2/form", "bad_credit")}
