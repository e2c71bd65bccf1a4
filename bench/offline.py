"""What a village writes in some days without a link: cases, and photos of their papers."""

from itertools import cycle, islice
from typing import Final

import sqlalchemy as sa

from bench.__main__ import documents
from bench.papers import photo
from node import ledger, people
from node.clock import FixedClock
from node.people import Account
from node.runtime import Node
from node.tables import attachment
from station.usecases import photos
from station.usecases.intake import open_case
from sync.adapters.sql import SqlLog

PHOTOS_A_CASE: Final = 3
DAYS: Final = 3
_SHEETS: Final = 12
_DAY_MS: Final = 86_400_000


def work(village: Node, clock: FixedClock | None, *, cases: int) -> None:
    """Take cases with photos in, spread over the days.

    Args:
        village: the station.
        clock: moved on where it is given.
        cases: how many.
    """
    account = account_of(village)
    sheets = cycle([photo(seed) for seed in range(min(_SHEETS, cases))])
    for document in documents(cases):
        case = open_case(village, document, account=account).case
        for sheet in islice(sheets, PHOTOS_A_CASE):
            photos.attach(village, case, 1, sheet, account)
        if clock is not None:
            clock.advance(DAYS * _DAY_MS // cases)


def account_of(village: Node) -> Account:
    """Its first helper."""
    with village.database.read() as tx:
        return people.accounts(tx)[0]


def written(village: Node) -> tuple[bytes, int, int, int]:
    """Say what it has written: replica, operations, photos and their bytes."""
    with village.database.read() as tx:
        me = village.identity_in(tx)
        count, size = tx.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(attachment.c.size), 0))
        ).one()
        return me.replica, ledger.own_head(tx, me), int(count), int(size)


def arrived(hub: Node, replica: bytes) -> tuple[int, int]:
    """Say what of it is at the county: operations without a gap, and whole photos."""
    with hub.database.read() as tx:
        up_to, _ = SqlLog(tx).contiguous(replica)
        whole = sa.select(sa.func.count()).where(attachment.c.held == attachment.c.whole)
        return up_to, int(tx.scalar(whole) or 0)
