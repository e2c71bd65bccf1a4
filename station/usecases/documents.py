"""Documents at a station: numbered with the device's letter, counted when they go on paper."""

from typing import Final

import sqlalchemy as sa

from casework.documents import Document, DocumentKind, StationCard
from node import paperwork
from node.paperwork import Register, Step, Wanted
from node.people import Account
from node.rows import table
from node.runtime import Node
from station.rows import PrintRow
from station.usecases import numbers

_PRINT: Final = table(PrintRow)
_LETTERS: Final = "ABCDEFGHJKLMNPQRTUWXY"


def document(node: Node, reference: str, name: DocumentKind, account: Account) -> Document:
    """Make a document of a case and count it as printed (see `paperwork.document`).

    Args:
        node: this station.
        reference: ULID, temporary or official number of the case.
        name: which document.
        account: who prints it.
    """
    wanted = Wanted(case=reference, kind=name, account=account, step=Step.COUNT)
    with node.database.write() as tx:
        return paperwork.document(tx, node, _register(tx), wanted)


def look(
    node: Node, reference: str, name: DocumentKind, account: Account, *, counted: bool = False
) -> Document:
    """Make it to be looked at; nothing is counted.

    Args:
        node: this station.
        reference: ULID, temporary or official number of the case.
        name: which document.
        account: who looks.
        counted: as it was last counted, for the page that the browser prints; otherwise as the
            next print would be, without a number before the first.
    """
    step = Step.COUNTED if counted else Step.LOOK
    wanted = Wanted(case=reference, kind=name, account=account, step=step)
    with node.database.read() as tx:
        return paperwork.document(tx, node, _register(tx), wanted)


def of_item(node: Node, code: str, kind: DocumentKind, account: Account) -> Document:
    """Make the notice, guide or form of an item before there is a case; it is not counted.

    Raises:
        NotFound: the catalogue has no such item.
        NoCatalogue: none has reached this computer.
    """
    with node.database.read() as tx:
        return paperwork.of_item(tx, node, code, kind, account)


def card(node: Node) -> StationCard:
    """How this station presents itself on paper."""
    with node.database.read() as tx:
        return paperwork.card(tx, node, node.identity_in(tx))


def _register(tx: sa.Connection) -> Register:
    return Register(_PRINT, _LETTERS[(numbers.device(tx) - 1) % len(_LETTERS)])
