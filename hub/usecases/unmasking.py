"""Looking at whole numbers and photos: for a purpose, by those who may, and never unrecorded."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework import authority
from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem
from casework.ids import Ulid
from casework.places import Role
from hub.rows import unmasking
from node import acting, casefile, photographs
from node.casefile import CaseFile, Sight
from node.errors import InvalidInput, NotAllowed
from node.people import Account
from node.photographs import Picture
from node.runtime import Node

MAY_UNMASK: Final = frozenset({Role.APPROVER, Role.RECONCILER})
PHOTO_PURPOSE: Final = "看材料照片"
"""What stands in the record for a look at a photo."""
_SHORTEST, _LONGEST = 2, 200


@dataclass(frozen=True, slots=True)
class Look:
    """One look that was recorded, at whole numbers or at a photo."""

    at: int
    login: str
    case: str
    purpose: str


def may_look(account: Account, item: CatalogueItem | None) -> bool:
    """Say whether somebody may see what is masked of a case of this item."""
    if account.role not in MAY_UNMASK:
        return False
    return item is None or not authority.check_department("", account.department, item.department)


def unmask(node: Node, reference: str, *, purpose: str, account: Account) -> CaseFile:
    """Show a case with its whole numbers; the look stands in the record before it is shown.

    Args:
        node: the hub.
        reference: ULID, temporary or official number of the case.
        purpose: what for, in words.
        account: who looks.

    Raises:
        NotAllowed: the role may not, or the item is another department's.
        InvalidInput: no purpose is given.
        CaseUnknown: there is no such case.
    """
    if account.role not in MAY_UNMASK:
        raise NotAllowed("unmask", account.role)
    wanted = purpose.strip()
    if not _SHORTEST <= len(wanted) <= _LONGEST:
        zh = "写明用途，2到200个字。例如：打电话核对银行卡号。"
        raise InvalidInput([FieldProblem("/purpose", "value", zh, "Say what for: 2 to 200 signs.")])

    def work(tx: sa.Connection) -> CaseFile:
        record = _look(tx, node, reference, purpose=wanted, account=account)
        return casefile.show(tx, node.identity_in(tx), record, sight=Sight.OPEN)

    return node.database.run(work)


def see_photo(node: Node, reference: str, attachment: str, *, account: Account) -> Picture:
    """Open a photo of a case; the look stands in the record before it is shown.

    Args:
        node: the hub.
        reference: ULID, temporary or official number of the case.
        attachment: id of the photo within the case.
        account: who looks.

    Raises:
        NotAllowed: the role may not, or the item is another department's.
        CaseUnknown: there is no such case.
        NotFound: there is no such photo, or it has not arrived; nothing was seen or recorded.
    """

    def work(tx: sa.Connection) -> Picture:
        record = _look(tx, node, reference, purpose=PHOTO_PURPOSE, account=account)
        return photographs.read_in(tx, node, record, attachment)

    return node.database.run(work)


def _look(
    tx: sa.Connection, node: Node, reference: str, *, purpose: str, account: Account
) -> bytes:
    """Record a look by somebody who may; the record of the case.

    Raises:
        NotAllowed: the role may not, or the item is another department's.
        CaseUnknown: there is no such case.
    """
    record = acting.find_case(tx, reference)
    item = acting.item_of(tx, node, acting.load(tx, record).state)
    if not may_look(account, item):
        raise NotAllowed("unmask", account.role)
    tx.execute(
        sa.insert(unmasking).values(
            at=node.clock.now_ms(), login=account.login, record=record, purpose=purpose
        )
    )
    return record


def looks(node: Node, *, limit: int = 200) -> list[Look]:
    """Read the record of looks, the newest first."""
    u = unmasking.c
    statement = sa.select(unmasking).order_by(u.at.desc(), u.id.desc()).limit(limit)
    with node.database.read() as tx:
        return [
            Look(row.at, row.login, Ulid(row.record).text, row.purpose)
            for row in tx.execute(statement)
        ]
