"""Opening a node: keys, database, and what is older or newer than the program."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from crypto.keyring import Cost
from node import keys, migrate, opening, rows
from node.config import DataDirectory
from node.db import Database
from node.errors import Locked, NewerDatabase, NotInitialised, WrongKey
from node.migrate import Scripts
from node.opening import open_node

CHEAP = Cost(memory_kib=8_192, passes=1, lanes=1)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def scripts(tmp_path):
    target = tmp_path / "migrations"
    (target / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(ROOT / "station" / "migrations" / name, target)
    made = Scripts(target, (rows.metadata,))
    migrate.new_revision(made, "first tables")
    return made


@pytest.fixture
def directory(tmp_path):
    return DataDirectory(tmp_path / "village")


def test_a_new_node_gets_its_tables_and_is_found_again(directory, scripts):
    keys.create(directory, "p", cost=CHEAP)
    for _ in range(2):
        with closing(open_node(directory, "p", scripts)) as node, node.database.read() as tx:
            assert migrate.current(tx) == "0001"
            assert sa.inspect(tx).has_table("account")


def test_an_older_database_is_brought_up_to_date(directory, scripts):
    keys.create(directory, None)
    open_node(directory, None, scripts).close()
    more = sa.MetaData()
    sa.Table("more", more, sa.Column("id", sa.Integer, primary_key=True))
    newer = Scripts(scripts.path, (rows.metadata, more))
    migrate.new_revision(newer, "more")
    with closing(open_node(directory, None, newer)) as node, node.database.read() as tx:
        assert migrate.current(tx) == "0002"
    assert (directory.path / "bangban-0001.old").exists()


def test_a_newer_database_is_left_alone(directory, scripts):
    keys.create(directory, None)
    with closing(open_node(directory, None, scripts)) as node, node.database.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(NewerDatabase):
        open_node(directory, None, scripts)


def test_what_does_not_open(directory, scripts):
    with pytest.raises(NotInitialised):
        open_node(directory, None, scripts)
    keys.create(directory, "p", cost=CHEAP)
    with pytest.raises(Locked):
        open_node(directory, None, scripts)
    with pytest.raises(WrongKey):
        open_node(directory, "q", scripts)
    assert not directory.database.exists()


def test_the_database_of_another_node_does_not_open(directory, scripts):
    keys.create(directory, None)
    Database.sqlite(directory.database, b"another node's key, 32 bytes!!!!").close()
    with pytest.raises(WrongKey):
        open_node(directory, None, scripts)


def test_the_address_of_postgresql_is_a_sealed_secret(directory, scripts, postgres_url):
    made = keys.create(directory, None)
    secret = postgres_url.encode()
    keys.keep_secret(directory, made, opening.DATABASE_URL, secret=secret)
    with closing(open_node(directory, None, scripts)) as node, node.database.read() as tx:
        assert tx.dialect.name == "postgresql"
        assert migrate.current(tx) == "0001"
    assert secret not in directory.slots.read_bytes()
    assert not directory.database.exists()
