"""What people and programs give: right things pass, wrong ones are refused, nothing crashes."""

import unicodedata
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import acts, catalogue_reading, intake, workdays
from casework.errors import ActRefused, CatalogueRefused, IntakeRefused, NumberRefused
from casework.facts import VERBS, may_set
from casework.ids import IdNumber, IdNumberRefused, Ulid, UlidMalformed
from casework.numbering import ALPHABET, TemporaryNumber
from fixtures.builders import case_document, id_number, person, sample_catalogue, seeded
from fixtures.desks import COUNTY, NOON, TOWNSHIP, VILLAGE, CaseLog, act_context, intake_context

ITEMS = sorted(sample_catalogue().items.values(), key=lambda item: item.code)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
BIRTHS = st.dates(date(1900, 1, 1), date(2026, 11, 20))


def is_plain(value):
    """Say whether an operation can carry the value."""
    if isinstance(value, dict):
        return all(isinstance(k, str) and is_plain(k) for k in value) and is_plain(
            list(value.values())
        )
    if isinstance(value, list):
        return all(map(is_plain, value))
    if isinstance(value, str):
        return unicodedata.is_normalized("NFC", value) and bool(value.encode() or True)
    return value is None or isinstance(value, bool | bytes) or abs(value) < 2**63


@given(born=BIRTHS, sequence=st.integers(0, 999), slip=st.integers(0, 16), by=st.integers(1, 9))
def test_made_numbers_pass_and_every_single_slip_is_caught(born, sequence, slip, by):
    text = id_number(born, sequence)
    assert IdNumber.parse(text).born == born
    digit = str((int(text[slip]) + by) % 10)
    with pytest.raises(IdNumberRefused):
        IdNumber.parse(text[:slip] + digit + text[slip + 1 :], today=date(2026, 11, 21))


@given(text=st.text(max_size=30))
def test_any_text_is_an_id_number_or_refused(text):
    with suppress(IdNumberRefused):
        assert len(IdNumber.parse(text).text) == 18


@given(raw=st.binary(min_size=16, max_size=16), junk=st.text(max_size=30))
def test_ulids_round_trip_and_refuse(raw, junk):
    assert Ulid.parse(Ulid(raw).text).raw == raw
    try:
        assert Ulid.parse(junk).text
    except UlidMalformed:
        assert len(junk) != 26 or not set(junk.upper()) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@given(
    station=st.integers(0, 10**12 - 1).map(lambda n: f"{n:012d}"),
    device=st.integers(1, 99),
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    serial=st.integers(1, 21_180),
)
def test_temporary_numbers_round_trip_however_typed(station, device, day, serial):
    number = TemporaryNumber(station, device, day, serial)
    assert TemporaryNumber.parse(number.text) == number
    assert TemporaryNumber.parse(number.printed.lower().replace("-", " ")) == number
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number.text)
    assert TemporaryNumber.parse(wide) == number
    assert set(number.body) <= set(ALPHABET)


@given(text=st.text(max_size=40))
def test_any_text_is_a_temporary_number_or_refused(text):
    with suppress(NumberRefused):
        assert len(TemporaryNumber.parse(text).text) == 25


@given(document=st.dictionaries(st.text(max_size=8), JSON, max_size=6))
def test_any_json_is_refused_in_words(document):
    with pytest.raises(IntakeRefused) as refused:
        intake.parse(document, now=NOON)
    for problem in refused.value.errors:
        assert problem.message_zh.strip()
        assert problem.message_en.strip()
        assert not problem.pointer or problem.pointer.startswith("/")


@given(
    item=st.sampled_from(ITEMS),
    seed=st.integers(0, 99),
    key=st.sampled_from(["applicant", "agent", "materials", "form", "commitment", "claimed_at"]),
    value=JSON,
)
def test_one_strange_value_is_refused_or_taken_but_never_crashes(item, seed, key, value):
    document = case_document(person(seeded(seed)), item) | {key: value}
    context = intake_context(item, TOWNSHIP)
    with suppress(IntakeRefused):
        outcome = intake.take_in(document, lambda _: (item, context), now=NOON)
        assert outcome.acts[0].fact == "case.received"
        assert all(is_plain(act.fields) for act in outcome.acts)


@given(
    verb=st.sampled_from(sorted(VERBS)),
    fields=st.dictionaries(
        st.sampled_from([f.name for s in VERBS.values() for f in s.fields]), JSON
    ),
    place=st.sampled_from([VILLAGE, TOWNSHIP, COUNTY]),
    role=st.sampled_from(["", "system", "reconciler"]),
)
def test_any_fields_of_any_act_are_refused_or_written_but_never_crash(verb, fields, place, role):
    log = CaseLog(ITEMS[0])
    log.take_in(case_document(person(seeded(1)), log.item), TOWNSHIP)
    with suppress(ActRefused):
        act = acts.perform(verb, log.case, fields, act_context(log.item, place, role=role))
        assert all(may_set(act.fact, field) for field in act.fields)
        assert is_plain(act.fields)
        log.write(act, place)
        assert log.case.state


@given(document=JSON)
def test_any_json_is_no_catalogue_and_no_calendar(document):
    with pytest.raises(CatalogueRefused):
        catalogue_reading.parse(document)
    with pytest.raises(CatalogueRefused):
        workdays.parse(document)
