"""The same matter filed twice (C1, C2)."""

from datetime import date

import pytest

from casework.case import State
from casework.reconciliation import DuplicateVerdict, Filing, duplicates, filing_of
from fixtures.builders import agent, case_document, person, sample_item, seeded
from fixtures.desks import COUNTY, NOON, OUTLET, VILLAGE, CaseLog

DAY = 86_400_000
WHO = person(seeded(9))


def filing(case, *, received=0, accepted=None, due=None, rank=1, **more):
    return Filing(
        **{
            "case": case,
            "rank": rank,
            "received": date.fromordinal(739_000 + received),
            "received_at": received * DAY,
            "accepted_at": None if accepted is None else accepted * DAY,
            "due": due,
            "open": True,
            "answers": {},
            "agent": "",
        }
        | more
    )


def only(*filings):
    (found,) = duplicates(filings, window_days=30)
    return found


def test_one_filing_is_no_duplicate():
    assert duplicates([filing("a")], window_days=30) == ()
    assert duplicates([filing("a"), filing("a")], window_days=30) == ()
    assert duplicates([], window_days=30) == ()


def test_the_earliest_lawful_acceptance_leads():
    found = only(filing("a", received=1), filing("b", received=3, accepted=3))
    assert (found.main, found.others, found.cases) == ("b", ("a",), ("b", "a"))
    assert found.verdict is DuplicateVerdict.AUTOMATIC


def test_without_acceptance_the_earliest_receipt_leads_then_rank_then_id():
    assert only(filing("b", received=1), filing("a", received=2)).main == "b"
    assert only(filing("a", rank=1), filing("b", rank=2)).main == "b"
    assert only(filing("b"), filing("a")).main == "a"


def test_the_earlier_due_date_binds():
    early, late = date(2026, 12, 1), date(2026, 12, 9)
    found = only(filing("a", accepted=1, due=late), filing("b", accepted=2, due=early), filing("c"))
    assert (found.main, found.due) == ("a", early)


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [
        ({"form.bank_account": "1"}, {"form.bank_account": "2"}, ("form.bank_account",)),
        ({"form.bank_account": "1"}, {"form.bank_account": "1"}, ()),
        ({"form.bank_account": "1"}, {}, ()),
        (
            {"division": "1", "form.b": "x"},
            {"division": "2", "form.b": "y"},
            ("division", "form.b"),
        ),
    ],
)
def test_deciding_answers_that_differ_go_to_a_person(one, other, differing):
    found = only(filing("a", answers=one), filing("b", answers=other))
    assert found.differing == differing
    assert (found.verdict is DuplicateVerdict.ASK) == bool(differing)


def test_two_agents_go_to_a_person():
    assert only(filing("a", agent="x"), filing("b", agent="y")).differing == ("agent",)
    assert only(filing("a", agent="x"), filing("b")).differing == ()


def test_the_window_and_closed_cases():
    assert duplicates([filing("a"), filing("b", received=31)], window_days=30) == ()
    assert len(duplicates([filing("a"), filing("b", received=30)], window_days=30)) == 1
    assert duplicates([filing("a"), filing("b", open=False)], window_days=30) == ()


def test_two_matters_of_one_person_stay_two():
    found = duplicates(
        [filing("a"), filing("b", received=1), filing("c", received=90), filing("d", received=91)],
        window_days=30,
    )
    assert [matter.cases for matter in found] == [("a", "b"), ("c", "d")]


def case_at(place, *, account="6217001", **more):
    log = CaseLog(sample_item("DEMO-SB-01"))
    document = case_document(WHO, log.item, form={"bank_account": account}, **more)
    log.take_in(document, place)
    return log


def test_village_and_outlet_with_another_account_go_to_a_person():
    village, outlet = case_at(VILLAGE), case_at(OUTLET, account="6217002", channel="outlet")
    found = only(filing_of("v", village.case), filing_of("o", outlet.case))
    assert (found.main, found.differing) == ("v", ("form.bank_account",))
    assert found.due == village.case.due


def test_filing_of_a_case_as_the_county_sees_it():
    log = case_at(VILLAGE, agent=agent(person(seeded(10))))
    seen = filing_of("v", log.case)
    assert (seen.received_at, seen.accepted_at, seen.open) == (NOON, NOON, True)
    assert seen.agent
    answers = {"form.bank_account": "6217001", "division": WHO.division, "name": WHO.name}
    assert seen.answers == answers
    log.act("withdraw", {}, VILLAGE)
    assert not filing_of("v", log.case).open


def test_a_case_closed_as_a_duplicate_is_weighed_again():
    log = case_at(VILLAGE)
    log.act("merge_duplicate", {"main": "o", "duplicate": True}, COUNTY, role="system")
    assert log.case.state is State.TERMINATED
    assert filing_of("v", log.case).open


def test_a_draft_is_no_filing():
    assert filing_of("x", CaseLog(sample_item("DEMO-SB-01")).case) is None
