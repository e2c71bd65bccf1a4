"""Cases as derived from the log, and what follows from every change of one.

Whoever adds operations calls `refresh` in the same transaction: it derives the touched cases anew
(a pure function of their operations), writes their rows and owes them to the children in scope.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from casework import paper_trail, projection
from casework.case import CaseState, Flag, State
from casework.ids import Ulid
from casework.values import read_int, read_text
from node import attachments, case_links, feeding, reckoning, stubs
from node.attachments import Naming
from node.identity import Identity, authors, county_replicas
from node.reckoning import Dues, Published, Reckon
from node.tables import case as table
from node.tables import published
from sync.adapters.sql import Held, SqlLog
from sync.evidence import Evidence, evidence_of
from sync.feed import NOWHERE, Scope
from sync.limits import DEFAULT
from sync.merge import Merged
from sync.operation import Dot, Operation
from sync.record import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as this node can know it.

    Attributes:
        helds: every operation held, in the order in which they came here.
        scope: where it belongs; empty while that is not known or disputed.
        dues: promised and statutory day as they stand, special steps considered.
    """

    record: bytes
    state: CaseState
    evidence: Evidence
    helds: Sequence[Held]
    scope: Scope
    dues: Dues

    @property
    def id(self) -> str:
        """The ULID as text."""
        return Ulid(self.record).text


def _scope(
    helds: Sequence[Held], merged: Merged, known: Mapping[bytes, Author], county: Collection[bytes]
) -> Scope:
    """Say where a case belongs, so that nobody can draw a case to himself.

    A place speaks for itself only, and the county for all. Where two places claim one case, it
    belongs to neither until the county has said whose it is. A place does not lose sight of a
    case because its word was refused.
    """
    spoken = [o for o in merged.heads.get("station", ()) if o.dot.replica in county]
    if not spoken:
        claims = [h.entry.operation for h in helds if _speaks_for_itself(h.entry.operation, known)]
        spoken = [o for o in claims if o.dot not in merged.refused] or claims
    named = {_places(operation) for operation in spoken}
    return named.pop() if len(named) == 1 else Scope("", "")


def _speaks_for_itself(operation: Operation, known: Mapping[bytes, Author]) -> bool:
    author = known.get(operation.dot.replica)
    return author is not None and operation.fields.get("station") == author.station


def _places(operation: Operation) -> Scope:
    station, handling = (read_text(operation.fields.get(n)) for n in ("station", "handling"))
    return Scope(station or "", handling or "")


def catalogue_version(tx: sa.Connection) -> int:
    """Say which catalogue this node works under; 0 before the first."""
    return int(tx.execute(sa.select(sa.func.max(published.c.version))).scalar() or 0)


def derive(
    tx: sa.Connection, records: Collection[bytes], *, at_hand: Sequence[Held] = ()
) -> list[Case]:
    """Derive some cases from all their operations.

    Args:
        tx: any transaction.
        records: ids of the cases; those that are not held whole here are left out.
        at_hand: operations of one replica just added, that need not be read again.
    """
    helds = SqlLog(tx).of_records(records, at_hand=at_hand)
    for record in stubs.among(tx, helds):
        del helds[record]  # set aside until it is here whole again
    return _derive_all(tx, helds)


def _derive_all(tx: sa.Connection, helds: Mapping[bytes, Sequence[Held]]) -> list[Case]:
    known = authors(tx)
    county = county_replicas(known)
    reckon = reckoning.reckoner(tx)
    return [_derive(record, found, known, county, reckon) for record, found in helds.items()]


def _derive(
    record: bytes,
    helds: Sequence[Held],
    known: Mapping[bytes, Author],
    county: Collection[bytes],
    reckon: Reckon,
) -> Case:
    evidence = evidence_of(helds, authors=known, county=county)
    state = projection.derive(evidence.heads)
    ordered = sorted(helds, key=lambda held: held.row)
    scope = _scope(ordered, evidence.merged, known, county)
    return Case(
        record=record,
        state=state,
        evidence=evidence,
        helds=ordered,
        scope=scope,
        dues=reckon(state),
    )


def refresh(  # noqa: PLR0913  # what a caller knows already need not be read again
    tx: sa.Connection,
    me: Identity,
    added: Sequence[Held],
    *,
    before: Mapping[bytes, Sequence[Held]] | None = None,
    risen: Collection[bytes] = (),
    now: int | None = None,
    new: bool = False,
) -> list[Case]:
    """Bring everything up to date that follows from operations just added.

    Args:
        tx: the transaction that added them.
        me: this node.
        added: operations of one replica that are new here.
        before: all earlier operations of their cases, where the caller has read them already.
        risen: records that are whole again: all that was set aside of them counts as new.
        now: when they came here, milliseconds; None where that is not known.
        new: their cases were made in this transaction: nothing of them stands anywhere yet.

    Returns:
        The cases touched.
    """
    operations = [held.entry.operation for held in added]
    touched = _touched(tx, added, before)
    scopes = {} if new else feeding.scopes_of(tx, [case.record for case in touched])
    store(tx, touched, new=new)
    fresh = {operation.dot for operation in operations}
    fresh |= {h.entry.operation.dot for c in touched if c.record in risen for h in c.helds}
    for case in touched:
        attachments.expect(tx, _blobs(case, fresh), now=now)
    moved = [feeding.Moved(scopes.get(c.record, NOWHERE), c.scope, c.helds) for c in touched]
    feeding.owe(tx, me, moved, fresh=fresh)
    return touched


