"""Temporary numbers: a serial for each day and device, kept with the case, never given twice."""

from datetime import date
from typing import Final

import sqlalchemy as sa

from node import settings
from node.db import upsert
from node.rows import table
from station.rows import NumberRow

DEVICE: Final = "device"
"""Setting: number of this device at its station, given at enrolment."""
_GIVEN: Final = table(NumberRow)


def device(tx: sa.Connection) -> int:
    """The number of this device at its station, 1 to 99."""
    return int(settings.get(tx, DEVICE, 1))


def next_serial(tx: sa.Connection, day: date) -> int:
    """The serial that the next case of a day takes; `keep` makes it taken."""
    given = sa.select(_GIVEN.c.serial).where(_GIVEN.c.day == day.isoformat())
    return int(tx.execute(given).scalar() or 0) + 1


def keep(tx: sa.Connection, day: date, serial: int) -> None:
    """Note a serial as given, in the transaction that writes its case."""
    upsert(tx, _GIVEN, {"day": day.isoformat(), "serial": serial})
