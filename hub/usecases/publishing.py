"""Publishing: the one way in which a new version of the county's document comes to be.

Catalogue, calendar, divisions, settings, credit list and authorisations stand in one signed
document, so that a station never holds parts of two versions. Whoever changes one part carries all
others over unchanged, also those that this program does not know.
"""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from casework.errors import FieldProblem
from hub.usecases import authorisation_records
from node import powers, publication
from node.errors import InvalidInput
from node.publication import Published
from node.runtime import Node

_LOCK: Final = "LOCK TABLE published IN SHARE ROW EXCLUSIVE MODE"


def republish(tx: sa.Connection, node: Node, changes: Mapping[str, object]) -> Published:
    """Publish the next version: what is in force now, with some parts replaced.

    Args:
        tx: a write transaction; the version is in force when it commits.
        node: the hub.
        changes: part (`catalogue`, `settings`, `note`…) → its new value; None takes the part out.
            The letters of authorisation need not be named: they go out as the record has them.

    Returns:
        The new version, as stations will read it.

    Raises:
        InvalidInput: the document would be larger than stations take.

    Does not check the parts: each use case checks its own before it calls this, and asks for the
    second person where the rules want one.
    """
    if tx.dialect.name == "postgresql":  # two workers never give one version twice
        tx.execute(sa.text(_LOCK))
    before = node.published(tx)
    letters = authorisation_records.part(tx, node.clock.now_ms())
    parts = {**before.document, powers.PART: letters, **changes}
    document = {name: value for name, value in parts.items() if value is not None}
    message = publication.publish(before.version + 1, document, node.keys.signing)
    if len(message) > publication.MAX_BYTES:
        zh = "要公布的内容太大，站点收不下。减掉一些再公布。"
        raise InvalidInput([FieldProblem("", "value", zh, "Too large to be published.")])
    me, now = node.identity_in(tx), node.clock.now_ms()
    publication.take_published(tx, me, message, now=now)
    return node.published(tx)
