"""Documents of a case at a node: who prints, what is on paper already, numbers and how often.

Shared by station and county. A number is given when something is first printed and stays; looking
at a page counts nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, cast

import sqlalchemy as sa

from casework import bundle_papers, deadline, numbering, papers, timeline
from casework.case import CaseState, Flag
from casework.catalogue import CatalogueItem
from casework.documents import (
    KINDS,
    Changed,
    Document,
    DocumentKind,
    Sheet,
    StationCard,
    receipt_sign,
)
from casework.errors import FieldProblem
from casework.projection import derive
from casework.spoken import Text, plain
from casework.values import Value, day_of, read_map, read_text
from node import acting, casefile
from node.casefile import CaseFile, Event, Sight
from node.errors import InvalidInput, NoCatalogue, NotFound
from node.identity import Identity
from node.people import Account
from node.runtime import Node
from node.tables import published

STATIONS: Final = "stations"
"""Part of the published document: code → hotline, complaints, hours; each may be left out."""
_COMPLAINTS: Final = "12345"
_CORRECTING: Final = frozenset(
    {
        *("case.contact_corrected", "case.contact_stated", "case.application_corrected"),
        "case.resolved",
    }
)
_SILENT: Final = frozenset({"correction_reason"})


_Test = Callable[[CaseState], bool]


def _family(name: str) -> _Test:
    return lambda case: any(field.startswith(name) for field in case.values)


def _was_put_right(case: CaseState) -> bool:
    told = any(name.startswith(("told.", "resolution.")) for name in case.values)
    return told or "correction_reason" in case.values


_GROUND: Final[Mapping[DocumentKind, _Test]] = {
    DocumentKind.CORRECTION_NOTICE: _family("correction."),
    DocumentKind.NON_ACCEPTANCE: lambda case: bool(case.map("not_accepted")),
    DocumentKind.DEFICIENCY_PROMISE: lambda case: bool(case.map("commitment")),
    DocumentKind.INFORM_PROMISE: lambda case: Flag.PROMISE in case.flags,
    DocumentKind.RESULT_DELIVERY: lambda case: bool(case.map("issued")),
    DocumentKind.WITHDRAWAL: lambda case: bool(case.map("withdrawn")),
    DocumentKind.CORRECTION_SLIP: _was_put_right,
}
"""Document → the evidence in the case that it certifies; without it there is no such paper."""


class Step(Enum):
    """What is done with a document."""

    LOOK = "look"
    """It is shown as the next print would be; nothing is counted."""
    COUNT = "count"
    """It goes on paper now."""
    COUNTED = "counted"
    """It is shown as it was last counted, for a browser to print."""


@dataclass(frozen=True, slots=True)
class Register:
    """Where prints are counted: a table with the columns of `station.rows.PrintRow`.

    Attributes:
        letter: of the device, for numbers made offline; empty at the county.
    """

    table: sa.Table
    letter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which document of which case.

    Attributes:
        case: ULID, temporary or official number.
        step: what is done with it.
    """

    case: str
    kind: DocumentKind
    account: Account
    step: Step


def document(tx: sa.Connection, node: Node, register: Register, wanted: Wanted) -> Document:
    """Make a document of a case.

    Args:
        tx: a write transaction where it is counted.
        node: this node.
        register: where prints are counted.
        wanted: which, of which case, for whom.

    Raises:
        CaseUnknown: there is no such case here.
        InvalidInput: it would certify what was not done.
        NoCatalogue: the catalogue under which the case was taken in is not here.
    """
    me = node.identity_in(tx)
    file = casefile.show(tx, me, acting.find_case(tx, wanted.case), sight=Sight.MASKED)
    item = acting.item_of(tx, node, file.record.state)
    changed = tuple(_changes(file))
    _demand_ground(wanted.kind, file.record.state, changed)
    if item is None:
        raise NoCatalogue
    made = sheet(tx, node, derive(file.record.evidence.heads, item=item), item, wanted.account)
    number, again = _numbered(tx, node, register, made, wanted)
    return papers.build(wanted.kind, replace(made, number=number, reprint=again, changed=changed))


def of_item(
    tx: sa.Connection, node: Node, code: str, kind: DocumentKind, account: Account
) -> Document:
    """Make a document of an item before there is a case: it has no number and is not counted.

    Raises:
        NotFound: the catalogue has no such item.
        NoCatalogue: none has reached this computer.
    """
    item = bundle_papers.find(node.catalogue(tx), code)
    if item is None:
        raise NotFound("item", code)
    return papers.build(kind, sheet(tx, node, derive({}), item, account))


def sheet(
    tx: sa.Connection, node: Node, state: CaseState, item: CatalogueItem, account: Account
) -> Sheet:
    """Gather what every document is made from."""
    me, now, limits = node.identity_in(tx), node.clock.now_ms(), node.limits(tx)
    version = state.values.get("item_version")
    known = version if isinstance(version, int) else node.published(tx).version
    taken = sa.select(published.c.taken_at).where(published.c.version == known)
    return Sheet(
        case=state,
        item=item,
        station=card(tx, node, me),
        handler=(account.name, account.login),
        printed_at=now,
        offline=bool(state.values) and not me.is_county and not state.text("official_number"),
        places=places(tx, node),
        version=known,
        version_at=tx.execute(taken).scalar(),
        due=deadline.due_on(state, item, limits, today=day_of(now)),
        statutory=deadline.statutory_due_on(state, item, limits, today=day_of(now)),
    )


