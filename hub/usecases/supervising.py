"""Looking through all cases again: after a rebuild, and as the hub's regular round.

Streams over the cases in pages with a transaction each, so that memory stays flat and writers
wait for a page at most. Doing it again changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.values import day_of
from hub.rows import conflict
from hub.usecases import alerts, authorisations, lapses, projections
from hub.usecases.lapses import Watermarks
from hub.usecases.matters import Almanac
from hub.usecases.projections import CheckState
from hub.usecases.rules import look_at
from hub.usecases.sitting import Sitting
from node import clearing, settings, verifying
from node.cases import Case
from node.errors import NoCatalogue
from node.runtime import Node
from node.tables import case as case_table

_PAGE: Final = 200
_SWEPT: Final = "swept_on"


@dataclass(frozen=True, slots=True)
class Round:
    """What a round found.

    Attributes:
        lapsed: what the passing of the day did to cases (`lapses`).
        alerts: level → how many alerts there are now.
    """

    cases: int
    opened: int
    open_checks: int
    lapsed: int
    alerts: Mapping[str, int]


def go_round(node: Node) -> Round:
    """Do what the day asks for; doing it again, or after days of standing still, is the same.

    Opens what should be under check and is not, numbers what has no number yet, lets deadlines
    lapse, raises alerts, collects litter.
    """
    authorisations.keep_published(node)
    day = day_of(node.clock.now_ms())
    marks = lapses.watermarks(node)
    cases = opened = lapsed = 0
    for records in pages(node):
        with node.database.write() as tx:
            sitting = Sitting.begin(tx, node)
            found = sitting.derive(set(records))
            opened += len(look_at(sitting, found, sweep=True))
            count, standing = _pass_the_day(sitting, set(records), marks)
            projections.project(tx, standing)
            lapsed += count
            cases += len(found)
    clearing.clear_hourly(node)
    with node.database.write() as tx:
        alerts.clear_gone(tx)
        settings.put(tx, _SWEPT, day.isoformat(), now=node.clock.now_ms())
        raised = alerts.counts(tx)
    return Round(cases, opened, _open_checks(node), lapsed, raised)


def _pass_the_day(
    sitting: Sitting, records: set[bytes], marks: Watermarks
) -> tuple[int, list[Case]]:
    """Let the day do what it does to some cases; answers how much, and how they then stand."""
    almanac, found = Almanac(sitting=sitting), sitting.derive(records)
    try:
        acts = lapses.lapse_all(almanac, found, marks)
    except NoCatalogue:
        return 0, found
    sitting.write(acts)
    touched = {act.record for act in acts}
    standing = [case for case in found if case.record not in touched] + sitting.derive(touched)
    alerts.project(almanac, standing, day_of(sitting.at.now))
    return len(acts), standing


def daily_round(node: Node) -> bool:
    """Go round unless it was done today; says whether it was done now.

    A hub that was switched off for days does it once when it is back: what a round does depends
    on the day on which it is done, not on the days that were missed.
    """
    today = day_of(node.clock.now_ms()).isoformat()
    with node.database.read() as tx:
        done = settings.get(tx, _SWEPT, "")
    if done == today:
        return False
    go_round(node)
    return True


def rebuild(node: Node) -> Round:
    """Make all projections of the hub anew from the log."""
    verifying.rebuild(node)
    with node.database.write() as tx:
        projections.clear(tx)
        alerts.clear(tx)
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
