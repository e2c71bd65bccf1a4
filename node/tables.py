"""Tables of a node beside the operation log: who it is, what was published to it, its cases.

Written as Core tables because they are filled in bulk; they are projections or public data. The
rows that people fill one at a time (accounts, sessions) are SQLModel classes in `node.rows`.
"""

from typing import Final

import sqlalchemy as sa

from sync.adapters.tables import METADATA

identity: Final = sa.Table(
    "node_identity",
    METADATA,
    sa.Column("station", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("partner", sa.Text, nullable=False, server_default=""),
    sa.Column("replica", sa.LargeBinary, nullable=False),
    sa.Column("certificate", sa.LargeBinary, nullable=False),
    sa.Column("county_document", sa.LargeBinary, nullable=False),
    sa.Column("root_key", sa.LargeBinary, nullable=False),
    sa.Column("parent_certificate", sa.LargeBinary),
    sa.Column("trust", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("epoch", sa.LargeBinary, nullable=False),
    sa.Column("anchor_answer", sa.LargeBinary),
    sa.Column("anchor_time", sa.BigInteger),
    sa.Column("anchor_running", sa.BigInteger),
    sa.Column("clock_offset", sa.BigInteger),
    sa.Column("device_keys", sa.LargeBinary),
    sa.Column("stopped", sa.Text, nullable=False, server_default=""),
    sa.Column("stopped_at", sa.BigInteger),
)
"""One row: this node, its trust, and the last answer of the county (the anchor).

`device_keys`: sealed seeds of a device that enrolled anew; without, those of the key file count.
`stopped`: why it must not write (`node.identity.Stop`); empty: it may.
"""

published: Final = sa.Table(
    "published",
    METADATA,
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("taken_at", sa.BigInteger, nullable=False),
)
"""Catalogues as the county signed them; old versions stay, because old cases were taken on them."""

case: Final = sa.Table(
    "case_file",
    METADATA,
    sa.Column("record", sa.LargeBinary, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("temporary_number", sa.Text, nullable=False, server_default=""),
    sa.Column("official_number", sa.Text, nullable=False, server_default=""),
    sa.Column("item", sa.Text, nullable=False, server_default=""),
    sa.Column("item_version", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("flags", sa.Text, nullable=False, server_default=""),
    sa.Column("station", sa.Text, nullable=False, server_default=""),
    sa.Column("handling", sa.Text, nullable=False, server_default=""),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("received_at", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("due", sa.Text, nullable=False, server_default=""),
    sa.Column("deadline", sa.Text, nullable=False, server_default=""),
    sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("checking", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("refused", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("group_key", sa.LargeBinary),
    sa.Column("papers", sa.Text, nullable=False, server_default=""),
    sa.Column("result", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("id"),
    sa.Index("ix_case_file_temporary_number", "temporary_number"),
    sa.Index("ix_case_file_official_number", "official_number"),
    sa.Index("ix_case_file_state", "state", "received_at"),
    sa.Index("ix_case_file_due", "state", "due"),
    sa.Index("ix_case_file_received", "received_at", "id"),
    sa.Index("ix_case_file_station", "station", "received_at"),
    sa.Index("ix_case_file_group", "group_key"),
)
"""Cases as derived from the log; may be thrown away and rebuilt.

`group_key` (hub): keyed hash of applicant and item, for duplicates. `papers`, `result`: where
paper lies and which place a bag goes to, where the result waits (`casework.paper_trail`).
"""

case_link: Final = sa.Table(
    "case_link",
    METADATA,
    sa.Column("record", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("ref", sa.Text, primary_key=True),
    sa.Index("ix_case_link_ref", "kind", "ref"),
)
"""What a case names for looking up (`node.case_links`): its matter, the case before, numbers of
other systems. Derived like `case_file`; stays when a case is pruned."""

ATTACHMENT_WAITING: Final = "county IS FALSE AND held = whole"
ATTACHMENT_LACKING: Final = "held <> whole"
"""Which blobs wait for the county, and of which a chunk is not here: said once, for queries and for
the small indexes that answer them."""

attachment: Final = sa.Table(
    "attachment",
    METADATA,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("chunks", sa.LargeBinary, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("whole", sa.BigInteger, nullable=False),
    sa.Column("county", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("noted_at", sa.BigInteger),
    sa.Column("county_at", sa.BigInteger),
    sa.Column("evicted_at", sa.BigInteger),
    sa.Column("wanted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("record", sa.LargeBinary),
    sa.Column("replica", sa.LargeBinary),
    sa.UniqueConstraint("hash"),
    sa.Index(
        "ix_attachment_waiting",
        "size",
        sqlite_where=sa.text(ATTACHMENT_WAITING),
        postgresql_where=sa.text(ATTACHMENT_WAITING),
    ),
    sa.Index(
        "ix_attachment_lacking",
        "replica",
        sqlite_where=sa.text(ATTACHMENT_LACKING),
        postgresql_where=sa.text(ATTACHMENT_LACKING),
    ),
)
"""Blobs that operations name. `held`: a bit for each chunk that is here; `whole`: all of them set;
`county`: a signed answer of the county said that it lacks none. `noted_at`, `county_at`,
`evicted_at`: when an operation first named it, the county had it, its bytes were dropped here.
`wanted`: it was asked for again (C31). `record`, `replica`: which case names it, and which device
wrote that."""
