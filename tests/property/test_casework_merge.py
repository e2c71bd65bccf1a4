"""The same heads in any order, any number of times, come to the same case."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.fact_shapes import OWN_WORD_FACT
from casework.facts import UNDISCLOSED, Head
from casework.merging import FIELDS, settle
from casework.projection import derive
from casework.reconciliation import Filing, duplicates
from casework.workdays import Interval
from fixtures.builders import calendar_2026, sample_catalogue

ITEMS = sorted(sample_catalogue().items.values(), key=lambda item: item.code)
NAMES = [name.replace(".*", ".4") for name in FIELDS] + ["material.5", "promise.9", "newer", "x.y"]
DATES = st.dates().map(lambda day: day.isoformat())
SCALARS = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4) | st.binary(max_size=3)
)
EVIDENCE = st.fixed_dictionaries(
    {},
    optional={
        "at": st.integers(0, 99),
        "due": DATES | SCALARS,
        "deadline": DATES | SCALARS,
        "form": st.sampled_from(["original", "promised", "lost"]),
        "outcome": st.sampled_from(["yes", "no", 3]),
        "materials": st.lists(st.integers(1, 6) | SCALARS, max_size=3),
        "open": SCALARS,
    },
)
VALUES = st.just(UNDISCLOSED) | SCALARS | EVIDENCE | st.lists(SCALARS, max_size=3)


@st.composite
def heads(draw):
    dots = draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), unique=True))
    return [
        Head(
            draw(VALUES),
            replica.encode() * 8,
            seq,
            "411526101201",
            draw(st.sampled_from(["county", "township", "village", "outlet", "moon"])),
            "helper",
            draw(st.sampled_from(["case.received", OWN_WORD_FACT])),
            0,
            draw(st.integers(0, 50)),
            draw(st.none() | st.integers(0, 50)),
        )
        for replica, seq in dots
    ]


CASES = st.dictionaries(st.sampled_from(NAMES), heads(), max_size=12)


@given(field=st.sampled_from(NAMES), given_heads=heads(), data=st.data())
def test_settling_knows_no_order_and_no_repetition(field, given_heads, data):
    shuffled = data.draw(st.permutations(given_heads))
    again = shuffled + data.draw(st.lists(st.sampled_from(given_heads))) if given_heads else []
    assert repr(settle(field, given_heads)) == repr(settle(field, again))


@given(fields=CASES, item=st.sampled_from(ITEMS), data=st.data())
def test_deriving_is_total_and_knows_no_order(fields, item, data):
    names = data.draw(st.permutations(sorted(fields)))
    shuffled = {name: data.draw(st.permutations(fields[name])) for name in names}
    one, other = derive(fields, item=item), derive(shuffled, item=item)
    assert {k: repr(v) for k, v in one.values.items()} == {
        k: repr(v) for k, v in other.values.items()
    }
    for name in ("state", "flags", "due", "statutory_due", "deficiency_deadline", "in_hand"):
        assert getattr(one, name) == getattr(other, name)
    for name in ("outstanding", "missing", "contradictions", "unsupported", "conflicts"):
        assert getattr(one, name) == getattr(other, name)


@given(fields=CASES, item=st.sampled_from(ITEMS))
def test_state_and_flags_look_neither_at_the_item_nor_at_personal_data(fields, item):
    personal = {"name", "phone", "address", "id_no", "agent.name", "form.4", "attachment_key.4"}
    hidden = {
        name: [head._replace(value=UNDISCLOSED) for head in held] if name in personal else held
        for name, held in fields.items()
    }
    one, other = derive(fields, item=item), derive(hidden)
    assert (one.state, one.flags, one.due) == (other.state, other.flags, other.due)


@st.composite
def filings(draw):
    day = calendar_2026().until - timedelta(days=draw(st.integers(0, 120)))
    answers = st.dictionaries(st.sampled_from(["form.bank_account", "division"]), SCALARS)
    return Filing(
        case=draw(st.sampled_from("abcdefgh")),
        rank=draw(st.integers(0, 3)),
        received=day,
        received_at=day.toordinal() * 86_400_000,
        accepted_at=draw(st.none() | st.integers(0, 10**6)),
        due=draw(st.none() | st.dates()),
        open=draw(st.booleans()),
        answers=draw(answers),
        agent=draw(st.sampled_from(["", "x", "y"])),
    )


GROUPS = st.lists(filings(), max_size=8, unique_by=lambda filing: filing.case)


@given(group=GROUPS, data=st.data())
def test_duplicates_know_no_order_and_no_repetition(group, data):
    shuffled = data.draw(st.permutations(group))
    found = duplicates(group, window_days=30)
    assert duplicates([*shuffled, *group], window_days=30) == found


@given(group=GROUPS)
def test_a_matter_has_one_main_case_and_each_open_case_belongs_to_one_at_most(group):
    found = duplicates(group, window_days=30)
    cases = [case for matter in found for case in matter.cases]
    assert len(cases) == len(set(cases))
    assert set(cases) <= {filing.case for filing in group if filing.open}


DAYS_2026 = st.integers(1, 364).map(lambda n: calendar_2026().until - timedelta(days=n))


@given(start=DAYS_2026, days=st.integers(0, 40))
def test_counting_forward_and_back_agree(start, days):
    due = calendar_2026().add(start, days)
    assert calendar_2026().between(start, due.day) == days
    assert days == 0 or calendar_2026().is_working(due.day)


@given(
    start=DAYS_2026, days=st.integers(1, 20), runs=st.lists(st.tuples(DAYS_2026, st.integers(0, 9)))
)
def test_suspensions_count_as_a_union_whatever_their_order(start, days, runs):
    steps = [Interval(first, first + timedelta(days=length)) for first, length in runs]
    due = calendar_2026().add(start, days, excluded=steps)
    split = [
        Interval(run.first + timedelta(days=n), run.first + timedelta(days=n))
        for run in reversed(steps)
        for n in range((run.last - run.first).days + 1)
    ]
    assert calendar_2026().add(start, days, excluded=split + steps) == due
    assert due.day >= calendar_2026().add(start, days).day
