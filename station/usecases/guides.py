"""What an item asks and promises, as published; what changed is told to each helper once."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import sqlalchemy as sa

from casework import publishing
from casework.catalogue import CatalogueItem
from casework.publishing import Change
from node import settings
from node.people import Account
from node.runtime import Node
from node.tables import published

_LOOK_BACK: Final = 6
"""Versions before the newest that are asked for what an item was like."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed in an item, and that this helper has not said that he read it.

    Attributes:
        version: in which it changed; named when it is read.
        note: what the county says of it, or else of the version; may be empty.
        change: against the item as it was.
    """

    version: int
    note: str
    change: Change


def news(node: Node, code: str, *, account: Account) -> News | None:
    """Say what a helper has to hear of an item; None: nothing, or he has read it.

    Args:
        node: this station.
        code: of the item.
        account: who looks.
    """
    with node.database.read() as tx:
        found = _news(tx, node, code)
        read = settings.get(tx, _key(account, code), 0)
    return found if found is not None and found.version > read else None


def mark_read(node: Node, code: str, version: int, *, account: Account) -> None:
    """Keep that a helper has read what changed in an item up to a version."""

    def work(tx: sa.Connection) -> None:
        key = _key(account, code)
        if settings.get(tx, key, 0) < version:
            settings.put(tx, key, version, now=node.clock.now_ms())

    node.database.run(work)


def _key(account: Account, code: str) -> str:
    return f"item_read.{account.login}.{code}"


def _news(tx: sa.Connection, node: Node, code: str) -> News | None:
    versions = _held(tx)
    now = node.catalogue(tx).item(code) if versions else None
    if now is None:
        return None
    for newer, older in pairwise(versions):
        before = node.catalogue(tx, older).item(code)
        if before is None:
            return None  # new here: there is nothing to unlearn
        if before != now:
            note = now.guide.change_note or node.catalogue(tx, newer).note
            return News(newer, note, publishing.compare(before, now))
    return None


def _held(tx: sa.Connection) -> list[int]:
    c = published.c
    wanted = sa.select(c.version).order_by(c.version.desc()).limit(_LOOK_BACK)
    return list(tx.scalars(wanted))


def successor(node: Node, item: CatalogueItem) -> CatalogueItem | None:
    """The item that takes the place of a cancelled one, as it is listed here."""
    with node.database.read() as tx:
        return node.catalogue(tx).item(item.successor) if item.successor else None
