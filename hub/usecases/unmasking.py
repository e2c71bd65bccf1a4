"""Looking at whole numbers of a case: for a purpose, by those who may, and never unrecorded."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework import authority
from casework.errors import FieldProblem
from casework.ids import Ulid
from casework.places import Role
from hub.rows import unmasking
from node import acting, casefile
from node.casefile import CaseFile, Sight
from node.errors import InvalidInput, NotAllowed
from node.people import Account
from node.runtime import Node

MAY_UNMASK: Final = frozenset({Role.APPROVER, Role.RECONCILER})
_SHORTEST, _LONGEST = 2, 200


@dataclass(frozen=True, slots=True)
class Look:
    """One look that was recorded."""

    at: int
    login: str
    case: str
    purpose: str


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
        record = acting.find_case(tx, reference)
        item = acting.item_of(tx, node, acting.load(tx, record).state)
        if item and authority.check_department("", account.department, item.department):
            raise NotAllowed("unmask", account.role)
        tx.execute(
            sa.insert(unmasking).values(
                at=node.clock.now_ms(), login=account.login, record=record, purpose=wanted
            )
        )
        return casefile.show(tx, node.identity_in(tx), record, sight=Sight.OPEN)

    return node.database.run(work)


def looks(node: Node, *, limit: int = 200) -> list[Look]:
    """Read the record of looks, the newest first."""
    u = unmasking.c
    statement = sa.select(unmasking).order_by(u.at.desc(), u.id.desc()).limit(limit)
    with node.database.read() as tx:
        return [
            Look(row.at, row.login, Ulid(row.record).text, row.purpose)
            for row in tx.execute(statement)
        ]
