"""What must hold before a proven extract may be stored: chain, numbers, ends, wholeness."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from node import custody
from node.identity import Identity
from sync import assembly, changeset, merkle
from sync.adapters.sql import SqlLog, StoredChangeSet
from sync.adapters.tables import author
from sync.bundle import Extract
from sync.errors import Fork, Malformed, Unauthorised
from sync.operation import Dot


def demand_everything(extract: Extract) -> None:
    """The county receipts only what it holds whole: operations and all that they disclose.

    Raises:
        Malformed: something is missing.
    """
    if not extract.whole:
        raise Malformed("an author sends its change sets whole")
    if any(e.operation.sealed.keys() != e.disclosures.keys() for e in extract.entries):
        raise Malformed("disclosures are missing")


def demand_same(extract: Extract, held: Mapping[int, bytes]) -> None:
    """Demand that what is held under the same numbers is the same.

    Raises:
        Fork: the replica, ours perhaps, has given one number to two operations.
    """
    for one in (entry.operation for entry in extract.entries):
        if held.get(one.dot.seq, one.hash) != one.hash:
            raise Fork(one.dot.text)


def refuse_ended(tx: sa.Connection, me: Identity, extract: Extract) -> None:
    """Take nothing beyond the end of a replica (C15, fork); a person looks at it.

    Raises:
        Unauthorised: its device was shut out before.
        Fork: it has written two histories; what is held stays, and nothing is added.
    """
    header = extract.signed.header
    limits = sa.select(author.c.revoked_after, author.c.frozen_after)
    row = tx.execute(limits.where(author.c.replica == header.replica)).one()
    if row.revoked_after is not None and header.last > row.revoked_after:
        raise Unauthorised("revoked")
    frozen = row.frozen_after is not None and header.last > row.frozen_after
    if frozen and (me.is_county or not custody.proven(me, extract)):
        raise Fork(f"{header.replica.hex()}:{header.first}")


def place_in_chain(log: SqlLog, extract: Extract) -> StoredChangeSet | None:
    """Find the change set if it is held already.

    Raises:
        Fork: the replica signed another header for a seq of this one, or for what comes before.
    """
    header = extract.signed.header
    covering = log.change_set_covering(header.replica, header.first - 1, header.last + 1)
    for stored in covering:
        if stored.header_hash == extract.signed.hash:
            return stored
    for stored in covering:
        before, after = stored.last == header.first - 1, stored.first == header.last + 1
        if before and stored.header_hash == header.prev:
            continue
        if after and changeset.parse(stored.message).header.prev == extract.signed.hash:
            continue
        raise Fork(f"{header.replica.hex()}:{header.first}")
    return None


def remember_rest(
    log: SqlLog,
    row: int,
    stored: StoredChangeSet | None,
    extract: Extract,
    late: Collection[Dot],
) -> None:
    """Keep hashes of what is not held, so that the root of the change set can still be shown."""
    known: merkle.Known = dict(stored.subtrees) if stored else {}
    if not extract.whole and (stored is None or known):
        known |= assembly.prove(extract)
    first = extract.signed.header.first
    for entry in extract.entries:
        place = entry.operation.dot.seq - first
        if entry.operation.dot in late and not any(a <= place < b for a, b in known):
            known[place, place + 1] = entry.operation.hash
    if known and known != (stored.subtrees if stored else {}):
        log.update_subtrees(row, known)
