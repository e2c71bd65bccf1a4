"""What every station is known to hold and to lack; what is not known is never shown as well."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from hub.rows import conflict, conflict_case
from hub.usecases import devices, lost
from hub.usecases.devices import Device
from hub.usecases.projections import CheckState
from node import policy, room
from node.policy import DAY_MS, Policy
from node.quarantining import HELD
from node.room import Room
from node.runtime import Node
from node.tables import case as case_table
from sync.adapters.tables import quarantine

_HOUR_MS: Final = 60 * 60 * 1000
_SHOWN_SKEW_MS: Final = 5 * 60 * 1000


class FleetState(StrEnum):
    """The state word of a device (screens §2.11)."""

    NORMAL = "normal"
    QUIET = "quiet"
    LOST_3 = "lost_3"
    LOST_30 = "lost_30"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Alert(StrEnum):
    """Why a station only receives, or will, as far as the county can tell."""

    CLOCK_OFF = "clock_off"
    LEASE = "lease"
    UNSENT_FROZEN = "unsent_frozen"
    NO_INTAKE = "no_intake"
    NO_PHOTOS = "no_photos"
    CLOCK = "clock"
    UNSENT = "unsent"
    SPACE = "space"
    PHOTOS_MISSING = "photos_missing"


ONLY_RECEIVES: Final = frozenset({Alert.CLOCK_OFF, Alert.LEASE, Alert.UNSENT_FROZEN})


@dataclass(frozen=True, slots=True)
class Watched:
    """A device and how it does.

    Attributes:
        quarantined: what came from it and lies aside at the county.
        conflicts: open checks on cases of its station.
        missing: photos of its station that the county should have and has not (C31).
        alerts: what presses there, the gravest first; none of a device that was never heard.
    """

    device: Device
    state: FleetState
    quarantined: int
    conflicts: int
    missing: int = 0
    alerts: tuple[Alert, ...] = ()


def fleet(node: Node) -> list[Watched]:
    """Every device that was ever admitted, by station."""
    now = node.clock.now_ms()
    found = devices.listed(node)
    with node.database.read() as tx:
        aside, checks, gone = _aside(tx), _checks(tx), lost.by_station(tx, node)
        rules = policy.current(tx, node.identity_in(tx))
    return [
        Watched(
            d,
            state_of(d, now=now),
            aside[d.replica],
            checks[d.station],
            gone[d.station],
            alerts_of(d, rules, now=now, missing=gone[d.station]),
        )
        for d in found
    ]


def alerts_of(device: Device, rules: Policy, *, now: int, missing: int = 0) -> tuple[Alert, ...]:
    """Say what presses at a device: by its last request, and by what is known to exist there.

    Args:
        device: as the county knows it.
        rules: the settings in force.
        now: county time, milliseconds.
        missing: photos of its station that are missing here.
    """
    if device.state != "active":
        return ()
    skew, seen = abs(device.clock_offset_ms or 0), device.last_seen
    off = skew > rules.skew_hours * _HOUR_MS
    many = device.unsent > rules.freeze_unsent_operations
    space = room.room_of(device.free, rules) if device.free is not None else Room.ENOUGH
    holds = {
        Alert.CLOCK_OFF: off,
        Alert.LEASE: seen is not None and now - seen > rules.lease_days * DAY_MS,
        Alert.UNSENT_FROZEN: many,
        Alert.NO_INTAKE: space is Room.NO_INTAKE,
        Alert.NO_PHOTOS: space is Room.NO_PHOTOS,
        Alert.CLOCK: not off and skew > _SHOWN_SKEW_MS,
        Alert.UNSENT: not many and device.unsent > rules.warn_unsent_operations,
        Alert.SPACE: space is Room.LOW,
        Alert.PHOTOS_MISSING: missing > 0,
    }
    return tuple(alert for alert, there in holds.items() if there)


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
    days = (now - device.last_seen) / DAY_MS
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
