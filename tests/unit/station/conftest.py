"""A village furnished for a counter, in a county of one process."""

import io
from contextlib import closing

import pytest
from PIL import Image

from fixtures import builders, counters
from fixtures.world import TOWNSHIP, VILLAGE_A, World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.begin()
    counters.furnish(made.add(TOWNSHIP))
    counters.furnish(made.add(VILLAGE_A))
    with closing(made):
        yield made


@pytest.fixture
def village(world):
    return world.stations[VILLAGE_A]


@pytest.fixture
def document():
    """An intake that is complete and in form."""
    who = builders.person(builders.seeded(3))
    return builders.case_document(who, builders.sample_item("DEMO-YL-01"))


@pytest.fixture
def picture():
    written = io.BytesIO()
    Image.effect_noise((2000, 1200), 60).save(written, "PNG")
    return written.getvalue()
