"""Cases that must be entered again in a system of the ministries (R-NX-18b).

Departments on vertical systems keep windows and numbers of their own. Until the number of such a
system is noted on a case, somebody still has to enter it there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework import external
from casework.case import ENDED
from casework.catalogue import CatalogueItem
from node import acting, casefile, cases
from node.casefile import CaseLine
from node.runtime import Node
from node.tables import case as case_table

_BATCH: Final = 200
_ENDED: Final = tuple(sorted(state.value for state in ENDED))


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A case whose number in another system nobody has noted yet."""

    line: CaseLine
    item_name: str
    system: str
    accepted_at: int


def waiting(node: Node, *, department: str = "", most: int = 500) -> list[ToEnter]:
    """List accepted, open cases that are still to be entered, the longest accepted first.

    Args:
        node: the hub.
        department: only its items; empty: all.
        most: no more than this.
    """
    with node.database.read() as tx:
        found = list(_found(tx, node, department))
        found.sort(key=lambda pair: pair[2])
        chosen = found[:most]
        records = [record for record, _, _ in chosen]
        lines = {line.case: line for line in casefile.lines_of(tx, node.identity_in(tx), records)}
        ids = {case.record: case.id for case in cases.derive(tx, records)}
    return [
        ToEnter(lines[ids[record]], item.name, item.external_system, at)
        for record, item, at in chosen
    ]


def _found(
    tx: sa.Connection, node: Node, department: str
) -> Iterator[tuple[bytes, CatalogueItem, int]]:
    for records in _batches(tx, _codes(tx, node)):
        for case in cases.derive(tx, records):
            item = acting.item_of(tx, node, case.state)
            own = item is not None and department in {"", *item.department.split("/")}
            if item is not None and own and external.lacks_number(case.state, item):
                yield case.record, item, case.state.instant("accepted") or 0


def _codes(tx: sa.Connection, node: Node) -> list[str]:
    """Items of another system are few: only their cases are read."""
    newest = node.catalogue(tx)
    return [item.code for item in newest.items.values() if item.external_system]


def _batches(tx: sa.Connection, codes: Sequence[str]) -> Iterator[list[bytes]]:
    t = case_table.c
    where = sa.and_(t.item.in_(codes), t.state.not_in(_ENDED))
    records = [bytes(r) for r in tx.scalars(sa.select(t.record).where(where))] if codes else []
    for start in range(0, len(records), _BATCH):
        yield records[start : start + _BATCH]
