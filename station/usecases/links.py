"""The links to the parents: addresses, how much is sent at a time, when the next try is due."""

from typing import Final

import sqlalchemy as sa

from node import asking, settings
from node.db import upsert
from node.errors import LinkFailed, RefusedByCounty
from node.rows import table
from node.runtime import Node
from station.rows import AddressRow
from station.transport import SHRINKING, Parent
from station.transport.http import Address, HttpTransport, fingerprint_of
from sync.adapters.tables import link

_ADDRESS: Final = table(AddressRow)
_ORDER: Final = tuple(Parent)
_LEAST_BYTES: Final = 16 << 10
_MOST_BYTES: Final = 1 << 20
_FIRST_WAIT_MS: Final = 15_000
_LONGEST_WAIT_MS: Final = 15 * 60_000


def keep_address(tx: sa.Connection, parent: Parent, address: Address) -> None:
    """Remember where a parent is reached."""
    row = {
        "place": _ORDER.index(parent),
        "url": address.url.rstrip("/"),
        "fingerprint": address.fingerprint,
    }
    upsert(tx, _ADDRESS, row)


def addresses(node: Node) -> dict[Parent, Address]:
    """Where the parents are reached, as far as it is known."""
    with node.database.read() as tx:
        rows = tx.execute(sa.select(_ADDRESS).order_by(_ADDRESS.c.place)).all()
    return {_ORDER[row.place]: Address(row.url, row.fingerprint) for row in rows}


def is_due(node: Node, parent: Parent, *, by_hand: bool) -> bool:
    """Whether a parent may be tried now; by hand always."""
    return by_hand or (retry_at(node, parent) or 0) <= node.clock.now_ms()


def retry_at(node: Node, parent: Parent) -> int | None:
    """When a parent is tried again by itself, milliseconds; None: at the next tick.

    A time further off than the longest wait comes from a clock that was set back, and is void.
    """
    with node.database.read() as tx:
        found = settings.get(tx, _key(parent))
    if found is None or found > node.clock.now_ms() + 2 * _LONGEST_WAIT_MS:
        return None
    return int(found)


def note_failure(
    node: Node,
    parent: Parent,
    station: str,
    error: LinkFailed | RefusedByCounty,
    *,
    jitter: float,
) -> None:
    """Keep why a try failed, wait longer each time, and send less at a time where that may help.

    Args:
        node: this station.
        parent: who was tried.
        station: its code.
        error: why.
        jitter: 0 to 1; spreads the next try between half and one and a half of the wait.
    """
    asking.note_failure(node.database, station, error.reason)
    now = node.clock.now_ms()
    with node.database.write() as tx:
        row = tx.execute(sa.select(link).where(link.c.station == station)).one()
        wait = min(_FIRST_WAIT_MS << min(row.failures - 1, 10), _LONGEST_WAIT_MS)
        settings.put(tx, _key(parent), now + round(wait * (0.5 + jitter)), now=now)
        if isinstance(error, LinkFailed) and error.cause in SHRINKING:
            _set_budget(tx, station, max(row.budget // 2, _LEAST_BYTES))


def note_success(node: Node, station: str, *, carried: int) -> None:
    """Send more at a time after a full request that was answered."""
    with node.database.read() as tx:
        budget = tx.execute(sa.select(link.c.budget).where(link.c.station == station)).scalar_one()
    if carried > budget // 2 and budget < _MOST_BYTES:
        with node.database.write() as tx:
            _set_budget(tx, station, min(budget * 2, _MOST_BYTES))


def _set_budget(tx: sa.Connection, station: str, budget: int) -> None:
    tx.execute(sa.update(link).where(link.c.station == station).values(budget=budget))


def _key(parent: Parent) -> str:
    return f"retry_at.{parent.value}"


def next_try(node: Node) -> int | None:
    """When any parent is tried again by itself, milliseconds; None: at the next tick."""
    waits = [retry_at(node, parent) for parent in addresses(node)]
    known = [wait for wait in waits if wait is not None]
    return min(known) if known and len(known) == len(waits) else None


def carrier(node: Node) -> HttpTransport:
    """A transport to every parent whose address is known.

    The certificate of an https parent that was out of reach at enrolment is pinned when it is
    first met: messages are signed and sealed by themselves, whoever stands between.
    """
    found = addresses(node)
    for parent, address in found.items():
        if address.url.startswith("https:") and not address.fingerprint:
            found[parent] = _pin(node, parent, address)
    return HttpTransport(found)


def _pin(node: Node, parent: Parent, address: Address) -> Address:
    try:
        pinned = Address(address.url, fingerprint_of(address.url))
    except LinkFailed:
        return address
    with node.database.write() as tx:
        keep_address(tx, parent, pinned)
    return pinned
