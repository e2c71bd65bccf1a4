"""Papers on their way: what waits here to be handed on, bags packed, bags counted in (R-ZH-25).

A bag carries papers of many cases; every case gets its own fact with the number of the bag, all in
one transaction: either the whole bag is packed or nothing is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from casework import paper_trail
from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.errors import ActRefused, FieldProblem
from casework.paper_trail import UNDER_WAY, Paper
from casework.places import PlaceKind
from casework.values import Fields, day_of, read_int, read_list, read_map, read_text
from casework.workdays import Calendar
from node import acting, casefile, cases
from node.casefile import CaseLine
from node.errors import NotFound
from node.people import Account
from node.runtime import Node, here
from node.tables import case as table

MOST: Final = 200
"""Cases in one list; who has more packs a bag and looks again."""
_BAG_SIGNS: Final = 10
Counts = Sequence[Mapping[str, object]]
"""Lines of a bag as the rules read them: no, originals, copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case with paper that lies here and is to go on.

    Attributes:
        due: last day for handing it on (T6).
        days_left: working days until then, below 0 past.
    """

    line: CaseLine
    item: CatalogueItem | None
    papers: tuple[Paper, ...]
    due: date
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InBag:
    """What a bag holds of one case, as it was packed, and as it was counted.

    Attributes:
        counted: empty before it was counted in.
        differing: numbers of the materials whose counts differ.
    """

    line: CaseLine
    item: CatalogueItem | None
    packed: tuple[Fields, ...]
    counted: tuple[Fields, ...] = ()
    differing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag of papers.

    Attributes:
        packed_by, opened_by: login and instant (ms); `opened_by` None before it was counted in.
    """

    number: str
    from_place: str
    to_place: str
    carrier: str
    packed_by: tuple[str, int]
    opened_by: tuple[str, int] | None
    remark: str
    cases: tuple[InBag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """A bag that is to be packed: case → its counted papers."""

    number: str
    to: str
    carrier: str
    lines: Mapping[str, Counts]


def new_bag(node: Node) -> str:
    """Draw the number of a bag: ten signs that readers of bar codes know (model §6.6)."""
    return node.new_id()[-_BAG_SIGNS:]


def waiting(node: Node) -> tuple[Waiting, ...]:
    """List what lies here and is to be handed on, the oldest first."""
    with node.database.read() as tx:
        me, clock = node.identity_in(tx), node.limits(tx)
        today = day_of(node.clock.now_ms())
        town = me.place.kind is PlaceKind.TOWNSHIP
        days = clock.settings.handover_hub_wd if town else clock.settings.handover_forward_wd
        found = []
        for line, state, item in _cases(tx, node, me.place.code):
            papers = paper_trail.waiting(state, me.place.code)
            if papers:
                since = min(paper.since for paper in papers)
                due = clock.calendar.add(day_of(since), days).day
                left = _left(due, today, clock.calendar)
                row = Waiting(line=line, item=item, papers=papers, due=due, days_left=left)
                found.append(row)
    return tuple(sorted(found, key=lambda one: (one.due, one.line.received_at, one.line.case)))


def count_waiting(node: Node) -> int:
    """Count the cases with paper to hand on, for the first page."""
    with node.database.read() as tx:
        place = here(node.identity_in(tx))
        if not place.parent:
            return 0
        return int(tx.scalar(sa.select(sa.func.count()).where(_marked(place.code))) or 0)


def count_incoming(node: Node) -> int:
    """Count the cases with a bag under way to this place."""
    with node.database.read() as tx:
        code = node.identity_in(tx).place.code
        where = _marked(UNDER_WAY + code)
        return int(tx.scalar(sa.select(sa.func.count()).where(where)) or 0)


def incoming(node: Node) -> tuple[Bag, ...]:
    """List the bags under way to this place, the oldest first."""
    with node.database.read() as tx:
        code = node.identity_in(tx).place.code
        rows = list(_cases(tx, node, UNDER_WAY + code))
    bags: dict[tuple[str, str], list[tuple[CaseLine, CaseState, CatalogueItem | None]]] = {}
    for line, state, item in rows:
        for number in paper_trail.under_way(state, code):
            bags.setdefault((number, _from(state, number)), []).append((line, state, item))
    found = [_bag(number, group) for (number, _place), group in bags.items()]
    return tuple(sorted(found, key=lambda bag: (bag.packed_by[1], bag.number)))


def on_the_way(node: Node) -> tuple[Bag, ...]:
    """List the bags that were packed here and that nobody has counted in yet, the oldest first."""
    with node.database.read() as tx:
        me = here(node.identity_in(tx))
        rows = list(_cases(tx, node, UNDER_WAY + me.parent)) if me.parent else []
    bags: dict[str, list[tuple[CaseLine, CaseState, CatalogueItem | None]]] = {}
    for line, state, item in rows:
        for number in paper_trail.under_way(state, me.parent):
            if _from(state, number) == me.code:
                bags.setdefault(number, []).append((line, state, item))
    found = [_bag(number, group) for number, group in bags.items()]
    return tuple(sorted(found, key=lambda bag: (bag.packed_by[1], bag.number)))


def bag(node: Node, number: str, from_place: str) -> Bag:
    """Read one bag, packed here or on its way here.

    Raises:
        NotFound: there is no such bag.
    """
    wanted = _number(number)
    with node.database.read() as tx:
        code = node.identity_in(tx).place.code
        found = list(_cases_of_bag(tx, node, wanted, from_place))
    if not found or code not in {from_place, _to(found[0][1], wanted)}:
        raise NotFound("bag", number)
    return _bag(wanted, found)


def pack(node: Node, packing: Packing, account: Account) -> str:
    """Pack a bag over many cases; when this returns every line stands on the disk.

    A bag that this place has packed with the same cases already is answered again.

    Raises:
        ActRefused: with every reason, each at `/cases/ID/…`; nothing was packed.
        CaseUnknown: of a case that is not here.
    """
    number = _number(packing.number)
    if not packing.lines:
        raise ActRefused([_PROBLEMS["nothing"]])

    def fields(case: str) -> dict[str, object]:
        lines = [dict(line) for line in packing.lines[case]]
        told: dict[str, object] = {"to": packing.to, "bag": number, "lines": lines}
        return told | ({"carrier": packing.carrier} if packing.carrier else {})

    def work(tx: sa.Connection) -> None:
        me = node.identity_in(tx)
        mine = [case for case in packing.lines if _is_packed(tx, case, number, me.place.code)]
        if len(mine) == len(packing.lines):
            return
        if _is_used(tx, node, number, me.place.code):
            raise ActRefused([_PROBLEMS["used"]])
        _act_on_all(tx, node, "hand_over", {c: fields(c) for c in packing.lines}, account)

    node.database.run(work)
    return number


def receive(  # noqa: PLR0913  # the bag and who counted it
    node: Node,
    number: str,
    from_place: str,
    lines: Mapping[str, Counts],
    *,
    remark: str,
    account: Account,
) -> None:
    """Count a bag in: one fact a case, all or none; what differs is written down (C10).

    Args:
        node: this place.
        number: of the bag, as it stands on it.
        from_place: who packed it.
        lines: case → what was counted.
        remark: what both sides say about differences; empty: nothing.
        account: who counted.

    Raises:
        ActRefused: with every reason, each at `/cases/ID/…`; nothing was written.
        NotFound: there is no such bag.
    """
    found = bag(node, number, from_place)
    open_cases = [one.line.case for one in found.cases if not one.counted]
    unnamed = [case for case in open_cases if case not in lines]
    if unnamed:
        raise ActRefused([FieldProblem(f"/cases/{case}", *_NOT_COUNTED) for case in unnamed])

    def fields(case: str) -> dict[str, object]:
        counted: dict[str, object] = {
            "bag": found.number,
            "lines": [dict(line) for line in lines[case]],
        }
        return counted | ({"remark": remark} if remark else {})

    def work(tx: sa.Connection) -> None:
        told = {case: fields(case) for case in open_cases}
        _act_on_all(tx, node, "receive_handover", told, account)

    node.database.run(work)


_NOT_COUNTED: Final = (
    "not_counted",
    "这一件还没有数。数过再收下。",
    "This case has not been counted. Count it, then sign for the bag.",
)
_PROBLEMS: Final = {
    "nothing": FieldProblem(
        "/cases",
        "nothing",
        "还没有选办件。打勾或者扫受理号。",
        "No case is chosen. Tick or scan one.",
    ),
    "used": FieldProblem(
        "/bag",
        "used",
        "这个袋号用过了。换一个号。",
        "This number of a bag has been used. Take another.",
    ),
}


def _act_on_all(
    tx: sa.Connection,
    node: Node,
    verb: str,
    fields: Mapping[str, Mapping[str, object]],
    account: Account,
) -> None:
    problems: list[FieldProblem] = []
    for case, told in fields.items():
        record = acting.find_case(tx, case)
        try:
            acting.act_in(tx, node, record, verb, fields=told, account=account)
        except ActRefused as refused:
            problems += [_at(case, problem) for problem in refused.errors]
    if problems:
        raise ActRefused(problems)


def _at(case: str, problem: FieldProblem) -> FieldProblem:
    at = f"/cases/{case}{problem.pointer}" if problem.pointer != "/bag" else "/bag"
    return FieldProblem(at, problem.code, problem.message_zh, problem.message_en)


def _number(text: str) -> str:
    return "".join(text.split()).upper()


def _left(due: date, today: date, calendar: Calendar) -> int:
    late = calendar.between(due, today)
    return -max(1, late) if due < today else calendar.between(today, due)


def _marked(mark: str) -> sa.ColumnElement[bool]:
    return table.c.papers.contains(f" {mark} ", autoescape=True)


def _cases(
    tx: sa.Connection, node: Node, mark: str
) -> Iterable[tuple[CaseLine, CaseState, CatalogueItem | None]]:
    t = table.c
    statement = sa.select(t.record).where(_marked(mark)).order_by(t.received_at, t.id)
    yield from _loaded(tx, node, tx.scalars(statement.limit(MOST)).all())


def _cases_of_bag(
    tx: sa.Connection, node: Node, number: str, place: str
) -> Iterable[tuple[CaseLine, CaseState, CatalogueItem | None]]:
    """Cases of a bag: those whose papers are under way or have been there lately.

    A bag that was counted in is no longer marked; its cases are looked for where its papers lie.
    """
    me = node.identity_in(tx).place.code
    t = table.c
    near = sa.or_(t.papers.contains(place), t.papers.contains(me), t.papers != "")
    statement = sa.select(t.record).where(near).order_by(t.updated_at.desc()).limit(MOST * 5)
    rows = _loaded(tx, node, tx.scalars(statement).all())
    for line, state, item in rows:
        if _from(state, number) == place:
            yield line, state, item


def _loaded(
    tx: sa.Connection, node: Node, records: Sequence[bytes]
) -> Iterable[tuple[CaseLine, CaseState, CatalogueItem | None]]:
    lines = {one.case: one for one in casefile.lines_of(tx, node.identity_in(tx), records)}
    items: dict[tuple[str, int], CatalogueItem | None] = {}
    for case in sorted(cases.derive(tx, records), key=lambda one: one.id):
        line = lines[case.id]
        key = (line.item, line.item_version)
        if key not in items:
            items[key] = node.item(tx, *key)
        yield line, case.state, items[key]


def _from(state: CaseState, number: str) -> str:
    return read_text(state.map(f"handover.{number}").get("place")) or ""


def _to(state: CaseState, number: str) -> str:
    return read_text(state.map(f"handover.{number}").get("to")) or ""


def _bag(number: str, group: Sequence[tuple[CaseLine, CaseState, CatalogueItem | None]]) -> Bag:
    first = group[0][1]
    sent, taken = first.map(f"handover.{number}"), first.map(f"handover_received.{number}")
    return Bag(
        number=number,
        from_place=read_text(sent.get("place")) or "",
        to_place=read_text(sent.get("to")) or "",
        carrier=read_text(sent.get("carrier")) or "",
        packed_by=_who(sent),
        opened_by=_who(taken) if taken else None,
        remark=read_text(taken.get("remark")) or "",
        cases=tuple(_in_bag(number, *one) for one in group),
    )


def _in_bag(number: str, line: CaseLine, state: CaseState, item: CatalogueItem | None) -> InBag:
    sent, taken = state.map(f"handover.{number}"), state.map(f"handover_received.{number}")
    differing = [no for no in map(read_int, read_list(taken.get("differing"))) if no is not None]
    return InBag(
        line=line,
        item=item,
        packed=_lines(sent),
        counted=_lines(taken),
        differing=tuple(differing),
    )


def _lines(bag: Fields) -> tuple[Fields, ...]:
    return tuple(map(read_map, read_list(bag.get("lines"))))


def _who(evidence: Fields) -> tuple[str, int]:
    return read_text(evidence.get("by")) or "", read_int(evidence.get("at")) or 0


def _is_packed(tx: sa.Connection, case: str, number: str, place: str) -> bool:
    state = acting.load(tx, acting.find_case(tx, case)).state
    return _from(state, number) == place


def _is_used(tx: sa.Connection, node: Node, number: str, place: str) -> bool:
    return any(True for _ in _cases_of_bag(tx, node, number, place))
