"""Listing the cases of a station: a page of them, and how many there are of each state."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from casework import near_numbers
from casework.catalogue import CatalogueItem
from node import acting, case_links, casefile
from node.casefile import CaseLine, Wanted
from node.errors import CasePruned, CaseUnknown
from node.runtime import Node
from node.tables import case as table
from station import search as index
from station.usecases import people, search

_DRAFT = "DRAFT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of cases.

    Attributes:
        more: whether older ones follow.
        states: state → how many cases there are of it here.
        items: code and version → item as it was shown to the citizen; absent where unknown.
        pruned: what was looked for is the number of a case that only the county still keeps.
        miscopied: what was looked for is a number whose check character does not fit.
        near: numbers here from which one slip leads to it.
    """

    lines: tuple[CaseLine, ...]
    more: bool
    states: Mapping[str, int]
    items: Mapping[tuple[str, int], CatalogueItem]
    pruned: bool = False
    miscopied: bool = False
    near: tuple[str, ...] = ()


def listing(node: Node, wanted: Wanted, *, text: str = "") -> Listing:
    """List cases.

    Args:
        node: this station.
        wanted: which; ignored where a text is looked for.
        text: name, first letters or number; empty: all.
    """
    if text:
        search.refresh(node)
        people.refresh_outlet(node)
    with node.database.read() as tx:
        lines = _found(tx, node, text, wanted) if text else _page(tx, node, wanted)
        counts = sa.select(table.c.state, sa.func.count()).group_by(table.c.state)
        return Listing(
            lines=tuple(lines[: wanted.limit]),
            more=len(lines) > wanted.limit,
            states={row[0]: row[1] for row in tx.execute(counts) if row[0] != _DRAFT},
            items=items_of(tx, node, lines),
            pruned=bool(text) and not lines and _is_pruned(tx, text),
            miscopied=near_numbers.is_miscopied(text),
            near=tuple(case_links.nearest(tx, text)),
        )


def _is_pruned(tx: sa.Connection, text: str) -> bool:
    try:
        acting.find_case(tx, text)
    except CasePruned:
        return True
    except CaseUnknown:
        return False
    return False


def items_of(
    tx: sa.Connection, node: Node, lines: list[CaseLine]
) -> dict[tuple[str, int], CatalogueItem]:
    """Read the items of some cases, each in the version under which it was taken in."""
    wanted = {(line.item, line.item_version) for line in lines}
    found = {key: node.item(tx, *key) for key in wanted}
    return {key: item for key, item in found.items() if item is not None}


def _page(tx: sa.Connection, node: Node, wanted: Wanted) -> list[CaseLine]:
    one_more = Wanted(
        station=wanted.station,
        state=wanted.state,
        checking_only=wanted.checking_only,
        after=wanted.after,
        limit=wanted.limit + 1,
    )
    return casefile.list_cases(tx, node.identity_in(tx), one_more)


def _found(tx: sa.Connection, node: Node, text: str, wanted: Wanted) -> list[CaseLine]:
    if people.is_outlet(tx):
        records = people.meant(tx, text)
    else:
        ids = index.find(tx, text, kind=index.CASE, limit=wanted.limit + 1)
        records = list(tx.scalars(sa.select(table.c.record).where(table.c.id.in_(ids))))
    lines = casefile.lines_of(tx, node.identity_in(tx), records)
    return sorted(lines, key=lambda line: (line.received_at, line.case), reverse=True)
