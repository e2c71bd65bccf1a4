"""The day sheet: receipts of a day against what the county has confirmed, and the signed head.

The head says how far this device's log reaches. Typed or scanned at the county, it shows what has
not arrived there, whichever way it was lost. Nothing in it is about a person.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from casework.catalogue import CatalogueItem
from casework.documents import Document, DocumentKind
from casework.paper import day_sheet as paper
from casework.paper.day_sheet import Reach, Row, Tally
from casework.spoken import Text, plain
from casework.values import day_of
from node import casefile, heads, ledger, paperwork
from node.casefile import CaseLine, Transport
from node.clock import BEIJING
from node.identity import Identity
from node.people import Account
from node.rows import table
from node.runtime import Node
from node.tables import case as case_table
from station.rows import PrintRow
from station.usecases import standing
from sync import head

_PRINT = table(PrintRow)


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The signed head on a sheet.

    Attributes:
        seq: how many operations this device has written.
        lines: for typing; code: the same for a QR code.
    """

    seq: int
    lines: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """What stands on the sheet of a day.

    Attributes:
        taken: cases taken in here on that day.
        printed: of those, how many had a receipt printed.
        received: of those, of how many the county has confirmed everything written here.
        waiting: the others.
        waiting_ever: cases of any day that wait.
        head: None before anything was written here.
    """

    station: str
    name: str
    county: str
    day: date
    made_at: int
    taken: int
    printed: int
    received: int
    waiting: int
    waiting_ever: int
    rows: tuple[CaseLine, ...]
    head: SheetHead | None


def day_sheet(node: Node, day: date | None = None) -> DaySheet:
    """Lay out the sheet of a day; what is not signed yet is signed, so that the head covers it.

    Args:
        node: this station.
        day: in Beijing; None: today.
    """
    now = node.clock.now_ms()
    wanted = day or day_of(now)
    with node.database.write() as tx:
        me = node.identity_in(tx)
        ledger.seal(tx, me)
        signed = heads.own(tx, me, now=now)
        taken = _taken(tx, me, wanted)
        late = _late(tx, me)
        rows = casefile.lines_of(tx, me, taken)
        printed = _printed(tx, [row.case for row in rows])
        waiting_ever = standing.count_unreceipted(tx, me)
    waiting = sum(record in late for record in taken)
    return DaySheet(
        station=me.place.code,
        name=me.name,
        county=me.county.name,
        day=wanted,
        made_at=now,
        taken=len(taken),
        printed=printed,
        received=len(taken) - waiting,
        waiting=waiting,
        waiting_ever=waiting_ever,
        rows=tuple(sorted(rows, key=lambda row: (row.received_at, row.case))),
        head=_head(signed) if signed else None,
    )


def as_document(node: Node, sheet: DaySheet, account: Account | None) -> Document:
    """Lay the sheet out as a document, for PDF and plain pages.

    Args:
        node: this station.
        sheet: of a day.
        account: who prints it; None leaves the name to be signed.
    """
    with node.database.read() as tx:
        items = {row.item: node.item(tx, row.item, row.item_version) for row in sheet.rows}
        card = paperwork.card(tx, node, node.identity_in(tx))
    tally = Tally(
        taken=sheet.taken,
        printed=sheet.printed,
        received=sheet.received,
        waiting=sheet.waiting,
        waiting_ever=sheet.waiting_ever,
    )
    signed = sheet.head
    reach = Reach(seq=signed.seq, lines=signed.lines, code=signed.code) if signed else None
    return paper.day_sheet(
        sheet.day,
        tally,
        tuple(_row(row, items.get(row.item)) for row in sheet.rows),
        reach,
        station=card,
        handler=(account.name, account.login) if account else ("", ""),
        printed_at=sheet.made_at,
    )


def _row(line: CaseLine, item: CatalogueItem | None) -> Row:
    return Row(
        number=line.temporary_number,
        official_number=line.official_number,
        item=Text(item.name, item.name_en or item.name) if item else plain(line.item),
        transport=_TRANSPORT[line.transport],
        at=line.received_at,
    )


_TRANSPORT: Final = {
    Transport.LOCAL: Text("只在本机", "on this computer"),
    Transport.SENDING: Text("正在上传", "sending"),
    Transport.IN_CUSTODY: Text("乡镇代转中", "with the township"),
    Transport.RECEIVED: Text("县里已收到", "county has it"),
    Transport.REFUSED: Text("没传上去", "needs you"),
    Transport.COUNTY_CHECKING: Text("县里核对中", "county is checking"),
}


def tally_of(node: Node, day: date) -> tuple[int, int]:
    """How many cases were taken in on a day, and of how many of them the county lacks something."""
    with node.database.read() as tx:
        me = node.identity_in(tx)
        taken = set(_taken(tx, me, day))
        late = _late(tx, me)
    return len(taken), len(taken & late)


def _late(tx: sa.Connection, me: Identity) -> set[bytes]:
    """Cases of which the county lacks something that was written here."""
    return set(tx.scalars(sa.select(standing.unreceipted(tx, me).subquery().c.record)))


def _taken(tx: sa.Connection, me: Identity, day: date) -> list[bytes]:
    begin = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    t = case_table.c
    statement = sa.select(t.record).where(
        t.station == me.place.code,
        t.received_at >= round(begin.timestamp() * 1000),
        t.received_at < round((begin + timedelta(days=1)).timestamp() * 1000),
    )
    return [bytes(record) for record in tx.scalars(statement)]


def _printed(tx: sa.Connection, cases: list[str]) -> int:
    p = _PRINT.c
    receipts = sa.select(p.case).where(p.document.startswith(DocumentKind.RECEIPT.value))
    return len(set(cases) & set(tx.scalars(receipts)))


def _head(signed: bytes) -> SheetHead:
    return SheetHead(head.parse(signed).seq, head.to_lines(signed), head.to_code(signed))
