"""What the county has refused, and taking a refusal back after the fact (追认)."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework import authority
from casework.errors import FieldProblem
from casework.facts import Act
from casework.ids import Ulid
from casework.places import PlaceKind
from hub.rows import verdict
from hub.usecases import projections
from hub.usecases.rules import JUDGED, look_at, verdict_fields
from hub.usecases.sitting import Sitting
from node import ledger
from node.cases import Case
from node.errors import InvalidInput, NotAllowed, NotFound
from node.ledger import CaseAct
from node.people import Account
from node.runtime import Node
from sync.adapters.tables import author
from sync.errors import RemoteSyncError
from sync.operation import Dot
from sync.verdict import Verdict

_RATIFIED: Final = "ratified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The county's latest word on an operation of a station.

    Attributes:
        dot: names the operation and the verdict, `REPLICA:SEQ`.
        reason: stable word.
        detail: for the people who wrote it.
    """

    dot: str
    replica: str
    seq: int
    case: str
    station: str
    refused: bool
    reason: str
    detail: str
    said_at: int


def listed(node: Node) -> list[Judged]:
    """Every verdict on a station's operation, the newest first."""
    with node.database.read() as tx:
        return _read(tx)


def show(node: Node, dot: str) -> Judged:
    """One verdict.

    Raises:
        NotFound: nothing was said about this operation.
    """
    with node.database.read() as tx:
        return _one(tx, dot)


def _one(tx: sa.Connection, dot: str) -> Judged:
    try:
        wanted = Dot.parse(dot.strip())
    except RemoteSyncError:
        raise NotFound("verdict", dot) from None
    for found in _read(tx, verdict.c.replica == wanted.replica, verdict.c.seq == wanted.seq):
        return found
    raise NotFound("verdict", dot)


def _read(tx: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Judged]:
    v = verdict.c
    rows = tx.execute(
        sa.select(verdict, author.c.station)
        .join_from(verdict, author, v.replica == author.c.replica)
        .where(author.c.kind != PlaceKind.COUNTY.value, *where)
        .order_by(v.said_at.desc(), v.replica, v.seq)
    )
    return [
        Judged(
            dot=Dot(row.replica, row.seq).text,
            replica=row.replica.hex(),
            seq=row.seq,
            case=Ulid(row.record).text,
            station=row.station,
            refused=row.refused,
            reason=row.code,
            detail=row.reason,
            said_at=row.said_at,
        )
        for row in rows
    ]


def ratify(node: Node, dot: str, *, reason: str, account: Account) -> Judged:
    """Take a refusal back: the operation counts from now on, with its own date (C14, C28).

    Args:
        node: the hub.
        dot: of the refused operation.
        reason: obligatory.
        account: who answers for it.

    Raises:
        NotFound: nothing was said about this operation.
        InvalidInput: there is no reason, or it is not refused.
        NotAllowed: the person's role may not.
    """
    if authority.check(JUDGED, place_kind=PlaceKind.COUNTY, role=account.role):
        raise NotAllowed(JUDGED, account.role)
    if not reason.strip():
        zh = "写上为什么追认。"
        raise InvalidInput([FieldProblem("/reason", "missing", zh, "A reason is needed.")])

    def work(tx: sa.Connection) -> Judged:
        sitting = Sitting.begin(tx, node)
        record = Ulid.parse(_one(tx, dot).case).raw
        (case,) = sitting.derive({record})
        fields = verdict_fields([_ratified(case, Dot.parse(dot.strip()), reason.strip())])
        acts = [CaseAct(record, Act(JUDGED, fields))]
        ledger.write(tx, sitting.me, acts, actor=account.login, at=sitting.at)
        look_at(sitting, sitting.derive({record}))
        projections.project(tx, sitting.derive({record}))
        return _one(tx, dot)

    return node.database.run(work)


def _ratified(case: Case, dot: Dot, reason: str) -> Verdict:
    if dot not in case.evidence.merged.refused:
        zh, en = "这一步没有被拒，不用追认。", "It is not refused."
        raise InvalidInput([FieldProblem("/id", "not_refused", zh, en)])
    operation = case.evidence.merged.operations[dot]
    return Verdict(dot=dot, hash=operation.hash, refused=False, code=_RATIFIED, reason=reason)
