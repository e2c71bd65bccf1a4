"""Copying a whole database from one kind to another: PostgreSQL into a backup file, and back."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from node import migrate
from node.db import Database
from node.errors import DatabaseNotEmpty
from node.migrate import Scripts
from node.tables import identity

_ROWS: Final = 500


def copy_to_file(source: Database, target: Path, key: bytes, scripts: Scripts) -> None:
    """Copy every row into a new encrypted file, as of one moment.

    Args:
        source: of PostgreSQL.
        target: a file that is not there yet.
        key: 32 raw bytes.
        scripts: the revisions of the program; the source is at the newest.
    """
    with closing(Database.sqlite(target, key)) as made:
        migrate.upgrade(made, scripts)
        with source.read() as rows, made.rebuilding() as tx:
            copy(rows, tx, scripts)


def copy_from_file(source: Database, target: Database, scripts: Scripts) -> None:
    """Fill an empty database, brought to the newest revision, from a backup's file.

    Raises:
        DatabaseNotEmpty: a node lives there, or a restore was cut off after it had filled it.
    """
    migrate.upgrade(target, scripts)
    with source.read() as rows, target.rebuilding() as tx:
        if tx.execute(sa.select(identity.c.station)).first() is not None:
            raise DatabaseNotEmpty
        copy(rows, tx, scripts)
        _raise_counters(tx, scripts)


def copy(source: sa.Connection, target: sa.Connection, scripts: Scripts) -> None:
    """Copy every row of every table of a program, parents before children."""
    for table in migrate.merged(scripts).sorted_tables:
        found = source.execute(sa.select(table).execution_options(yield_per=_ROWS))
        for page in found.mappings().partitions(_ROWS):
            target.execute(sa.insert(table), [dict(row) for row in page])


def _raise_counters(tx: sa.Connection, scripts: Scripts) -> None:
    """Let PostgreSQL number new rows after those that were copied."""
    if tx.dialect.name != "postgresql":
        return
    for table in migrate.merged(scripts).sorted_tables:
        for column in _numbered(table):
            name = f"'\"{table.name}\"', '{column.name}'"
            highest = sa.select(sa.func.max(column)).scalar_subquery()
            sequence: sa.ColumnElement[str] = sa.literal_column(f"pg_get_serial_sequence({name})")
            tx.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1))))


def _numbered(table: sa.Table) -> Iterable[sa.Column[int]]:
    found = table.autoincrement_column
    return [found] if found is not None else []
