"""Tables of the operation log, the same on SQLite and PostgreSQL.

Rows are wide and keyed by an integer: `WITHOUT ROWID` costs more than it saves here. Hashes and
bodies are kept as the bytes that were signed; nothing in these tables is ever rewritten, but for
receipts, custody and disclosures that arrive later.
"""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _Id, primary_key=True, autoincrement=True)


author: Final = sa.Table(
    "log_author",
    METADATA,
    sa.Column("replica", sa.LargeBinary, primary_key=True),
    sa.Column("station", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("certificate", sa.LargeBinary, nullable=False),
    sa.Column("revoked_after", sa.BigInteger),
    sa.Column("frozen_after", sa.BigInteger),
)
"""Replicas whose county certificate this node has verified.

`frozen_after`: the replica has written two histories; what lies beyond is put aside.
"""

former_replica: Final = sa.Table(
    "log_former_replica",
    METADATA,
    sa.Column("replica", sa.LargeBinary, primary_key=True),
    sa.Column("ended_at", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("last", sa.BigInteger, nullable=False),
)
"""Earlier incarnations of this node: it signs nothing for them, but delivers what they signed."""

known_head: Final = sa.Table(
    "log_known_head",
    METADATA,
    sa.Column("replica", sa.LargeBinary, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("heard_at", sa.BigInteger, nullable=False),
    sa.Column("via", sa.Text, nullable=False),
)
"""The highest signed head heard of each replica, on any path: what exists, held here or not."""

record_stub: Final = sa.Table(
    "log_record_stub",
    METADATA,
    sa.Column("record", sa.LargeBinary, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("temporary_number", sa.Text, nullable=False, server_default=""),
    sa.Column("official_number", sa.Text, nullable=False, server_default=""),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
    sa.Column("pruned_at", sa.BigInteger, nullable=False),
    sa.Column("asked", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""What is left of a record that was pruned: its numbers, and the hashes of its operations."""

change_set: Final = sa.Table(
    "log_change_set",
    METADATA,
    _id(),
    sa.Column("replica", sa.LargeBinary, nullable=False),
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.Column("header_hash", sa.LargeBinary, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("anchor_time", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("received_at", sa.BigInteger),
    sa.Column("receipt", sa.LargeBinary),
    sa.Column("former", sa.LargeBinary),
    sa.Column("custody", sa.LargeBinary),
    sa.Column("subtrees", sa.LargeBinary),
    sa.Column("seed2", sa.LargeBinary),
    sa.Column("seed3", sa.LargeBinary),
    sa.UniqueConstraint("replica", "first"),
    sa.UniqueConstraint("header_hash"),
    sa.Index(
        "ix_log_change_set_open",
        "replica",
        "first",
        sqlite_where=sa.text("receipt IS NULL"),
        postgresql_where=sa.text("receipt IS NULL"),
    ),
    sa.Index("ix_log_change_set_received", "replica", "received_at"),
)
"""Signed headers. `subtrees`: hashes learnt from proofs, where not every operation is held.

`former`: a receipt that the county gave before it lost the change set and was put back.
"""

operation: Final = sa.Table(
    "log_operation",
    METADATA,
    _id(),
    sa.Column("replica", sa.LargeBinary, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("commitments", sa.LargeBinary, nullable=False),
    sa.Column("salt2", sa.LargeBinary),
    sa.Column("values2", sa.LargeBinary),
    sa.Column("salt3", sa.LargeBinary),
    sa.Column("values3", sa.LargeBinary),
    sa.Column("change_set", _Id, sa.ForeignKey(change_set.c.id)),
    sa.UniqueConstraint("replica", "seq"),
    sa.Index("ix_log_operation_record", "record"),
    sa.Index("ix_log_operation_change_set", "change_set"),
)
"""Operations, their commitments (ascending by class, 32 bytes each), what may be seen of them."""

open_change_set: Final = sa.Table(
    "log_open_change_set",
    METADATA,
    sa.Column("replica", sa.LargeBinary, primary_key=True),
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("next", sa.BigInteger, nullable=False),
    sa.Column("prev", sa.LargeBinary),
    sa.Column("anchor_answer", sa.LargeBinary),
    sa.Column("anchor_time", sa.BigInteger),
    sa.Column("catalogue", sa.BigInteger, nullable=False),
    sa.Column("authorisations", sa.BigInteger, nullable=False),
    sa.Column("policy", sa.BigInteger, nullable=False),
    sa.Column("seed2", sa.LargeBinary, nullable=False),
    sa.Column("seed3", sa.LargeBinary, nullable=False),
)
"""The run of own operations that is not signed yet: one row."""

child: Final = sa.Table(
    "feed_child",
    METADATA,
    sa.Column("replica", sa.LargeBinary, primary_key=True),
    sa.Column("station", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("next", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("taken", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_request", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_seen", sa.BigInteger),
    sa.Column("status", sa.LargeBinary),
    sa.Column("repaired", sa.BigInteger, nullable=False, server_default="0"),
)
"""Whom this node feeds, the next item number of each, and what it last said of itself."""

feed_item: Final = sa.Table(
    "feed_item",
    METADATA,
    sa.Column("child", sa.LargeBinary, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("operation", _Id, sa.ForeignKey(operation.c.id), nullable=False),
)
"""What is owed to a child, numbered without gaps."""

quarantine: Final = sa.Table(
    "quarantine",
    METADATA,
    _id(),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("sender", sa.LargeBinary),
    sa.Column("seq", sa.BigInteger),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="held"),
    sa.UniqueConstraint("digest"),
)
"""What could not be read or trusted, kept as received."""

carried: Final = sa.Table(
    "carried_bundle",
    METADATA,
    _id(),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("sender", sa.LargeBinary, nullable=False),
    sa.Column("taken_at", sa.BigInteger, nullable=False),
    sa.Column("bundle", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("digest"),
)
"""Sealed bundles of children on their way to the county."""

carried_header: Final = sa.Table(
    "carried_header",
    METADATA,
    sa.Column("bundle", _Id, sa.ForeignKey(carried.c.id), primary_key=True),
    sa.Column("header_hash", sa.LargeBinary, primary_key=True),
)
"""Which change sets a carried bundle holds: it may go when all are receipted."""

letter: Final = sa.Table(
    "carried_letter",
    METADATA,
    sa.Column("replica", sa.LargeBinary, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("taken_at", sa.BigInteger, nullable=False),
    sa.Column("reply", sa.LargeBinary),
    sa.Column("given", sa.LargeBinary),
)
"""A child's newest request to the county, carried for it, and the county's reply.

`given`: digest of the answer in which the child was given the reply.
"""

link: Final = sa.Table(
    "parent_link",
    METADATA,
    sa.Column("station", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_answer", sa.LargeBinary),
    sa.Column("epoch", sa.LargeBinary),
    sa.Column("position", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_contact", sa.BigInteger),
    sa.Column("failures", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_failure", sa.Text),
    sa.Column("budget", sa.BigInteger, nullable=False, server_default="1048576"),
    sa.Column("digest_at", sa.BigInteger),
    sa.Column("give_back", sa.LargeBinary),
)
"""One row for each parent this node exchanges with.

`give_back`: what the county said it holds of its own log after it was put back from an old copy.
"""

outstanding: Final = sa.Table(
    "parent_request",
    METADATA,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("station", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Index("ix_parent_request_station", "station", "carrier"),
)
"""Requests that wait for their answer: one on the line, others on sticks."""
