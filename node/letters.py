"""Letters: a village's own requests to the county that its township carries, and the replies.

A village that never meets the county hears its word all the same: signed by the county, sealed to
the village, opaque to the township. So it learns which photos the county has, values that its
township may not see, the county's time, and that the county was put back from an old copy.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from crypto.certificate import DeviceCertificate
from node.asking import Carrier
from sync import exchange
from sync.adapters.tables import letter, link, outstanding
from sync.errors import LimitExceeded
from sync.exchange import digest
from sync.limits import DEFAULT

_REST_MS: Final = 10 * 60_000
"""Between two letters, and as long as the county was heard by any path."""


def is_due(tx: sa.Connection, county: str, *, now: int, urgent: bool) -> bool:
    """Say whether a letter to the county should go with the next request to the township.

    Args:
        tx: any transaction.
        county: its station code.
        now: milliseconds since the epoch.
        urgent: something waits that only the county can confirm.
    """
    o = outstanding.c
    mine = (o.station == county, o.carrier == Carrier.LETTER.value)
    newest = tx.execute(sa.select(sa.func.max(o.made_at)).where(*mine)).scalar()
    if newest is not None:
        return not 0 <= now - newest < _REST_MS
    heard = tx.execute(sa.select(link.c.last_contact).where(link.c.station == county)).scalar()
    return urgent or heard is None or not 0 <= now - heard < _REST_MS


def keep(
    tx: sa.Connection, one: DeviceCertificate, letters: Sequence[bytes], *, county: str, now: int
) -> None:
    """Keep the newest letter of a child until the county has replied.

    Args:
        tx: a write transaction.
        one: the child's certificate; only its own letters are kept.
        letters: from its request.
        county: station code to which they must be addressed.
        now: milliseconds since the epoch.

    Raises:
        RemoteSyncError: it is no request of that child to the county.
    """
    for message in letters[-1:]:
        if len(message) > DEFAULT.letter:
            raise LimitExceeded("letter")
        request = exchange.read_request(message, key=one.verify_key, audience=county)
        held = sa.select(letter.c.number).where(letter.c.replica == one.replica)
        if (tx.execute(held).scalar() or -1) < request.number:
            tx.execute(sa.delete(letter).where(letter.c.replica == one.replica))
            tx.execute(
                sa.insert(letter).values(
                    replica=one.replica,
                    number=request.number,
                    digest=digest(message),
                    message=message,
                    taken_at=now,
                )
            )


def to_carry(tx: sa.Connection) -> list[bytes]:
    """The letters without a reply, as many as go into one request, each in its turn."""
    t = letter.c
    waiting = sa.select(t.message).where(t.reply.is_(None)).order_by(t.taken_at, t.replica)
    return [bytes(m) for m in tx.scalars(waiting.limit(DEFAULT.letters_per_message))]


def carry(tx: sa.Connection) -> list[bytes]:
    """Choose the letters that go with a request; they wait behind the others from then on.

    Letters that the county will never answer, of devices that it has shut out, must not stand
    before those of other villages for ever.
    """
    chosen = to_carry(tx)
    last = tx.execute(sa.select(sa.func.max(letter.c.taken_at))).scalar() or 0
    went = sa.update(letter).where(letter.c.digest.in_([digest(m) for m in chosen]))
    tx.execute(went.values(taken_at=last + 1))
    return chosen


def take(tx: sa.Connection, replies: Mapping[bytes, bytes]) -> None:
    """Keep the county's replies for the children that had written; others are nobody's here."""
    for name, reply in replies.items():
        tx.execute(sa.update(letter).where(letter.c.digest == name).values(reply=reply, given=None))


def reply_to(tx: sa.Connection, replica: bytes, *, last_answer: bytes | None) -> dict[bytes, bytes]:
    """The reply that waits for a child, until it has taken an answer that held it.

    Args:
        tx: a write transaction.
        replica: the child's.
        last_answer: digest of the last answer that the child has taken.
    """
    t = letter.c
    if last_answer is not None:
        tx.execute(sa.delete(letter).where(t.replica == replica, t.given == last_answer))
    waiting = sa.select(t.digest, t.reply).where(t.replica == replica, t.reply.is_not(None))
    return {bytes(row.digest): bytes(row.reply) for row in tx.execute(waiting)}


def note_given(tx: sa.Connection, replica: bytes, answer: bytes) -> None:
    """Remember in which answer a child was given its reply."""
    mine = (letter.c.replica == replica, letter.c.reply.is_not(None))
    tx.execute(sa.update(letter).where(*mine).values(given=digest(answer)))


def within(replies: Iterator[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Take replies as far as one answer holds them; the rest comes with the next request."""
    found: dict[bytes, bytes] = {}
    room = DEFAULT.bundle
    for name, reply in replies:
        room -= len(reply)
        if found and room < 0:
            break
        found[name] = reply
    return found
