"""Comparing, now and then, what a child holds with what it should hold (docs/spec/feed.md §6).

A cursor that ran ahead, a row that was lost, an item that was never appended: nothing of that
shows in the feed itself. The child sums up what it holds of its scope, the county sums up the
same; where they differ the county owes those records again, some at a time.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from casework.case import ENDED
from casework.places import PlaceKind
from crypto.certificate import DeviceCertificate
from node import feeding, logs, stubs, whole
from node.identity import Identity, authors, county_replicas
from node.tables import case as case_table
from sync.adapters.tables import change_set, child, link, record_stub
from sync.adapters.tables import operation as operation_table
from sync.digest import Sums, bucket_of, differing
from sync.disclosure import COMMITTED_CLASSES
from sync.exchange import Answer, Digest, Request
from sync.feed import Place, Scope, visible
from sync.merkle import HASH_BYTES

EVERY: Final = 24 * 3600 * 1000
"""Milliseconds between two comparisons."""
MOST: Final = 200
"""Records that are owed again at one time; the next comparison goes on behind them."""
_PAGE: Final = 2_000
_ENDED: Final = frozenset(state.value for state in ENDED)


def is_due(tx: sa.Connection, station: str, *, now: int) -> bool:
    """Whether it is time to compare with the county again; not before all was fetched once.

    Args:
        tx: any transaction.
        station: code of the county.
        now: milliseconds.
    """
    at = tx.execute(sa.select(link.c.digest_at).where(link.c.station == station)).scalar()
    return at is not None and not at <= now < at + EVERY


def held(tx: sa.Connection, me: Identity, position: int) -> Digest | None:
    """Sum up what this node holds of its scope; None while that could not be compared.

    While something that is held here is not known to be at the county, or is set aside until its
    record is whole, the two would differ without fault.

    Args:
        tx: any transaction.
        me: this node.
        position: of the county's feed, as far as it was taken.
    """
    county = county_replicas(authors(tx))
    sums = Sums()
    if stubs.waiting(tx):
        return None
    for row in _rows(tx, me.place):
        if not row.receipted and row.replica not in county:
            return None
        _add(sums, row, me.place)
    for record, hashes in _pruned(tx):
        for one in hashes:
            sums.add(bucket_of(record), one)
    return Digest(position, sums.buckets())


def postpone(tx: sa.Connection, station: str, *, now: int) -> None:
    """Compare a day later: something is set aside, so that nothing could be compared."""
    tx.execute(sa.update(link).where(link.c.station == station).values(digest_at=now))


def note(tx: sa.Connection, station: str, answer: Answer, *, compared: bool, now: int) -> None:
    """Keep when was compared last: an answer without news to a request that had the sums.

    The first answer that leaves nothing open begins the counting.
    """
    if answer.more or answer.feed:
        return
    where = link.c.station == station
    if not compared:
        where &= link.c.digest_at.is_(None)
    tx.execute(sa.update(link).where(where).values(digest_at=now))


def repair(
    tx: sa.Connection, me: Identity, one: DeviceCertificate, request: Request
) -> Sequence[int]:
    """Compare what a child holds with what it should hold; owe again what differs.

    Nothing is compared unless the child has taken all that was ever appended to its feed.

    Args:
        tx: a write transaction.
        me: the county; a township does not know the whole truth.
        one: the child.
        request: believed.

    Returns:
        The buckets that differ.
    """
    position = _end_reached(tx, me, request)
    if position is None or request.digest is None:
        return []
    place = Place(one.station, PlaceKind(one.station_kind))
    sums = Sums()
    for row in _rows(tx, place):
        _add(sums, row, place)
    found = differing(sums.buckets(), request.digest.buckets)
    if found:
        _owe_again(tx, one.replica, _records(tx, place, found), after=position)
    return found


def _end_reached(tx: sa.Connection, me: Identity, request: Request) -> int | None:
    """The child's position where it is the end of its feed; None where nothing can be compared."""
    if request.digest is None or request.feed is None or request.feed.epoch != me.epoch:
        return None
    position = request.feed.position
    following = tx.execute(
        sa.select(child.c.next).where(child.c.replica == request.replica)
    ).scalar()
    if not me.is_county or request.digest.position != position or following is None:
        return None
    if position >= following:  # its cursor ran ahead of us: what comes next must lie behind it
        moved = sa.update(child).where(child.c.replica == request.replica)
        tx.execute(moved.values(next=position + 1))
        return position
    return position if position == following - 1 else None


def _owe_again(tx: sa.Connection, replica: bytes, records: Sequence[bytes], *, after: int) -> None:
    """Owe some of the records, going on where the last time ended."""
    before = sa.select(child.c.repaired).where(child.c.replica == replica)
    start = int(tx.execute(before).scalar_one()) % max(len(records), 1)
    chosen = [*records[start:], *records[:start]][:MOST]
    count = whole.owe_whole(tx, replica, chosen, after=after)
    more = child.c.repaired + len(chosen)
    tx.execute(sa.update(child).where(child.c.replica == replica).values(repaired=more))
    logs.logger().warning("feed.repaired", replica=replica.hex(), count=len(chosen), sent=count)


def _rows(tx: sa.Connection, place: Place) -> Iterator[sa.Row[Any]]:
    """Every operation of the cases in a place's scope, without its contents."""
    c, o, s = case_table.c, operation_table.c, change_set.c
    shown = [o[f"salt{n}"].is_not(None).label(f"shown{n}") for n in COMMITTED_CLASSES]
    statement = (
        sa.select(o.record, o.hash, o.replica, s.receipt.is_not(None).label("receipted"), *shown)
        .add_columns(c.state, c.station, c.handling)
        .select_from(case_table.join(operation_table, o.record == c.record))
        .outerjoin(change_set, o.change_set == s.id)
        # By way of the cases: a plan that begins with all operations reads the whole log.
        .where(o.record.in_(sa.select(c.record).where(feeding.lies_within(place))))
    )
    yield from tx.execute(statement.execution_options(yield_per=_PAGE))


def _add(sums: Sums, row: sa.Row[Any], place: Place) -> None:
    """Add one operation; of what has ended the classes do not count, it may have been pruned."""
    sums.add(bucket_of(row.record), row.hash, () if row.state in _ENDED else _classes(row, place))


def _classes(row: sa.Row[Any], place: Place) -> Sequence[int]:
    scope, shown = Scope(row.station, row.handling), {2: row.shown2, 3: row.shown3}
    return [n for n in COMMITTED_CLASSES if shown[n] and visible(n, place, scope)]


def _pruned(tx: sa.Connection) -> Iterator[tuple[bytes, Sequence[bytes]]]:
    """The hashes of what was pruned, of records of which nothing more is set aside here."""
    t, o = record_stub.c, operation_table.c
    more = sa.select(o.id).where(o.record == t.record).exists()
    for row in tx.execute(sa.select(t.record, t.hashes).where(~more)):
        cuts = range(0, len(row.hashes), HASH_BYTES)
        yield bytes(row.record), [row.hashes[at : at + HASH_BYTES] for at in cuts]


def _records(tx: sa.Connection, place: Place, buckets: Sequence[int]) -> Sequence[bytes]:
    c, wanted = case_table.c, set(buckets)
    found = tx.scalars(sa.select(c.record).where(feeding.lies_within(place)).order_by(c.record))
    return [bytes(record) for record in found if bucket_of(record) in wanted]
