"""Who was asked first (首问负责, R-GX-07): kept until somebody has answered or taken it over.

A question answered on the spot is told with the one-time notice at once; one that is not is owed an
answer within two working days (R-NX-17).
"""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from casework import bundle_papers
from casework.errors import FieldProblem
from casework.reading import Reader
from casework.values import day_of
from node.errors import InvalidInput, NotFound
from node.people import Account
from node.rows import table
from node.runtime import Node
from station.rows import AskedRow

_ASKED: Final = table(AskedRow)
_ANSWER_DAYS: Final = 2
"""T7, working days."""
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody who asked about an item.

    Attributes:
        account: login of who was asked first.
        due: ISO date until which an answer is owed; empty where it was given on the spot.
        referred_to: who took it over, in words.
        answered_at: when an owed answer was given.
    """

    id: str
    at: int
    item: str
    account: str
    question: str
    phone: str
    due: str
    referred_to: str
    answered_at: int | None


def note(node: Node, code: str, said: dict[str, str], *, account: Account) -> Asked:
    """Write down that somebody asked.

    Args:
        node: this station.
        code: of the item.
        said: `question`, `phone`, `referred_to`, each may be empty; `later`: an answer is owed.
        account: who was asked first.

    Raises:
        NotFound: the catalogue has no such item.
        InvalidInput: a text is too long, or an answer is owed and nobody knows to which question.
        NoCatalogue: none has reached this computer.
    """
    reader = Reader({name: text for name, text in said.items() if text})
    texts = {name: reader.option(name) for name in ("question", "referred_to")}
    texts["phone"] = reader.phone("phone")
    later = bool(said.get("later"))
    if later and not texts["question"]:
        zh, en = (
            "写一句他问什么，后面才好答复。",
            "Write what was asked, so that it can be answered.",
        )
        reader.problems.append(FieldProblem("/question", "missing", zh, en))
    if reader.problems:
        raise InvalidInput(reader.problems)
    now = node.clock.now_ms()
    with node.database.write() as tx:
        catalogue, calendar = node.catalogue(tx), node.limits(tx).calendar
        if bundle_papers.find(catalogue, code) is None:
            raise NotFound("item", code)
        due = calendar.add(day_of(now), _ANSWER_DAYS).day.isoformat() if later else ""
        row = {
            "id": node.new_id(),
            "at": now,
            "item": code,
            "item_version": catalogue.version,
            "account": account.login,
            "due": due,
            **texts,
        }
        tx.execute(sa.insert(_ASKED).values(**row, answered_by=""))
        found = tx.execute(sa.select(_ASKED).where(_ASKED.c.id == row["id"])).one()
    return _asked(found)


def answer(node: Node, name: str, *, account: Account) -> None:
    """Write down that an owed answer was given; a second time changes nothing.

    Raises:
        NotFound: nobody asked under this id.
    """
    c = _ASKED.c
    with node.database.write() as tx:
        if tx.execute(sa.select(c.id).where(c.id == name)).first() is None:
            raise NotFound("asked", name)
        values = {"answered_at": node.clock.now_ms(), "answered_by": account.login}
        open_ = sa.and_(c.id == name, c.answered_at.is_(None))
        tx.execute(sa.update(_ASKED).where(open_).values(**values))


def asked(node: Node) -> list[Asked]:
    """Read who asked: those who are owed an answer first, then the newest."""
    c = _ASKED.c
    owed = sa.case((sa.and_(c.due != "", c.answered_at.is_(None)), 0), else_=1)
    statement = sa.select(_ASKED).order_by(owed, c.at.desc()).limit(_SHOWN)
    with node.database.read() as tx:
        return [_asked(row) for row in tx.execute(statement)]


def _asked(row: Any) -> Asked:  # noqa: ANN401  # a row of the table
    return Asked(
        id=row.id,
        at=row.at,
        item=row.item,
        account=row.account,
        question=row.question,
        phone=row.phone,
        due=row.due,
        referred_to=row.referred_to,
        answered_at=row.answered_at,
    )
