"""Versions of the catalogue: what each changed, which open cases it touches, where it arrived."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework import publishing as comparing
from casework.case import ENDED, State
from casework.publishing import Changes
from casework.values import read_list
from hub.rows import catalogue_draft
from hub.usecases import catalogue_drafts, devices, fleet, stations
from hub.usecases.catalogue_drafts import Draft
from hub.usecases.devices import Device
from node.runtime import Node
from node.tables import case as case_table
from node.tables import published

_OVER: Final = tuple(state.value for state in ENDED | {State.DELIVERED})
_MOST: Final = 30
"""Published documents that are looked through for changes of the catalogue."""


@dataclass(frozen=True, slots=True)
class Version:
    """One published catalogue.

    Attributes:
        author: login; empty for the first one, which `hub init` published.
        have: stations all of whose devices said that they hold it or a later one.
        lost: stations that have it not and were not heard for three days.
    """

    version: int
    note: str
    author: str
    approver: str
    at: int
    items: int
    have: int
    stations: int
    lost: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a station holds, by what its devices last said; None: nothing was heard."""

    station: str
    name: str
    version: int | None
    last_seen: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A draft against what is published.

    Attributes:
        affected: item → open cases that were taken in under an older version.
    """

    changes: Changes
    affected: Mapping[str, int]


def difference(node: Node, draft: Draft) -> Difference:
    """Hold a draft against what is in force, with the open cases of each item it touches."""
    with node.database.read() as tx:
        found = comparing.changes(node.catalogue(tx), catalogue_drafts.catalogue_of(draft))
        return Difference(found, affected(tx, found.codes))


def affected(tx: sa.Connection, items: Collection[str]) -> dict[str, int]:
    """Count the open cases of items, in one question whatever their number."""
    t = case_table.c
    rows = tx.execute(
        sa.select(t.item, sa.func.count())
        .where(t.item.in_(sorted(items)), t.state.not_in(_OVER), t.state != State.DRAFT.value)
        .group_by(t.item)
    )
    return {str(item): int(count) for item, count in rows}


def versions(node: Node) -> list[Version]:
    """The versions in which the catalogue itself changed, the newest first."""
    there = arrivals(node)
    with node.database.read() as tx:
        drafts = {row.version: row for row in _published_drafts(tx)}
        found: list[Version] = []
        for number, at in _changed(tx, node):
            row = drafts.get(number)
            part = catalogue_drafts.published_part(node, tx, number)
            have = sum(one.version is not None and one.version >= number for one in there)
            lost = sum(_is_lost(one, number) for one in there)
            note = str(part.get("note") or node.published(tx, number).document.get("note", ""))
            by, approver = (row.author, row.decided_by) if row else ("", "")
            size = len(read_list(part.get("items")))
            found.append(Version(number, note, by, approver, at, size, have, len(there), lost))
    return found


def _published_drafts(tx: sa.Connection) -> list[sa.Row[tuple[int, str, str]]]:
    d = catalogue_draft.c
    wanted = sa.select(d.version, d.author, d.decided_by).where(d.version.is_not(None))
    return list(tx.execute(wanted))


def _changed(tx: sa.Connection, node: Node) -> list[tuple[int, int]]:
    """Versions whose catalogue differs from the one before, the newest first."""
    wanted = sa.select(published.c.version, published.c.taken_at)
    rows = list(tx.execute(wanted.order_by(published.c.version)))[-_MOST:]
    found: list[tuple[int, int]] = []
    before: Mapping[str, object] | None = None
    for row in rows:
        part = catalogue_drafts.published_part(node, tx, row.version)
        if part != before:
            found.append((row.version, row.taken_at))
        before = part
    return found[::-1]


def arrivals(node: Node) -> list[Arrival]:
    """Every registered station and the oldest version among its devices; those behind first."""
    now = node.clock.now_ms()
    active: dict[str, list[Device]] = {}
    for device in devices.listed(node):
        if device.state == "active":
            active.setdefault(device.station, []).append(device)
    found = [_arrival(one, active.get(one.code, []), now) for one in stations.listed(node)]
    return sorted(found, key=lambda one: (one.version or 0, one.station))


def _arrival(station: stations.Station, held: list[Device], now: int) -> Arrival:
    told = [device.catalogue_version for device in held]
    known = [version for version in told if version is not None]
    whole = bool(known) and len(known) == len(told)
    oldest = min(held, key=lambda device: device.last_seen or 0, default=None)
    return Arrival(
        station.code,
        station.name,
        min(known) if whole else None,
        oldest.last_seen if oldest else None,
        fleet.state_of(oldest, now=now).value if oldest else fleet.FleetState.UNKNOWN.value,
    )


def _is_lost(one: Arrival, version: int) -> bool:
    behind = one.version is None or one.version < version
    return behind and one.state in {fleet.FleetState.LOST_3.value, fleet.FleetState.LOST_30.value}
