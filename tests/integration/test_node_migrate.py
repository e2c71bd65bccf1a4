"""Migrations on real SQLCipher files: whole or not at all, by way of a checked copy."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from node import migrate, rows
from node.db import Database
from node.errors import Busy, Damaged, NeedsUpgrade, NewerDatabase
from node.migrate import Scripts

KEY = bytes(range(32))
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["station", "hub"])
def folder(request, tmp_path):
    """A copy of an app's plumbing, without its revisions."""
    target = tmp_path / "migrations"
    (target / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(ROOT / request.param / "migrations" / name, target)
    return target


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bangban.db"


def tables(*, note=False, strict=False):
    own = sa.MetaData(naming_convention=rows.NAMING)
    case = sa.Table(
        "case_row",
        own,
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=not strict),
    )
    sa.Table("line", own, sa.Column("case", sa.ForeignKey("case_row.id"), primary_key=True))
    if note:
        case.append_column(sa.Column("note", sa.String, server_default="", nullable=False))
    return own


@pytest.fixture
def first(folder):
    scripts = Scripts(folder, (rows.metadata, tables()))
    migrate.new_revision(scripts, "first tables")
    return scripts


def second(first, **changes):
    scripts = Scripts(first.path, (rows.metadata, tables(**changes)))
    migrate.new_revision(scripts, "a second thought")
    return scripts


def fill(path):
    with closing(Database.sqlite(path, KEY)) as database, database.write() as tx:
        tx.exec_driver_sql("INSERT INTO case_row VALUES ('a', 'accepted')")
        tx.exec_driver_sql("INSERT INTO line VALUES ('a')")


def ask(path, sql):
    with closing(Database.sqlite(path, KEY)) as database, database.read() as tx:
        return tx.exec_driver_sql(sql).all()


def test_the_first_revision_makes_every_table_of_every_catalogue(first, path):
    assert first.head == "0001"
    done = migrate.upgrade_file(path, KEY, first)
    assert (done.before, done.after, done.kept) == ("", "0001", None)
    with closing(Database.sqlite(path, KEY)) as database:
        migrate.check(database, first)
        with database.read() as tx:
            assert {"account", "session", "case_row"} <= set(sa.inspect(tx).get_table_names())
            assert migrate.differences(tx, first) == []


def test_a_revision_says_what_the_rows_have_beyond_the_last(first):
    scripts = second(first, note=True)
    text = next(iter((first.path / "versions").glob("0002_*.py"))).read_text()
    assert 'batch_alter_table("case_row"' in text.replace("'", '"')
    assert "note" in text
    assert scripts.head == "0002"


def test_an_upgrade_keeps_the_rows_and_the_old_file(first, path):
    migrate.upgrade_file(path, KEY, first)
    fill(path)
    done = migrate.upgrade_file(path, KEY, second(first, note=True, strict=True))
    assert (done.before, done.after) == ("0001", "0002")
    assert ask(path, "SELECT id, state, note FROM case_row") == [("a", "accepted", "")]
    assert ask(done.kept, "SELECT * FROM case_row") == [("a", "accepted")]
    assert path.stat().st_mode & 0o077 == 0
    assert not list(path.parent.glob("*.upgrade*"))


def test_an_upgraded_file_is_encrypted_too(first, path):
    migrate.upgrade_file(path, KEY, first)
    fill(path)
    migrate.upgrade_file(path, KEY, second(first, note=True))
    assert b"accepted" not in path.read_bytes()
    assert not path.read_bytes().startswith(b"SQLite format")


def test_upgrading_again_does_nothing(first, path):
    migrate.upgrade_file(path, KEY, first)
    before = path.stat().st_mtime_ns
    assert migrate.upgrade_file(path, KEY, first).kept is None
    assert path.stat().st_mtime_ns == before


def break_revision(scripts):
    file = next(iter((scripts.path / "versions").glob("0002_*.py")))
    text = file.read_text().replace(
        "def downgrade", "    op.execute('INSERT INTO nowhere VALUES (1)')\n\n\ndef downgrade"
    )
    file.write_text(text)


def test_a_revision_that_fails_leaves_the_database_as_it_was(first, path):
    migrate.upgrade_file(path, KEY, first)
    fill(path)
    scripts = second(first, note=True)
    break_revision(scripts)
    with pytest.raises(sa.exc.OperationalError, match="nowhere"):
        migrate.upgrade_file(path, KEY, scripts)
    assert ask(path, "SELECT * FROM case_row") == [("a", "accepted")]
    with closing(Database.sqlite(path, KEY)) as database:
        with pytest.raises(sa.exc.OperationalError, match="nowhere"):
            migrate.upgrade(database, scripts)
        with database.read() as tx:
            assert migrate.current(tx) == "0001"
            assert "note" not in {c["name"] for c in sa.inspect(tx).get_columns("case_row")}


def test_a_broken_reference_is_found_before_it_is_kept(first, path):
    migrate.upgrade_file(path, KEY, first)
    fill(path)
    scripts = second(first, note=True)
    file = next(iter((scripts.path / "versions").glob("0002_*.py")))
    file.write_text(
        file.read_text().replace(
            "def downgrade", "    op.execute('DELETE FROM case_row')\n\n\ndef downgrade"
        )
    )
    with pytest.raises(Damaged):
        migrate.upgrade_file(path, KEY, scripts)
    assert ask(path, "SELECT id FROM case_row") == [("a",)]


def test_older_and_newer_databases_are_told_apart(first, path):
    with closing(Database.sqlite(path, KEY)) as database:
        with pytest.raises(NeedsUpgrade):
            migrate.check(database, first)
        migrate.upgrade(database, first)
        migrate.check(database, first)
        with database.write() as tx:
            tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
        with pytest.raises(NewerDatabase) as told:
            migrate.check(database, first)
        assert told.value.found == "0009"
        with pytest.raises(NewerDatabase):
            migrate.upgrade(database, first)
    with pytest.raises(NewerDatabase):
        migrate.upgrade_file(path, KEY, first)


OPEN = """
import pathlib, sys
from node.db import Database, driver
database = Database.sqlite(pathlib.Path(sys.argv[1]), bytes(range(32)))
with database.read() as tx:
    driver(tx).execute("SELECT * FROM line").fetchall()
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_file_that_another_process_has_open_is_not_replaced(first, path):
    migrate.upgrade_file(path, KEY, first)
    fill(path)
    scripts = second(first, note=True)
    with subprocess.Popen(
        [sys.executable, "-c", OPEN, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(Busy):
            migrate.upgrade_file(path, KEY, scripts, patience=0)
        other.communicate("")
    assert migrate.upgrade_file(path, KEY, scripts).after == "0002"
