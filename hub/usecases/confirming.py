"""Two persons settle what money hangs on: the first one's word is kept until the second agrees.

Nothing changes on any case meanwhile. A side that comes in between, or another first word, makes
what was proposed void: the second person must see what the first one saw.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from hub.rows import proposal
from hub.usecases.conflicts import Conflict, Proposal
from hub.usecases.projections import CheckState
from node.db import upsert
from node.errors import Changed, OwnProposal


def propose(
    tx: sa.Connection, seen: Conflict, answer: Mapping[str, object], *, by: str, at: int
) -> None:
    """Keep the first person's word; a later first word takes its place."""
    row = {"conflict": seen.id, "answer": dict(answer), "version": seen.version, "by": by, "at": at}
    upsert(tx, proposal, row)


def demand(found: Conflict, login: str, *, seen: str | None) -> Proposal:
    """Answer what is to be confirmed.

    Raises:
        Changed: nothing is proposed, or it is about something else than what stands now.
        OwnProposal: the same person may not confirm it.
    """
    proposed = found.proposed
    if found.state is not CheckState.OPEN or proposed is None:
        raise Changed(found.settled.by if found.settled else "")
    if proposed.by == login:
        raise OwnProposal(login)
    if proposed.version != found.version or seen not in {None, found.version}:
        raise Changed(proposed.by)
    return proposed


def drop(tx: sa.Connection, check: str) -> None:
    """Forget what was proposed."""
    tx.execute(sa.delete(proposal).where(proposal.c.conflict == check))
