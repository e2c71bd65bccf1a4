"""The desk of a department: what waits for its approvers, and signing in with a look at papers.

A department sees the cases of its own items, county-wide, and no others (model §5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from casework import deadline, deciding, paper_trail
from casework.case import CaseState, State
from casework.catalogue import CatalogueItem
from casework.errors import ActRefused, FieldProblem
from casework.values import day_of
from casework.workdays import Calendar
from node import acting, casefile, cases
from node.acting import Wish
from node.casefile import CaseLine
from node.errors import StaleView
from node.people import Account
from node.runtime import Node
from node.tables import case as table

MOST: Final = 200


class Queue(StrEnum):
    """The lists of a desk, in the course of a case."""

    SIGN_IN = "sign_in"
    REVIEW = "review"
    SPECIAL = "special"
    DECIDE = "decide"
    ISSUE = "issue"
    DELIVERY = "delivery"


_STATES: Final[Mapping[Queue, tuple[State, ...]]] = {
    Queue.SIGN_IN: (State.ACCEPTED, State.ACCEPTED_DEF),
    Queue.REVIEW: (State.REVIEW,),
    Queue.SPECIAL: (State.SPECIAL,),
    Queue.DECIDE: (State.REVIEW,),
    Queue.ISSUE: (State.DECIDED_YES, State.DECIDED_NO),
    Queue.DELIVERY: (State.READY, State.DELIVERED, State.RECTIFY),
}


_ALIKE: Final = (Queue.REVIEW, Queue.DECIDE)
"""Lists of the same state: only a look into the case tells them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case on the desk.

    Attributes:
        statutory: the day of the law; None before acceptance.
        days_left, statutory_left: working days, below 0 past; None without a day.
        reviews, needed: how many other people have agreed, how many must.
        steps_left: kinds of special steps still to be done.
        until: announced end of the step that runs; empty: none does.
        paper_here: every paper has come to the county.
        unchecked: papers that nobody has looked at.
    """

    line: CaseLine
    item: CatalogueItem | None
    due: date | None
    statutory: date | None
    days_left: int | None
    statutory_left: int | None
    reviews: int
    needed: int
    steps_left: tuple[str, ...]
    until: str
    paper_here: bool
    unchecked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found when a paper was held against what was sent."""

    good: bool
    reason: str = ""


def own_items(tx: sa.Connection, node: Node, department: str) -> frozenset[str]:
    """Answer the codes of the items of a department among those that cases were filed for."""
    t = table.c
    versions = sa.select(t.item, sa.func.max(t.item_version)).group_by(t.item)
    found = ((code, node.item(tx, code, version)) for code, version in tx.execute(versions).all())
    return frozenset(code for code, item in found if item and _is_of(item, department))


def listing(node: Node, account: Account, queue: Queue) -> tuple[Waiting, ...]:
    """List what waits for somebody, the earliest due first."""
    with node.database.read() as tx:
        me, clock = node.identity_in(tx), node.limits(tx)
        today = day_of(node.clock.now_ms())
        t = table.c
        statement = sa.select(t.record).where(*_mine(tx, node, account, queue))
        records = tx.scalars(statement.order_by(t.due, t.received_at).limit(MOST)).all()
        lines = {one.case: one for one in casefile.lines_of(tx, me, records)}
        found = []
        for case in cases.derive(tx, records):
            item = acting.item_of(tx, node, case.state)
            state = acting.measured(case, item)
            row = _waiting(lines[case.id], state, item, clock, today)
            if _belongs(queue, state, item, row):
                found.append(row)
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.line.received_at)))


def counts(node: Node, account: Account) -> dict[Queue, int]:
    """Count the lists; reviews and decisions are told apart by looking into the cases."""
    with node.database.read() as tx:
        found: dict[Queue, int] = {
            queue: int(
                tx.scalar(sa.select(sa.func.count()).where(*_mine(tx, node, account, queue))) or 0
            )
            for queue in Queue
        }
    return found | {queue: len(listing(node, account, queue)) for queue in _ALIKE}


