"""Giving back to a county that was put back from an old copy what it has lost (sync.md §2).

Its own operations go first (numbers that it has given, decisions), then this node's own change
sets, with the receipts that the county had given for them as proof of the day.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from casework.places import PlaceKind, township_of
from crypto.entropy import random_bytes
from node import asking, attachments, incarnations, outbox
from node.asking import Carrier
from node.identity import Identity, authors, county_replicas
from node.tables import identity as identity_table
from sync import codec
from sync.adapters.sql import SqlLog
from sync.adapters.tables import link
from sync.exchange import EPOCH_BYTES, Answer
from sync.limits import DEFAULT


class _Reach(NamedTuple):
    """How far a county replica's log is known to be at the county, and as far as was sent."""

    held: int
    sent: int


def owes(state: sa.Row[Any]) -> bool:
    """Whether something of the county's own must go to it before anything else."""
    return state.give_back is not None


def bundles(tx: sa.Connection, me: Identity, state: sa.Row[Any]) -> list[bytes]:
    """Seal the next of what the county lost of its own, and note how far it reaches.

    Args:
        tx: a write transaction.
        me: this node.
        state: the link to the county.
    """
    after = {replica: reach.held for replica, reach in _unpack(state.give_back).items()}
    bundle, reached = outbox.give_back(tx, me, after, most=DEFAULT.change_sets_per_bundle)
    if bundle is None:
        _keep(tx, state.station, {})
        return []
    sent = {replica: _Reach(low, reached.get(replica, low)) for replica, low in after.items()}
    _keep(tx, state.station, sent)
    return [bundle]


def all_bundles(tx: sa.Connection, me: Identity, state: sa.Row[Any]) -> Iterator[bytes]:
    """Seal everything that the county lost of its own, and note nothing: a stick may be lost.

    Args:
        tx: any transaction.
        me: this node.
        state: the link to the county.
    """
    after = {replica: reach.held for replica, reach in _unpack(state.give_back).items()}
    while after:
        bundle, reached = outbox.give_back(tx, me, after, most=DEFAULT.change_sets_per_bundle)
        if bundle is None:
            return
        yield bundle
        after |= reached


def turn_over(tx: sa.Connection, me: Identity, station: str, answer: Answer) -> None:
    """Begin a parent's new epoch: it was put back from a copy, or numbers its feed anew.

    Everything is fetched again from the beginning; what the parent says it lacks is sent again.
    Does nothing in the epoch that is known.

    Args:
        tx: a write transaction, before anything of the answer's feed is kept.
        me: this node.
        station: code of the parent.
        answer: believed.
    """
    before = tx.execute(sa.select(link.c.epoch).where(link.c.station == station)).scalar()
    if before == answer.epoch:
        return
    moved = sa.update(link).where(link.c.station == station)
    tx.execute(moved.values(epoch=answer.epoch, position=0))
    if before is None:
        return
    for replica in incarnations.own_replicas(tx, me):
        SqlLog(tx).forget_custody(replica)
    if station == me.county_code:
        attachments.doubt(tx)
        _of_county(tx, me, station, dict(answer.county_heads))
    else:
        _of_township(tx, me, dict(answer.county_heads))


def _of_county(tx: sa.Connection, me: Identity, station: str, heads: Mapping[bytes, int]) -> None:
    """What the county lost: its own goes back first; ours, and our children's, goes again.

    A node with children begins a new epoch too, so that they hear of it.
    """
    log, county = SqlLog(tx), county_replicas(authors(tx))
    # What it does not name it does not know: a replica that came after the copy, ours or its own.
    unnamed = dict.fromkeys([*county, *incarnations.own_replicas(tx, me)], 0)
    lost = {}
    for replica, up_to in {**unnamed, **heads}.items():
        if replica not in county:
            log.forget_receipts(replica, up_to)
        elif log.change_sets_after(replica, up_to):
            lost[replica] = _Reach(up_to, up_to)
    if lost:
        _keep(tx, station, lost)
    tx.execute(sa.update(identity_table).values(epoch=random_bytes(EPOCH_BYTES)))


def _of_township(tx: sa.Connection, me: Identity, heads: Mapping[bytes, int]) -> None:
    """A township's word can only let us send again what the county had receipted."""
    for replica in incarnations.own_replicas(tx, me):
        if replica in heads:
            SqlLog(tx).forget_receipts(replica, heads[replica])


def advance(tx: sa.Connection, me: Identity, station: str, answer: Answer) -> bool:
    """Note that a parent has taken what was given back; look whether it lacks more.

    A parent whose log ends below what it had given a receipt or a custody note for has lost it;
    but what it repeats in this very answer lies beyond a gap, which another path has filled or
    will fill. To be called after receipts and notes of the answer were kept.

    Args:
        tx: a write transaction.
        me: this node.
        station: code of the parent.
        answer: believed.

    Returns:
        Whether something must be sent again.
    """
    state = tx.execute(sa.select(link).where(link.c.station == station)).one()
    if owes(state):
        if asking.carrier_of(tx, answer.request) is Carrier.LINE:  # only there did it go along
            reached = _unpack(state.give_back).items()
            _keep(tx, station, {r: _Reach(reach.sent, reach.sent) for r, reach in reached})
        return True
    if asking.is_late(tx, station, answer):
        return False
    held = answer.head[0] if answer.head else 0
    log = SqlLog(tx)
    if station == me.county_code:
        return log.forget_receipts(me.replica, held, but=answer.receipts) > 0
    return log.forget_custody(me.replica, held, but=answer.custody) > 0


def _keep(tx: sa.Connection, station: str, reached: Mapping[bytes, _Reach]) -> None:
    packed = codec.encode([[r, *reach] for r, reach in sorted(reached.items())])
    values = {"give_back": packed if reached else None}
    tx.execute(sa.update(link).where(link.c.station == station).values(values))


def _unpack(packed: bytes | None) -> dict[bytes, _Reach]:
    if packed is None:
        return {}
    found = {}
    for item in codec.as_list(codec.decode(packed, max_bytes=len(packed))):
        replica, held, sent = codec.as_list(item)
        found[codec.as_bytes(replica)] = _Reach(codec.as_uint(held), codec.as_uint(sent))
    return found


def heads_for(tx: sa.Connection, me: Identity, station: str) -> list[tuple[bytes, int]]:
    """What the county is known to hold without a gap, for a child that knows another epoch.

    The county tells of its own replicas, of the child's, and to a township of its villages'. A
    township tells a village how far the county's receipts for it reach here.

    Args:
        tx: any transaction.
        me: this node.
        station: code of the asking child.
    """
    log, found = SqlLog(tx), []
    for replica, author in sorted(authors(tx).items()):
        below = station in {author.station, township_of(author.station)}
        if me.is_county and (below or author.kind == PlaceKind.COUNTY):
            found.append((replica, log.contiguous(replica)[0]))
        elif author.station == station:
            found.append((replica, log.receipted(replica)))
    return found[: DEFAULT.receipts_per_answer]
