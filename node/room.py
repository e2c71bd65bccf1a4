"""Room on the disk: noticed before it hurts, and what is given up first.

Three steps: say so (and drop what the county has), take no more photos, take no more cases. What is
being written when the disk is full all the same is not written at all.
"""

import shutil
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from node import policy
from node.config import DataDirectory
from node.errors import LowSpace
from node.identity import Identity
from node.policy import MIB, Policy


class Room(StrEnum):
    """How much room there is."""

    ENOUGH = "enough"
    LOW = "low"
    NO_PHOTOS = "no_photos"
    NO_INTAKE = "no_intake"


@dataclass(frozen=True, slots=True)
class Space:
    """Room on the disk of a node.

    Attributes:
        free: bytes.
    """

    room: Room
    free: int


def look(directory: DataDirectory, rules: Policy) -> Space:
    """Look at the disk.

    Args:
        directory: of the node.
        rules: with the steps.
    """
    free = shutil.disk_usage(directory.path).free
    return Space(room_of(free, rules), free)


def room_of(free: int, rules: Policy) -> Room:
    """Say what so many free bytes allow."""
    steps = (
        (rules.intake_free_mib, Room.NO_INTAKE),
        (rules.photo_free_mib, Room.NO_PHOTOS),
        (rules.warn_free_mib, Room.LOW),
    )
    return next((room for least, room in steps if free < least * MIB), Room.ENOUGH)


def demand_for_photos(tx: sa.Connection, me: Identity, directory: DataDirectory) -> None:
    """Return if there is room for a photo.

    Raises:
        LowSpace: there is not.
    """
    found = look(directory, policy.current(tx, me))
    demand(found.room, "photos", found.free)


def demand(found: Room, what: str, free: int) -> None:
    """Return if what there is of room is enough.

    Args:
        found: what there is.
        what: photos or intake.
        free: bytes.

    Raises:
        LowSpace: it is not.
    """
    if found in _NOT_FOR[what]:
        raise LowSpace(what, free // MIB)


_NOT_FOR: Final = {
    "photos": frozenset({Room.NO_PHOTOS, Room.NO_INTAKE}),
    "intake": frozenset({Room.NO_INTAKE}),
}
