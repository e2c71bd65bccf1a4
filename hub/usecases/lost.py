"""Attachments that the county should have and has not (C31): which, of whom, and since when asked.

They are asked for again by themselves (`node.lacking`); a case goes on with the paper meanwhile.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from node import cases, lacking, photographs, policy
from node.photographs import Whereabouts
from node.policy import DAY_MS
from node.runtime import Node
from sync.adapters.tables import author

_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Lost:
    """A photo that is missing at the county.

    Attributes:
        station: whose device wrote the operation that names it.
        attachment: its id within the case.
    """

    case: str
    station: str
    material: int
    attachment: str


def before(tx: sa.Connection, node: Node) -> int:
    """Say until when something must have been named to count as missing."""
    rules = policy.current(tx, node.identity_in(tx))
    return node.clock.now_ms() - rules.photo_wait_days * DAY_MS


def missing(tx: sa.Connection, node: Node) -> list[Lost]:
    """Name what is missing, but for papers that were photographed again; at most so many cases."""
    since = before(tx, node)
    records = list(lacking.lacking(tx, before=since))[:_MOST]
    places = tx.execute(sa.select(author.c.replica, author.c.station))
    named = {bytes(row.replica).hex(): str(row.station) for row in places}
    return [
        Lost(case.id, named.get(photo.replica, ""), photo.material, photo.attachment)
        for case in cases.derive(tx, records)
        for photo in photographs.listed(tx, case, before=since)
        if photo.where is Whereabouts.MISSING
    ]


def by_station(tx: sa.Connection, node: Node) -> Counter[str]:
    """Count what is missing of each station."""
    return Counter(one.station for one in missing(tx, node))
