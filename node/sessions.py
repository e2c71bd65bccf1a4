"""Signing in and out: who is in, and for how long.

Session tokens are kept as SHA-256. An unknown login costs the same time as a wrong password. Five
wrong passwords for a login close it for 30 seconds, each further one for twice as long, at most an
hour; the count is durable. A session ends after 15 minutes without a person's act, and after 12
hours in any case.
"""

import base64
import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import sqlalchemy as sa

from crypto.entropy import random_bytes
from node import settings
from node.db import Database, upsert
from node.errors import SignInRefused, TooManyTries
from node.people import Account, Entropy, account_of, fold, login_hash, row_of, verify
from node.rows import AccountRow, SessionRow, SignInFailureRow, table

FREE_TRIES: Final = 5
FIRST_WAIT_MS: Final = 30_000
LONGEST_WAIT_MS: Final = 3_600_000
_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 86_400_000
_TOKEN_BYTES: Final = 32
_ACCOUNT, _SESSION, _FAILURE = table(AccountRow), table(SessionRow), table(SignInFailureRow)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the token goes into the cookie and nowhere else."""

    account: Account
    token: str


class Activity(Enum):
    """What a request says about the person in front of the screen."""

    PERSON = "person"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long sessions last, in milliseconds."""

    idle_ms: int = 15 * _MINUTE_MS
    absolute_ms: int = 12 * 60 * _MINUTE_MS


def session_times(tx: sa.Connection) -> SessionTimes:
    """The times by the settings `session.idle_minutes` and `session.absolute_minutes`."""
    plain = SessionTimes()
    idle = settings.get(tx, "session.idle_minutes", plain.idle_ms // _MINUTE_MS)
    absolute = settings.get(tx, "session.absolute_minutes", plain.absolute_ms // _MINUTE_MS)
    return SessionTimes(int(idle) * _MINUTE_MS, int(absolute) * _MINUTE_MS)


def wait_ms(failures: int) -> int:
    """How long a login is closed after so many wrong passwords in a row, in milliseconds."""
    if failures < FREE_TRIES:
        return 0
    doublings = min(failures - FREE_TRIES, 20)
    return min(FIRST_WAIT_MS << doublings, LONGEST_WAIT_MS)


def sign_in(
    database: Database, *, login: str, password: str, now: int, entropy: Entropy = random_bytes
) -> SignedIn:
    """Check a password and open a new session.

    The slow check runs outside any transaction; the waiting time is looked at before and after,
    so that many guesses at once gain nothing.

    Args:
        database: of the node.
        login: as typed.
        password: as typed.
        now: milliseconds since the epoch.
        entropy: draws the token.

    Raises:
        SignInRefused: they do not match, or the account is off.
        TooManyTries: the login is closed; nothing was checked.
    """
    login = fold(login)
    with database.read() as tx:
        _require_open(tx, login, now)
        row = row_of(tx, login)
    account = verify(row, password)
    token = _token(entropy(_TOKEN_BYTES))
    with database.write() as tx:
        _require_open(tx, login, now)
        if account is None:
            _count_failure(tx, login, now)
        else:
            _open_session(tx, account, token, now)
    if account is None:
        raise SignInRefused
    return SignedIn(account, token)


def who(
    database: Database, token: str, *, now: int, activity: Activity = Activity.PERSON
) -> Account | None:
    """Whose session this is, or None where it has ended.

    A person's act prolongs it (written at most once a minute); a page's own polling does not.

    Args:
        database: of the node.
        token: from the cookie, as it came.
        now: milliseconds since the epoch.
        activity: what caused the request.
    """
    token_hash = _token_hash(token)
    with database.read() as tx:
        row = tx.execute(_open_sessions().where(_SESSION.c.token_hash == token_hash)).one_or_none()
        if row is None or not _alive(row, now, session_times(tx)):
            return None
    if activity is Activity.PERSON and now - row.seen_at >= _MINUTE_MS:
        with database.write() as tx:
            mine = _SESSION.c.token_hash == token_hash
            tx.execute(_SESSION.update().where(mine).values(seen_at=now))
    return account_of(row)


def sign_out(database: Database, token: str) -> None:
    """End a session at once; an unknown token is no error."""
    with database.write() as tx:
        tx.execute(_SESSION.delete().where(_SESSION.c.token_hash == _token_hash(token)))


def end_all(tx: sa.Connection) -> None:
    """Sign everybody out, on every computer."""
    tx.execute(sa.delete(_SESSION))


def _open_sessions() -> sa.Select[Any]:
    times = (_SESSION.c.created_at.label("opened_at"), _SESSION.c.seen_at)
    return (
        sa.select(_ACCOUNT, *times)
        .join(_SESSION, _SESSION.c.account == _ACCOUNT.c.id)
        .where(_ACCOUNT.c.disabled_at.is_(None))
    )


def _alive(row: sa.Row[Any], now: int, times: SessionTimes) -> bool:
    """A clock that was set back must not make a session longer."""
    idle, age = now - row.seen_at, now - row.opened_at
    return idle in range(-_MINUTE_MS, times.idle_ms) and age in range(
        -_MINUTE_MS, times.absolute_ms
    )


def _open_session(tx: sa.Connection, account: Account, token: str, now: int) -> None:
    times = session_times(tx)
    tx.execute(_SESSION.delete().where(_SESSION.c.seen_at < now - times.idle_ms))
    tx.execute(_FAILURE.delete().where(_FAILURE.c.login_hash == login_hash(account.login)))
    tx.execute(_FAILURE.delete().where(_FAILURE.c.last_at < now - _DAY_MS))
    row = {"token_hash": _token_hash(token), "account": account.id, "created_at": now}
    tx.execute(_SESSION.insert().values(seen_at=now, **row))


def _require_open(tx: sa.Connection, login: str, now: int) -> None:
    failure = tx.execute(_failures(login)).one_or_none()
    if failure is None:
        return
    wait = wait_ms(failure.failures)
    left = min(failure.last_at + wait - now, wait)
    if left > 0:
        raise TooManyTries(-(-left // 1000))


def _count_failure(tx: sa.Connection, login: str, now: int) -> None:
    failure = tx.execute(_failures(login)).one_or_none()
    count = 1 if failure is None else failure.failures + 1
    upsert(tx, _FAILURE, {"login_hash": login_hash(login), "failures": count, "last_at": now})


def _failures(login: str) -> sa.Select[Any]:
    return sa.select(_FAILURE).where(_FAILURE.c.login_hash == login_hash(login))


def _token(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
