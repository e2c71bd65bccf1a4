"""Acting on a case from a page that was open for a while: nothing twice, nothing unseen."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from casework.facts import VERBS
from node import acting
from node.acting import Done
from node.cases import Case
from node.errors import StaleView
from node.people import Account
from node.runtime import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An act that somebody asked for on a page.

    Attributes:
        verb: such as `withdraw`.
        seen: the newest operation that the page showed (`newest`).
    """

    verb: str
    fields: Mapping[str, object]
    seen: str


def newest(case: Case) -> str:
    """Name the newest operation of a case that is held here."""
    return case.helds[-1].entry.operation.dot.text


def act(node: Node, reference: str, wish: Wish, account: Account) -> Done:
    """Do an act, unless the case has moved on since the page was shown.

    The same act sent twice by one person (a double click) is done once, and answered twice.

    Args:
        node: this station.
        reference: ULID, temporary or official number of the case.
        wish: what is to be done, and what the page had seen.
        account: who does it.

    Raises:
        CaseUnknown: there is no such case here.
        StaleView: something else happened to the case meanwhile; nothing was written.
        ActRefused: with every reason; nothing was written.
        Busy, DiskFull: nothing was written.
    """

    def work(tx: sa.Connection) -> Done:
        record = acting.find_case(tx, reference)
        case = acting.load(tx, record)
        if newest(case) == wish.seen:
            return acting.act_in(tx, node, record, wish.verb, fields=wish.fields, account=account)
        return _again(case, wish, account)

    return node.database.run(work)


def _again(case: Case, wish: Wish, account: Account) -> Done:
    operations = [held.entry.operation for held in case.helds]
    later = [o.dot.text for o in operations].index(wish.seen) + 1 if _known(case, wish) else 0
    first = operations[later] if 0 < later < len(operations) else None
    if first is None or first.actor != account.login or first.fact != VERBS[wish.verb].name:
        raise StaleView
    return Done(case.id, first.fact, case.state.state.value, first.dot.text)


def _known(case: Case, wish: Wish) -> bool:
    return wish.verb in VERBS and any(
        held.entry.operation.dot.text == wish.seen for held in case.helds
    )
