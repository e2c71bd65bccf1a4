"""Looking at cases: lists and whole files, for commands and pages of both programs.

What a person may not see is masked here, once; whether the county has a case is derived from
receipts and heads only.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from casework import masking, timeline
from casework.facts import Head, Undisclosed
from casework.merging import class_of
from casework.places import PlaceKind
from casework.values import Value
from node import acting, incarnations
from node.cases import Case
from node.identity import Identity, authors
from node.tables import case as table
from sync.adapters.sql import Held
from sync.adapters.tables import author as author_table
from sync.adapters.tables import change_set
from sync.adapters.tables import operation as operation_table
from sync.evidence import sealed_values
from sync.feed import NOWHERE, Place, Scope, in_scope
from sync.operation import Dot
from sync.record import Author

_BATCH = 500


class Transport(StrEnum):
    """Where the newest word on a case is, as receipts prove it (interface.md)."""

    LOCAL = "local"
    SENDING = "sending"
    IN_CUSTODY = "in_custody"
    RECEIVED = "received"
    REFUSED = "refused"
    COUNTY_CHECKING = "county_checking"


class Sight(StrEnum):
    """How much of classes 2 and 3 is shown."""

    MASKED = "masked"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list; the name is masked.

    Attributes:
        moved: it was given to another place; here it can only be looked at.
    """

    case: str
    temporary_number: str
    official_number: str
    item: str
    item_version: int
    state: str
    flags: tuple[str, ...]
    station: str
    transport: Transport
    name: str
    received_at: int
    due: str
    deadline: str
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadView:
    """One value that somebody gave to a field.

    Attributes:
        value: masked unless opened; None when this place may not see it.
        received_at: the county's time; None while it has no receipt.
    """

    dot: str
    value: Value
    station: str
    actor: str
    claimed_at: int
    received_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field of a case: what holds, and every head."""

    value: Value
    heads: tuple[HeadView, ...]
    disclosed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One operation in the history of a case.

    Attributes:
        changes: field → value, masked unless opened; None where undisclosed.
        over: field → dots of the operations whose value this one replaced.
        refused: the county's reason, where it refused this operation.
        receipted: whether the county's receipt covers it.
    """

    dot: str
    fact: str
    title_zh: str
    title_en: str
    station: str
    actor: str
    claimed_at: int
    received_at: int | None
    changes: Mapping[str, Value]
    over: Mapping[str, tuple[str, ...]]
    refused: str | None
    receipted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A whole case for one viewer; the newest event first."""

    line: CaseLine
    record: Case
    fields: Mapping[str, FieldView]
    timeline: tuple[Event, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases of a list are wanted.

    Attributes:
        state: one code; empty: all but drafts.
        after: the last (received_at, case) of the page before.
        limit: most lines.
    """

    station: str = ""
    state: str = ""
    checking_only: bool = False
    after: tuple[int, str] | None = None
    limit: int = 50


def list_cases(tx: sa.Connection, me: Identity, wanted: Wanted) -> list[CaseLine]:
    """List cases, the newest first."""
    t = table.c
    statement = sa.select(table).order_by(t.received_at.desc(), t.id.desc()).limit(wanted.limit)
    statement = statement.where(t.state == wanted.state if wanted.state else t.state != "DRAFT")
    if wanted.station:
        statement = statement.where(t.station == wanted.station)
    if wanted.checking_only:
        statement = statement.where(t.checking)
    if wanted.after is not None:
        statement = statement.where(sa.tuple_(t.received_at, t.id) < wanted.after)
    rows = tx.execute(statement).all()
    return _lines(tx, me, rows)


def lines_of(tx: sa.Connection, me: Identity, records: Collection[bytes]) -> list[CaseLine]:
    """Read the lines of certain cases."""
    rows = tx.execute(sa.select(table).where(table.c.record.in_(list(records)))).all()
    return _lines(tx, me, rows)


def _lines(
    tx: sa.Connection, me: Identity, rows: Sequence[sa.Row[tuple[object, ...]]]
) -> list[CaseLine]:
    said = {row._mapping["record"]: _said(row) for row in rows}  # noqa: SLF001  # SQLAlchemy's documented name
    transports = transport_of(tx, me, said)
    return [_line(row, transports, me.place) for row in rows]


def _line(
    row: sa.Row[tuple[object, ...]], transports: Mapping[bytes, Transport], here: Place
) -> CaseLine:
    m = row._mapping  # noqa: SLF001  # SQLAlchemy's documented name
    scope = Scope(m["station"], m["handling"])
    return CaseLine(
        case=m["id"],
        temporary_number=m["temporary_number"],
        official_number=m["official_number"],
        item=m["item"],
        item_version=m["item_version"],
        state=m["state"],
        flags=tuple(m["flags"].split()),
        station=m["station"],
        transport=transports[m["record"]],
        name=masking.name(m["name"]),
        received_at=m["received_at"],
        due=m["due"],
        deadline=m["deadline"],
        moved=scope != NOWHERE and not in_scope(here, scope),
    )


def _said(row: sa.Row[tuple[object, ...]]) -> Transport | None:
    """What the county's own operations say of a case, the graver first."""
    m = row._mapping  # noqa: SLF001  # SQLAlchemy's documented name
    if m["refused"]:
        return Transport.REFUSED
    return Transport.COUNTY_CHECKING if m["checking"] else None


