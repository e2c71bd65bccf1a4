"""The intake fits into three minutes, by keyboard."""

import pytest

from tests.browser import three_minutes

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
MOST_KEYS = 180
"""A second for each key is a slow hand; the machine takes a few seconds of the 180."""


def test_the_keys_of_an_intake_leave_a_second_for_each(chromium):
    found = three_minutes.measure(chromium, rounds=1)
    assert all(tally.seconds for tally in found.values())
    assert sum(tally.keys for tally in found.values()) <= MOST_KEYS
