"""Tables that only a station has: drafts, their photos, numbers given, and the enrolment under way.

Rows are storage and nothing more (see `node.rows`). The search index is no row: sqlite-utils builds
and fills it (`station.search`).
"""

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from node import rows as node_rows
from node import tables as node_tables
from node.migrate import Scripts
from node.rows import NAMING

_registry = registry(metadata=sa.MetaData(naming_convention=NAMING))
metadata = _registry.metadata


class StationRow(SQLModel, registry=_registry):
    """Base of the station's tables."""


class DraftRow(StationRow, table=True):
    """An intake that was begun (`usecases.drafts`)."""

    __tablename__ = "draft"

    id: str = Field(primary_key=True)
    item: str
    step: str
    document: Any = Field(sa_type=sa.JSON)
    actor: str
    created_at: int = Field(sa_type=sa.BigInteger)
    saved_at: int = Field(index=True, sa_type=sa.BigInteger)


class DraftPhotoRow(StationRow, table=True):
    """A photo taken before the case exists; it goes with its draft."""

    __tablename__ = "draft_photo"

    id: str = Field(primary_key=True)
    draft: str = Field(foreign_key="draft.id", index=True, ondelete="CASCADE")
    material: int
    image: bytes
    taken_at: int = Field(sa_type=sa.BigInteger)


class NumberRow(StationRow, table=True):
    """How many temporary numbers a device has given on a day; it only rises."""

    __tablename__ = "number_given"

    day: str = Field(primary_key=True)
    serial: int


class EnrolmentRow(StationRow, table=True):
    """What an enrolment needs until the county has decided (`usecases.enrol`): one row."""

    __tablename__ = "enrolment"

    id: int = Field(default=1, primary_key=True)
    hub: str
    parent_url: str = ""
    request: bytes
    offer: Any = Field(sa_type=sa.JSON)
    replica: bytes
    device_keys: bytes = b""
    match_code: str
    state: str


class AddressRow(StationRow, table=True):
    """Where a parent is reached (`usecases.exchange`), the county first."""

    __tablename__ = "parent_address"

    place: int = Field(primary_key=True)
    url: str
    fingerprint: str = ""


class PrintRow(StationRow, table=True):
    """A document printed, with the number it was given (`usecases.documents`)."""

    __tablename__ = "print"

    case: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    number: str
    serial: int
    year: int
    prints: int
    printed_at: int = Field(index=True, sa_type=sa.BigInteger)


class UnmaskingRow(StationRow, table=True):
    """Somebody looked at a case in full (`usecases.seeing`); never shortened."""

    __tablename__ = "unmasking"

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=sa.BigInteger)
    case: str = Field(index=True)
    account: str
    purpose: str


class PersonRow(StationRow, table=True):
    """Whose case it is, by the number typed at the counter (`usecases.people`).

    Made of the log and can be made anew; the database is encrypted whole.
    """

    __tablename__ = "person_case"

    record: bytes = Field(primary_key=True)
    id_no: str = Field(index=True)


class ImportedRow(StationRow, table=True):
    """A row of a roster that became a case (`usecases.roster`): taken in twice, it stays one."""

    __tablename__ = "roster_row"

    digest: str = Field(primary_key=True)
    case: str
    imported_at: int = Field(sa_type=sa.BigInteger)


class AskedRow(StationRow, table=True):
    """Somebody asked about an item, and who was asked first (`usecases.asking`)."""

    __tablename__ = "first_asked"

    id: str = Field(primary_key=True)
    at: int = Field(index=True, sa_type=sa.BigInteger)
    item: str
    item_version: int
    account: str
    question: str = ""
    phone: str = ""
    due: str = ""
    referred_to: str = ""
    answered_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    answered_by: str = ""


SCRIPTS: Final = Scripts(
    Path(__file__).parent / "migrations", (node_tables.case.metadata, node_rows.metadata, metadata)
)
"""The revisions of a station's database."""
