"""The database of a node: short explicit transactions, one writer, durable commits.

Invariants:
- A `write()` that ended without an exception is on the disk (WAL, synchronous=FULL: fsync).
- Writers take turns: a lock inside the process, `BEGIN IMMEDIATE` between processes. After ten
  seconds of waiting the caller gets `Busy`; both locks die with their process.
- `read()` sees one snapshot and cannot write.
- What leaves the driver as an exception arrives as one of ours where a caller can act on it.
- PostgreSQL (the hub, when one file is outgrown) answers to the same two verbs.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool
from typing_extensions import override

from node.driver_errors import BUSY_SECONDS, translated
from node.errors import Busy, Damaged, Deadlock
from node.files import make_private_file

KEY_BYTES = 32
_DEADLOCK_TRIES = 5
_READERS = 10
_MIGRATION_LOCK = 0x62616E67  # any number; every process that migrates takes the same

Result = TypeVar("Result")


class Database(ABC):
    """One node's database, safe to share between the threads of a process.

    Attributes:
        engine: for migrations and tools; everybody else uses `read()` and `write()`.
    """

    engine: sa.Engine

    @staticmethod
    def sqlite(path: Path, key: bytes, *, patience: int = BUSY_SECONDS) -> "SqliteDatabase":
        """Open the encrypted file, or make it (owner only) where there is none.

        Args:
            path: the file; its `-wal` and `-shm` lie beside it.
            key: 32 raw bytes.
            patience: seconds to wait for the write lock.

        Raises:
            WrongKey: the file is not one, or not under this key.
            Busy: another process recovers or upgrades it.
        """
        return SqliteDatabase(path, key, patience)

    @staticmethod
    def url(url: str) -> "PostgresDatabase":
        """Connect to PostgreSQL.

        Args:
            url: `postgresql://…`.

        Raises:
            DatabaseUnreachable: nobody answers there.
            ValueError: the URL is of another kind.
        """
        return PostgresDatabase(url)

    @abstractmethod
    def write(self) -> AbstractContextManager[sa.Connection]:
        """One durable transaction; rolled back when the block raises.

        Not to be nested in one thread.

        Raises:
            Busy: the write lock was not free for ten seconds.
            DiskFull: nothing of the block was kept.
        """

    @abstractmethod
    def read(self) -> AbstractContextManager[sa.Connection]:
        """One snapshot; writing in it is an error."""

    @abstractmethod
    def rebuilding(self) -> AbstractContextManager[sa.Connection]:
        """A write transaction for migrations, in which tables may be made anew.

        Foreign keys are not followed inside it and checked whole at its end.

        Raises:
            Damaged: a row would point to nothing; nothing was kept.
        """

    def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Do `work` in a write transaction, again when PostgreSQL chose it to end a deadlock.

        `work` may run several times: its effects must all be in the transaction.

        Raises:
            Deadlock: five times in a row.
        """
        for _ in range(_DEADLOCK_TRIES - 1):
            try:
                with self.write() as tx:
                    return work(tx)
            except Deadlock:
                continue
        with self.write() as tx:
            return work(tx)

    @abstractmethod
    def close(self) -> None:
        """Give every connection back; the last one out empties the write-ahead log."""


def driver(tx: sa.Connection) -> Any:  # noqa: ANN401  # the driver has no types
    """The driver's own connection under a transaction: for sqlite-utils and bulk statements.

    sqlite-utils may write with it inside `write()`: it nests by savepoints and leaves the
    transaction to us.
    """
    return tx.connection.driver_connection


