"""Departments ask, the county adjusts: change requests and their limits (R-GX-03, R-NX-13, T11).

A department does not edit the catalogue: it says what law changes which items, and the county
writes, approves and publishes. Told within three working days of the law's publication, adjusted
within seven; both are counted by the published calendar and flagged when late.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from casework.errors import FieldProblem
from casework.places import Role
from casework.values import day_of, read_date
from casework.workdays import Calendar
from hub.rows import catalogue_request
from node.errors import InvalidInput, NotAllowed
from node.people import Account
from node.runtime import Node

KINDS: Final = {
    "add": "新增",
    "cancel": "取消",
    "hand_down": "下放",
    "take_over": "承接",
    "adjust": "调整",
}
"""Why a catalogue changes (R-HC-17a)."""
NOTIFY_DAYS: Final = 3
ADJUST_DAYS: Final = 7
_R: Final = catalogue_request.c
_MOST_ITEMS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What a department asks for.

    Attributes:
        kind: key of KINDS.
        items: codes of the items, also of one that is to be added.
        department: that asks.
        proposer: who speaks for it.
        basis: law or document that brings the change.
        law_date: day on which that was published, ISO.
        told_on: day on which the county was told, ISO.
    """

    kind: str
    items: Sequence[str]
    department: str
    proposer: str
    basis: str
    law_date: str
    told_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it stands.

    Attributes:
        tell_by: last day to tell the county in time.
        adjust_by: last day to publish in time.
        adjusted_on: day of publication; None: still open.
        told_late: the department told it late.
        adjusted_late: it was published late, or is not yet and the day has passed.
    """

    id: int
    kind: str
    items: tuple[str, ...]
    department: str
    proposer: str
    basis: str
    law_date: date
    told_on: date
    tell_by: date
    adjust_by: date
    adjusted_on: date | None
    version: int | None
    told_late: bool
    adjusted_late: bool


def note(node: Node, new: NewRequest, *, account: Account) -> Request:
    """Keep what a department asks for.

    Raises:
        InvalidInput: with everything that is wrong.
        NotAllowed: the account is no administrator's.
    """
    if account.role is not Role.ADMINISTRATOR:
        raise NotAllowed("catalogue_request", account.role)
    today = day_of(node.clock.now_ms())
    if problems := list(_problems(new, today)):
        raise InvalidInput(problems)

    def work(tx: sa.Connection) -> Request:
        tx.execute(
            sa.insert(catalogue_request).values(
                kind=new.kind,
                items=sorted({code.strip() for code in new.items}),
                department=new.department.strip(),
                proposer=new.proposer.strip(),
                basis=new.basis.strip(),
                law_date=new.law_date,
                told_on=new.told_on,
                noted_by=account.login,
                noted_at=node.clock.now_ms(),
                adjusted_on="",
            )
        )
        return _listed(tx, node)[0]

    return node.database.run(work)


def _problems(new: NewRequest, today: date) -> list[FieldProblem]:
    law, told = read_date(new.law_date), read_date(new.told_on)
    wrong = (
        (new.kind not in KINDS, "/kind", "调整种类只有：" + "、".join(KINDS.values()) + "。"),
        (not 0 < len(new.items) <= _MOST_ITEMS, "/items", "写上事项编码。"),
        (not new.department.strip(), "/department", "写上是哪个部门提的。"),
        (not new.proposer.strip(), "/proposer", "写上是谁提的。"),
        (not new.basis.strip(), "/basis", "写上依据的文件。"),
        (law is None or law > today, "/law_date", "写上文件公布的日期，不能晚于今天。"),
        (told is None or told > today, "/told_on", "写上告知的日期，不能晚于今天。"),
        (bool(law and told and told < law), "/told_on", "告知比公布还早。看看写反没有。"),
    )
    english = "Kind, items, department, proposer, document and both dates are needed."
    return [FieldProblem(at, "value", zh, english) for is_wrong, at, zh in wrong if is_wrong]


def listed(node: Node) -> list[Request]:
    """Every request, the newest first."""
    with node.database.read() as tx:
        return _listed(tx, node)


def _listed(tx: sa.Connection, node: Node) -> list[Request]:
    calendar, today = node.limits(tx).calendar, day_of(node.clock.now_ms())
    rows = tx.execute(sa.select(catalogue_request).order_by(_R.id.desc()))
    return [_request(row._mapping, calendar, today) for row in rows]  # noqa: SLF001  # SQLAlchemy's documented name


def _request(row: sa.RowMapping, calendar: Calendar, today: date) -> Request:
    law, told = date.fromisoformat(row["law_date"]), date.fromisoformat(row["told_on"])
    adjusted = read_date(row["adjusted_on"])
    tell_by = calendar.add(law, NOTIFY_DAYS).day
    adjust_by = calendar.add(law, ADJUST_DAYS).day
    return Request(
        id=row["id"],
        kind=row["kind"],
        items=tuple(row["items"]),
        department=row["department"],
        proposer=row["proposer"],
        basis=row["basis"],
        law_date=law,
        told_on=told,
        tell_by=tell_by,
        adjust_by=adjust_by,
        adjusted_on=adjusted,
        version=row["version"],
        told_late=told > tell_by,
        adjusted_late=(adjusted or today) > adjust_by,
    )


def adjusted(tx: sa.Connection, node: Node, items: Collection[str], *, version: int) -> None:
    """Close the open requests whose items a publication all touches.

    Args:
        tx: the transaction of the publication.
        node: the hub.
        items: codes of every item that it adds, changes or takes out.
        version: that was published.
    """
    today = day_of(node.clock.now_ms()).isoformat()
    for request in _listed(tx, node):
        if request.adjusted_on is None and set(request.items) <= set(items):
            tx.execute(
                sa.update(catalogue_request)
                .where(_R.id == request.id)
                .values(adjusted_on=today, version=version)
            )


def uncovered(node: Node, items: Collection[str]) -> tuple[str, ...]:
    """Items that a draft changes without an open request of a department: only warned of."""
    asked = {code for one in listed(node) if one.adjusted_on is None for code in one.items}
    return tuple(sorted(set(items) - asked))
