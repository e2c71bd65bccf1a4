"""What could not be read or trusted: kept as received, shown with its reason, tried again."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crypto import envelope
from crypto.errors import CryptoError
from node.errors import NotFound
from node.receiving import Receiver, Rules
from node.runtime import Node
from sync.adapters.tables import quarantine
from sync.limits import DEFAULT

HELD, RELEASED = "held", "released"


@dataclass(frozen=True, slots=True)
class Item:
    """A message that was put aside.

    Attributes:
        id: names it in commands.
        replica: of the sender, hexadecimal; empty where it cannot be read.
        seq: where it is known.
        reason: stable word, such as `unknown-replica`.
        detail: technical remark without personal data.
    """

    id: int
    at: int
    replica: str
    seq: int | None
    reason: str
    detail: str
    state: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Retried:
    """What came of trying again: messages that are now taken, and those that stay aside."""

    released: int
    operations: int
    held: int


def list_items(node: Node, *, state: str = HELD) -> list[Item]:
    """Read what is put aside, the oldest first."""
    with node.database.read() as tx:
        statement = sa.select(quarantine).where(quarantine.c.state == state)
        return [_item(row) for row in tx.execute(statement.order_by(quarantine.c.id))]


def show(node: Node, item: int) -> Item:
    """Read one.

    Raises:
        NotFound: there is none of this id.
    """
    with node.database.read() as tx:
        row = tx.execute(sa.select(quarantine).where(quarantine.c.id == item)).first()
    if row is None:
        raise NotFound("quarantine", str(item))
    return _item(row)


def message_of(node: Node, item: int) -> bytes:
    """The bytes of one, as received.

    Raises:
        NotFound: there is none of this id.
    """
    show(node, item)
    with node.database.read() as tx:
        wanted = sa.select(quarantine.c.message).where(quarantine.c.id == item)
        return bytes(tx.execute(wanted).scalar_one())


def retry(node: Node, rules: Rules, *, item: int | None = None) -> Retried:
    """Take again what was put aside: certificates, keys or this program may have come since.

    Args:
        node: this node.
        rules: what it does about what it takes in.
        item: only this one; None: all.

    Raises:
        NotFound: there is none of this id.
    """
    wanted = [show(node, item)] if item is not None else list_items(node)
    released = operations = 0
    for one in wanted:
        taken = _take(node, rules, one.id) if one.state == HELD else None
        if taken is not None:
            released, operations = released + 1, operations + taken
    return Retried(released, operations, len(wanted) - released)


def _take(node: Node, rules: Rules, item: int) -> int | None:
    """Take one again; None when it has to stay aside."""
    me = node.identity()
    message = message_of(node, item)
    audience = _audience(message)
    if audience not in {me.place.code, me.county_code}:
        return None
    now = node.clock.now_ms()
    receiver = Receiver(database=node.database, me=me, rules=rules, now=now)
    taken = receiver.take(message, audience=audience)
    if taken.complaints:
        return None
    with node.database.write() as tx:
        tx.execute(sa.update(quarantine).where(quarantine.c.id == item).values(state=RELEASED))
    return taken.operations


def _audience(message: bytes) -> str:
    try:
        return envelope.outer(message, max_bytes=DEFAULT.bundle).audience
    except CryptoError:
        return ""


def _item(row: Any) -> Item:  # noqa: ANN401  # a row of the table
    return Item(
        id=row.id,
        at=row.at,
        replica=(row.sender or b"").hex(),
        seq=row.seq,
        reason=row.code,
        detail=row.detail,
        state=row.state,
        bytes=len(row.message),
    )
