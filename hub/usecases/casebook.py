"""The cases of the county as lists: filtered, searched, counted and paged by cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa

from casework import near_numbers
from casework.catalogue import Catalogue, CatalogueItem
from casework.errors import NumberRefused
from casework.numbering import TemporaryNumber, normalise
from hub.usecases.desk import own_items
from node import case_links, casefile
from node.casefile import CaseLine
from node.errors import NoCatalogue
from node.runtime import Node
from node.tables import case as table

MOST: Final = 500
_DRAFT: Final = "DRAFT"
_ITEM_NAMES: Final = 40
"""How many items a word may mean before it is no help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases are wanted; empty: all.

    Attributes:
        state: one code.
        station: 12-digit code of the receiving place.
        text: part of a name, a number in any spacing, or part of an item's name.
        checking: only those that the county is checking.
        department: only its own items; empty: all.
        items: codes of items; None: any. Filled in from `department`.
        after: (received_at, id) of the last row of the page before.
        limit: most rows, at most `MOST`.
    """

    state: str = ""
    station: str = ""
    text: str = ""
    checking: bool = False
    department: str = ""
    items: frozenset[str] | None = None
    after: tuple[int, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of cases.

    Attributes:
        total: cases that match, on all pages.
        next: the cursor of the next page; None on the last.
        states: state → cases that match everything else that was asked.
        stations: code → the same.
        items: code and version → item, where this hub has it.
        miscopied: what was asked for is a number whose check character does not fit.
        near: numbers of cases from which one slip leads to it.
    """

    lines: tuple[CaseLine, ...]
    total: int
    next: tuple[int, str] | None
    states: Mapping[str, int]
    stations: Mapping[str, int]
    items: Mapping[tuple[str, int], CatalogueItem]
    miscopied: bool = False
    near: tuple[str, ...] = ()


def listing(node: Node, asked: Asked) -> Page:
    """List cases, the newest first; names are masked.

    Does not check who asks: the pages do.
    """
    with node.database.read() as tx:
        if asked.department:
            asked = replace(asked, items=own_items(tx, node, asked.department))
        names = _items_called(tx, node, asked.text)
        lines = _lines(tx, node, asked, names)
        shown = lines[: asked.limit]
        last = shown[-1] if len(lines) > asked.limit else None
        states = _counts(tx, table.c.state, replace(asked, state=""), names)
        return Page(
            lines=tuple(shown),
            total=states.get(asked.state, 0) if asked.state else sum(states.values()),
            next=(last.received_at, last.case) if last else None,
            states=states,
            stations=_counts(tx, table.c.station, replace(asked, station=""), names),
            items=_items(tx, node, shown),
            miscopied=near_numbers.is_miscopied(asked.text),
            near=tuple(case_links.nearest(tx, asked.text)),
        )


def following(asked: Asked, after: tuple[int, str]) -> Asked:
    """Ask for the next page."""
    return replace(asked, after=after)


def _lines(tx: sa.Connection, node: Node, asked: Asked, names: frozenset[str]) -> list[CaseLine]:
    t = table.c
    wanted = _where(asked, names)
    if asked.after is not None:
        wanted.append(sa.tuple_(t.received_at, t.id) < asked.after)
    newest = sa.select(t.record).where(*wanted).order_by(t.received_at.desc(), t.id.desc())
    records = tx.scalars(newest.limit(min(asked.limit, MOST) + 1)).all()
    lines = casefile.lines_of(tx, node.identity_in(tx), records)
    return sorted(lines, key=lambda line: (line.received_at, line.case), reverse=True)


def _counts(
    tx: sa.Connection, by: sa.Column[str], asked: Asked, names: frozenset[str]
) -> dict[str, int]:
    statement = sa.select(by, sa.func.count()).where(*_where(asked, names)).group_by(by)
    return {str(row[0]): int(row[1]) for row in tx.execute(statement)}


def _where(asked: Asked, names: frozenset[str]) -> list[sa.ColumnElement[bool]]:
    t = table.c
    wanted: list[sa.ColumnElement[bool]] = [t.state != _DRAFT]
    if asked.state:
        wanted.append(t.state == asked.state)
    if asked.station:
        wanted.append(t.station == asked.station)
    if asked.checking:
        wanted.append(t.checking)
    if asked.items is not None:
        wanted.append(t.item.in_(sorted(asked.items)))
    if asked.text:
        wanted.append(_matches(asked.text, names))
    return wanted


def _matches(text: str, names: frozenset[str]) -> sa.ColumnElement[bool]:
    t = table.c
    typed = normalise(text)
    ways = [
        t.name.contains(text.strip(), autoescape=True),
        t.temporary_number == _temporary(text),
        t.official_number == text.strip(),
        t.id == typed,
        t.item.in_(names),
        t.record.in_(case_links.numbers_like(text)),
    ]
    return sa.or_(*ways)


def _temporary(text: str) -> str:
    try:
        return TemporaryNumber.parse(text).text
    except NumberRefused:
        return normalise(text)


def _items_called(tx: sa.Connection, node: Node, text: str) -> frozenset[str]:
    """Codes of the items that a word means."""
    wanted = text.strip().lower()
    if not wanted:
        return frozenset()
    found = frozenset(
        item.code
        for item in _catalogue(tx, node)
        if wanted in item.name.lower() or wanted == item.code.lower()
    )
    return found if len(found) <= _ITEM_NAMES else frozenset()


def _catalogue(tx: sa.Connection, node: Node) -> tuple[CatalogueItem, ...]:
    try:
        newest: Catalogue = node.catalogue(tx)
    except NoCatalogue:
        return ()
    return tuple(newest.items.values())


def _items(
    tx: sa.Connection, node: Node, lines: list[CaseLine]
) -> dict[tuple[str, int], CatalogueItem]:
    wanted = {(line.item, line.item_version) for line in lines}
    found = {key: node.item(tx, *key) for key in wanted}
    return {key: item for key, item in found.items() if item is not None}
