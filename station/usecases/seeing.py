"""Looking at personal data in full: only for a purpose, and never without a trace."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.errors import FieldProblem
from casework.places import PlaceKind
from node import acting, casefile
from node.casefile import CaseFile, Sight, Transport
from node.errors import InvalidInput, NotAllowed
from node.people import Account
from node.rows import table
from node.runtime import Node
from station.rows import UnmaskingRow

_ROW: Final = table(UnmaskingRow)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody looked at a case in full."""

    at: int
    case: str
    account: str
    purpose: str


def masked(node: Node, reference: str) -> CaseFile:
    """Read a case; what need not be read in full is masked.

    Raises:
        CaseUnknown: there is no such case here.
    """
    with node.database.read() as tx:
        record = acting.find_case(tx, reference)
        return casefile.show(tx, node.identity_in(tx), record, sight=Sight.MASKED)


def unmasked(node: Node, reference: str, *, purpose: str, account: Account) -> CaseFile:
    """Read a case in full, once the purpose stands on the disk.

    Args:
        node: this station.
        reference: ULID, temporary or official number of the case.
        purpose: why, in the person's words.
        account: who looks.

    Raises:
        InvalidInput: the purpose is empty or longer than 200 signs.
        CaseUnknown: there is no such case here.
        NotAllowed: a partner's outlet sees nothing in full any more once the county has it.
    """
    told = purpose.strip()
    if not 0 < len(told) <= _LONGEST:
        zh, en = "写一句为什么要看，最多200字。", "Say why, in at most 200 signs."
        raise InvalidInput([FieldProblem("/purpose", "missing", zh, en)])
    with node.database.write() as tx:
        record = acting.find_case(tx, reference)
        me = node.identity_in(tx)
        found = casefile.show(tx, me, record, sight=Sight.OPEN)
        if me.place.kind is PlaceKind.OUTLET and found.line.transport is Transport.RECEIVED:
            raise NotAllowed("unmask", account.role)
        values = {"case": found.line.case, "account": account.login, "purpose": told}
        tx.execute(sa.insert(_ROW).values(at=node.clock.now_ms(), **values))
    return found


def seen(node: Node, reference: str) -> list[Seen]:
    """Who looked at a case in full, the last first.

    Raises:
        CaseUnknown: there is no such case here.
    """
    with node.database.read() as tx:
        case = acting.load(tx, acting.find_case(tx, reference)).id
        statement = sa.select(_ROW).where(_ROW.c.case == case).order_by(_ROW.c.id.desc())
        rows = tx.execute(statement).all()
    return [Seen(row.at, row.case, row.account, row.purpose) for row in rows]
