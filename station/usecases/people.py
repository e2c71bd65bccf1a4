"""What this station knows of a person: found by the number of a document, offered, never filled in.

A table tells whose case each one is. It is made of the log, brought up to date when somebody asks,
and what the county alone still keeps goes out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.ids import IdNumber, IdNumberRefused
from casework.places import PlaceKind
from node import acting, casefile, cases, settings
from node.acting import find_case
from node.casefile import CaseLine
from node.cases import Case
from node.errors import CaseUnknown
from node.rows import table
from node.runtime import Node
from node.tables import case as case_table
from node.tables import identity
from station.rows import PersonRow
from sync.adapters.tables import operation

_PERSON: Final = table(PersonRow)
_UPTO: Final = "people.upto"
"""Setting: the newest operation that the table has taken in."""
_BATCH: Final = 1000
_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody said of himself when he was here last.

    Attributes:
        at: when that was, milliseconds.
    """

    name: str
    phone: str
    address: str
    division: str
    at: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How a case stands, as it is told at the counter.

    Attributes:
        missing: numbers of the papers that lack.
    """

    line: CaseLine
    missing: tuple[int, ...]


def known(node: Node, typed: str) -> Known | None:
    """Answer what this station knows of the person with this number, or None.

    Args:
        node: this station.
        typed: number of a document, in any spacing; a wrong one finds nobody. A partner's outlet
            takes people's data in and offers none again.
    """
    number = tidy(typed)
    if not number:
        return None
    refresh(node)
    with node.database.read() as tx:
        if is_outlet(tx):
            return None
        found = [one for one in cases.derive(tx, records(tx, number)) if _is(one, number)]
    found.sort(key=lambda one: one.state.instant("received") or 0)
    return _said(found[-1]) if found else None


def progress(node: Node, typed: str) -> tuple[Progress, ...]:
    """Answer how the cases stand that are meant: by the number of one, or by that of a person.

    Args:
        node: this station.
        typed: temporary or official number of a case, or number of a document; any spacing.

    Returns:
        The newest first; none where nothing here fits.
    """
    refresh(node)
    with node.database.read() as tx:
        records = meant(tx, typed)
        me = node.identity_in(tx)
        lines = casefile.lines_of(tx, me, records)
        missing = {case.id: _missing(tx, node, case) for case in cases.derive(tx, records)}
    found = [Progress(line, missing.get(line.case, ())) for line in lines]
    return tuple(sorted(found, key=lambda one: -one.line.received_at))


def refresh(node: Node) -> None:
    """Bring the table up to date with the log, wherever its operations came from."""
    while _is_behind(node):
        with node.database.write() as tx:
            _catch_up(tx, now=node.clock.now_ms())


def tidy(typed: str) -> str:
    """Answer a number as cases hold it: a right one of a citizen, or the signs as they stand.

    >>> tidy(" 411599 19400101 001 1 ")
    '411599194001010011'
    """
    try:
        return IdNumber.parse(typed).text
    except IdNumberRefused:
        return "".join(typed.split()).upper()


def refresh_outlet(node: Node) -> None:
    """Bring the table up to date where cases are found by it alone."""
    with node.database.read() as tx:
        needed = is_outlet(tx)
    if needed:
        refresh(node)


def is_outlet(tx: sa.Connection) -> bool:
    """Say whether this is a partner's outlet: people are found by whole numbers only (model §5)."""
    return tx.execute(sa.select(identity.c.kind)).scalar() == PlaceKind.OUTLET


def meant(tx: sa.Connection, typed: str) -> list[bytes]:
    """Cases that are meant by the number of one, or by that of a person's document."""
    if not typed.strip():
        return []
    try:
        return [find_case(tx, "".join(typed.split()))]
    except CaseUnknown:
        number = tidy(typed)
        return records(tx, number) if number else []


def records(tx: sa.Connection, number: str) -> list[bytes]:
    """Cases that are here, the newest first; what the county alone keeps is not among them."""
    t, c = _PERSON.c, case_table.c
    here = sa.select(t.record).join(case_table, c.record == t.record).where(t.id_no == number)
    return list(tx.scalars(here.order_by(c.received_at.desc()).limit(_MOST)))


def _is(case: Case, number: str) -> bool:
    return case.state.text("id_no") == number


def _said(case: Case) -> Known:
    text = case.state.text
    return Known(
        name=text("name"),
        phone=text("phone"),
        address=text("address"),
        division=text("division"),
        at=case.state.instant("received") or 0,
    )


def _missing(tx: sa.Connection, node: Node, case: Case) -> tuple[int, ...]:
    item = acting.item_of(tx, node, case.state)
    return acting.measured(case, item).missing


def _is_behind(node: Node) -> bool:
    with node.database.read() as tx:
        return _newest(tx) != int(settings.get(tx, _UPTO, 0))


def _newest(tx: sa.Connection) -> int:
    return int(tx.execute(sa.select(sa.func.max(operation.c.id))).scalar() or 0)


def _catch_up(tx: sa.Connection, *, now: int) -> None:
    o = operation.c
    upto = int(settings.get(tx, _UPTO, 0))
    if _newest(tx) < upto:
        upto = 0  # the newest were set aside, their numbers are given again: begin anew
        settings.put(tx, _UPTO, upto, now=now)
    rows = tx.execute(
        sa.select(o.id, o.record).where(o.id > upto).order_by(o.id).limit(_BATCH)
    ).all()
    if not rows:
        return
    _put(tx, {row.record for row in rows})
    settings.put(tx, _UPTO, rows[-1].id, now=now)
    gone = sa.select(case_table.c.record)
    tx.execute(sa.delete(_PERSON).where(_PERSON.c.record.not_in(gone)))


def _put(tx: sa.Connection, records: Iterable[bytes]) -> None:
    found = [
        {"record": case.record, "id_no": number}
        for case in cases.derive(tx, list(records))
        if (number := case.state.text("id_no"))
    ]
    tx.execute(sa.delete(_PERSON).where(_PERSON.c.record.in_([row["record"] for row in found])))
    if found:
        tx.execute(sa.insert(_PERSON), found)
