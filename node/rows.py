"""Tables that both programs share: accounts, sessions, settings, requests already answered.

Rows are storage and nothing more: SQLModel does not validate table rows, the frozen dataclasses
of the callers do. Times are integers, milliseconds since the epoch, UTC. Secrets are stored as
hashes only. Nobody writes to these tables but the module named with each.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints: batch migrations on SQLite find them by name."""

_node_registry = registry(metadata=sa.MetaData(naming_convention=NAMING))
metadata = _node_registry.metadata


class NodeRow(SQLModel, registry=_node_registry):
    """Base of the tables of this package; each app has a base and a registry of its own."""


class AccountRow(NodeRow, table=True):
    """A person who may sign in (`node.people`). The order of ids is the order of making."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    station: str
    department: str = ""
    password_hash: str
    first: bool = False
    disabled_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    created_at: int = Field(sa_type=sa.BigInteger)


class SessionRow(NodeRow, table=True):
    """An open session (`node.people`), found by the hash of its token."""

    __tablename__ = "session"

    token_hash: bytes = Field(primary_key=True)
    account: int = Field(foreign_key="account.id", index=True)
    created_at: int = Field(sa_type=sa.BigInteger)
    seen_at: int = Field(sa_type=sa.BigInteger)


class SignInFailureRow(NodeRow, table=True):
    """Wrong passwords in a row for one login (`node.people`), by the hash of what was typed."""

    __tablename__ = "sign_in_failure"

    login_hash: bytes = Field(primary_key=True)
    failures: int
    last_at: int = Field(index=True, sa_type=sa.BigInteger)


class SettingRow(NodeRow, table=True):
    """A value by name (`node.settings`)."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: Any = Field(sa_type=sa.JSON)
    updated_at: int = Field(sa_type=sa.BigInteger)


class AnsweredRequestRow(NodeRow, table=True):
    """The answer to a creating request, by its `Idempotency-Key` (`node.idempotency`)."""

    __tablename__ = "answered_request"

    account: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    route: str
    body_hash: bytes
    status: int
    location: str = ""
    body: bytes
    answered_at: int = Field(index=True, sa_type=sa.BigInteger)


def table(row: type[SQLModel]) -> sa.Table:
    """The Core table behind a row class."""
    found: sa.Table = row.__table__  # type: ignore[attr-defined]  # set by table=True
    return found
