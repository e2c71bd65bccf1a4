"""Finding: items by name, everyday word or first letters; cases by name, first letters, numbers."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import sqlalchemy as sa

from casework import bundle_papers
from casework.catalogue import CatalogueItem
from casework.places import Mode
from node import casefile, settings
from node.casefile import CaseLine
from node.errors import NoCatalogue
from node.powers import powers
from node.runtime import Node
from node.tables import case as case_table
from station import search as index
from station.usecases import bundles, people

_INDEXED: Final = "search.catalogue"
"""Setting: version of the catalogue whose items are in the index."""


@dataclass(frozen=True, slots=True)
class ItemHit:
    """An item found; `mode` is None where this place does not offer it."""

    item: CatalogueItem
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class CaseHit:
    """A case found; its name is masked."""

    line: CaseLine


Hit: TypeAlias = ItemHit | CaseHit


def find(node: Node, text: str, limit: int = 12) -> list[Hit]:
    """Find items and cases that hold every word of a text.

    Args:
        node: this station.
        text: as typed.
        limit: most hits; items take at most half of the room.

    Returns:
        Items first, those that this place offers before others; then cases, the newest first. At
        a partner's outlet cases are found by their whole number or a person's, by nothing less.
    """
    refresh(node)
    people.refresh_outlet(node)
    with node.database.read() as tx:
        items = _items(tx, node, text, limit)[: max(limit // 2, 1)]
        if people.is_outlet(tx):
            lines = casefile.lines_of(tx, node.identity_in(tx), people.meant(tx, text))
            return [*items, *map(CaseHit, lines)]
        ids = index.find(tx, text, kind=index.CASE, limit=limit - len(items))
        return [*items, *_cases(tx, node, ids)]


def refresh(node: Node) -> None:
    """Bring the index up to date with cases and catalogue, wherever they came from."""
    while _is_behind(node):
        with node.database.write() as tx:
            index.catch_up(tx)
            _put_items(tx, node)


def _is_behind(node: Node) -> bool:
    with node.database.read() as tx:
        return index.is_behind(tx) or _newest(tx, node) != settings.get(tx, _INDEXED, 0)


def _newest(tx: sa.Connection, node: Node) -> int:
    try:
        return node.published(tx).version
    except NoCatalogue:
        return 0


def _put_items(tx: sa.Connection, node: Node) -> None:
    version = _newest(tx, node)
    if version != settings.get(tx, _INDEXED, 0):
        index.put_items(tx, node.catalogue(tx))
        settings.put(tx, _INDEXED, version, now=node.clock.now_ms())


def _items(tx: sa.Connection, node: Node, text: str, limit: int) -> list[ItemHit]:
    codes = index.find(tx, text, kind=index.ITEM, limit=4 * limit)
    if not codes:
        return []
    held, catalogue = powers(tx, node.identity_in(tx), node.clock.now_ms()), node.catalogue(tx)
    found = (bundle_papers.find(catalogue, code) for code in codes)
    hits = [
        ItemHit(item, bundles.mode_of(catalogue, held, item)) for item in found if item is not None
    ]
    return sorted(hits, key=lambda hit: (hit.mode is None, hit.item.code))


def _cases(tx: sa.Connection, node: Node, ids: list[str]) -> list[CaseHit]:
    t = case_table.c
    records = tx.scalars(sa.select(t.record).where(t.id.in_(ids))).all()
    lines = {line.case: line for line in casefile.lines_of(tx, node.identity_in(tx), records)}
    return [CaseHit(lines[i]) for i in ids if i in lines]