def upsert(tx: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Write a row, over the one with the same primary key if there is one.

    Args:
        tx: a write transaction.
        table: any table with a primary key.
        values: the whole row.
    """
    statement = _INSERTS[tx.dialect.name](table).values(**values)
    keys = [column.name for column in table.primary_key]
    fresh = {name: statement.excluded[name] for name in values if name not in keys}
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh))


_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class SqliteDatabase(Database):
    """SQLCipher through SQLAlchemy: one connection that writes, a pool of those that read."""

    def __init__(self, path: Path, key: bytes, patience: int) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(KEY_BYTES)
        make_private_file(path)
        self.path = path
        self._key = key
        self._patience = patience
        self._turn = threading.Lock()
        self._holder: int | None = None
        self._writing: sa.Connection | None = None
        self._check_key()
        self.engine = self._engine("BEGIN IMMEDIATE", "PRAGMA cache_size = -16000", size=1)
        self._readers = self._engine("BEGIN", "PRAGMA query_only = ON", size=_READERS)

    def connect(self) -> Any:  # noqa: ANN401  # the driver has no types
        """A new raw connection outside the pools: for backup, upgrade and maintenance."""
        return connect(self.path, self._key, self._patience)

    def _check_key(self) -> None:
        with translated(opening=True), closing(self.connect()):
            pass

    def _engine(self, begin: str, mode: str, *, size: int) -> sa.Engine:
        def creator() -> Any:  # noqa: ANN401  # the driver has no types
            connection = self.connect()
            connection.execute(mode)
            return connection

        def on_begin(connection: sa.Connection) -> None:
            driver(connection).execute(begin)

        engine = sa.create_engine(
            "sqlite://",
            creator=creator,
            module=sqlcipher,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=-1,
            pool_use_lifo=True,
            hide_parameters=True,
        )
        sa.event.listen(engine, "begin", on_begin)
        return engine

    @override
    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with self._taking_turn(), translated():
            connection = self._writer()
            with connection.begin():
                yield connection

    @override
    @contextmanager
    def rebuilding(self) -> Iterator[sa.Connection]:
        with self._taking_turn(), translated():
            connection = self._writer()
            driver(connection).execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
                    _check_foreign_keys(connection)
            finally:
                driver(connection).execute("PRAGMA foreign_keys = ON")

    @override
    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with translated(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _taking_turn(self) -> Iterator[None]:
        """Queue threads before SQLite does: its busy handler polls and is not fair."""
        if self._holder == threading.get_ident():
            message = "write() inside write()"
            raise RuntimeError(message)
        if not self._turn.acquire(timeout=self._patience):
            raise Busy(self._patience)
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._turn.release()

    def _writer(self) -> sa.Connection:
        if self._writing is None or self._writing.invalidated:
            self._writing = self.engine.connect()
        return self._writing

    @override
    def close(self) -> None:
        with self._turn:
            if self._writing is not None:
                self._writing.close()
                self._writing = None
        self._readers.dispose()
        self.engine.dispose()


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = driver(connection).execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise Damaged(str(broken[0]))


def connect(path: Path, key: bytes, patience: int) -> Any:  # noqa: ANN401  # see driver
    """A raw SQLCipher connection with the settings that the promises rest on.

    Args:
        path: the file.
        key: 32 raw bytes.
        patience: seconds to wait for a lock.

    Raises:
        sqlcipher3.dbapi2.Error: as the driver says it; `translated` names it.
    """
    connection = sqlcipher.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        for statement in _settings(key, patience):
            connection.execute(statement).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _settings(key: bytes, patience: int) -> tuple[str, ...]:
    return (
        "PRAGMA cipher_log_level = NONE",  # else a wrong key writes to standard error
        f"PRAGMA key = \"x'{key.hex()}'\"",
        f"PRAGMA busy_timeout = {patience * 1000}",
        "PRAGMA journal_mode = WAL",  # reads page 1: here a wrong key is found
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON",
        "PRAGMA temp_store = MEMORY",  # temporary files would not be encrypted
        "PRAGMA cache_size = -4000",  # KiB a connection; readers are many
        "PRAGMA journal_size_limit = 67108864",
    )


class PostgresDatabase(Database):
    """PostgreSQL: read committed to write (the ledger takes its own locks), snapshots to read."""

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise ValueError(parsed.get_backend_name())
        self.engine = sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=_READERS,
            max_overflow=_READERS,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={
                "connect_timeout": BUSY_SECONDS,
                "options": f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC",
            },
        )
        with self.read():
            pass

    @override
    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with translated(), self.engine.begin() as connection:
            yield connection

    @override
    @contextmanager
    def rebuilding(self) -> Iterator[sa.Connection]:
        with self.write() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
            yield connection

    @override
    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with translated(), self.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    @override
    def close(self) -> None:
        self.engine.dispose()