def card(tx: sa.Connection, node: Node, me: Identity) -> StationCard:
    """How this place presents itself: with its hotline where the county has published one."""
    told = read_map(node.published(tx).document.get(STATIONS))
    own = read_map(told.get(me.place.code))
    county = read_map(told.get(me.county_code))
    return StationCard(
        name=me.name,
        code=me.place.code,
        county=me.county.name,
        hotline=read_text(own.get("hotline")) or read_text(county.get("hotline")) or "",
        complaints=read_text(own.get("complaints")) or _COMPLAINTS,
        hours=read_text(own.get("hours")) or "",
    )


def places(tx: sa.Connection, node: Node) -> tuple[tuple[str, str], ...]:
    """Names of the county's divisions by their codes."""
    me = node.identity_in(tx)
    found = [(me.county_code, me.county.name)]
    for township in node.regions(tx):
        villages = cast("list[tuple[str, str]]", township.get("villages") or [])
        found.append((str(township.get("code")), str(township.get("name"))))
        found += [(str(code), str(name)) for code, name in villages]
    return tuple(found)


def has_ground(kind: DocumentKind, state: CaseState) -> bool:
    """Say whether the case holds what a document certifies; a receipt needs nothing more."""
    ground = _GROUND.get(kind)
    return ground is None or ground(state)


def _demand_ground(kind: DocumentKind, state: CaseState, changed: tuple[Changed, ...]) -> None:
    if has_ground(kind, state) or (kind is DocumentKind.CORRECTION_SLIP and changed):
        return
    zh = "这一件没有办过这一步，不能打印。先看看办理经过。"
    en = "This was not done on the case, so there is no such paper. Look at its history."
    raise InvalidInput([FieldProblem("/document", "not_done", zh, en)])


def _changes(file: CaseFile) -> Iterator[Changed]:
    """What was put right since papers were first printed, oldest first."""
    shown: dict[str, Value] = {}
    for event in reversed(file.timeline):
        if event.fact in _CORRECTING:
            yield from _changes_in(event, shown)
        shown |= event.changes


def _changes_in(event: Event, shown: dict[str, Value]) -> Iterator[Changed]:
    why = next((read_map(v) for n, v in event.changes.items() if n.startswith("resolution.")), {})
    reason = event.changes.get("correction_reason") or read_map(why).get("reason")
    for name, value in event.changes.items():
        if name in shown and name not in _SILENT and isinstance(value, str):
            before = _said(shown[name])
            now = (
                Text(f"{value}（已改）", f"{value} (changed)")
                if before.zh == value
                else plain(value)
            )
            title = timeline.field_title(name)
            yield Changed(
                what=title, before=before, now=now, why=read_text(reason) or "", at=event.claimed_at
            )


def _said(value: Value) -> Text:
    return plain(value if isinstance(value, str) else "")


def _slot(kind: DocumentKind, state: CaseState) -> tuple[str, str]:
    """Under which name a document is counted, and its sign: two receipts are two documents."""
    if kind is DocumentKind.RECEIPT and receipt_sign(state) != KINDS[kind].sign:
        return f"{kind.value}_accepted", receipt_sign(state)
    return kind.value, KINDS[kind].sign


def _numbered(
    tx: sa.Connection, node: Node, register: Register, made: Sheet, wanted: Wanted
) -> tuple[str, int]:
    """Number of the document, and which 补打 it is."""
    slot, sign = _slot(wanted.kind, made.case)
    p, me = register.table.c, node.identity_in(tx)
    case = acting.load(tx, acting.find_case(tx, wanted.case)).id
    this = sa.and_(p.case == case, p.document == slot)
    known = tx.execute(sa.select(register.table).where(this)).first()
    if wanted.step is not Step.COUNT:
        last = 1 if wanted.step is Step.COUNTED else 0
        return (known.number, max(0, known.prints - last)) if known else ("", 0)
    if known is None:
        year = day_of(made.printed_at).year
        same = sa.and_(p.document == slot, p.year == year)
        serial = (tx.execute(sa.select(sa.func.max(p.serial)).where(same)).scalar() or 0) + 1
        number = numbering.document_number(
            label=me.name, kind=sign, year=year, serial=serial, device=register.letter
        )
        row = {"case": case, "document": slot, "number": number, "serial": serial, "year": year}
        tx.execute(sa.insert(register.table).values(**row, prints=1, printed_at=made.printed_at))
        return number, 0
    tx.execute(
        sa.update(register.table)
        .where(this)
        .values(prints=known.prints + 1, printed_at=made.printed_at)
    )
    return known.number, known.prints
