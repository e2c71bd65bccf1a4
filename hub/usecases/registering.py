"""The county's word that a case is registered: official numbers, one serial an item and day."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from casework.catalogue import CatalogueItem
from casework.facts import Act
from casework.numbering import official_number
from casework.values import Value, day_of
from hub.rows import official_serial
from hub.usecases.sitting import Sitting
from node import settings
from node.cases import Case
from node.ledger import CaseAct

VERIFIED, NUMBERED = "case.verified", "case.numbered"
_SKIPPED: Final = "official_serials_skipped"
_BLOCK: Final = 2000
"""More than one item gets in a day."""
_DAY_MS: Final = 24 * 3600 * 1000
_CHINA_MS: Final = 8 * 3600 * 1000
_SLOT_MS: Final = 5 * 60 * 1000
"""A block belongs to one slot of the day: 288 of them are below what four characters count."""
_INSERTS: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def register(
    sitting: Sitting, found: Sequence[Case], *, failing: Collection[bytes] = ()
) -> list[CaseAct]:
    """Confirm the cases that have been received and have no official number yet.

    Args:
        sitting: the county's look at them.
        found: the cases.
        failing: records whose acceptance a person must look at first (`verifying_acceptance`).

    Cases whose item the county has never published are left to a person. One that a person has
    confirmed is given its number.
    """
    waiting = [
        (case, item)
        for case in found
        if "received" in case.state.values
        and case.record not in failing
        and not {"verified", "official_number"} <= case.state.values.keys()
        and (item := sitting.item(case)) is not None
    ]
    numbers = _numbers(sitting, [item for _, item in waiting])
    return [
        CaseAct(case.record, _confirmed(sitting, case, number))
        for (case, _), number in zip(waiting, numbers, strict=True)
    ]


def _confirmed(sitting: Sitting, case: Case, number: str) -> Act:
    if "verified" in case.state.values:
        return Act(NUMBERED, {"official_number": number})
    said: dict[str, Value] = {**sitting.evidence()}
    return Act(VERIFIED, {"verified": said, "official_number": number})


def _numbers(sitting: Sitting, items: Sequence[CatalogueItem]) -> list[str]:
    """Take one number an item, in order; a block of serials at a time."""
    day = day_of(sitting.at.now)
    counts = Counter(item.code for item in items)
    # Sorted, so that two workers lock the counters in the same order.
    next_of = {
        code: take(sitting.tx, code, day.isoformat(), counts[code]) for code in sorted(counts)
    }
    numbers = []
    for item in items:
        number = official_number(
            county=sitting.me.county_code,
            item=item.code,
            implementation=item.implementation_code,
            day=day,
            serial=next_of[item.code],
        )
        next_of[item.code] += 1
        numbers.append(number)
    return numbers


def skip_block(tx: sa.Connection, day: str, *, now: int) -> None:
    """Skip a block of serials of a day: a hub put back from a copy may have given them.

    Args:
        tx: a write transaction.
        day: ISO date on which it was put back.
        now: milliseconds since the epoch.
    """
    before = _skipped(tx, day)
    # By the time of day, so that a second hub from the same copy gives none that the first gave.
    skipped = max(before, (now + _CHINA_MS) % _DAY_MS // _SLOT_MS * _BLOCK) + _BLOCK
    settings.put(tx, _SKIPPED, {"day": day, "serials": skipped}, now=now)
    later = sa.update(official_serial).where(official_serial.c.day == day)
    tx.execute(later.values(next=official_serial.c.next + skipped - before))


def _skipped(tx: sa.Connection, day: str) -> int:
    found = settings.get(tx, _SKIPPED, {})
    return int(found["serials"]) if found.get("day") == day else 0


def take(tx: sa.Connection, item: str, day: str, count: int) -> int:
    """Take a block of serials.

    Args:
        tx: a write transaction.
        item: code of the item.
        day: ISO date.
        count: how many.

    Returns:
        The first one; serials begin with 1.
    """
    first = 1 + _skipped(tx, day)
    statement = _INSERTS[tx.dialect.name](official_serial).values(
        item=item, day=day, next=first + count
    )
    statement = statement.on_conflict_do_update(
        index_elements=["item", "day"], set_={"next": official_serial.c.next + count}
    ).returning(official_serial.c.next)
    return int(tx.execute(statement).scalar_one()) - count
