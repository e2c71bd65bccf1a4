"""Words of state: colour, sign and word, and only one of them green."""

import pytest

from casework.fact_shapes import FORMS
from casework.intake_reading import ID_TYPES, PICKUPS, RELATIONS
from ui import words
from ui.icons import icon
from ui.words import Tone

TRANSPORTS = ["local", "sending", "in_custody", "received", "refused", "county_checking"]
STATES = [
    "DRAFT",
    "RECEIVED",
    "CORRECTION",
    "NOT_ACCEPTED",
    "ACCEPTED",
    "ACCEPTED_DEF",
    "REVIEW",
    "SPECIAL",
    "DECIDED_YES",
    "DECIDED_NO",
    "READY",
    "DELIVERED",
    "ARCHIVED",
    "WITHDRAWN",
    "DEEMED_PENDING",
    "DEEMED_WITHDRAWN",
    "RECTIFY",
    "REVOKED",
    "TERMINATED",
]
EVERY = [(table, code) for table, found in words._STATE_TABLES.items() for code in found]


@pytest.mark.parametrize("code", TRANSPORTS)
def test_every_transport_has_its_word(code):
    assert words.state_word("transport", code) != words.UNKNOWN


@pytest.mark.parametrize("code", STATES)
def test_every_state_has_its_word(code):
    assert words.state_word("state", code) != words.UNKNOWN


def test_only_what_the_county_has_is_green():
    green = [code for code in (*TRANSPORTS, "draft") if _tone("transport", code) is Tone.RECEIVED]
    assert green == ["received"]
    assert not [code for code in STATES if _tone("state", code) is Tone.RECEIVED]


def _tone(table, code):
    return words.state_word(table, code).tone


@pytest.mark.parametrize("table", ["transport", "state", "flag", "fleet"])
def test_what_nobody_knows_is_said_so_and_never_green(table):
    found = words.state_word(table, "no_such_state")
    assert found.word == "不清楚"
    assert found.tone is Tone.OFFLINE


def test_no_two_words_of_a_table_share_colour_and_sign_and_word():
    for table in words._STATE_TABLES.values():
        assert len({found.word for found in table.values()}) == len(table)


@pytest.mark.parametrize(("table", "code"), EVERY)
def test_every_word_has_a_sign(table, code):
    assert "<path d=" in icon(words.state_word(table, code).icon)


@pytest.mark.parametrize(
    ("table", "codes"),
    [("form", FORMS), ("id_type", ID_TYPES), ("relation", RELATIONS), ("pickup", PICKUPS)],
)
def test_the_words_cover_the_codes_of_casework(table, codes):
    assert set(words.codes(table)) == set(codes)
    assert all(words.word(code, table) != code for code in codes)


def test_a_code_without_a_word_is_shown_itself():
    assert words.word("teleport", "pickup") == "teleport"
