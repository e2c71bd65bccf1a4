"""Results at this station: signed for, told, delivered, passed on (model §2.2 #20–#22)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from casework import acts, delivery_acts, masking, paper_trail
from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.counter_acts import PROOF
from casework.paper_trail import UNDER_WAY
from casework.values import day_of, read_list, read_map, read_text
from casework.workdays import Calendar
from node import acting, casefile, cases
from node.acting import Wish
from node.casefile import CaseLine
from node.people import Account
from node.runtime import Node
from node.tables import case as table
from station import pictures
from station.usecases import photos

MOST: Final = 200
NOTICE_DAYS: Final = 1
"""Working days within which the applicant is told that the result is there (T12, R-ZH-35)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A result that waits for its owner.

    Attributes:
        results: name and serial of each.
        arrived: whether this place has signed for it.
        phone: whole: this is the list by which people are rung up (L2 of own open cases, §5).
        agent: name of who may fetch it; empty: nobody, or the entrustment was taken back.
        told: instant (ms) of the last notice that reached the person; 0: not told.
        tell_by: last day for telling.
        visits: failed ones.
        stopped: code of why it must not be handed out: `withdrawn`, `checking`; empty: it may.
    """

    line: CaseLine
    item: CatalogueItem | None
    results: tuple[tuple[str, str], ...]
    arrived: bool
    since: int
    phone: str
    agent: str
    pickup: str
    granted: bool
    told: int
    tell_by: date
    days_left: int
    visits: int
    stopped: str


def waiting(node: Node) -> tuple[Waiting, ...]:
    """List the results that lie here or are under way to here; who is to be told comes first."""
    with node.database.read() as tx:
        me, clock = node.identity_in(tx), node.limits(tx)
        today = day_of(node.clock.now_ms())
        t = table.c
        marks = [me.place.code, UNDER_WAY + me.place.code]
        statement = sa.select(t.record).where(t.result.in_(marks)).order_by(t.received_at)
        records = tx.scalars(statement.limit(MOST)).all()
        lines = {one.case: one for one in casefile.lines_of(tx, me, records)}
        found = [
            _waiting(lines[case.id], case.state, _item(tx, node, case.state), clock.calendar, today)
            for case in cases.derive(tx, records)
        ]
    return tuple(sorted(found, key=lambda one: (not one.stopped, one.told > 0, one.since)))


def count(node: Node) -> int:
    """Count the results that lie here or are under way to here."""
    with node.database.read() as tx:
        code = node.identity_in(tx).place.code
        where = table.c.result.in_([code, UNDER_WAY + code])
        return int(tx.scalar(sa.select(sa.func.count()).where(where)) or 0)


def deliver(node: Node, case: str, wish: Wish, account: Account, *, proof: bytes | None) -> None:
    """Deliver a result; the photo of the proof of posting is kept with the case (R-ZH-36b).

    Args:
        node: this station.
        case: ULID of the case.
        wish: the act `deliver`, and what the page had seen.
        account: who hands it out.
        proof: a photo of the slip of the post, in any common format; None: there is none.

    Raises:
        ActRefused: with every reason; nothing was written.
        NotAnImage: of the photo; nothing was written.
        LowSpace, TooManyPhotos: the delivery stands without its photo.
        StaleView: the case has moved on; nothing was written.
    """
    if proof is not None:
        pictures.shrink(proof)  # before anything stands: a delivery is not done twice
    acting.act_seen(node, case, wish, account)
    if proof is not None:
        photos.attach(node, case, PROOF, proof, account)


def _item(tx: sa.Connection, node: Node, state: CaseState) -> CatalogueItem | None:
    return acting.item_of(tx, node, state)


def _waiting(
    line: CaseLine,
    state: CaseState,
    item: CatalogueItem | None,
    calendar: Calendar,
    today: date,
) -> Waiting:
    way = paper_trail.result(state)
    since = way.since if way else line.received_at
    tell_by = calendar.add(day_of(since), NOTICE_DAYS).day
    late = -max(1, calendar.between(tell_by, today))
    return Waiting(
        line=line,
        item=item,
        results=results(state),
        arrived=bool(way and way.arrived),
        since=since,
        phone=state.text("phone"),
        agent=masking.name(_agent(state)),
        pickup=state.text("pickup"),
        granted=state.map("decided").get("outcome") == "yes",
        told=told_at(state),
        tell_by=tell_by,
        days_left=late if tell_by < today else calendar.between(today, tell_by),
        visits=delivery_acts.visits(state),
        stopped=stopped(state),
    )


def _agent(state: CaseState) -> str:
    revoked = state.values.get("entrustment_revoked") is not None
    return "" if revoked else state.text("agent.name")


def results(state: CaseState) -> tuple[tuple[str, str], ...]:
    """Answer name and serial of everything that was issued."""
    rows = map(read_map, read_list(state.map("issued").get("results")))
    return tuple(
        (read_text(row.get("name")) or "", read_text(row.get("serial")) or "") for row in rows
    )


def told_at(state: CaseState) -> int:
    """Answer when the person was last reached about the result, ms; 0: never."""
    told = [state.map(name) for name in state.values if name.startswith("notified.")]
    reached = [one for one in told if one.get("about") == "result" and one.get("reached") is True]
    at = [one.get("at") for one in reached]
    return max((one for one in at if isinstance(one, int)), default=0)


def stopped(state: CaseState) -> str:
    """Answer why the result must not be handed out; empty where it may (C5, HOLD)."""
    if "withdrawn" in state.values:
        return "withdrawn"
    return "checking" if acts.is_held_back(state) else ""
