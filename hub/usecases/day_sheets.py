"""The head of a printed day sheet, typed or scanned in: what exists though it has not arrived."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from hub.usecases import devices
from hub.usecases.devices import Device
from node import heads
from node.errors import NotFound
from node.runtime import Node
from sync import head
from sync.adapters.sql import SqlLog
from sync.head import Head


class HeadState(StrEnum):
    """What a head says beside what the county holds.

    HELD: everything up to it is here. MISSING: something is not. DIFFERS: what is here ends
    otherwise at this place: the device may have written two histories, and somebody must look.
    """

    HELD = "held"
    MISSING = "missing"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Entered:
    """A head that was believed, and the device as it is known now.

    Attributes:
        claimed_at: when the sheet says it was printed, milliseconds.
    """

    device: Device
    seq: int
    claimed_at: int
    state: HeadState


def enter(node: Node, text: str) -> Entered:
    """Take the letters under the QR code of a day sheet, or what a scanner reads of it.

    Args:
        node: the hub.
        text: as typed: case, width, spaces and hyphens do not matter.

    Raises:
        Mistyped: naming the lines with a slip.
        UnknownReplica: no device of this county.
        Unauthentic: it was not signed by the device it names.
    """
    message = head.from_text(text)
    now = node.clock.now_ms()
    with node.database.write() as tx:
        me = node.identity_in(tx)
        found = heads.hear_one(tx, me, message, via=heads.Path.TYPED, now=now)
        differs = _differs(tx, found)
    device = _device(node, found)
    up_to_here = all(first > found.seq for first, _last in device.missing)
    state = HeadState.HELD if up_to_here else HeadState.MISSING
    return Entered(device, found.seq, found.claimed_at, HeadState.DIFFERS if differs else state)


def _differs(tx: sa.Connection, found: Head) -> bool:
    """Whether another change set is held where this one ends."""
    covering = SqlLog(tx).change_set_covering(found.replica, found.seq, found.seq)
    return any(
        (one.last, head.mark_of(one.header_hash)) != (found.seq, found.mark) for one in covering
    )


def _device(node: Node, found: Head) -> Device:
    for device in devices.listed(node):
        if device.replica == found.replica.hex():
            return device
    raise NotFound("device", found.replica.hex())
