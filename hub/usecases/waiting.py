"""What waits for whom at the county, counted for the menu of every page."""

from dataclasses import dataclass

import sqlalchemy as sa

from casework.timers import Level
from hub.rows import alert, conflict, enrolment
from hub.usecases.projections import CheckState
from node.enrolment import EnrolmentState
from node.runtime import Node


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits.

    Attributes:
        county: its name.
        checks: differences that nobody has settled yet.
        devices: that ask to join.
        alerts: limits that have passed.
    """

    county: str
    checks: int
    devices: int
    alerts: int


def waiting(node: Node) -> Waiting:
    """Count what waits."""
    checks = conflict.c.state == CheckState.OPEN.value
    devices = enrolment.c.state == EnrolmentState.PENDING.value
    with node.database.read() as tx:
        return Waiting(
            node.identity_in(tx).name,
            tx.scalar(sa.select(sa.func.count()).where(checks)) or 0,
            tx.scalar(sa.select(sa.func.count()).where(devices)) or 0,
            tx.scalar(sa.select(sa.func.count()).where(alert.c.level == Level.RED.value)) or 0,
        )
