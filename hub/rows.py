"""Tables of the county hub beside those of every node: stations, enrolments, numbers, checks.

Rows are storage only; the use case named with each writes it. Times are integers, milliseconds
since the epoch, UTC. `conflict*`, `grouping`, `notification` and `verdict` are projections of the
county's own operations and may be thrown away (`hub.usecases.projections`).
"""

from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from node import rows as node_rows
from node import tables as node_tables
from node.migrate import Scripts
from node.rows import NAMING, table

_hub_registry = registry(metadata=sa.MetaData(naming_convention=NAMING))
metadata: Final = _hub_registry.metadata


class HubRow(SQLModel, registry=_hub_registry):
    """Base of the hub's tables."""


class StationRow(HubRow, table=True):
    """A registered place (`stations`); its devices are in the node's `log_author`."""

    __tablename__ = "station"

    code: str = Field(primary_key=True)
    kind: str
    name: str
    partner: str = ""
    parent: str
    authorised_until: int = Field(sa_type=sa.BigInteger)
    created_at: int = Field(sa_type=sa.BigInteger)


class AuthorisationRow(HubRow, table=True):
    """A letter of authorisation, or the agreement of an outlet (`authorisations`); kept for ever.

    `grantee`: 12-digit code, or `@` and the login of a person.
    """

    __tablename__ = "authorisation"

    id: str = Field(primary_key=True)
    kind: str
    grantor: str = ""
    document_no: str
    grantee: str = Field(index=True)
    powers: Any = Field(sa_type=sa.JSON)
    items: Any = Field(sa_type=sa.JSON)
    areas: Any = Field(sa_type=sa.JSON)
    terms: Any = Field(sa_type=sa.JSON)
    valid_from: str
    valid_to: str
    made_by: str = ""
    made_at: int = Field(sa_type=sa.BigInteger)
    ended_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    ended_by: str = ""
    reason: str = ""


class EnrolmentRow(HubRow, table=True):
    """One try of one device to join (`enrolments`), from the one-time code to the decision."""

    __tablename__ = "enrolment"

    id: bytes = Field(primary_key=True)
    code_hash: bytes = Field(unique=True)
    station: str = Field(index=True)
    state: str = Field(index=True)
    pre_approved: bool = False
    hub_nonce: bytes
    commitment: bytes | None = None
    nonce: bytes | None = None
    replica: bytes | None = Field(default=None, index=True)
    verify_key: bytes | None = None
    encryption_key: bytes | None = None
    tls_fingerprint: str = ""
    match_code: str = ""
    device: int = 0
    certificate: bytes | None = None
    reason: str = ""
    created_at: int = Field(sa_type=sa.BigInteger)
    expires_at: int = Field(sa_type=sa.BigInteger)
    revealed_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    decided_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    decided_by: str = ""


class EnrolmentFailureRow(HubRow, table=True):
    """Unknown codes in a row from one address (`enrolments`), by a hash of the address."""

    __tablename__ = "enrolment_failure"

    source_hash: bytes = Field(primary_key=True)
    failures: int
    last_at: int = Field(sa_type=sa.BigInteger)


class PrintRow(HubRow, table=True):
    """A document printed at the county, with the number it was given (`documents`)."""

    __tablename__ = "print"

    case: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    number: str
    serial: int
    year: int
    prints: int
    printed_at: int = Field(sa_type=sa.BigInteger)


class OfficialSerialRow(HubRow, table=True):
    """The next serial of an item on a day (`registering`); never goes back."""

    __tablename__ = "official_serial"

    item: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    next: int = Field(sa_type=sa.BigInteger)


class UnmaskingRow(HubRow, table=True):
    """Who looked at whole numbers of which case, and what for (`unmasking`); read every week."""

    __tablename__ = "unmasking"

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(index=True, sa_type=sa.BigInteger)
    login: str
    record: bytes = Field(index=True)
    purpose: str


class ConflictRow(HubRow, table=True):
    """A check of the county, open or closed (`projections`)."""

    __tablename__ = "conflict"

    id: str = Field(primary_key=True)
    rule: str
    state: str = Field(index=True)
    fields: Any = Field(sa_type=sa.JSON)
    opened_at: int = Field(sa_type=sa.BigInteger)
    soft: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class ConflictCaseRow(HubRow, table=True):
    """Which cases a check is about (`projections`)."""

    __tablename__ = "conflict_case"

    conflict: str = Field(primary_key=True)
    record: bytes = Field(primary_key=True, index=True)


class ConflictFacetRow(HubRow, table=True):
    """By what the queue of checks is filtered: kind, rule, field, station, item (`projections`)."""

    __tablename__ = "conflict_facet"

    conflict: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str = Field(primary_key=True, index=True)


