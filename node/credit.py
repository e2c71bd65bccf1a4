"""The credit list as it is held here, and what it says of somebody; no number is kept or logged."""

from datetime import date
from functools import lru_cache

import sqlalchemy as sa

from casework import credit, deadline
from casework.credit import CreditList, Standing
from crypto.keyed import keyed_hash
from node import reckoning
from node.reckoning import Published


def digest(key: bytes, number: str) -> bytes:
    """The keyed hash under which a number stands in the list."""
    return keyed_hash(key, "credit", number)


@lru_cache(maxsize=4)
def list_of(found: Published) -> CreditList | None:
    """The list of a published document."""
    return credit.parse(found.document.get("credit"))


def standing(tx: sa.Connection, number: str, day: date, settings: deadline.Settings) -> Standing:
    """Say what the list held here says of a number on a day."""
    found = reckoning.held(tx)
    listed = list_of(found) if found else None
    lease = settings.credit_lease_days
    return credit.standing(listed, number, day, lease_days=lease, digest=digest)


def barred_since(tx: sa.Connection, number: str, day: date) -> date | None:
    """Since when the newest list bars somebody from an inform-and-promise (C33)."""
    found = reckoning.held(tx)
    listed = list_of(found) if found else None
    return credit.barred_since(listed, number, day, digest=digest)
