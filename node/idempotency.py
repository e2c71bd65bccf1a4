"""Creating requests that may come twice have one effect and one answer.

The answer is kept in the transaction of the effect, so that either both are there or neither. The
same key with the same body gives the same answer for 180 days; with another body it is refused.
A second request that arrives while the first is worked on finds its row locked (PostgreSQL) or
waits for the write lock (SQLite).
"""

import hashlib
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from node.errors import IdempotencyKeyMissing, RequestDiffers, RequestInFlight
from node.rows import AnsweredRequestRow, table

KEPT_DAYS: Final = 180
MAX_KEY_SIGNS: Final = 200
_DAY_MS: Final = 86_400_000
_ROW = table(AnsweredRequestRow)


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that names itself.

    Attributes:
        account: id of who asks; keys of different people never meet.
        key: the `Idempotency-Key`.
        route: method and address.
        body_hash: SHA-256 of the body.
    """

    account: int
    key: str
    route: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered.

    Attributes:
        status: HTTP status.
        body: as it was sent.
        location: address of what was made, or empty.
    """

    status: int
    body: bytes
    location: str = ""


def claim(account: int, key: str | None, *, route: str, body: bytes) -> Claim:
    """The claim of a request.

    Raises:
        IdempotencyKeyMissing: there is no key, or one longer than 200 signs.
    """
    if not key or len(key) > MAX_KEY_SIGNS:
        raise IdempotencyKeyMissing
    return Claim(account, key, route, hashlib.sha256(body).digest())


def answered(tx: sa.Connection, request: Claim) -> Answer | None:
    """The answer given before, or None: then do the work and `remember` in this transaction.

    Args:
        tx: the write transaction of the effect.
        request: who asks what.

    Raises:
        RequestDiffers: the key was used for another body or address.
        RequestInFlight: another request with this key is being worked on.
    """
    row = tx.execute(sa.select(_ROW).where(_mine(request))).one_or_none()
    if row is None:
        _hold(tx, request)
        return None
    if (row.route, row.body_hash) != (request.route, request.body_hash):
        raise RequestDiffers
    if not row.status:
        raise RequestInFlight
    return Answer(row.status, row.body, row.location)


def remember(tx: sa.Connection, request: Claim, answer: Answer, *, now: int) -> None:
    """Keep the answer, in the transaction of the effect; forget those older than 180 days.

    Args:
        tx: the transaction that `answered` said None in.
        request: who asked what.
        answer: what will be sent.
        now: milliseconds since the epoch.
    """
    tx.execute(
        _ROW.update()
        .where(_mine(request))
        .values(status=answer.status, body=answer.body, location=answer.location, answered_at=now)
    )
    old = _ROW.c.answered_at < now - KEPT_DAYS * _DAY_MS
    tx.execute(_ROW.delete().where(old, sa.not_(_mine(request))))


def _hold(tx: sa.Connection, request: Claim) -> None:
    """Take the key before the work; a second worker fails here, not after doing it all again."""
    row = {"route": request.route, "body_hash": request.body_hash, "status": 0, "body": b""}
    try:
        with tx.begin_nested():
            tx.execute(
                _ROW.insert().values(
                    account=request.account, key=request.key, location="", answered_at=0, **row
                )
            )
    except sa.exc.IntegrityError as error:
        raise RequestInFlight from error


def _mine(request: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(_ROW.c.account == request.account, _ROW.c.key == request.key)
