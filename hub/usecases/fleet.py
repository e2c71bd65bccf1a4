"""What every station is known to hold and to lack; what is not known is never shown as well."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from hub.rows import conflict, conflict_case
from hub.usecases import devices
from hub.usecases.devices import Device
from hub.usecases.projections import CheckState
from node.quarantining import HELD
from node.runtime import Node
from node.tables import case as case_table
from sync.adapters.tables import quarantine

_DAY_MS: Final = 86_400_000


class FleetState(StrEnum):
    """The state word of a device (screens §2.11)."""

    NORMAL = "normal"
    QUIET = "quiet"
    LOST_3 = "lost_3"
    LOST_30 = "lost_30"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Watched:
    """A device and how it does.

    Attributes:
        quarantined: what came from it and lies aside at the county.
        conflicts: open checks on cases of its station.
    """

    device: Device
    state: FleetState
    quarantined: int
    conflicts: int


def fleet(node: Node) -> list[Watched]:
    """Every device that was ever admitted, by station."""
    now = node.clock.now_ms()
    found = devices.listed(node)
    with node.database.read() as tx:
        aside, checks = _aside(tx), _checks(tx)
    return [Watched(d, state_of(d, now=now), aside[d.replica], checks[d.station]) for d in found]


def state_of(device: Device, *, now: int) -> FleetState:
    """Say how a device does.

    Args:
        device: as the county knows it.
        now: county time, milliseconds.
    """
    if device.state != "active":
        return FleetState.REVOKED
    if device.last_seen is None:
        return FleetState.UNKNOWN
    days = (now - device.last_seen) / _DAY_MS
    steps = (
        (1, FleetState.NORMAL),
        (3, FleetState.QUIET),
        (30, FleetState.LOST_3),
    )
    return next((state for most, state in steps if days <= most), FleetState.LOST_30)


def _aside(tx: sa.Connection) -> Counter[str]:
    q = quarantine.c
    rows = tx.execute(
        sa.select(q.sender, sa.func.count())
        .where(q.state == HELD, q.sender.is_not(None))
        .group_by(q.sender)
    )
    return Counter({bytes(sender).hex(): count for sender, count in rows})


def _checks(tx: sa.Connection) -> Counter[str]:
    rows = tx.execute(
        sa.select(case_table.c.station, sa.func.count())
        .join_from(conflict, conflict_case, conflict.c.id == conflict_case.c.conflict)
        .join(case_table, case_table.c.record == conflict_case.c.record)
        .where(conflict.c.state == CheckState.OPEN.value)
        .group_by(case_table.c.station)
    )
    return Counter({str(station): count for station, count in rows})
