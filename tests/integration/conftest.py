"""What several files stand on. A file may have a world of its own: these ask for its `world`."""

import pytest

from fixtures.world import TOWNSHIP, VILLAGE_A
from tests.integration import hub_county


@pytest.fixture
def world(tmp_path_factory, tmp_path):
    """The hub, and the places by code; made once and copied."""
    with hub_county.copy(tmp_path_factory, tmp_path) as copied:
        yield copied


@pytest.fixture
def county(world):
    return world[0]


@pytest.fixture
def places(world):
    return world[1]


# --- in a world of `crooked`


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


@pytest.fixture
def town(world):
    return world.stations[TOWNSHIP]


@pytest.fixture
def hub(world):
    return world.hub
