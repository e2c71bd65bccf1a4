"""The credit list: hashes only, and what it says of somebody (R-HC-29e)."""

import json
from datetime import date

import pytest

from casework import credit
from casework.credit import Record, Standing
from node.credit import digest

BAD, OTHER = "411599199006150024", "41159919580820004X"
DAY = date(2026, 11, 21)
SINCE = date(2026, 3, 1)
KEY = bytes(range(16))


def published(*rows, as_of=DAY, key=KEY):
    listed = rows or ((BAD, Record("dishonest", SINCE, None)),)
    return credit.publish(listed, key=key, as_of=as_of, digest=digest)


def standing(document, number=BAD, day=DAY, lease=7):
    found = credit.parse(document)
    return credit.standing(found, number, day, lease_days=lease, digest=digest)


@pytest.mark.req("R-HC-29e")
@pytest.mark.parametrize(
    ("record", "day", "expected"),
    [
        (Record("dishonest", SINCE, None), DAY, Standing.LISTED),
        (Record("false_promise", SINCE, None), DAY, Standing.LISTED),
        (Record("dishonest", SINCE, DAY), DAY, Standing.CLEAR),
        (Record("dishonest", SINCE, date(2026, 11, 22)), DAY, Standing.LISTED),
        (Record("dishonest", date(2026, 11, 22), None), DAY, Standing.CLEAR),
        (Record("dishonest", DAY, None), DAY, Standing.LISTED),
    ],
    ids=["listed", "false promise", "repaired", "repaired tomorrow", "from tomorrow", "from today"],
)
def test_a_record_counts_from_its_day_until_it_is_repaired(record, day, expected):
    assert standing(published((BAD, record)), day=day) is expected


@pytest.mark.req("R-HC-29e")
def test_one_record_that_is_repaired_leaves_the_other():
    rows = ((BAD, Record("dishonest", SINCE, DAY)), (BAD, Record("false_promise", SINCE, None)))
    assert standing(published(*rows)) is Standing.LISTED
    assert standing(published(*rows), OTHER) is Standing.CLEAR


def test_a_number_is_found_however_it_was_typed():
    document = published((OTHER, Record("dishonest", SINCE, None)))
    assert standing(document, " 41159919580820004x ") is Standing.LISTED


@pytest.mark.req("R-HC-29e")
def test_a_list_past_its_lease_says_nothing_unless_it_names_him():
    old = published(as_of=date(2026, 11, 13))
    assert standing(old, OTHER) is Standing.STALE
    assert standing(old, OTHER, lease=8) is Standing.CLEAR
    assert standing(old, BAD) is Standing.LISTED
    assert standing(None) is Standing.NO_LIST


@pytest.mark.req("R-HC-29e")
def test_no_number_stands_in_what_is_published_and_two_lists_do_not_fit_together():
    one, other = published(), published(key=bytes(16))
    assert BAD not in json.dumps(one)
    assert one["records"][0][0] != other["records"][0][0]


def test_since_when_somebody_is_barred():
    rows = ((BAD, Record("dishonest", SINCE, None)), (BAD, Record("false_promise", DAY, None)))
    found = credit.parse(published(*rows))
    assert credit.barred_since(found, BAD, DAY, digest=digest) == SINCE
    assert credit.barred_since(found, OTHER, DAY, digest=digest) is None
    assert credit.barred_since(None, BAD, DAY, digest=digest) is None


@pytest.mark.parametrize(
    "junk",
    [
        None,
        {},
        {"key": "zz", "as_of": "2026-11-21"},
        {"key": "00", "as_of": "soon"},
    ],
)
def test_what_is_no_list_is_none(junk):
    assert credit.parse(junk) is None


def test_a_line_that_is_none_is_passed_over():
    document = published() | {"records": [[1, 2], ["00", "x", "2026-01-01", ""], 7, None]}
    assert credit.parse(document).records == {}
