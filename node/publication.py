"""What the county publishes to every station: catalogue, calendar and divisions, signed as one.

A seam for the trust targets to come: today one signed document with a version that only rises.
"""

import json
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from crypto import envelope
from crypto.errors import CryptoError
from crypto.signing import SigningKey, VerifyKey
from node import cases, reckoning
from node.identity import Identity
from node.reckoning import MAX_BYTES, Published
from node.tables import published
from sync.errors import Unauthentic

__all__ = ["CONTENT_TYPE", "MAX_BYTES", "Published", "current", "publish", "take_published"]

CONTENT_TYPE: Final = "application/vnd.bangban.published+json"


def publish(version: int, document: dict[str, object], key: SigningKey) -> bytes:
    """Sign a document for publication; the version is part of it."""
    text = json.dumps({**document, "version": version}, ensure_ascii=False, sort_keys=True)  # noqa: TID251  # the signature is over these very bytes
    return envelope.sign(text.encode(), key=key, content_type=CONTENT_TYPE)


def take_published(tx: sa.Connection, me: Identity, message: bytes, *, now: int) -> None:
    """Believe and keep a published document; an older or known version changes nothing.

    A newer calendar moves promised days that were estimates: those cases are laid out anew.

    Raises:
        Unauthentic: the county did not sign it.
    """
    found = _read(message, me.hub.verify_key)
    known = sa.select(published.c.version).where(published.c.version == found.version)
    if tx.execute(known).first() is None:
        before = reckoning.held(tx)
        tx.execute(
            sa.insert(published).values(version=found.version, message=message, taken_at=now)
        )
        cases.reckon_again(tx, before)


@lru_cache(maxsize=8)
def _read(message: bytes, county: VerifyKey) -> Published:
    try:
        signed = envelope.verify(
            message, key=county, content_type=CONTENT_TYPE, max_bytes=MAX_BYTES
        )
    except CryptoError as error:
        raise Unauthentic(f"published document: {error}") from error
    return reckoning.read(signed.payload)


def current(tx: sa.Connection, me: Identity, version: int | None = None) -> Published | None:
    """Read what is in force here, or a certain older version."""
    statement = sa.select(published).order_by(published.c.version.desc()).limit(1)
    if version is not None:
        statement = statement.where(published.c.version == version)
    row = tx.execute(statement).first()
    return _read(row.message, me.hub.verify_key) if row else None
