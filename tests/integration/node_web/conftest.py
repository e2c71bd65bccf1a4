"""Fixtures of the shared pages."""

import pytest

from casework.places import Role
from node import keys as node_keys
from node import people, rows
from node.clock import FixedClock
from node.config import DataDirectory
from node.db import Database
from node.people import NewAccount
from node.web.door import Door
from tests.integration.node_web.site import CHEAP, build, open_at


@pytest.fixture
def directory(tmp_path):
    found = DataDirectory(tmp_path / "village")
    keys = node_keys.create(found, "口令", cost=CHEAP)
    database = Database.sqlite(found.database, keys.database_key)
    with database.write() as tx:
        rows.metadata.create_all(tx)
    database.close()
    return found


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def node(directory):
    opened = open_at(directory, "口令")
    yield opened
    opened.close()


@pytest.fixture
def helper(node, clock):
    with node.database.write() as tx:
        new = NewAccount("wang", "王秀兰", Role.HELPER, "411526101201")
        return people.add(tx, new, now=clock.now)


@pytest.fixture
def app(node, clock):
    return build(Door.opened(node, clock), clock)


@pytest.fixture
def client(app):
    return app.test_client()
