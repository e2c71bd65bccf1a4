"""What every test may ask for: a PostgreSQL database, a page in Chromium, hypothesis profiles."""

import itertools
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests import chromium as chromium_module
from tests import postgres, requirements

# CI finds the same examples each time; a developer's machine goes on looking for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

_database_numbers = itertools.count(1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Refuse a `req` mark that names no row: a typing error would look like an untested rule.

    The longest test goes first, whatever the shuffled order, so that no worker waits for it.
    """
    items.sort(key=lambda item: "test_kill" not in item.nodeid)
    complaints = requirements.unknown(items, requirements.load())
    if complaints:
        raise pytest.UsageError("\n".join(complaints))


@pytest.fixture(scope="session")
def postgres_cluster():
    """Give a cluster of this test run's own; see tests/postgres.py."""
    with postgres.cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster):
    """Give SQLAlchemy's address of an empty database that goes away with the test."""
    name = f"test_{next(_database_numbers)}"
    yield postgres_cluster.create(name)
    postgres_cluster.drop(name)


@pytest.fixture(scope="session")
def chromium():
    """Give one Chromium for the whole run."""
    with chromium_module.browser() as browser:
        yield browser


@pytest.fixture
def page(chromium):
    """Give a fresh page: no cookies, Chinese first, the size of the counter's screen."""
    context = chromium.new_context(locale="zh-CN", viewport=chromium_module.VIEWPORT)
    yield context.new_page()
    context.close()


@pytest.fixture
def memory_path(tmp_path):
    """Give a directory in memory where there is one: for tests that are not about durability."""
    memory = Path("/dev/shm")  # noqa: S108  # made with a private random name
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as name:
        yield Path(name)
