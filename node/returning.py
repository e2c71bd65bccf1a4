"""Giving back to a county that was put back from an old copy what it has lost (sync.md §2).

Its own operations go first (numbers that it has given, decisions), then this node's own change
sets, with the receipts that the county had given for them as proof of the day.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from casework.places import PlaceKind
from node import attachments, incarnations, outbox
from node.identity import Identity, authors, county_replicas
from sync import codec
from sync.adapters.sql import SqlLog
from sync.adapters.tables import link
from sync.exchange import Answer
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
    if station == me.county_code:
        attachments.doubt(tx)
    log, heads = SqlLog(tx), dict(answer.county_heads)
    for replica in incarnations.own_replicas(tx, me):
        log.forget_custody(replica)
        if replica in heads:
            log.forget_receipts(replica, heads[replica])
    county = county_replicas(authors(tx))
    held = {r: up_to for r, up_to in heads.items() if r in county}
    lost = {r: _Reach(low, low) for r, low in held.items() if log.change_sets_after(r, low)}
    if lost:
        _keep(tx, station, lost)


def advance(tx: sa.Connection, me: Identity, station: str, answer: Answer) -> bool:
    """Note that a parent has taken what was given back; look whether it lacks more.

    A parent whose log ends below what it had given a receipt or a custody note for has lost it.

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
        taken = {r: _Reach(reach.sent, reach.sent) for r, reach in _unpack(state.give_back).items()}
        _keep(tx, station, taken)
        return True
    held = answer.head[0] if answer.head else 0
    log = SqlLog(tx)
    if station == me.county_code:
        return log.forget_receipts(me.replica, held) > 0
    return log.forget_custody(me.replica, held) > 0


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
    """What the county holds without a gap of its own replicas and of those of a station.

    Args:
        tx: any transaction.
        me: the county.
        station: code of the asking child.
    """
    log, found = SqlLog(tx), []
    for replica, author in sorted(authors(tx).items()):
        if author.kind == PlaceKind.COUNTY or author.station == station:
            found.append((replica, log.contiguous(replica)[0]))
    return found[: DEFAULT.receipts_per_answer] if me.is_county else []
