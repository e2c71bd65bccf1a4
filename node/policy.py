"""Settings that the county publishes for every station, with defaults for those it does not name.

They stand in the published part `settings`, by name or in layers (`casework.policy_layers`); a name
that is not known here, and a value that is no whole number from 0 up, changes nothing.
"""

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from casework import policy_layers
from node import publication
from node.identity import Identity
from node.publication import Published

DAY_MS: Final = 24 * 60 * 60 * 1000
MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the county decided; days, operations, MiB or hours as the names say.

    Attributes:
        warn_unsent_days: the oldest unsent work is older than this: say so.
        warn_unsent_operations: more unsent operations than this: say so.
        freeze_unsent_days: older than this: only 收件.
        freeze_unsent_operations: more than this: only 收件.
        freeze_unsent_mib: more unsent photos than this: only 收件.
        skew_hours: a clock further off than this: only 收件 (domain model C16).
        lease_days: how long a catalogue counts as fresh (domain model T16).
        authorisation_lease_days: how long the letters of authorisation do (T16).
        photo_wait_days: after its facts, a photo that has not come whole is asked for again (C31).
        photo_keep_days: a station keeps photos this long after the county has them; not less than
            the county's backups reach back.
        photo_quota_mib: above this a station drops photos that the county has, the oldest first.
        carried_quota_mib: photos that a township holds and the county has not; no more are taken.
        draft_photo_days: photos of a draft that nobody touched so long are dropped.
        case_keep_days: a station keeps a closed case this long after the last word on it.
        backup_horizon_days: how far back the county's oldest backup reaches that it would go back
            to; what it received later a station keeps.
        warn_free_mib: less free space than this: say so, and drop photos that the county has.
        photo_free_mib: less than this: no new photos.
        intake_free_mib: less than this: no new cases.
    """

    warn_unsent_days: int = 3
    warn_unsent_operations: int = 2_000
    freeze_unsent_days: int = 14
    freeze_unsent_operations: int = 60_000
    freeze_unsent_mib: int = 8_192
    skew_hours: int = 24
    lease_days: int = 7
    authorisation_lease_days: int = 15
    photo_wait_days: int = 3
    photo_keep_days: int = 90
    photo_quota_mib: int = 8_192
    carried_quota_mib: int = 4_096
    draft_photo_days: int = 30
    case_keep_days: int = 30
    backup_horizon_days: int = 90
    warn_free_mib: int = 1_024
    photo_free_mib: int = 256
    intake_free_mib: int = 64


DEFAULT: Final = Policy()
NAMES: Final = tuple(field.name for field in fields(Policy))


def parse(found: object, place: str = "") -> Policy:
    """Read the part `settings` of a published document: a flat map of numbers, layers, or both.

    A setting of machines counts as soon as it is published: the county refuses to write another
    day on it (`policy_layers.check`).

    Args:
        found: the part.
        place: 12 digits of this place; empty: what holds for the whole county.

    >>> parse({"warn_unsent_days": 5, "freeze_unsent_days": "soon"}).warn_unsent_days
    5
    """
    return Policy(**policy_layers.values(found, NAMES, place, date.max))


def current(tx: sa.Connection, me: Identity) -> Policy:
    """The settings in force here; before anything was published, the defaults."""
    found = publication.current(tx, me)
    return of(found, me.place.code) if found else DEFAULT


@lru_cache(maxsize=8)
def of(found: Published, place: str = "") -> Policy:
    """The settings of a published document at a place."""
    return parse(found.document.get("settings"), place)
