"""Alerts of the county: what runs out, what waits, with the timer that raised each (R-ZH-S3a).

A projection of the cases and of the day, written by the daily sweep (`lapses`); it may be thrown
away. A station that has not been heard for days may know better: its data age stands beside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from casework.catalogue import CatalogueItem
from casework.ids import Ulid
from casework.timers import TIMERS, Level, warnings
from hub.rows import alert
from hub.usecases import devices
from hub.usecases.matters import Almanac
from node import casefile
from node.casefile import CaseLine
from node.cases import Case
from node.db import upsert
from node.runtime import Node
from node.tables import case as case_table

_LEVELS: Final = {Level.RED.value: 0, Level.YELLOW.value: 1, Level.BLUE.value: 2}
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    Attributes:
        timer: `T1` to `T16`.
        name: of the timer, Chinese.
        name_en: of the timer.
        due: the last day that counted.
        raised_at: when it came to this level.
        data_age: days since the station of the case was heard; None: never, or it has no device.
    """

    line: CaseLine
    timer: str
    name: str
    name_en: str
    level: str
    due: str
    raised_at: int
    data_age: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which alerts are wanted; empty: all."""

    level: str = ""
    timer: str = ""
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Board:
    """A page of alerts, the gravest and oldest first, and how many there are of each kind."""

    alerts: tuple[Alert, ...]
    levels: Mapping[str, int]
    timers: Mapping[str, int]
    items: Mapping[tuple[str, int], CatalogueItem]

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.levels.values())


def project(almanac: Almanac, found: Sequence[Case], today: date) -> None:
    """Write the alerts of some cases over what was there."""
    tx, at = almanac.sitting.tx, almanac.sitting.at.now
    records = [case.record for case in found]
    rows = tx.execute(sa.select(alert).where(alert.c.record.in_(records))).mappings()
    known = {(bytes(r["record"]), str(r["timer"])): r for r in rows}
    wanted = {
        (case.record, str(row["timer"])): row
        for case in found
        for row in _rows(almanac, case, today)
    }
    for record, timer in known.keys() - wanted.keys():
        a = alert.c
        tx.execute(sa.delete(alert).where(a.record == record, a.timer == timer))
    for key, row in wanted.items():
        before = known.get(key)
        if before is not None and all(before[name] == value for name, value in row.items()):
            continue
        stays = before is not None and before["level"] == row["level"]
        upsert(tx, alert, row | {"raised_at": before["raised_at"] if before and stays else at})


def _rows(almanac: Almanac, case: Case, today: date) -> list[dict[str, object]]:
    item, clock = almanac.sitting.item(case), almanac.clock_at(case.scope.station)
    return [
        {
            "record": case.record,
            "timer": warned.timer,
            "level": warned.level.value,
            "due": warned.due.isoformat(),
        }
        for warned in warnings(case.state, item, clock, today)
    ]


def clear(tx: sa.Connection) -> None:
    """Empty the table, to fill it again."""
    tx.execute(sa.delete(alert))


def clear_gone(tx: sa.Connection) -> None:
    """Drop the alerts of cases that are not here any more."""
    there = sa.select(case_table.c.record).where(case_table.c.record == alert.c.record).exists()
    tx.execute(sa.delete(alert).where(~there))


def counts(tx: sa.Connection) -> dict[str, int]:
    """How many alerts there are of each level."""
    statement = sa.select(alert.c.level, sa.func.count()).group_by(alert.c.level)
    return {str(level): int(count) for level, count in tx.execute(statement)}


def board(node: Node, asked: Asked) -> Board:
    """List the alerts."""
    ages = data_ages(node)
    a = alert.c
    rank = sa.case(_LEVELS, value=a.level, else_=len(_LEVELS))
    statement = sa.select(alert).order_by(rank, a.due, a.record, a.timer).limit(asked.limit)
    for column, wanted in ((a.level, asked.level), (a.timer, asked.timer)):
        statement = statement.where(column == wanted) if wanted else statement
    with node.database.read() as tx:
        rows = tx.execute(statement).mappings().all()
        records = {bytes(row["record"]) for row in rows}
        lines = {line.case: line for line in casefile.lines_of(tx, node.identity_in(tx), records)}
        timers = sa.select(a.timer, sa.func.count()).group_by(a.timer)
        wanted_items = {(line.item, line.item_version) for line in lines.values()}
        items = {key: node.item(tx, *key) for key in wanted_items}
        return Board(
            alerts=tuple(_alerts(rows, lines, ages)),
            levels=counts(tx),
            timers={str(timer): int(count) for timer, count in tx.execute(timers)},
            items={key: item for key, item in items.items() if item is not None},
        )


def _alerts(
    rows: Sequence[sa.RowMapping], lines: Mapping[str, CaseLine], ages: Mapping[str, int]
) -> list[Alert]:
    found = []
    for row in rows:
        line = lines.get(_ulid(row["record"]))
        timer = TIMERS.get(row["timer"])
        if line is None or timer is None:
            continue
        found.append(
            Alert(
                line=line,
                timer=row["timer"],
                name=timer.name,
                name_en=timer.name_en,
                level=row["level"],
                due=row["due"],
                raised_at=row["raised_at"],
                data_age=ages.get(line.station),
            )
        )
    return found


def _ulid(record: object) -> str:
    return Ulid(bytes(record)).text if isinstance(record, bytes | memoryview) else ""


def data_ages(node: Node) -> dict[str, int]:
    """Say how many days ago each station was heard, by the device heard longest ago."""
    now = node.clock.now_ms()
    found: dict[str, int] = {}
    for device in devices.listed(node):
        if device.state == "active" and device.last_seen is not None:
            age = max(0, now - device.last_seen) // _DAY_MS
            found[device.station] = max(found.get(device.station, 0), age)
    return found
