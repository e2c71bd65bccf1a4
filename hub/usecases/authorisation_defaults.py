"""The letters that come with registering a place, and with an approver of the county.

The county is asked nothing when it registers a place; that place may then do what its kind may, for
a year. Real letters, with a number and a grantor, are written beside them later
(`authorisations.add`), and the default ones taken back.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from casework.authorisations import COUNTY, Power, Scope, person
from casework.places import PlaceKind
from casework.values import day_of
from hub.usecases import authorisation_records as kept
from hub.usecases.authorisation_records import AGREEMENT, LETTER, Record
from node.runtime import Node

POWERS: Final[dict[PlaceKind, frozenset[str]]] = {
    PlaceKind.VILLAGE: frozenset({Power.RECEIVE, Power.ACCEPT, Power.PRECHECK, Power.DELIVER}),
    PlaceKind.TOWNSHIP: frozenset(Power),
    PlaceKind.OUTLET: frozenset({Power.RECEIVE, Power.ACCEPT, Power.PRECHECK, Power.DELIVER}),
}
"""What a letter to a place of this kind may give at most; the mode of an item may give less."""
DEFAULT_NO: Final = "登记时默认"
"""Number of the letters that come with registering a place, until the county writes real ones."""
YEAR: Final = timedelta(days=365)


def give(tx: sa.Connection, node: Node, *, code: str, kind: PlaceKind, partner: str) -> None:
    """Write down what a place has by being registered: its kind's powers for a year.

    A place registered again for another computer gets another year, unless the county has taken its
    letter back meanwhile or written one of its own: then that holds.
    """
    now = node.clock.now_ms()
    scope = Scope(first=day_of(now), last=day_of(now) + YEAR)
    wanted = {LETTER: POWERS[kind]}
    wanted |= {AGREEMENT: frozenset()} if kind is PlaceKind.OUTLET else {}
    before = kept.records(tx, code)
    for paper, powers in wanted.items():
        newest = next((one for one in before if one.kind == paper), None)
        if newest is None or _is_to_be_prolonged(newest, scope):
            record = _default(node, code, paper, powers=powers, scope=scope)
            kept.insert(tx, replace(record, terms={"partner": partner} if partner else {}))


def give_person(tx: sa.Connection, node: Node, login: str, *, department: str = COUNTY) -> None:
    """Write down the letter of an approver for a year: `hub init`, `hub user add`.

    Args:
        tx: a write transaction.
        node: the hub.
        login: of the approver.
        department: whose items he decides, as the catalogue writes it; `COUNTY`: every item.
    """
    now = node.clock.now_ms()
    scope = Scope(first=day_of(now), last=day_of(now) + YEAR)
    record = _default(node, person(login), LETTER, powers=frozenset(Power), scope=scope)
    kept.insert(tx, replace(record, grantor=department))


def _is_to_be_prolonged(newest: Record, scope: Scope) -> bool:
    default = newest.document_no == DEFAULT_NO and newest.scope.ended_at is None
    return default and newest.scope.last < scope.last


def _default(
    node: Node, grantee: str, kind: str, *, powers: frozenset[str], scope: Scope
) -> Record:
    return Record(
        id=node.new_id(),
        kind=kind,
        grantor=COUNTY,
        document_no=DEFAULT_NO,
        grantee=grantee,
        powers=powers,
        scope=scope,
        made_by="",
        made_at=node.clock.now_ms(),
    )
