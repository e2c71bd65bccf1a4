"""Laying out what a node holds, for the oracle."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from node import attachments, cases, outbox, verifying
from node.identity import authors
from node.tables import case as case_table
from sync.adapters.sql import Held
from sync.adapters.tables import carried, change_set, child, link, quarantine
from sync.adapters.tables import operation as operation_table
from sync.operation import Ref
from sync.record import Entry
from tests.simulation.county import County, Place
from tests.simulation.oracle import Aside, CaseView, Operation, View

_CLEAR = 1


def id_of(entry: Entry) -> str:
    """Name an operation as `replaces` does, by number and hash."""
    return _named(entry.operation.ref)


def _named(ref: Ref) -> str:
    return f"{ref.dot.text}#{ref.tag.hex()}"


def values_of(entry: Entry) -> dict[str, object]:
    """Every value of an operation that is at hand."""
    operation = entry.operation
    found = dict(operation.fields)
    for class_, disclosure in entry.disclosures.items():
        found |= disclosure.read(operation.sealed[class_], max_bytes=1 << 20)
    return found


def view(county: County, place: Place) -> View:
    """Look at everything of a node."""
    with place.node.database.read() as tx:
        stations = {replica: found.station for replica, found in authors(tx).items()}
        records = set(tx.scalars(sa.select(operation_table.c.record)))
        found = cases.derive(tx, records)
        held = [h for case in found for h in case.helds]
        seen = View(
            place.name,
            place.code,
            {id_of(h.entry): _operation(h, stations) for h in held},
            {case.record: _case(case) for case in found},
            _receipts(tx),
            [] if place.is_hub else list(_waiting(county, place, tx)),
            _aside(tx),
        )
    seen.wrong = list(_wrong(place))
    return seen


def _operation(held: Held, stations: Mapping[bytes, str]) -> Operation:
    o = held.entry.operation
    return Operation(
        dot=o.dot.text,
        record=o.record,
        fact=o.fact,
        author=stations.get(o.dot.replica, ""),
        fields=values_of(held.entry),
        classes={_CLEAR: tuple(o.fields)} | {c: tuple(names) for c, names in o.sealed.items()},
        open_classes=frozenset({_CLEAR, *held.entry.disclosures}),
        replaces=frozenset(_named(ref) for refs in o.replaces.values() for ref in refs),
    )


def _case(case: cases.Case) -> CaseView:
    state = case.state
    heads = {
        name: tuple(sorted(f"{head.replica.hex()}:{head.seq}" for head in heads))
        for name, heads in case.evidence.heads.items()
    }
    outline = (state.state, state.flags, state.due, state.outstanding, state.contradictions)
    return CaseView((*outline, tuple(case.scope)), heads)


def _receipts(tx: sa.Connection) -> dict[bytes, tuple[str, int, int]]:
    c = change_set.c
    rows = tx.execute(
        sa.select(c.header_hash, c.replica, c.first, c.last).where(c.receipt.is_not(None))
    )
    return {row.header_hash: (row.replica.hex(), row.first, row.last) for row in rows}


def waiting(county: County, place: Place) -> Iterator[str]:
    """Say what waits at a place, or for it."""
    with place.node.database.read() as tx:
        yield from _waiting(county, place, tx)


def _waiting(county: County, place: Place, tx: sa.Connection) -> Iterator[str]:
    me = place.node.identity_in(tx)
    unsent = outbox.unsent(tx, me, asks_county=True)
    if unsent:
        yield f"{len(unsent)} change sets without a receipt"
    o = operation_table.c
    loose = sa.select(sa.func.count()).where(o.replica == me.replica, o.change_set.is_(None))
    if tx.scalar(loose):
        yield f"{tx.scalar(loose)} operations not signed"
    kept = tx.scalar(sa.select(sa.func.count()).select_from(carried))
    if kept:
        yield f"{kept} bundles carried"
    if attachments.waiting(tx):
        yield f"{attachments.waiting(tx)} photos"
    for parent in county.parents(place):
        yield from _behind(place, parent, tx)


def _behind(place: Place, parent: Place, tx: sa.Connection) -> Iterator[str]:
    """Whether the parent still owes something."""
    here = tx.execute(sa.select(link).where(link.c.station == parent.code)).first()
    with parent.node.database.read() as there:
        me = place.node.identity_in(tx)
        owed = there.execute(sa.select(child).where(child.c.replica == me.replica)).first()
        epoch = parent.node.identity_in(there).epoch
    if here is None or owed is None:
        yield f"never met {parent.code}"
    elif owed.next > 1 and (here.epoch, here.position) != (epoch, owed.next - 1):
        yield f"{parent.code} owes {owed.next - 1} and {here.position} are taken"


def _aside(tx: sa.Connection) -> list[Aside]:
    rows = tx.execute(sa.select(quarantine).where(quarantine.c.state == "held"))
    return [Aside(r.code, r.detail, (r.sender or b"").hex(), r.message) for r in rows]


def _wrong(place: Place) -> Iterator[str]:
    report = verifying.verify(place.node)
    if report.first_bad:
        yield f"the log does not hold at {report.first_bad}"
    yield from map(str, report.drift)


def cases_at(place: Place) -> set[bytes]:
    """The cases that a node shows to people."""
    with place.node.database.read() as tx:
        return set(tx.scalars(sa.select(case_table.c.record)))
