"""What the database drivers raise, as errors that a caller can act on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Never

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError, OperationalError

from node.errors import (
    Busy,
    Damaged,
    DatabaseUnreachable,
    Deadlock,
    DiskFailed,
    DiskFull,
    WrongKey,
)

BUSY_SECONDS = 10


@contextmanager
def translated(*, opening: bool = False) -> Iterator[None]:
    """Turn what the driver raises into our errors; what nobody can act on goes through.

    Args:
        opening: "not a database" then means a wrong key, later a damaged file.
    """
    try:
        yield
    except DBAPIError as error:
        _raise_ours(error.orig, error, opening=opening)
    except sqlcipher.Error as error:
        _raise_ours(error, error, opening=opening)


_NOT_A_DATABASE = 26
_SQLITE: dict[int, Callable[[str], Exception]] = {
    5: lambda _: Busy(BUSY_SECONDS),
    6: lambda _: Busy(BUSY_SECONDS),
    8: DiskFailed,
    10: DiskFailed,
    11: Damaged,
    13: lambda _: DiskFull(),
    14: DiskFailed,
    _NOT_A_DATABASE: Damaged,
}
_POSTGRES: dict[str, Callable[[str], Exception]] = {
    "40001": lambda _: Deadlock(),
    "40P01": lambda _: Deadlock(),
    "53100": lambda _: DiskFull(),
    "55P03": lambda _: Busy(BUSY_SECONDS),
    "57P01": lambda _: DatabaseUnreachable(),
    "57P03": lambda _: DatabaseUnreachable(),
    "XX001": Damaged,
    "XX002": Damaged,
}


def _raise_ours(cause: BaseException | None, error: Exception, *, opening: bool) -> Never:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        _raise_postgres(cause, error)
    primary = code & 0xFF
    if opening and primary == _NOT_A_DATABASE:
        raise WrongKey from error
    if primary in _SQLITE:
        raise _SQLITE[primary](getattr(cause, "sqlite_errorname", "")) from error
    raise error


def _raise_postgres(cause: BaseException | None, error: Exception) -> Never:
    state = getattr(cause, "sqlstate", None)
    if state in _POSTGRES:
        raise _POSTGRES[state](state) from error
    if isinstance(error, OperationalError) and state is None:
        raise DatabaseUnreachable from error
    raise error