def transport_of(
    tx: sa.Connection, me: Identity, said: Mapping[bytes, Transport | None]
) -> dict[bytes, Transport]:
    """Say how far the operations of some cases have come.

    Args:
        tx: any transaction.
        me: this node; what lies at the hub has arrived.
        said: record → what the county has said of it: that it is checking, that it refused.
    """
    found = dict.fromkeys(said, Transport.RECEIVED)
    if not me.is_county:
        found |= _slowest(tx, me, list(said))
    return {r: (said[r] or t) if t is Transport.RECEIVED else t for r, t in found.items()}


def _slowest(tx: sa.Connection, me: Identity, records: Sequence[bytes]) -> dict[bytes, Transport]:
    """The operation that has come least far speaks for its case; the county's own are there.

    What another place wrote and the county has not receipted is on its way, not only here.
    """
    o, c = operation_table.c, change_set.c
    elsewhere = o.replica.not_in(incarnations.own_replicas(tx, me))
    county = sa.select(author_table.c.replica).where(author_table.c.kind == PlaceKind.COUNTY.value)
    there = sa.or_(c.receipt.is_not(None), o.replica.in_(county))
    step = sa.case((there, 2), (sa.or_(c.custody.is_not(None), elsewhere), 1), else_=0)
    words = (Transport.LOCAL, Transport.IN_CUSTODY, Transport.RECEIVED)
    found: dict[bytes, Transport] = {}
    for start in range(0, len(records), _BATCH):
        statement = (
            sa.select(o.record, sa.func.min(step))
            .select_from(operation_table.outerjoin(change_set, o.change_set == c.id))
            .where(o.record.in_(records[start : start + _BATCH]))
            .group_by(o.record)
        )
        found |= {row[0]: words[row[1]] for row in tx.execute(statement)}
    return found


def show(tx: sa.Connection, me: Identity, record: bytes, *, sight: Sight) -> CaseFile:
    """Lay out a whole case.

    Raises:
        CaseUnknown: nothing of it is held here.

    Does not check who looks, nor log an unmasking: the use case does.
    """
    case = acting.load(tx, record)
    known = authors(tx)
    received = _received(tx, case)
    timeline = tuple(_event(held, case, known, received, sight) for held in reversed(case.helds))
    fields = {
        name: _field(name, heads, case, received, sight)
        for name, heads in case.evidence.heads.items()
    }
    (line,) = lines_of(tx, me, [record])
    conflicts = tuple(sorted({*case.state.conflicts, *_checked_fields(case)}))
    return CaseFile(line=line, record=case, fields=fields, timeline=timeline, conflicts=conflicts)


def _checked_fields(case: Case) -> set[str]:
    named: set[str] = set()
    for check in case.state.checks.values():
        fields = check.get("fields")
        if isinstance(fields, list | tuple):
            named |= {f for f in fields if isinstance(f, str)}
    return named


def _received(tx: sa.Connection, case: Case) -> Mapping[Dot, int | None]:
    """When the county received each operation; absent: no receipt is held."""
    rows = {held.change_set for held in case.helds if held.change_set is not None}
    c = change_set.c
    times = {
        row.id: row.received_at
        for row in tx.execute(sa.select(c.id, c.received_at).where(c.id.in_(rows)))
    }
    found: dict[Dot, int | None] = defaultdict(lambda: None)
    for held in case.helds:
        if held.change_set is not None:
            found[held.entry.operation.dot] = times.get(held.change_set)
    return found


def _shown(name: str, value: "Value | Undisclosed", sight: Sight) -> Value:
    if isinstance(value, Undisclosed):
        return None
    if sight is Sight.OPEN or class_of(name) == 1:
        return value
    return masking.masked(name, value) if isinstance(value, str) else "****"


def _field(
    name: str,
    heads: Sequence[Head],
    case: Case,
    received: Mapping[Dot, int | None],
    sight: Sight,
) -> FieldView:
    value = case.state.values.get(name)
    views = tuple(
        HeadView(
            dot=Dot(head.replica, head.seq).text,
            value=_shown(name, head.value, sight),
            station=head.station,
            actor=head.actor,
            claimed_at=head.claimed_at,
            received_at=received[Dot(head.replica, head.seq)],
        )
        for head in heads
    )
    disclosed = not any(isinstance(head.value, Undisclosed) for head in heads)
    return FieldView(value=_shown(name, value, sight), heads=views, disclosed=disclosed)


def _event(
    held: Held,
    case: Case,
    known: Mapping[bytes, Author],
    received: Mapping[Dot, int | None],
    sight: Sight,
) -> Event:
    operation = held.entry.operation
    title = timeline.title(operation.fact)
    author = known.get(operation.dot.replica, Author("", ""))
    verdict = case.evidence.merged.refused.get(operation.dot)
    at = received[operation.dot]
    return Event(
        dot=operation.dot.text,
        fact=operation.fact,
        title_zh=title.zh,
        title_en=title.en,
        station=author.station,
        actor=operation.actor,
        claimed_at=operation.claimed_at,
        received_at=at,
        changes=_changes(held, sight),
        over={name: tuple(r.dot.text for r in refs) for name, refs in operation.replaces.items()},
        refused=verdict.reason if verdict else None,
        receipted=at is not None,
    )


def _changes(held: Held, sight: Sight) -> Mapping[str, Value]:
    operation = held.entry.operation
    opened = sealed_values(operation, held)
    values: dict[str, Value] = {}
    for name in operation.field_names():
        value = operation.fields.get(name, opened.get(name))
        values[name] = _shown(name, value, sight)  # type: ignore[arg-type]  # strict CBOR is wider
    return values