class ProposalRow(HubRow, table=True):
    """The first of two persons' word on a check on which money hangs (`confirming`)."""

    __tablename__ = "proposal"

    conflict: str = Field(primary_key=True)
    answer: Any = Field(sa_type=sa.JSON)
    version: str
    by: str
    at: int = Field(sa_type=sa.BigInteger)


class BatchRow(HubRow, table=True):
    """Checks that one person answered at once, so that one undo takes them back (`bulk`)."""

    __tablename__ = "batch"

    id: str = Field(primary_key=True)
    conflicts: Any = Field(sa_type=sa.JSON)
    by: str
    at: int = Field(sa_type=sa.BigInteger)


class GroupingRow(HubRow, table=True):
    """What a case has in common with others, as keyed hashes (`groups`)."""

    __tablename__ = "grouping"

    record: bytes = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    key: bytes = Field(index=True)


class NotificationRow(HubRow, table=True):
    """What a citizen is to be told, and whether it went out (`notifications`).

    A projection of `told.*`; `sent_at` and `tries` are the state of sending, kept on a rebuild.
    """

    __tablename__ = "notification"

    id: int | None = Field(default=None, primary_key=True)
    record: bytes = Field(index=True)
    name: str
    rule: str
    text: str
    way: str = Field(index=True)
    number: str
    told_at: int = Field(sa_type=sa.BigInteger)
    sent_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    reached_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    tries: int = 0


class VerdictRow(HubRow, table=True):
    """The county's latest word on an operation of somebody (`projections`)."""

    __tablename__ = "verdict"

    replica: bytes = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=sa.BigInteger)
    record: bytes
    refused: bool
    code: str
    reason: str
    said_at: int = Field(sa_type=sa.BigInteger)


class ExportedRow(HubRow, table=True):
    """A case that was written for another system (`exporting`), by its place in all the files."""

    __tablename__ = "exported"

    seq: int = Field(primary_key=True, sa_type=sa.BigInteger)
    record: bytes = Field(unique=True)
    kind: str
    at: int = Field(sa_type=sa.BigInteger)


class AlertRow(HubRow, table=True):
    """What runs out or waits (`alerts`): a projection of the cases and of the day."""

    __tablename__ = "alert"

    record: bytes = Field(primary_key=True)
    timer: str = Field(primary_key=True)
    level: str = Field(index=True)
    due: str
    raised_at: int = Field(sa_type=sa.BigInteger)


class CatalogueDraftRow(HubRow, table=True):
    """A catalogue on its way to be published (`catalogue_drafts`): who wrote, who approved."""

    __tablename__ = "catalogue_draft"

    id: int | None = Field(default=None, primary_key=True)
    state: str = Field(index=True)
    base: int = Field(sa_type=sa.BigInteger)
    restores: int | None = Field(default=None, sa_type=sa.BigInteger)
    document: Any = Field(sa_type=sa.JSON)
    author: str
    made_at: int = Field(sa_type=sa.BigInteger)
    note: str = ""
    submitted_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    decided_by: str = ""
    decided_at: int | None = Field(default=None, sa_type=sa.BigInteger)
    reason: str = ""
    version: int | None = Field(default=None, index=True, sa_type=sa.BigInteger)


class CatalogueRequestRow(HubRow, table=True):
    """A department asks for a change of the catalogue (`catalogue_requests`, R-GX-03, T11)."""

    __tablename__ = "catalogue_request"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    items: Any = Field(sa_type=sa.JSON)
    department: str
    proposer: str
    basis: str
    law_date: str
    told_on: str
    noted_by: str
    noted_at: int = Field(sa_type=sa.BigInteger)
    adjusted_on: str = ""
    version: int | None = Field(default=None, sa_type=sa.BigInteger)


station: Final = table(StationRow)
authorisation: Final = table(AuthorisationRow)
enrolment: Final = table(EnrolmentRow)
enrolment_failure: Final = table(EnrolmentFailureRow)
official_serial: Final = table(OfficialSerialRow)
unmasking: Final = table(UnmaskingRow)
conflict: Final = table(ConflictRow)
conflict_case: Final = table(ConflictCaseRow)
conflict_facet: Final = table(ConflictFacetRow)
proposal: Final = table(ProposalRow)
batch: Final = table(BatchRow)
grouping: Final = table(GroupingRow)
notification: Final = table(NotificationRow)
verdict: Final = table(VerdictRow)
exported: Final = table(ExportedRow)
alert: Final = table(AlertRow)
catalogue_draft: Final = table(CatalogueDraftRow)
catalogue_request: Final = table(CatalogueRequestRow)

SCRIPTS: Final = Scripts(
    Path(__file__).parent / "migrations",
    (node_rows.metadata, node_tables.identity.metadata, metadata),
)
"""The revisions of the hub's database and the tables they lead to."""
