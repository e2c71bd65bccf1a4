"""Taking trust from an answer: the county's document, and whose device our township speaks by."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from casework.places import township_of
from crypto import trust
from crypto.errors import CryptoError
from node.identity import Identity, learn
from node.tables import identity as identity_table
from sync.errors import Unauthentic
from sync.exchange import Answer


def take(tx: sa.Connection, me: Identity, answer: Answer, *, county: bool) -> None:
    """Take a county document that is not older than the one known.

    Args:
        tx: a write transaction.
        me: this node.
        answer: believed.
        county: whether the county gave it; what a township says of the registry may be old, or
            a lie.

    Raises:
        Unauthentic: the document or a certificate is not the county's.
    """
    if answer.county_document is None:
        return
    try:
        found = trust.read(answer.county_document, me.county.root)
    except CryptoError as error:
        raise Unauthentic(f"county document: {error}") from error
    if found.version < me.county.version:
        return
    values: dict[str, object] = {"county_document": answer.county_document}
    if county:
        values |= {"trust": answer.trust, **_above(tx, me, answer.certificates)}
    tx.execute(sa.update(identity_table).values(values))


def _above(tx: sa.Connection, me: Identity, certificates: Sequence[bytes]) -> Mapping[str, object]:
    """Learn the device of our township, to which we seal what it may see."""
    values: dict[str, object] = {}
    for message in certificates:
        try:
            above = me.read_certificate(message)
        except CryptoError as error:
            raise Unauthentic(f"certificate: {error}") from error
        if above.station == township_of(me.place.code):
            learn(tx, above, message)
            values["parent_certificate"] = message
    return values
