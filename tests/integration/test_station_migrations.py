"""The revisions of a station lead to the tables of this program, and nowhere else."""

from contextlib import closing

from crypto.entropy import random_bytes
from node import keys, migrate
from node.clock import FixedClock
from node.config import DataDirectory
from node.db import Database
from station import search
from station.rows import SCRIPTS
from station.usecases import opening


def test_the_head_equals_the_rows(tmp_path):
    with closing(Database.sqlite(tmp_path / "a.db", random_bytes(32))) as database:
        migrate.upgrade(database, SCRIPTS)
        migrate.check(database, SCRIPTS)
        with database.read() as tx:
            assert list(migrate.differences(tx, SCRIPTS)) == []


def test_a_new_station_opens_with_its_tables_and_its_search_index(tmp_path):
    directory = DataDirectory(tmp_path / "station")
    keys.create(directory, None)
    node = opening.open_station(directory, None, FixedClock())
    with closing(node.database), node.database.read() as tx:
        assert migrate.current(tx) == SCRIPTS.head
        assert search.is_built(tx)
