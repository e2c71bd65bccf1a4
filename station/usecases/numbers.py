"""Temporary numbers: a serial for each day and device, kept with the case, never given twice.

Plain statements (`station.rows.NumberRow`): this lies on the way of every intake.
"""

from datetime import date
from typing import Final

import sqlalchemy as sa

from node import settings
from node.db import driver

DEVICE: Final = "device"
"""Setting: number of this device at its station, given at enrolment."""
_ASK: Final = "SELECT serial FROM number_given WHERE day = ?"
_KEEP: Final = """INSERT INTO number_given (day, serial) VALUES (?, ?)
    ON CONFLICT (day) DO UPDATE SET serial = max(serial, excluded.serial)"""


def device(tx: sa.Connection) -> int:
    """The number of this device at its station, 1 to 99."""
    return int(settings.get(tx, DEVICE, 1))


def next_serial(tx: sa.Connection, day: date) -> int:
    """The serial that the next case of a day takes; `keep` makes it taken."""
    given = driver(tx).execute(_ASK, (day.isoformat(),)).fetchone()
    return int(given[0]) + 1 if given else 1


def keep(tx: sa.Connection, day: date, serial: int) -> None:
    """Note a serial as given, in the transaction that writes its case."""
    driver(tx).execute(_KEEP, (day.isoformat(), serial))
