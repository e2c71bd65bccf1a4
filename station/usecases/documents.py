"""Documents of a case: numbered when first printed, the same at every reprint, and counted."""

from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from casework import numbering, papers
from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.documents import KINDS, Document, DocumentKind, Sheet, StationCard
from casework.errors import FieldProblem
from casework.projection import derive
from casework.values import day_of
from node import acting
from node.errors import InvalidInput, NoCatalogue, NotFound
from node.identity import Identity
from node.people import Account
from node.rows import table
from node.runtime import Node
from station.rows import PrintRow
from station.usecases import numbers

_PRINT: Final = table(PrintRow)
_LETTERS: Final = "ABCDEFGHJKLMNPQRTUWXY"
_GROUND: Final = {
    DocumentKind.DEFICIENCY_PROMISE: "commitment",
    DocumentKind.RESULT_DELIVERY: "issued",
    DocumentKind.WITHDRAWAL: "withdrawn",
}
"""Document → the evidence in the case that it certifies; without it there is no such paper."""


def document(node: Node, reference: str, name: DocumentKind, account: Account) -> Document:
    """Make a document of a case and count it as printed.

    Args:
        node: this station.
        reference: ULID, temporary or official number of the case.
        name: which document.
        account: who prints it.

    Raises:
        CaseUnknown: there is no such case here.
        InvalidInput: it would certify what was not done.
        NoCatalogue: the catalogue under which the case was taken in is not here.
    """
    with node.database.write() as tx:
        me = node.identity_in(tx)
        case = acting.load(tx, acting.find_case(tx, reference))
        if name in _GROUND and not case.state.map(_GROUND[name]):
            zh = "这一件没有办过这一步，不能打印。先看看办理经过。"
            en = "This was not done on the case, so there is no such paper. Look at its history."
            raise InvalidInput([FieldProblem("/document", "not_done", zh, en)])
        item = acting.item_of(tx, node, case.state)
        if item is None:
            raise NoCatalogue
        print_ = _count(tx, node, me, case.id, name)
    state = derive(case.evidence.heads, item=item)
    sheet = _sheet(node, me, state, item, account)
    return papers.build(name, replace(sheet, number=print_.number, reprint=print_.prints - 1))


def notice(node: Node, code: str, account: Account) -> Document:
    """Make the one-time notice of an item before there is a case; it is not counted.

    Raises:
        NotFound: the catalogue has no such item.
        NoCatalogue: none has reached this computer.
    """
    with node.database.read() as tx:
        item = node.catalogue(tx).item(code)
        me = node.identity_in(tx)
    if item is None:
        raise NotFound("item", code)
    sheet = _sheet(node, me, derive({}), item, account)
    return papers.build(DocumentKind.ONE_TIME_NOTICE, sheet)


def _sheet(
    node: Node, me: Identity, state: CaseState, item: CatalogueItem, account: Account
) -> Sheet:
    return Sheet(
        case=state,
        item=item,
        station=StationCard(name=me.name, code=me.place.code),
        handler=(account.name, account.login),
        printed_at=node.clock.now_ms(),
        offline=not state.text("official_number"),
        places=places(node),
    )


def places(node: Node) -> tuple[tuple[str, str], ...]:
    """Names of the county's divisions by their codes."""
    with node.database.read() as tx:
        townships = node.regions(tx)
    found: list[tuple[str, str]] = []
    for township in townships:
        villages: Any = township.get("villages") or ()
        found.append((str(township.get("code")), str(township.get("name"))))
        found += [(str(code), str(name)) for code, name in villages]
    return tuple(found)


def _count(tx: sa.Connection, node: Node, me: Identity, case: str, name: DocumentKind) -> Any:  # noqa: ANN401  # a row
    p, now = _PRINT.c, node.clock.now_ms()
    this = sa.and_(p.case == case, p.document == name.value)
    known = tx.execute(sa.select(_PRINT).where(this)).first()
    if known is None:
        year = day_of(now).year
        same = sa.and_(p.document == name.value, p.year == year)
        serial = (tx.execute(sa.select(sa.func.max(p.serial)).where(same)).scalar() or 0) + 1
        letter = _LETTERS[(numbers.device(tx) - 1) % len(_LETTERS)]
        number = numbering.document_number(
            label=me.name, kind=KINDS[name].sign, year=year, serial=serial, device=letter
        )
        row = {"number": number, "serial": serial, "year": year, "prints": 0, "printed_at": now}
        tx.execute(sa.insert(_PRINT).values(case=case, document=name.value, **row))
    tx.execute(sa.update(_PRINT).where(this).values(prints=p.prints + 1, printed_at=now))
    return tx.execute(sa.select(_PRINT).where(this)).one()
