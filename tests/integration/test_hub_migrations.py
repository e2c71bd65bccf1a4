"""The hub's revisions lead to exactly the tables of its rows, on both databases."""

from contextlib import closing

import pytest

from hub.rows import SCRIPTS
from node import migrate
from node.db import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        opened = Database.sqlite(tmp_path / "hub.db", bytes(32))
    else:
        opened = Database.url(request.getfixturevalue("postgres_url"))
    with closing(opened):
        yield opened


def test_the_head_is_the_models(database):
    done = migrate.upgrade(database, SCRIPTS)

    with database.read() as tx:
        found = migrate.differences(tx, SCRIPTS)
    assert (done.after, found) == (SCRIPTS.head, [])


def test_an_upgraded_database_is_not_upgraded_again(database):
    migrate.upgrade(database, SCRIPTS)

    again = migrate.upgrade(database, SCRIPTS)

    assert again.before == again.after == SCRIPTS.head
    migrate.check(database, SCRIPTS)
