"""The queue of checks as lists show it: filtered, counted and paged by the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from hub.rows import conflict, conflict_facet
from hub.usecases import conflicts
from hub.usecases.conflicts import Conflict
from hub.usecases.projections import CheckState
from node.runtime import Node

FACETS: Final = ("rule", "field", "station", "item")
"""By what the queue is filtered."""


class Tab(StrEnum):
    """必须人工, 可批量, 已经核对."""

    HARD = "open"
    SOFT = "soft"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; `chosen` is facet → value."""

    tab: Tab = Tab.HARD
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue; `more` when others follow."""

    checks: tuple[Conflict, ...]
    more: bool


def page(node: Node, wanted: Wanted, *, after: str = "", limit: int = 50) -> Page:
    """Lay out one page, the oldest first.

    Args:
        node: the hub.
        wanted: tab and filters.
        after: id of the last check of the page before; one that is not there begins anew.
        limit: rows of a page.
    """
    c = conflict.c
    with node.database.read() as tx:
        found = sa.select(c.id).where(*_where(wanted)).order_by(c.opened_at, c.id)
        last = tx.execute(sa.select(c.opened_at).where(c.id == after)).scalar()
        if last is not None:
            found = found.where(sa.tuple_(c.opened_at, c.id) > sa.tuple_(last, after))
        ids = list(tx.scalars(found.limit(limit + 1)))
        shown = conflicts.of_ids(tx, ids[:limit])
    return Page(tuple(shown), len(ids) > limit)


def every(node: Node, wanted: Wanted) -> Sequence[Conflict]:
    """All checks of a tab, filtered; for the CSV twin."""
    c = conflict.c
    with node.database.read() as tx:
        found = sa.select(c.id).where(*_where(wanted)).order_by(c.opened_at, c.id)
        return conflicts.of_ids(tx, list(tx.scalars(found)))


def counts(node: Node) -> Mapping[Tab, int]:
    """How many checks each tab has."""
    count = sa.select(sa.func.count()).select_from(conflict)
    with node.database.read() as tx:
        return {tab: tx.scalar(count.where(_of_tab(tab))) or 0 for tab in Tab}


def facets(node: Node, wanted: Wanted) -> Mapping[str, Mapping[str, int]]:
    """Facet → value → how many checks of the tab there are with it and the other filters."""
    with node.database.read() as tx:
        return {name: _counted(tx, wanted, name) for name in FACETS}


def _counted(tx: sa.Connection, wanted: Wanted, name: str) -> Mapping[str, int]:
    f = conflict_facet.c
    others = Wanted(wanted.tab, {k: v for k, v in wanted.chosen.items() if k != name})
    found = (
        sa.select(f.value, sa.func.count())
        .join(conflict, conflict.c.id == f.conflict)
        .where(f.name == name, *_where(others))
        .group_by(f.value)
        .order_by(f.value)
    )
    return {row[0]: row[1] for row in tx.execute(found)}


def _where(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    f = conflict_facet.c
    chosen = [
        conflict.c.id.in_(sa.select(f.conflict).where(f.name == name, f.value == value))
        for name, value in wanted.chosen.items()
        if name in FACETS and value
    ]
    return [_of_tab(wanted.tab), *chosen]


def _of_tab(tab: Tab) -> sa.ColumnElement[bool]:
    c = conflict.c
    if tab is Tab.RESOLVED:
        return c.state == CheckState.RESOLVED.value
    return sa.and_(c.state == CheckState.OPEN.value, c.soft.is_(tab is Tab.SOFT))


def neighbours(node: Node, check: str) -> tuple[int, int, str, str]:
    """Where an open check stands in its tab: position from 1, total, the one before and after.

    Args:
        node: the hub.
        check: its id; one that is not open stands at 1 of what is there.
    """
    c = conflict.c
    with node.database.read() as tx:
        row = tx.execute(sa.select(c.opened_at, c.soft).where(c.id == check)).first()
        soft = bool(row and row.soft)
        tab = _of_tab(Tab.SOFT if soft else Tab.HARD)
        total = tx.scalar(sa.select(sa.func.count()).select_from(conflict).where(tab)) or 0
        if row is None:
            return 1, total, "", ""
        key, here = sa.tuple_(c.opened_at, c.id), sa.tuple_(row.opened_at, check)
        earlier = sa.select(c.id).where(tab, key < here)
        count = tx.scalar(sa.select(sa.func.count()).select_from(earlier.subquery())) or 0
        last = tx.scalar(earlier.order_by(c.opened_at.desc(), c.id.desc()).limit(1))
        coming = sa.select(c.id).where(tab, key > here).order_by(c.opened_at, c.id).limit(1)
        return count + 1, total, last or "", tx.scalar(coming) or ""


def first_open(node: Node) -> str:
    """Id of the oldest check that waits for a person; empty when none does."""
    c = conflict.c
    wanted = sa.select(c.id).where(_of_tab(Tab.HARD)).order_by(c.opened_at, c.id).limit(1)
    with node.database.read() as tx:
        return tx.scalar(wanted) or ""