def _touched(
    tx: sa.Connection, added: Sequence[Held], before: Mapping[bytes, Sequence[Held]] | None
) -> list[Case]:
    records = {held.entry.operation.record for held in added}
    if before is None:
        return derive(tx, records, at_hand=added)
    helds = {record: list(before.get(record, ())) for record in records}
    for held in added:
        helds[held.entry.operation.record].append(held)
    return _derive_all(tx, helds)


def _blobs(case: Case, fresh: Collection[Dot]) -> Sequence[Naming]:
    """The blobs that fresh operations name, as many as a case may have in all."""
    if any(attachments.names_blobs(h.entry.operation.fields) for h in _among(case, fresh)):
        return [one for dot, one in _named(case) if dot in fresh]
    return []


def blobs_of(case: Case) -> Sequence[Naming]:
    """All blobs of a case that are stored."""
    return [one for _, one in _named(case)]


def _named(case: Case) -> Sequence[tuple[Dot, Naming]]:
    operations = [held.entry.operation for held in case.helds]
    named = [
        (o.dot, Naming(blob, case.record, o.dot.replica))
        for o in operations
        for blob in attachments.blobs_in(o.fields)
    ]
    return named[: DEFAULT.attachments_per_case]


def _among(case: Case, fresh: Collection[Dot]) -> Iterable[Held]:
    return (held for held in case.helds if held.entry.operation.dot in fresh)


def store(tx: sa.Connection, found: Iterable[Case], *, new: bool = False) -> None:
    """Write the rows of cases, over what was there; of `new` ones nothing was."""
    stored = list(found)
    rows = [row_of(case) for case in stored]
    if not rows:
        return
    keys = {} if new else _take_out(tx, [row["record"] for row in rows])
    for row in rows:
        row["group_key"] = keys.get(row["record"])
    tx.execute(sa.insert(table), rows)
    linked = (case for case in stored if not new or case_links.links_of(case.state))
    case_links.store(tx, {case.record: case.state for case in linked})


def _take_out(tx: sa.Connection, records: Sequence[object]) -> dict[object, bytes]:
    """Take rows out that are about to be written anew; answers what no operation says."""
    keys = _group_keys(tx, records)
    for start in range(0, len(records), 500):
        batch = records[start : start + 500]
        tx.execute(sa.delete(table).where(table.c.record.in_(batch)))
    return keys


def _group_keys(tx: sa.Connection, records: Sequence[object]) -> dict[object, bytes]:
    found: dict[object, bytes] = {}
    for start in range(0, len(records), 500):
        t = table.c
        where = t.record.in_(records[start : start + 500])
        rows = tx.execute(sa.select(t.record, t.group_key).where(where, t.group_key.is_not(None)))
        found |= {row.record: row.group_key for row in rows}
    return found


def _has_open_refusal(case: Case) -> bool:
    """Whether the county refused the last word of some place, so that somebody must answer it."""
    refused = case.evidence.merged.refused
    if not refused:
        return False
    last: dict[bytes, int] = {}
    for dot in case.evidence.merged.operations:
        last[dot.replica] = max(last.get(dot.replica, 0), dot.seq)
    return any(last[dot.replica] == dot.seq for dot in refused)


def reckon_again(tx: sa.Connection, before: Published | None) -> None:
    """Lay out the cases anew whose promised day may be another under what was just published.

    Args:
        tx: the transaction that took the document.
        before: what was in force until then; None: nothing was.
    """
    t, after = table.c, reckoning.held(tx)
    if after is None:
        return
    moved = sa.or_(t.state.in_(_STEPPING), t.item_version >= after.version)
    if before is not None:
        last = reckoning.known_until(before, after)
        moved = sa.or_(moved, t.due > last.isoformat())
    records = list(tx.scalars(sa.select(t.record).where(t.due != "", moved)))
    for start in range(0, len(records), 500):
        store(tx, derive(tx, records[start : start + 500]))


_STEPPING = (State.REVIEW.value, State.SPECIAL.value)
"""States in which special steps run; of later ones the days lie behind."""


def row_of(case: Case) -> dict[str, object]:
    """Lay a case out as its row; a pure function of its operations."""
    state = case.state
    return {
        "record": case.record,
        "id": case.id,
        "temporary_number": _column(state.text("temporary_number")),
        "official_number": _column(state.text("official_number")),
        "item": _column(state.text("item")),
        "item_version": read_int(state.values.get("item_version")) or 0,
        "state": state.state.value,
        "flags": " ".join(sorted(flag.value for flag in state.flags)),
        "station": _column(case.scope.station),
        "handling": _column(case.scope.handling),
        "name": _column(state.text("name")),
        "received_at": state.instant("received") or 0,
        "due": case.dues.promised.isoformat() if case.dues.promised else "",
        "deadline": state.deficiency_deadline.isoformat() if state.deficiency_deadline else "",
        "updated_at": max(h.entry.operation.claimed_at for h in case.helds),
        "checking": Flag.HOLD in state.flags and bool(state.checks),
        "refused": _has_open_refusal(case),
        "papers": _column(paper_trail.paper_mark(state)),
        "result": _column(paper_trail.result_mark(state)),
    }


_LONGEST = 200


def _column(text: str) -> str:
    """Cut a text to what an indexed column of every database takes; the operation keeps it all."""
    return text.replace("\0", "")[:_LONGEST]
