"""A county of its own for every test, in memory."""

from contextlib import closing

import pytest

from tests.pains.small import County


@pytest.fixture
def county(memory_path):
    """A county in which everybody is enrolled and nothing has happened yet."""
    with closing(County.copied(memory_path)) as made:
        yield made


@pytest.fixture
def hub(county):
    return county.hub


@pytest.fixture
def town(county):
    return county.town


@pytest.fixture
def village(county):
    return county.village


@pytest.fixture
def neighbour(county):
    return county.neighbour