def sign_in(  # the case, what was found, and by whom
    node: Node,
    reference: str,
    verdicts: Mapping[int, Verdict],
    account: Account,
    *,
    seen: str,
) -> None:
    """Note what was found of every paper, then take the case over: all of it or nothing (R-ZH-23b).

    Args:
        node: the hub.
        reference: ULID, temporary or official number of the case.
        verdicts: number of a paper → what was found.
        account: who looked.
        seen: the newest operation that the page showed.

    Raises:
        ActRefused: with every reason, those of a paper at `/papers/NO`; nothing was written.
        StaleView: something happened to the case meanwhile; nothing was written.
    """

    def work(tx: sa.Connection) -> None:
        record = acting.find_case(tx, reference)
        case = acting.load(tx, record)
        if acting.newest(case) != seen:
            raise StaleView
        unseen = paper_trail.unchecked(case.state)
        if left := [no for no in unseen if no not in verdicts]:
            raise ActRefused([FieldProblem(f"/papers/{no}", *_UNSEEN) for no in left])
        for no in unseen:
            _note(tx, node, record, (no, verdicts[no]), account)
        acting.act_in(tx, node, record, "sign_in", fields={}, account=account)

    node.database.run(work)


def sign_in_all(
    node: Node, chosen: Mapping[str, str], account: Account
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sign in several cases whose papers have all been looked at; each for itself.

    Args:
        node: the hub.
        chosen: case → the newest operation that the page showed.
        account: who signs in.

    Returns:
        The cases taken over, and those that need a look for themselves.
    """
    done, left = [], []
    for case, seen in chosen.items():
        if not _is_looked_at(node, case):
            left.append(case)
            continue
        try:
            acting.act_seen(node, case, Wish(verb="sign_in", fields={}, seen=seen), account)
        except (ActRefused, StaleView):
            left.append(case)
        else:
            done.append(case)
    return tuple(done), tuple(left)


_UNSEEN: Final = (
    "unchecked",
    "这一份还没有核对。和纸质材料对过,选一个。",
    "This paper has not been looked at. Hold it against the sheet and choose.",
)


def _is_looked_at(node: Node, reference: str) -> bool:
    with node.database.read() as tx:
        return not paper_trail.unchecked(acting.load(tx, acting.find_case(tx, reference)).state)


def _note(
    tx: sa.Connection, node: Node, record: bytes, look: tuple[int, Verdict], account: Account
) -> None:
    no, found = look
    told: dict[str, object] = {"no": no, "result": "ok" if found.good else "rejected"}
    told |= {"reason": found.reason} if found.reason else {}
    try:
        acting.act_in(tx, node, record, "check_material", fields=told, account=account)
    except ActRefused as refused:
        problems = [
            FieldProblem(f"/papers/{no}{e.pointer}", e.code, e.message_zh, e.message_en)
            for e in refused.errors
        ]
        raise ActRefused(problems) from None


def _is_of(item: CatalogueItem, department: str) -> bool:
    return not department or department in item.department.split("/")


def _mine(
    tx: sa.Connection, node: Node, account: Account, queue: Queue
) -> Sequence[sa.ColumnElement[bool]]:
    t = table.c
    where: list[sa.ColumnElement[bool]] = [t.state.in_([s.value for s in _STATES[queue]])]
    if account.department:
        where.append(t.item.in_(sorted(own_items(tx, node, account.department))))
    return where


def _belongs(queue: Queue, state: CaseState, item: CatalogueItem | None, row: Waiting) -> bool:
    if queue not in _ALIKE:
        return True
    direct = item is not None and deciding.is_direct(state, item)
    ready = direct or (row.reviews >= row.needed and not row.steps_left)
    return ready is (queue is Queue.DECIDE)


def _waiting(
    line: CaseLine,
    state: CaseState,
    item: CatalogueItem | None,
    clock: deadline.Clock,
    today: date,
) -> Waiting:
    due = deadline.due_on(state, item, clock, today=today)
    law = deadline.statutory_due_on(state, item, clock, today=today)
    mode = item.step_mode if item else None
    places = {paper.place for paper in paper_trail.papers(state)} - {""}
    return Waiting(
        line=line,
        item=item,
        due=due.day if due else None,
        statutory=law.day if law else None,
        days_left=_left(due.day if due else None, today, clock.calendar),
        statutory_left=_left(law.day if law else None, today, clock.calendar),
        reviews=len(deciding.reviewers(state, besides="", agreeing=True)),
        needed=deciding.REVIEWERS[mode] if mode else 0,
        steps_left=deciding.steps_left(state, item) if item and mode == "special" else (),
        until=_running_until(state),
        paper_here=all(place.endswith("000000") for place in places),
        unchecked=paper_trail.unchecked(state),
    )


def _running_until(state: CaseState) -> str:
    runs = [state.map(name) for name in state.values if name.startswith("special.")]
    ends = [str(run.get("until") or "") for run in runs if "ended_at" not in run]
    return max(ends, default="")


def _left(last: date | None, today: date, calendar: Calendar) -> int | None:
    if last is None:
        return None
    late = -max(1, calendar.between(last, today))
    return late if last < today else calendar.between(today, last)
