"""Letters of authorisation and agreements: what they give, to whom, for what, when."""

from dataclasses import replace
from datetime import date

import pytest

from casework import acts, authorisations
from casework.authorisations import (
    NO_BOOK,
    Agreement,
    Book,
    Letter,
    Post,
    Power,
    Scope,
    effective_mode,
    person,
)
from casework.catalogue import mode_at
from casework.errors import ActRefused
from casework.places import Mode, PlaceKind
from fixtures import builders
from fixtures.builders import sample_item
from fixtures.desks import COUNTY, NOON, OUTLET, TOWNSHIP, VILLAGE, CaseLog, act_context

DAY = 86_400_000
YEAR = Scope(first=date(2026, 11, 1), last=date(2027, 10, 31))
ALL = frozenset(Power)


def letter(to=VILLAGE.code, *, powers=ALL, grantor="", scope=YEAR):
    return Letter(
        document_no="授〔2026〕1号",
        grantor=grantor,
        to=frozenset({to}),
        powers=frozenset(powers),
        scope=scope,
    )


def book(*letters, agreements=()):
    return Book(tuple(letters), tuple(agreements), kept=True, as_of=NOON)


def post(place, partner=""):
    return Post(code=place.code, kind=PlaceKind(place.kind), partner=partner)


ENTRUSTED_HERE, DECIDED_HERE = sample_item("DEMO-YL-01"), sample_item("DEMO-SB-01")


@pytest.mark.req("R-HC-30a")
@pytest.mark.parametrize(
    ("powers", "mode"),
    [
        (ALL, Mode.AUTHORISED),
        (ALL - {Power.DECIDE}, Mode.ENTRUSTED),
        (ALL - {Power.DECIDE, Power.ACCEPT}, Mode.PROXY),
        (frozenset(), Mode.PROXY),
    ],
)
def test_a_mode_goes_no_further_than_the_letter(powers, mode):
    assert mode_at(DECIDED_HERE, PlaceKind.TOWNSHIP) is Mode.AUTHORISED
    held = book(letter(TOWNSHIP.code, powers=powers))
    assert effective_mode(held, post(TOWNSHIP), DECIDED_HERE, NOON) is mode


@pytest.mark.req("R-HC-30b")
def test_a_letter_gives_no_mode_that_the_catalogue_does_not():
    proxy = sample_item("DEMO-SB-02")
    assert effective_mode(book(letter()), post(VILLAGE), proxy, NOON) is Mode.PROXY


@pytest.mark.req("R-ZH-21a", "R-NX-34")
@pytest.mark.parametrize(
    ("scope", "mode"),
    [
        (YEAR, Mode.ENTRUSTED),
        (replace(YEAR, first=date(2026, 11, 21), last=date(2026, 11, 21)), Mode.ENTRUSTED),
        (replace(YEAR, last=date(2026, 11, 20)), Mode.PROXY),
        (replace(YEAR, first=date(2026, 11, 22)), Mode.PROXY),
        (replace(YEAR, ended_at=NOON + 1), Mode.ENTRUSTED),
        (replace(YEAR, ended_at=NOON), Mode.PROXY),
        (replace(YEAR, items=frozenset({"DEMO-YL-01"})), Mode.ENTRUSTED),
        (replace(YEAR, items=frozenset({"DEMO-YL-02"})), Mode.PROXY),
        (replace(YEAR, areas=frozenset({"养老服务"})), Mode.ENTRUSTED),
        (replace(YEAR, areas=frozenset({"户籍管理"})), Mode.PROXY),
    ],
)
def test_a_letter_counts_on_its_days_and_for_its_items(scope, mode):
    assert effective_mode(book(letter(scope=scope)), post(VILLAGE), ENTRUSTED_HERE, NOON) is mode


@pytest.mark.req("R-ZH-21a")
def test_a_department_gives_away_its_own_items_only():
    own = book(letter(grantor="民政局"))
    other = book(letter(grantor="公安局"))
    assert effective_mode(own, post(VILLAGE), ENTRUSTED_HERE, NOON) is Mode.ENTRUSTED
    assert effective_mode(other, post(VILLAGE), ENTRUSTED_HERE, NOON) is Mode.PROXY


def test_one_letter_in_force_is_enough():
    ended = letter(scope=replace(YEAR, ended_at=NOON - DAY))
    assert effective_mode(book(ended, letter()), post(VILLAGE), ENTRUSTED_HERE, NOON) is (
        Mode.ENTRUSTED
    )


