"""C32: which redemption goes on is the same in any order, and comes out of the receipts alone."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.conflict_rules import filings
from casework.reconciliation import DuplicateVerdict, Filing

FIRST = date(2026, 11, 21)


@st.composite
def redemptions(draw):
    """Some cases that redeem one application; receipts and promises as they like."""
    names = draw(st.lists(st.sampled_from("ABCDEFG"), unique=True, max_size=6))
    return [
        Filing(
            case=name,
            rank=draw(st.integers(0, 2)),
            received=FIRST,
            received_at=draw(st.integers(0, 3)),
            accepted_at=draw(st.none() | st.integers(0, 3)),
            due=draw(st.none() | st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n))),
            open=draw(st.booleans()),
            answers={"name": name},
            agent="",
        )
        for name in names
    ]


@given(found=redemptions(), chance=st.randoms(use_true_random=False))
def test_the_first_receipt_goes_on_in_any_order(found, chance):
    mixed = [*found, *(f for f in found if chance.random() < 0.3)]
    chance.shuffle(mixed)
    outcome = filings.online(mixed)
    assert outcome == filings.online(found)
    live = [f for f in found if f.open]
    if len(live) < 2:
        assert outcome is None
        return
    first = min(live, key=lambda f: (f.received_at, f.case))
    assert outcome.main == first.case
    assert set(outcome.others) == {f.case for f in live} - {first.case}
    assert outcome.due == min((f.due for f in live if f.due), default=None)
    assert outcome.verdict is DuplicateVerdict.AUTOMATIC


@given(found=redemptions())
def test_the_outcome_is_its_own_outcome(found):
    """A redemption closed as a note of the first is still compared, and nothing changes."""
    outcome = filings.online(found)
    if outcome is not None:
        again = [f for f in found if f.case in outcome.cases]
        assert filings.online(again) == outcome
