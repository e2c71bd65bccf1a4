"""How much this station may still take on: when work piles up, it first warns, then only receives.

A case that is received loses nobody a day; one that is accepted binds the administration. So
when the county has not heard from here for too long, or the clock cannot be trusted, papers are
still received, always, and nothing is accepted (sync.md §7, domain model C16, T16).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from casework.authorisations import NO_BOOK
from node import attachments, policy, publication, room, unsent
from node.config import DataDirectory
from node.db import driver
from node.policy import DAY_MS, MIB, Policy
from node.powers import Powers, book_of
from node.room import Room
from node.runtime import Node
from node.unsent import Unsent

_HOUR_MS: Final = 60 * 60 * 1000
_SHOWN_SKEW_MS: Final = 5 * 60 * 1000
_HEARD: Final = """SELECT anchor_time, clock_offset,
    (SELECT taken_at FROM published ORDER BY version DESC LIMIT 1) FROM node_identity"""


class Why(StrEnum):
    """What presses."""

    CLOCK = "clock"
    LEASE = "lease"
    AUTHORITY = "authority"
    LETTER = "letter"
    AGREEMENT = "agreement"
    UNSENT_AGE = "unsent_age"
    UNSENT_COUNT = "unsent_count"
    UNSENT_PHOTOS = "unsent_photos"
    SPACE = "space"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """How a station stands to what it may take on.

    Attributes:
        frozen: why nothing is accepted here now; empty: it may be.
        warned: what will come to that when nothing is done.
        photo_bytes: of photos that the county is not known to hold.
        room: on the disk.
        free: bytes on the disk.
        skew: this clock less the county's, milliseconds; None before the first answer.
    """

    frozen: tuple[Why, ...]
    warned: tuple[Why, ...]
    unsent: Unsent
    photo_bytes: int
    room: Room
    free: int
    skew: int | None

    @property
    def only_receives(self) -> bool:
        """Whether papers are only received here now (收件)."""
        return bool(self.frozen)


def now_at(node: Node, tx: sa.Connection) -> Pressure:
    """Say how a station stands at this moment."""
    me, now = node.identity_in(tx), node.clock.now_ms()
    found = publication.current(tx, me)
    rules, book = (
        (policy.of(found, me.place.code), book_of(found)) if found else (policy.DEFAULT, NO_BOOK)
    )
    return look(tx, node.directory, Powers(me, book, now), rules=rules)


def look(tx: sa.Connection, directory: DataDirectory, powers: Powers, *, rules: Policy) -> Pressure:
    """Say how this station stands.

    Args:
        tx: any transaction.
        directory: whose disk counts.
        powers: of this node, now by this computer's clock.
        rules: the settings in force.
    """
    me, now = powers.me, powers.now
    anchor, offset, taken = _heard(tx)
    heard = anchor + (offset or 0)
    waiting, photo_bytes = unsent.measure(tx, me), attachments.waiting_bytes(tx)
    space = room.look(directory, rules)
    frozen = {
        Why.CLOCK: abs(offset or 0) > rules.skew_hours * _HOUR_MS,
        Why.LEASE: not _lease_holds(max(taken, heard), rules.lease_days, rules, now=now),
        Why.AUTHORITY: not _letters_are_fresh(powers, heard, rules),
        Why.LETTER: not powers.may_accept_at_all(),
        Why.AGREEMENT: not powers.may_serve_at_all(),
        Why.UNSENT_AGE: _age(waiting, now) > rules.freeze_unsent_days * DAY_MS,
        Why.UNSENT_COUNT: waiting.pending > rules.freeze_unsent_operations,
        Why.UNSENT_PHOTOS: photo_bytes > rules.freeze_unsent_mib * MIB,
    }
    warned = {
        Why.CLOCK: abs(offset or 0) > _SHOWN_SKEW_MS,
        Why.UNSENT_AGE: _age(waiting, now) > rules.warn_unsent_days * DAY_MS,
        Why.UNSENT_COUNT: waiting.pending > rules.warn_unsent_operations,
        Why.SPACE: space.room is not Room.ENOUGH,
    }
    return Pressure(
        frozen=tuple(why for why, holds in frozen.items() if holds),
        warned=tuple(why for why, holds in warned.items() if holds and not frozen.get(why)),
        unsent=waiting,
        photo_bytes=photo_bytes,
        room=space.room,
        free=space.free,
        skew=offset,
    )


def _heard(tx: sa.Connection) -> tuple[int, int | None, int]:
    """The county's time in its last answer, our clock less that, and when a catalogue last came."""
    anchor, offset, taken = driver(tx).execute(_HEARD).fetchone()
    return anchor or 0, offset, taken or 0


def _lease_holds(heard: int, days: int, rules: Policy, *, now: int) -> bool:
    skew = rules.skew_hours * _HOUR_MS
    return -skew <= now - heard <= days * DAY_MS


def _letters_are_fresh(powers: Powers, heard: int, rules: Policy) -> bool:
    """Whether the county's word on the letters is young enough, whoever carried it here (T16).

    A stick renews them only as far as the document on it is new.
    """
    written = powers.book.as_of
    if written is None:
        return True
    days = rules.authorisation_lease_days
    return _lease_holds(max(written, heard), days, rules, now=powers.now)


def _age(waiting: Unsent, now: int) -> int:
    """How old the oldest pending work is; a clock that was set back makes nothing old."""
    return 0 if waiting.oldest is None else max(now - waiting.oldest, 0)
