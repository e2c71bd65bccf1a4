"""Writing acts: one transaction puts operations into the log and the cases they make up to date.

The caller opens the transaction and answers the person after it has committed: saved means saved.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from casework.facts import Act
from casework.merging import class_of, demand_known
from crypto.canonical import Value
from crypto.entropy import random_bytes
from node import cases, feeding, incarnations
from node.identity import Identity, Moment
from sync import assembly, changeset, disclosure, merge, operation
from sync.adapters.sql import Held, SqlLog, Within
from sync.adapters.tables import open_change_set
from sync.changeset import Anchor, Basis
from sync.disclosure import COMMITTED_CLASSES, SEED_BYTES
from sync.limits import DEFAULT
from sync.operation import Dot, Draft, Operation, Ref
from sync.record import Entry

KIND = "case"


@dataclass(frozen=True, slots=True)
class CaseAct:
    """An act and the case it is done on.

    Attributes:
        record: ULID of the case, 16 bytes.
        form_classes: classes that the catalogue gives to answers of the item's form.
    """

    record: bytes
    act: Act
    form_classes: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What an operation will say, before it has a place in the log.

    Attributes:
        claimed_at: the clock of who did it, milliseconds.
        since: running time since the anchor, milliseconds.
        values: class → field → value.
        replaces: per field, what it answers.
    """

    claimed_at: int
    since: int
    actor: str
    record: bytes
    fact: str
    values: Mapping[int, Mapping[str, Value]]
    replaces: Mapping[str, tuple[Ref, ...]]
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The run of own operations that is not signed yet."""

    first: int
    next: int
    prev: bytes | None
    anchor: Anchor | None
    basis: Basis
    seeds: Mapping[int, bytes]


def write(  # noqa: PLR0913  # what is written, by whom, when, and what is known of it
    tx: sa.Connection,
    me: Identity,
    acts: Sequence[CaseAct],
    *,
    actor: str,
    at: Moment,
    new: bool = False,
) -> list[Entry]:
    """Write acts as operations and bring the cases up to date.

    Args:
        tx: a write transaction.
        me: this node.
        acts: in the order in which they were done.
        actor: login of the person, or `system`.
        at: when.
        new: the cases are made here and now, under ids nobody has used: nothing is read of them.

    Returns:
        The operations, in order.

    Raises:
        UnknownField: a field that no policy covers.
        LimitExceeded: an operation that no other node would read.
        Stopped: this node must not write.

    Does not check authority or the state of the cases: the use case did.
    """
    incarnations.demand_running(me)
    feeding.lock_counters(tx)
    log = SqlLog(tx)
    before = {} if new else log.of_records({act.record for act in acts})
    known = _operations(before)
    run = open_run(tx, log, me, at)
    entries: list[Entry] = []
    for offset, case_act in enumerate(acts):
        held = known[case_act.record]
        deed = _deed(case_act, held, actor=actor, at=at)
        entry = make(deed, Dot(me.replica, run.next + offset), seeds=run.seeds)
        held.append(entry.operation)
        entries.append(entry)
    append(tx, me, run, entries, before=before, new=new)
    return entries


def append(  # noqa: PLR0913  # what a caller knows already need not be read again
    tx: sa.Connection,
    me: Identity,
    run: Run,
    entries: Sequence[Entry],
    *,
    before: Mapping[bytes, Sequence[Held]] | None = None,
    new: bool = False,
) -> None:
    """Put operations that were made for a run into the log and bring the cases up to date.

    Args:
        tx: a write transaction.
        me: this node.
        run: as it was opened.
        entries: in order, the first with the run's next number.
        before: what was held of their records, where the caller has read it.
        new: their cases are made here and now.
    """
    anchored = run.anchor.county_time if run.anchor else 0
    helds = SqlLog(tx).add(entries, within=Within(None, anchored))
    _advance(tx, me, run.next + len(entries))
    cases.refresh(tx, me, helds, before=before, new=new)
    if run.next + len(entries) - run.first >= DEFAULT.operations_per_change_set:
        seal(tx, me)


def _operations(before: Mapping[bytes, Sequence[Held]]) -> dict[bytes, list[Operation]]:
    found: dict[bytes, list[Operation]] = defaultdict(list)
    for record, helds in before.items():
        found[record] = [held.entry.operation for held in helds]
    return found


def _deed(case_act: CaseAct, held: Sequence[Operation], *, actor: str, at: Moment) -> Deed:
    return Deed(
        claimed_at=at.now,
        since=at.since,
        actor=actor,
        record=case_act.record,
        fact=case_act.act.fact,
        values=_by_class(case_act),
        replaces=_answered(held, case_act.act.fields),
    )


def make(deed: Deed, dot: Dot, *, seeds: Mapping[int, bytes]) -> Entry:
    """Write one operation down.

    Args:
        deed: what it says.
        dot: its place in the log.
        seeds: class → seed of the run.

    Raises:
        LimitExceeded: no other node would read it.
    """
    values = deed.values
    disclosures = {
        c: disclosure.disclose(values[c], seed=seeds[c], seq=dot.seq)
        for c in COMMITTED_CLASSES
        if values.get(c)
    }
    draft = Draft(
        claimed_at=deed.claimed_at,
        since=deed.since,
        actor=deed.actor,
        kind=KIND,
        record=deed.record,
        fact=deed.fact,
        fields=values.get(1, {}),
        sealed={c: disclosure.canonical_order(values[c]) for c in disclosures},
        replaces=deed.replaces,
        version=deed.version,
    )
    commitments = {c: found.commitment for c, found in disclosures.items()}
    made = Entry(operation.write(draft, dot, commitments), disclosures)
    assembly.demand_readable(made)
    return made


def _answered(held: Sequence[Operation], names: Collection[str]) -> Mapping[str, tuple[Ref, ...]]:
    """What an act replaces; what is beyond the limit of the wire stays and shows as different."""
    found = merge.frontier(held, names)
    return {name: refs[: DEFAULT.replaces_per_field] for name, refs in found.items()}


def _by_class(case_act: CaseAct) -> dict[int, dict[str, Value]]:
    demand_known(name for name in case_act.act.fields if not name.startswith("verdict."))
    split: dict[int, dict[str, Value]] = {1: {}, 2: {}, 3: {}}
    for name, value in case_act.act.fields.items():
        verdict = name.startswith("verdict.")
        class_ = 1 if verdict else class_of(name, form_classes=case_act.form_classes)
        split[class_][name] = value
    return split


def open_run(tx: sa.Connection, log: SqlLog, me: Identity, at: Moment) -> Run:
    """Read the open run; where anchor or basis have changed, close it and begin another."""
    run = _read_run(tx, me)
    basis = _basis(tx)
    if run is not None and (run.anchor, run.basis) == (at.anchor, basis):
        return run
    if run is not None and run.next > run.first:
        seal(tx, me)
    return _begin_run(tx, log, me, at, basis)


def _basis(tx: sa.Connection) -> Basis:
    return Basis(cases.catalogue_version(tx), 0, 0)


def _read_run(tx: sa.Connection, me: Identity) -> Run | None:
    _take_turn(tx, me)
    t = open_change_set
    row = tx.execute(sa.select(t).where(t.c.replica == me.replica)).first()
    if row is None:
        return None
    anchor = Anchor(row.anchor_answer, row.anchor_time) if row.anchor_answer else None
    return Run(
        first=row.first,
        next=row.next,
        prev=row.prev,
        anchor=anchor,
        basis=Basis(row.catalogue, row.authorisations, row.policy),
        seeds={2: row.seed2, 3: row.seed3},
    )


def _take_turn(tx: sa.Connection, me: Identity) -> None:
    """Take this replica's own counter, last of all locks (sync.md §4); there may be no row yet."""
    if tx.dialect.name == "postgresql":
        number = int.from_bytes(me.replica, signed=True)
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _begin_run(tx: sa.Connection, log: SqlLog, me: Identity, at: Moment, basis: Basis) -> Run:
    before = log.last_change_set(me.replica)
    first = before.last + 1 if before else 1
    run = Run(
        first=first,
        next=first,
        prev=before.header_hash if before else None,
        anchor=at.anchor,
        basis=basis,
        seeds={c: random_bytes(SEED_BYTES) for c in COMMITTED_CLASSES},
    )
    t = open_change_set
    tx.execute(sa.delete(t).where(t.c.replica == me.replica))
    tx.execute(
        sa.insert(t).values(
            replica=me.replica,
            first=run.first,
            next=run.next,
            prev=run.prev,
            anchor_answer=at.anchor.answer if at.anchor else None,
            anchor_time=at.anchor.county_time if at.anchor else None,
            catalogue=basis.catalogue,
            authorisations=basis.authorisations,
            policy=basis.policy,
            seed2=run.seeds[2],
            seed3=run.seeds[3],
        )
    )
    return run


