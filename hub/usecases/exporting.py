"""Writing accepted cases for systems that the county cannot reach (docs/spec/exchange-files.md).

Each case gets its place (`seq`) in all the files once, when it is first written; the places rise
without gaps. The cursor is the last place of a file. It moves on only after the file is on the
disk, so that nothing is missed; a file that was lost is written again from an earlier cursor, with
the same places, so that nothing counts twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework import exchange_files
from casework.case import State
from casework.errors import FieldProblem
from casework.values import Value
from hub.rows import exported, unmasking
from hub.usecases.unmasking import MAY_UNMASK, may_look
from node import acting, cases, feeding, settings
from node.cases import Case
from node.errors import InvalidInput, NotAllowed
from node.people import Account
from node.runtime import Node
from node.tables import case as case_table

_CURSOR: Final = "exchange.cursor"
_BATCH: Final = 200
_SHORTEST, _LONGEST = 2, 200
_BEFORE: Final = (State.DRAFT.value, State.NOT_ACCEPTED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """That fields of class 2 are wanted, by whom and what for."""

    account: Account
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What goes into one file.

    Attributes:
        since: place after which it begins.
        cursor: place of its last row; where the next file begins.
        rows: in the order of their places.
        left_out: places whose personal fields this person may not see.
    """

    county: str
    written_at: str
    since: int
    cursor: int
    rows: tuple[dict[str, Value], ...]
    personal: bool
    left_out: tuple[int, ...] = ()

    def head(self) -> dict[str, Value]:
        """The first line of a file."""
        return {
            "type": exchange_files.HEAD,
            "format": exchange_files.CASES,
            "version": exchange_files.VERSION,
            "county": self.county,
            "written_at": self.written_at,
            "since": self.since,
            "cursor": self.cursor,
            "rows": len(self.rows),
            "personal": self.personal,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """How the exchange stands: the cursor, and how many cases no file has had yet."""

    cursor: int
    waiting: int


def standing(node: Node) -> Standing:
    """Say how many cases wait."""
    with node.database.read() as tx:
        cursor = _cursor(tx)
        written = tx.scalar(sa.select(sa.func.count()).where(exported.c.seq > cursor)) or 0
        fresh = sum(1 for case in _fresh(tx) if exchange_files.is_exported(case.state))
    return Standing(cursor, written + fresh)


def export(node: Node, *, since: int | None = None, personal: Personal | None = None) -> Export:
    """Gather what no file has had yet; or from an earlier cursor, with the same places as then.

    Args:
        node: the hub.
        since: cursor of an earlier file; None: the last one that was confirmed.
        personal: whether fields of class 2 go in; every case is then recorded as looked at.

    Raises:
        NotAllowed: the role may not see personal fields.
        InvalidInput: no purpose is given, or there is no such cursor.

    Does not move the cursor: `confirm` does, once the file is on the disk.
    """
    if personal is not None:
        _demand_purpose(personal)
    node.database.run(_give_places)
    with node.database.read() as tx:
        start = _cursor(tx) if since is None else since
        places = _places(tx, start)
        if since is not None and not 0 <= since <= _last(tx):
            raise InvalidInput([_no_cursor(since)])
    rows, left_out = _rows(node, places, personal)
    return Export(
        county=node.identity().county_code,
        written_at=exchange_files.instant(node.clock.now_ms()),
        since=start,
        cursor=places[-1][0] if places else start,
        rows=tuple(rows),
        personal=personal is not None,
        left_out=tuple(left_out),
    )


def confirm(node: Node, written: Export) -> None:
    """Let the next file begin after this one; a cursor never goes back."""

    def work(tx: sa.Connection) -> None:
        feeding.lock_counters(tx)
        cursor = max(_cursor(tx), written.cursor)
        settings.put(tx, _CURSOR, cursor, now=node.clock.now_ms())

    node.database.run(work)


def _cursor(tx: sa.Connection) -> int:
    return int(settings.get(tx, _CURSOR, 0))


def _last(tx: sa.Connection) -> int:
    return int(tx.scalar(sa.select(sa.func.max(exported.c.seq))) or 0)


def _places(tx: sa.Connection, since: int) -> list[tuple[int, bytes, str]]:
    e = exported.c
    statement = sa.select(e.seq, e.record, e.kind).where(e.seq > since).order_by(e.seq)
    return [(row.seq, bytes(row.record), row.kind) for row in tx.execute(statement)]


def _give_places(tx: sa.Connection) -> None:
    """Give a place to every case that has none, in the order in which they were received."""
    feeding.lock_counters(tx)  # two workers would give one place twice
    seq = _last(tx)
    rows = []
    for case in _fresh(tx):
        kind = exchange_files.is_exported(case.state)
        if kind:
            seq += 1
            at = case.state.instant("received") or 0
            rows.append({"seq": seq, "record": case.record, "kind": kind, "at": at})
    if rows:
        tx.execute(sa.insert(exported), rows)


def _fresh(tx: sa.Connection) -> Iterator[Case]:
    """Cases that no file has had and that may be due for one."""
    t, e = case_table.c, exported.c
    statement = (
        sa.select(t.record)
        .outerjoin(exported, e.record == t.record)
        .where(e.record.is_(None), t.official_number != "", t.state.not_in(_BEFORE))
        .order_by(t.received_at, t.id)
    )
    records = [bytes(record) for record in tx.scalars(statement)]
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        found = {case.record: case for case in cases.derive(tx, batch)}
        yield from (found[record] for record in batch if record in found)


def _rows(
    node: Node, places: Sequence[tuple[int, bytes, str]], personal: Personal | None
) -> tuple[list[dict[str, Value]], list[int]]:
    rows: list[dict[str, Value]] = []
    left_out: list[int] = []
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]

        def work(
            tx: sa.Connection, batch: Sequence[tuple[int, bytes, str]] = batch
        ) -> list[tuple[dict[str, Value], bool]]:
            return _batch(tx, node, batch, personal)

        for row, hidden in node.database.run(work):
            rows.append(row)
            left_out += [int(str(row["seq"]))] if hidden else []
    return rows, left_out