def test_where_no_letters_are_kept_and_for_a_station_added_since_the_modes_hold():
    for held in (NO_BOOK, book(letter(TOWNSHIP.code))):
        assert effective_mode(held, post(VILLAGE), ENTRUSTED_HERE, NOON) is Mode.ENTRUSTED


@pytest.mark.req("R-HC-30d")
@pytest.mark.parametrize(
    ("scope", "mode"),
    [
        (YEAR, Mode.PROXY),
        (replace(YEAR, ended_at=NOON), None),
        (replace(YEAR, last=date(2026, 11, 20)), None),
        (replace(YEAR, items=frozenset({"DEMO-SB-01"})), Mode.PROXY),
        (replace(YEAR, items=frozenset({"DEMO-SB-03"})), None),
    ],
)
def test_an_outlet_offers_what_its_agreement_allows(scope, mode):
    agreement = Agreement(document_no="合1号", outlets=frozenset({OUTLET.code}), scope=scope)
    held = book(agreements=[agreement])
    assert effective_mode(held, post(OUTLET, "bank"), DECIDED_HERE, NOON) is mode


def test_what_is_published_reads_as_it_was_written():
    partly = replace(
        YEAR, items=frozenset({"A", "B"}), areas=frozenset({"养老服务"}), ended_at=NOON
    )
    agreement = Agreement(document_no="合1号", outlets=frozenset({OUTLET.code}), scope=partly)
    held = book(letter(), letter(person("zhao"), grantor="民政局", scope=partly))
    held = replace(held, agreements=(agreement,))
    assert authorisations.parse(authorisations.document(held, NOON)) == held


@pytest.mark.parametrize("part", [None, [], "x"])
def test_a_document_without_letters_keeps_none(part):
    assert authorisations.parse(part) == NO_BOOK


@pytest.mark.parametrize(
    "broken",
    [
        {"letters": [{"to_whom": [VILLAGE.code], "powers": ["accept"]}]},
        {"letters": [{"to_whom": [VILLAGE.code], "from": "x", "to": "2027-01-01"}]},
        {"letters": "x", "agreements": [1, {"outlets": [OUTLET.code]}]},
    ],
)
def test_what_cannot_be_read_gives_nothing(broken):
    found = authorisations.parse(broken)
    assert found.kept
    assert not authorisations.covers(found, VILLAGE.code, Power.ACCEPT, item=None, at=NOON)


# --- chief representatives


def accepted():
    log = CaseLog(ENTRUSTED_HERE)
    log.take_in(builders.case_document(builders.person(builders.seeded(1)), ENTRUSTED_HERE))
    return log.case


@pytest.mark.req("R-HC-08a", "R-NX-34")
@pytest.mark.parametrize(
    ("held", "may"),
    [
        (NO_BOOK, True),
        (book(letter(person("zhao"))), True),
        (book(letter(person("zhao"), grantor="民政局")), True),
        (book(), False),
        (book(letter(person("li"))), False),
        (book(letter(person("zhao"), grantor="公安局")), False),
        (book(letter(person("zhao"), powers={Power.ACCEPT, Power.PRECHECK})), False),
        (book(letter(person("zhao"), scope=replace(YEAR, ended_at=NOON))), False),
        (book(letter(person("zhao"), scope=replace(YEAR, last=date(2026, 11, 20)))), False),
    ],
)
def test_a_chief_representative_decides_within_a_letter_in_force(held, may):
    desk = replace(act_context(ENTRUSTED_HERE, COUNTY, actor="zhao"), book=held)
    case = accepted()
    assert ("decide" in acts.possible(case, desk)) is may
    if not may:
        with pytest.raises(ActRefused) as refused:
            acts.perform("decide", case, {"outcome": "yes"}, desk)
        assert "授权书" in refused.value.errors[0].message_zh


@pytest.mark.req("R-HC-08a")
def test_every_step_of_a_chief_representative_needs_its_power():
    """受理、审查、决定、颁发、送达, and no more than the letter says."""
    for fact, power in authorisations.POWERS.items():
        has = book(letter(person("zhao"), powers={power}))
        lacks = book(letter(person("zhao"), powers=ALL - {power}))
        asked = (fact, ENTRUSTED_HERE)
        say = authorisations.lacks_letter
        assert say(has, "approver", "zhao", asked=asked, at=NOON) is None
        assert say(lacks, "approver", "zhao", asked=asked, at=NOON) is power
        assert say(lacks, "reconciler", "zhao", asked=asked, at=NOON) is None
