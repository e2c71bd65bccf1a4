"""Bringing a database to the tables that this program expects.

Revisions are numbered (`0001_first.py`, `0002_…`), one line without branches, so that every
command can tell by a look at the names whether a database is older or newer than itself. All
pending revisions run in one transaction (`Database.rebuilding`): after a failure nothing of them
is left. A SQLite file is not migrated in place: `upgrade_file` migrates a copy, checks it, keeps
the old file and puts the copy in its place.

`python -m node.migrate station.rows:SCRIPTS "what it does"` writes the next revision.
"""

import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crypto.entropy import random_bytes
from node.db import KEY_BYTES, Database, SqliteDatabase, connect
from node.driver_errors import BUSY_SECONDS, translated
from node.errors import Damaged, NeedsUpgrade, NewerDatabase
from node.files import make_private_file, replace_durably


@dataclass(frozen=True, slots=True)
class Scripts:
    """The revisions of one program and the tables they lead to.

    Attributes:
        path: the folder with `env.py`, `script.py.mako` and `versions/`.
        metadata: every table of the program.
    """

    path: Path
    metadata: tuple[sa.MetaData, ...]

    @property
    def head(self) -> str:
        """The newest revision, or empty where there is none."""
        names = (file.name for file in (self.path / "versions").glob("[0-9]*_*.py"))
        return max((name.partition("_")[0] for name in names), default="")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did.

    Attributes:
        before: revision found, empty for a new database.
        after: revision now.
        kept: the old file, where there was one to keep.
    """

    before: str
    after: str
    kept: Path | None = None


def current(tx: sa.Connection) -> str:
    """The revision of a database, empty for a new one."""
    if not sa.inspect(tx).has_table("alembic_version"):
        return ""
    return str(tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def check(database: Database, scripts: Scripts) -> None:
    """Return if the database is what this program expects.

    Raises:
        NeedsUpgrade: it is older.
        NewerDatabase: a later program wrote it.
    """
    with database.read() as tx:
        found = current(tx)
    if found > scripts.head:
        raise NewerDatabase(found)
    if found != scripts.head:
        raise NeedsUpgrade(found)


def upgrade(database: Database, scripts: Scripts) -> Upgraded:
    """Run every pending revision in one transaction, in place: new databases and PostgreSQL.

    Raises:
        NewerDatabase: a later program wrote it.
    """
    from alembic import command  # noqa: PLC0415  # slow, and only needed here

    with database.rebuilding() as tx:
        before = current(tx)
        if before > scripts.head:
            raise NewerDatabase(before)
        if before != scripts.head:
            command.upgrade(_alembic(scripts, tx), "head")
    return Upgraded(before, scripts.head)


def upgrade_file(
    path: Path, key: bytes, scripts: Scripts, *, patience: int = BUSY_SECONDS
) -> Upgraded:
    """Bring a SQLite file up to date by way of a checked copy; a new file is filled in place.

    At every moment, power cuts included, a whole database stands under `path`.

    Args:
        path: the database file; nobody may have it open.
        key: 32 raw bytes.
        scripts: of the program.
        patience: seconds to wait until nobody has it open.

    Raises:
        Busy: another process has it open.
        NewerDatabase: a later program wrote it.
        Damaged: the copy does not pass its checks; the old file stands untouched.
    """
    with closing(Database.sqlite(path, key)) as database, database.read() as tx:
        before = current(tx)
    if before == scripts.head:
        return Upgraded(before, before)
    if not before:
        with closing(Database.sqlite(path, key)) as database:
            return upgrade(database, scripts)
    return _upgrade_by_copy(path, key, scripts, patience)


def _upgrade_by_copy(path: Path, key: bytes, scripts: Scripts, patience: int) -> Upgraded:
    copy = path.with_suffix(".upgrade")
    copy.unlink(missing_ok=True)
    with translated(), closing(connect(path, key, patience)) as old:
        _lock_out_others(old)
        make_private_file(copy)
        old.execute("VACUUM INTO ?", (str(copy),))
        with closing(Database.sqlite(copy, key)) as database:
            done = upgrade(database, scripts)
            _check_whole(database)
        kept = _keep(path, done.before)
        if sys.platform != "win32":  # there an open file cannot be replaced
            replace_durably(copy, path)
    if sys.platform == "win32":
        replace_durably(copy, path)
    return Upgraded(done.before, done.after, kept)


def _lock_out_others(connection: Any) -> None:  # noqa: ANN401  # the driver has no types
    """Empty the write-ahead log into the file and hold the file alone until closed."""
    connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
    connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")


def _check_whole(database: SqliteDatabase) -> None:
    with database.read() as tx:
        for pragma in ("integrity_check", "cipher_integrity_check"):
            answer = tx.exec_driver_sql(f"PRAGMA {pragma}").scalars().all()
            if answer not in ([], ["ok"]):
                raise Damaged(pragma)


def _keep(path: Path, revision: str) -> Path:
    """A second name for the old file, so that the first never stands empty."""
    kept = path.with_name(f"{path.stem}-{revision}.old")
    kept.unlink(missing_ok=True)
    os.link(path, kept)
    return kept


def differences(tx: sa.Connection, scripts: Scripts) -> Sequence[object]:
    """What the tables lack or have beyond the rows of the program; empty after an upgrade."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  # slow, tests only
    from alembic.migration import MigrationContext  # noqa: PLC0415

    context = MigrationContext.configure(tx, opts={"compare_type": True})
    return [
        difference
        for difference in compare_metadata(context, merged(scripts))
        if "alembic_version" not in repr(difference)
    ]


def merged(scripts: Scripts) -> sa.MetaData:
    """All tables of a program in one catalogue, under its naming of constraints."""
    whole = sa.MetaData(naming_convention=scripts.metadata[0].naming_convention)
    for metadata in scripts.metadata:
        for table in metadata.tables.values():
            table.to_metadata(whole)
    return whole


def run_environment() -> None:
    """What every app's `migrations/env.py` calls; alembic runs it."""
    from alembic import context  # noqa: PLC0415  # exists only while alembic runs

    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=merged(context.config.attributes["scripts"]),
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def new_revision(scripts: Scripts, message: str) -> Path:
    """Write the next revision: what the rows have and the revisions so far do not make.

    Args:
        scripts: of the program.
        message: what it does, in a few words.
    """
    from alembic import command  # noqa: PLC0415  # a developer's command

    number = f"{int(scripts.head or 0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scratch.db"
        with closing(Database.sqlite(file, random_bytes(KEY_BYTES))) as scratch:
            upgrade(scratch, scripts)
            with scratch.rebuilding() as tx:
                command.revision(
                    _alembic(scripts, tx), message=message, autogenerate=True, rev_id=number
                )
    (written,) = (scripts.path / "versions").glob(f"{number}_*.py")
    return written


def _alembic(scripts: Scripts, tx: sa.Connection) -> Any:  # noqa: ANN401  # loaded late
    from alembic.config import Config  # noqa: PLC0415  # slow, and only needed here

    config = Config()
    config.set_main_option("script_location", str(scripts.path).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=tx, scripts=scripts)
    return config


def main(arguments: Sequence[str]) -> None:
    """Write the next revision of a program, given as `module:NAME`, with a message."""
    place, message = arguments
    module, _, name = place.partition(":")
    written = new_revision(getattr(importlib.import_module(module), name), message)
    sys.stdout.write(f"{written}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