def _batch(
    tx: sa.Connection,
    node: Node,
    places: Sequence[tuple[int, bytes, str]],
    personal: Personal | None,
) -> list[tuple[dict[str, Value], bool]]:
    """Lay out some rows; looks at personal fields are recorded in the same transaction."""
    found = {case.record: case for case in cases.derive(tx, [record for _, record, _ in places])}
    made, looked = [], []
    for seq, record, kind in places:
        if record not in found:
            continue
        case = found[record]
        item = acting.item_of(tx, node, case.state)
        row = exchange_files.case_row(case.state, item, id_=case.id, seq=seq, kind=kind)
        sees = personal is not None and may_look(personal.account, item)
        if sees:
            row |= exchange_files.personal_row(case.state)
            looked.append(record)
        made.append((row, personal is not None and not sees))
    if personal is not None and looked:
        _record(tx, node, looked, personal)
    return made


def _record(tx: sa.Connection, node: Node, records: Sequence[bytes], personal: Personal) -> None:
    now, login = node.clock.now_ms(), personal.account.login
    purpose = f"导出:{personal.purpose.strip()}"
    rows = [{"at": now, "login": login, "record": r, "purpose": purpose} for r in records]
    tx.execute(sa.insert(unmasking), rows)


def _demand_purpose(personal: Personal) -> None:
    if personal.account.role not in MAY_UNMASK:
        raise NotAllowed("export", personal.account.role)
    if not _SHORTEST <= len(personal.purpose.strip()) <= _LONGEST:
        zh = "写明用途，2到200个字。例如：报省统一受理平台。"
        raise InvalidInput([FieldProblem("/purpose", "value", zh, "Say what for: 2 to 200 signs.")])


def _no_cursor(since: int) -> FieldProblem:
    return FieldProblem(
        "/since",
        "cursor",
        f"没有 {since} 这个位置。不写 --since，就接着上一次导出。",
        f"There is no place {since}. Leave it out to go on from the last file.",
    )