def _advance(tx: sa.Connection, me: Identity, next_seq: int) -> None:
    t = open_change_set
    tx.execute(sa.update(t).where(t.c.replica == me.replica).values(next=next_seq))


def seal(tx: sa.Connection, me: Identity) -> int:
    """Sign what is not signed yet as one or more change sets.

    Returns:
        How many operations were signed; none by a node that must not write, because its other
        copy may have signed the same numbers.
    """
    run = _read_run(tx, me)
    if run is None or run.next == run.first or me.stopped:
        return 0
    log = SqlLog(tx)
    helds = log.run(me.replica, run.first, run.next - 1)
    prev = run.prev
    chunks = list(_chunks(helds))
    # Whoever is sent the seed of one change set must not be able to compute the salts of another.
    seeds = run.seeds if len(chunks) == 1 else {}
    for chunk in chunks:
        signed = changeset.seal(
            [held.entry.operation for held in chunk],
            prev=prev,
            anchor=run.anchor,
            basis=run.basis,
            key=me.signing,
        )
        row = log.add_change_set(signed, seeds=seeds, subtrees={})
        log.assign(me.replica, signed.header.first, signed.header.last, row)
        prev = signed.hash
    t = open_change_set
    tx.execute(sa.delete(t).where(t.c.replica == me.replica))
    return len(helds)


def _chunks(helds: Sequence[Held]) -> Iterable[list[Held]]:
    """Cut a run into change sets that fit one bundle."""
    chunk: list[Held] = []
    room = DEFAULT.bundle_contents
    for held in helds:
        size = _size(held.entry)
        if chunk and (size > room or len(chunk) >= DEFAULT.operations_per_change_set):
            yield chunk
            chunk, room = [], DEFAULT.bundle_contents
        chunk.append(held)
        room -= size
    yield chunk


def _size(entry: Entry) -> int:
    return len(entry.operation.body) + sum(len(d.values) for d in entry.disclosures.values())


def own_head(tx: sa.Connection, me: Identity) -> int:
    """Say how many operations this replica has written; pruned ones count."""
    t = open_change_set
    run = tx.execute(sa.select(t.c.next).where(t.c.replica == me.replica)).scalar()
    if run is not None:
        return int(run) - 1
    newest = SqlLog(tx).last_change_set(me.replica)
    return newest.last if newest else 0
