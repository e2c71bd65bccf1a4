"""After an upgrade: what an older program derived or put aside is read again by this one.

Migrations change tables; this looks at what the tables were derived with. The log is never touched.
"""

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from casework import understanding
from casework.understanding import Understanding
from node import settings
from node.runtime import Node
from sync.adapters.tables import operation

_KEY: Final = "program.understanding"


def catch_up(node: Node, again: Callable[[Understanding], None]) -> bool:
    """Let a node be read again where an older program, or a later one, derived it last.

    Broken off, it is done again at the next opening.

    Args:
        node: just opened.
        again: derives everything anew; is told what the program before could read.

    Returns:
        Whether that was needed.

    Raises:
        NodeError: this node cannot store now.
    """
    today = understanding.of_this_program()
    with node.database.read() as tx:
        before = understanding.parse(settings.get(tx, _KEY))
        holds_any = tx.execute(sa.select(operation.c.id).limit(1)).first() is not None
    if before == today:
        return False
    if holds_any:
        again(before)
    with node.database.write() as tx:
        settings.put(tx, _KEY, today.value(), now=node.clock.now_ms())
    return holds_any
