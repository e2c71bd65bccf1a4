"""Cases as derived from the log, and what follows from every change of one.

Whoever adds operations calls `refresh` in the same transaction: it derives the touched cases anew
(a pure function of their operations), writes their rows and owes them to the children in scope.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from casework import projection
from casework.case import CaseState, Flag
from casework.ids import Ulid
from casework.values import read_int
from node import attachments, feeding
from node.identity import Identity, authors, county_replicas
from node.tables import case as table
from node.tables import published
from sync.adapters.sql import Held, SqlLog
from sync.evidence import Evidence, evidence_of
from sync.feed import Scope
from sync.record import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as this node can know it.

    Attributes:
        helds: every operation held, in the order in which they came here.
    """

    record: bytes
    state: CaseState
    evidence: Evidence
    helds: Sequence[Held]

    @property
    def id(self) -> str:
        """The ULID as text."""
        return Ulid(self.record).text

    @property
    def scope(self) -> Scope:
        """Where the case belongs: a place does not lose sight of it because it was refused."""
        named = Scope(self.state.text("station"), self.state.text("handling"))
        return named if named.station else _first_scope(self.helds)


def _first_scope(helds: Sequence[Held]) -> Scope:
    """Where the earliest word says that a case belongs, refused or not."""
    for held in sorted(helds, key=lambda held: held.entry.operation.dot):
        fields = held.entry.operation.fields
        if "station" in fields:
            return Scope(str(fields["station"]), str(fields.get("handling", "")))
    return Scope("", "")


def catalogue_version(tx: sa.Connection) -> int:
    """Say which catalogue this node works under; 0 before the first."""
    return int(tx.execute(sa.select(sa.func.max(published.c.version))).scalar() or 0)


def derive(
    tx: sa.Connection, records: Collection[bytes], *, at_hand: Sequence[Held] = ()
) -> list[Case]:
    """Derive some cases from all their operations.

    Args:
        tx: any transaction.
        records: ids of the cases.
        at_hand: operations of one replica just added, that need not be read again.
    """
    known = authors(tx)
    county = county_replicas(known)
    helds = SqlLog(tx).of_records(records, at_hand=at_hand)
    return [_derive(record, found, known, county) for record, found in helds.items()]


def _derive(
    record: bytes,
    helds: Sequence[Held],
    known: Mapping[bytes, Author],
    county: Collection[bytes],
) -> Case:
    evidence = evidence_of(helds, authors=known, county=county)
    state = projection.derive(evidence.heads)
    ordered = sorted(helds, key=lambda held: held.row)
    return Case(record=record, state=state, evidence=evidence, helds=ordered)


def refresh(tx: sa.Connection, me: Identity, added: Sequence[Held]) -> list[Case]:
    """Bring everything up to date that follows from operations just added.

    Args:
        tx: the transaction that added them.
        me: this node.
        added: operations of one replica that are new here.

    Returns:
        The cases touched.
    """
    operations = [held.entry.operation for held in added]
    touched = derive(tx, {operation.record for operation in operations}, at_hand=added)
    store(tx, touched)
    fresh = {operation.dot for operation in operations}
    attachments.expect(tx, (b for o in operations for b in attachments.blobs_in(o.fields)))
    feeding.owe(tx, me, [(case.scope, case.helds) for case in touched], fresh=fresh)
    return touched


def store(tx: sa.Connection, found: Iterable[Case]) -> None:
    """Write the rows of cases, over what was there."""
    rows = [row_of(case) for case in found]
    if not rows:
        return
    records = [row["record"] for row in rows]
    keys = _group_keys(tx, records)
    for row in rows:
        row["group_key"] = keys.get(row["record"])
    for start in range(0, len(records), 500):
        batch = records[start : start + 500]
        tx.execute(sa.delete(table).where(table.c.record.in_(batch)))
    tx.execute(sa.insert(table), rows)


def _group_keys(tx: sa.Connection, records: Sequence[object]) -> dict[object, bytes]:
    found: dict[object, bytes] = {}
    for start in range(0, len(records), 500):
        t = table.c
        where = t.record.in_(records[start : start + 500])
        rows = tx.execute(sa.select(t.record, t.group_key).where(where, t.group_key.is_not(None)))
        found |= {row.record: row.group_key for row in rows}
    return found


def row_of(case: Case) -> dict[str, object]:
    """Lay a case out as its row; a pure function of its operations."""
    state = case.state
    return {
        "record": case.record,
        "id": case.id,
        "temporary_number": state.text("temporary_number"),
        "official_number": state.text("official_number"),
        "item": state.text("item"),
        "item_version": read_int(state.values.get("item_version")) or 0,
        "state": state.state.value,
        "flags": " ".join(sorted(flag.value for flag in state.flags)),
        "station": case.scope.station,
        "handling": case.scope.handling,
        "name": state.text("name"),
        "received_at": state.instant("received") or 0,
        "due": state.due.isoformat() if state.due else "",
        "deadline": state.deficiency_deadline.isoformat() if state.deficiency_deadline else "",
        "updated_at": max(h.entry.operation.claimed_at for h in case.helds),
        "checking": Flag.HOLD in state.flags and bool(state.checks),
    }
