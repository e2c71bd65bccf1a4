"""Looking through all cases again: after a rebuild, and as the hub's regular round.

Streams over the cases in pages with a transaction each, so that memory stays flat and writers
wait for a page at most. Doing it again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from hub.rows import conflict
from hub.usecases import projections
from hub.usecases.projections import CheckState
from hub.usecases.rules import look_at
from hub.usecases.sitting import Sitting
from node import clearing, verifying
from node.runtime import Node
from node.tables import case as case_table

_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Round:
    """What a round found."""

    cases: int
    opened: int
    open_checks: int


def go_round(node: Node) -> Round:
    """Open what should be under check and is not, number what has no number yet; collect litter."""
    cases = opened = 0
    for records in pages(node):
        with node.database.write() as tx:
            sitting = Sitting.begin(tx, node)
            found = sitting.derive(set(records))
            opened += len(look_at(sitting, found))
            projections.project(tx, sitting.derive(set(records)))
            cases += len(found)
    clearing.clear_hourly(node)
    return Round(cases, opened, _open_checks(node))


def rebuild(node: Node) -> Round:
    """Make all projections of the hub anew from the log."""
    verifying.rebuild(node)
    with node.database.write() as tx:
        projections.clear(tx)
    return go_round(node)


def pages(node: Node) -> Iterator[list[bytes]]:
    """Name all cases, a page at a time."""
    after = b""
    while True:
        t = case_table.c
        page = sa.select(t.record).where(t.record > after).order_by(t.record).limit(_PAGE)
        with node.database.read() as tx:
            records = [bytes(record) for record in tx.scalars(page)]
        if not records:
            return
        yield records
        after = records[-1]


def _open_checks(node: Node) -> int:
    wanted = sa.select(sa.func.count()).where(conflict.c.state == CheckState.OPEN.value)
    with node.database.read() as tx:
        return int(tx.execute(wanted).scalar_one())
