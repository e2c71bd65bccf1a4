"""Accounts and passwords: who works here, and as what.

Passwords are kept as Argon2id hashes. Accounts are never deleted, only switched off: the history
names them. Signing in is `node.sessions`.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from casework.places import Role
from crypto.entropy import random_bytes
from node.errors import (
    LastAdministrator,
    LoginTaken,
    NoAccountFor,
    NoSuchAccount,
    UnknownRole,
)
from node.rows import AccountRow, SessionRow, SignInFailureRow, table

_SALT_BYTES: Final = 16
_SIGNS: Final = "cdfghjkmnpqrtvwxy34679"  # no vowels, no look-alikes
_PASSWORD_SIGNS: Final = 12
_ACCOUNT, _SESSION, _FAILURE = table(AccountRow), table(SessionRow), table(SignInFailureRow)
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
ROLES: Final = tuple(role for role in Role if role is not Role.SYSTEM)

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made.

    Attributes:
        login: what the person types; case does not matter.
        name: how others see the person.
        role: one of `ROLES`.
        station: 12-digit code of the place.
        department: for approvers.
        first: made by `init`.
    """

    login: str
    name: str
    role: str
    station: str
    department: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in."""

    id: int
    login: str
    name: str
    role: Role
    station: str
    department: str
    first: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class Issued:
    """A new account and its first password, which is shown once and kept nowhere."""

    account: Account
    password: str


def new_password(entropy: Entropy = random_bytes) -> str:
    """Twelve signs in groups of four that can be read out on the phone; 53 bits."""
    signs = [_draw(entropy) for _ in range(_PASSWORD_SIGNS)]
    return "-".join("".join(signs[at : at + 4]) for at in range(0, _PASSWORD_SIGNS, 4))


def _draw(entropy: Entropy) -> str:
    fair = 256 - 256 % len(_SIGNS)
    while (byte := entropy(1)[0]) >= fair:
        pass
    return _SIGNS[byte % len(_SIGNS)]


def add(
    tx: sa.Connection,
    new: NewAccount,
    *,
    now: int,
    password: str = "",
    entropy: Entropy = random_bytes,
) -> Issued:
    """Make an account.

    Args:
        tx: a write transaction.
        new: the account.
        now: milliseconds since the epoch.
        password: empty: one is generated.
        entropy: draws the password and the salt.

    Raises:
        LoginTaken: somebody has this login, perhaps switched off.
        UnknownRole: the role is none of `ROLES`.
    """
    if new.role not in ROLES:
        raise UnknownRole(new.role)
    login = fold(new.login)
    if row_of(tx, login) is not None:
        raise LoginTaken(login)
    password = password or new_password(entropy)
    row = {
        "login": login,
        "name": new.name,
        "role": str(new.role),
        "station": new.station,
        "department": new.department,
        "first": new.first,
        "password_hash": _hash(password, entropy),
        "created_at": now,
    }
    tx.execute(_ACCOUNT.insert().values(**row))
    return Issued(by_login(tx, login), password)


def accounts(tx: sa.Connection) -> list[Account]:
    """All accounts in the order of their making, those switched off too."""
    return [account_of(row) for row in tx.execute(sa.select(_ACCOUNT).order_by(_ACCOUNT.c.id))]


def by_login(tx: sa.Connection, login: str) -> Account:
    """One account.

    Raises:
        NoSuchAccount: there is none of this login.
    """
    row = row_of(tx, fold(login))
    if row is None:
        raise NoSuchAccount(login)
    return account_of(row)


def default_account(tx: sa.Connection, roles: Collection[str]) -> Account:
    """Who acts where nobody is named: the first account whose role allows it.

    Args:
        tx: any transaction.
        roles: the roles that may (`casework.authority.roles_of`).

    Raises:
        NoAccountFor: no account that is on has one of them.
    """
    for account in accounts(tx):
        if account.role in roles and not account.disabled:
            return account
    raise NoAccountFor(sorted(str(role) for role in roles))


def acting(tx: sa.Connection, login: str | None, roles: Collection[str]) -> Account:
    """Who acts: the account named by `--as`, else the default one.

    Does not check that the named account's role allows the act; `casework.authority` does.

    Raises:
        NoSuchAccount: the login is unknown or switched off.
        NoAccountFor: nobody was named and nobody may.
    """
    if login is None:
        return default_account(tx, roles)
    account = by_login(tx, login)
    if account.disabled:
        raise NoSuchAccount(login)
    return account


def disable(tx: sa.Connection, login: str, *, now: int) -> Account:
    """Switch an account off and end its sessions; it stays in the history.

    Raises:
        NoSuchAccount: there is none of this login.
        LastAdministrator: no other administrator is on: nobody could administer any more.
    """
    account = by_login(tx, login)
    if _administrators(tx) == [account]:
        raise LastAdministrator(account.login)
    tx.execute(_ACCOUNT.update().where(_ACCOUNT.c.id == account.id).values(disabled_at=now))
    _end_sessions(tx, account.id)
    return by_login(tx, login)


def _administrators(tx: sa.Connection) -> list[Account]:
    return [one for one in accounts(tx) if one.role is Role.ADMINISTRATOR and not one.disabled]


def set_password(
    tx: sa.Connection, login: str, *, password: str = "", entropy: Entropy = random_bytes
) -> Issued:
    """Give an account a new password, end its sessions and its waiting time.

    Raises:
        NoSuchAccount: there is none of this login.
    """
    account = by_login(tx, login)
    password = password or new_password(entropy)
    hashed = _hash(password, entropy)
    tx.execute(_ACCOUNT.update().where(_ACCOUNT.c.id == account.id).values(password_hash=hashed))
    tx.execute(_FAILURE.delete().where(_FAILURE.c.login_hash == login_hash(account.login)))
    _end_sessions(tx, account.id)
    return Issued(account, password)


def verify(row: sa.Row[Any] | None, password: str) -> Account | None:
    """The account of a row if the password is its own; nobody's row takes the same time.

    Args:
        row: from `row_of`.
        password: as typed.
    """
    known = row is not None and row.disabled_at is None
    hashed = row.password_hash if row is not None and known else _dummy_hash()
    matches = _matches(hashed, password)
    return account_of(row) if row is not None and known and matches else None


def _matches(hashed: str, password: str) -> bool:
    try:
        return bool(_HASHER.verify(hashed, password))
    except (Argon2Error, InvalidHashError):
        return False


def _hash(password: str, entropy: Entropy) -> str:
    return _HASHER.hash(password, salt=entropy(_SALT_BYTES))


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    """What a password for nobody is checked against, so that nobody can be told by the time."""
    return _hash(new_password(), random_bytes)


def _end_sessions(tx: sa.Connection, account: int) -> None:
    tx.execute(_SESSION.delete().where(_SESSION.c.account == account))


def row_of(tx: sa.Connection, login: str) -> sa.Row[Any] | None:
    """The stored row of a folded login, with its password hash."""
    return tx.execute(sa.select(_ACCOUNT).where(_ACCOUNT.c.login == login)).one_or_none()


def account_of(row: sa.Row[Any]) -> Account:
    """The account in a row that has the columns of the account table."""
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        station=row.station,
        department=row.department,
        first=row.first,
        disabled=row.disabled_at is not None,
    )


def fold(login: str) -> str:
    """The form in which logins are compared: case and outer blanks do not matter."""
    return login.strip().casefold()


def login_hash(login: str) -> bytes:
    """People type passwords into the wrong field: what was typed is not kept."""
    return hashlib.sha256(login.encode()).digest()
