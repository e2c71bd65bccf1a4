"""What programs ask for under an `Idempotency-Key`: done once, answered alike every time."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from hub.usecases import reconcile
from hub.usecases.conflicts import Conflict
from node import acting, idempotency
from node.acting import Done
from node.idempotency import Answer, Claim
from node.people import Account
from node.runtime import Node


def act(  # noqa: PLR0913  # the claim stands beside the act itself
    node: Node,
    claim: Claim,
    reference: str,
    verb: str,
    *,
    fields: Mapping[str, object],
    account: Account,
    told: Callable[[Done], bytes],
) -> Answer:
    """Do an act on a case, once for each claim.

    Args:
        node: the hub.
        claim: who asks under which key.
        reference: ULID, temporary or official number of the case.
        verb: such as `accept`.
        fields: FIELDS.json.
        account: who does it.
        told: writes the answer, which is kept with the effect.

    Raises:
        RequestDiffers, RequestInFlight: see `node.idempotency`.
        CaseUnknown: there is no such case.
        ActRefused: with every reason; nothing was written.
    """

    def work(tx: sa.Connection) -> bytes:
        record = acting.find_case(tx, reference)
        return told(acting.act_in(tx, node, record, verb, fields=fields, account=account))

    return _once(node, claim, work)


def resolve(  # noqa: PLR0913  # the claim stands beside the answer itself
    node: Node,
    claim: Claim,
    check: str,
    answer: reconcile.Answer,
    *,
    account: Account,
    told: Callable[[Conflict], bytes],
) -> Answer:
    """Settle a difference, once for each claim (see `reconcile.resolve`)."""

    def work(tx: sa.Connection) -> bytes:
        return told(reconcile.resolve_in(tx, node, check, answer, account=account))

    return _once(node, claim, work)


def _once(node: Node, claim: Claim, work: Callable[[sa.Connection], bytes]) -> Answer:
    def all_of_it(tx: sa.Connection) -> Answer:
        before = idempotency.answered(tx, claim)
        if before is not None:
            return before
        answer = Answer(200, work(tx))
        idempotency.remember(tx, claim, answer, now=node.clock.now_ms())
        return answer

    return node.database.run(all_of_it)
