"""Taking in a case at the counter: everything of it in one transaction, or nothing.

When `open_case` returns, the case, its photos and its number are on the disk and its draft is gone:
what the screen and the receipt say after that is true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, cast

import sqlalchemy as sa

from casework import intake as rules
from casework.case import ENDED
from casework.catalogue import Catalogue, CatalogueItem
from casework.deadline import Clock as Limits
from casework.desk import IntakeContext
from casework.errors import FieldProblem, IntakeRefused
from casework.ids import IdNumber, IdNumberRefused, Ulid
from casework.intake import IntakeOutcome
from casework.numbering import TemporaryNumber
from casework.reading import Reader
from casework.values import Value, day_of
from node import acting, cases, ledger, pressure, room
from node.db import driver
from node.identity import Identity, Moment
from node.ledger import CaseAct
from node.people import Account
from node.powers import Powers
from node.pressure import Pressure
from node.runtime import Node, here
from node.tables import case as case_table
from node.tables import identity as identity_table
from station import search
from station.usecases import drafts, numbers, photos

Document = Mapping[str, object]

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "item": ("/item", "/channel"),
    "person": ("/applicant", "/agent", "/form", "/pickup"),
    "materials": ("/materials", "/commitment"),
}
"""Page of the intake → beginnings of the pointers of its fields."""

_STATE: Final = "SELECT state FROM case_file WHERE record = ?"
_ENDED: Final = tuple(state.value for state in ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case that stands on the disk.

    Attributes:
        kind: received, accepted or accepted_deficient.
        due: ISO date, or None where the clock starts elsewhere.
        missing: numbers of materials that lack.
        documents: names of what is to be printed.
        to_sign: those of them that somebody signs.
        deadline: ISO date until which what lacks may be handed in.
    """

    case: str
    temporary_number: str
    state: str
    kind: str
    due: str | None
    missing: tuple[int, ...]
    documents: tuple[str, ...]
    to_sign: tuple[str, ...] = ()
    deadline: str | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A case at hand that may be the same matter."""

    case: str
    temporary_number: str
    item: str
    name: str
    id_no: str
    station: str
    state: str
    received_at: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What an intake would come to.

    Attributes:
        outcome: None while something is wrong.
        problems: of the step asked for, or of all.
        duplicates: open cases of the same person and item on this computer.
        compared_until: when this computer last heard of other places' cases.
    """

    outcome: IntakeOutcome | None
    problems: tuple[FieldProblem, ...]
    duplicates: tuple[Duplicate, ...] = ()
    compared_until: int | None = None


def open_case(
    node: Node, document: Document, *, account: Account, draft: str | None = None
) -> Opened:
    """Take in a case.

    Args:
        node: this station.
        document: CASE.json.
        account: who takes it in.
        draft: the draft it grew from; it and its photos become part of the case, which takes over
            its id.

    Raises:
        IntakeRefused: with every problem at once; nothing was written, the draft stands.
        NoCatalogue: the catalogue has not reached this computer.
        NotFound: the draft was finished or discarded before.
        LowSpace: there is too little room for a case; nothing was written.
        Busy, DiskFull: nothing was written.
    """
    staged = photos.seal_staged(node, draft) if draft else ()

    def work(tx: sa.Connection) -> Opened:
        desk = _desk(tx, node, account)
        room.demand(desk.pressing.room, "intake", desk.pressing.free)
        outcome = _judge(tx, desk, document)
        taken = photos.complete(tx, node, draft, staged) if draft else ()
        if draft is not None:
            drafts.consume(tx, draft)
        # The case takes the id of its draft: a form sent twice finds the case that it made.
        opened = _write(tx, desk, outcome, case=draft or node.new_id())
        photos.attach_staged(tx, node, Ulid.parse(opened.case).raw, taken, account=account)
        search.catch_up(tx)
        return opened

    return node.database.run(work)


def check(node: Node, document: Document, *, account: Account, step: str | None = None) -> Checked:
    """Say what an intake would come to, without writing anything.

    Args:
        node: this station.
        document: CASE.json, perhaps half filled.
        account: who takes it in.
        step: a key of `STEPS`: only its problems are told; None: all.

    Raises:
        NoCatalogue: the catalogue has not reached this computer.
    """
    with node.database.read() as tx:
        desk = _desk(tx, node, account)
        same = _duplicates(tx, document)
        heard = tx.execute(sa.select(identity_table.c.anchor_time)).scalar()
        try:
            outcome = _judge(tx, desk, document)
        except IntakeRefused as refused:
            return Checked(None, _of_step(refused.errors, step), same, heard)
    return Checked(outcome, (), same, heard)


def _of_step(problems: Sequence[FieldProblem], step: str | None) -> tuple[FieldProblem, ...]:
    if step is None:
        return tuple(problems)
    return tuple(p for p in problems if p.pointer.startswith(STEPS[step]))


class _Desk(NamedTuple):
    """The situation of an intake: read once."""

    node: Node
    account: Account
    me: Identity
    at: Moment
    catalogue: Catalogue
    limits: Limits
    pressing: Pressure
    powers: Powers


def _desk(tx: sa.Connection, node: Node, account: Account) -> _Desk:
    me = node.identity_in(tx)
    at = node.moment(tx)
    catalogue, limits, rules, book = node.desk(tx, me)
    powers = Powers(me, book, at.now)
    pressing = pressure.look(tx, node.directory, powers, rules=rules)
    return _Desk(node, account, me, at, catalogue, limits, pressing, powers)


def _judge(tx: sa.Connection, desk: _Desk, document: Document) -> IntakeOutcome:
    def context_of(code: str) -> tuple[CatalogueItem, IntakeContext] | None:
        item = desk.catalogue.item(code)
        return (item, _context(tx, desk, item, document)) if item else None

    given = cast("Mapping[str, Value]", document)
    return rules.take_in(given, context_of, now=desk.at.now)


def _context(
    tx: sa.Connection, desk: _Desk, item: CatalogueItem, document: Document
) -> IntakeContext:
    return IntakeContext(
        now=desk.at.now,
        place=here(desk.me),
        mode=desk.powers.mode(item),
        role=desk.account.role,
        actor=desk.account.login,
        clock=desk.limits,
        new_id=desk.node.new_id,
        device=numbers.device(tx),
        serial=numbers.next_serial(tx, _day(document, desk.at.now)),
        item_version=desk.catalogue.version,
        fresh=not desk.pressing.only_receives,
    )


def _day(document: Document, now: int) -> date:
    """The day of an intake: of the claimed time where there is one."""
    claimed = Reader(cast("Mapping[str, Value]", document)).instant("claimed_at", now=now)
    return day_of(now if claimed is None else claimed)


def _write(tx: sa.Connection, desk: _Desk, outcome: IntakeOutcome, *, case: str) -> Opened:
    record = Ulid.parse(case).raw
    item = desk.catalogue.items[str(outcome.acts[0].fields["item"])]
    classes = acting.form_classes(item)
    written = [CaseAct(record, act, classes) for act in outcome.acts]
    ledger.write(tx, desk.me, written, actor=desk.account.login, at=desk.at)
    number = TemporaryNumber.parse(outcome.temporary_number)
    numbers.keep(tx, number.day, number.serial)
    (state,) = driver(tx).execute(_STATE, (record,)).fetchone()
    return Opened(
        case=Ulid(record).text,
        temporary_number=outcome.temporary_number,
        state=state,
        kind=outcome.kind.value,
        due=outcome.due.isoformat() if outcome.due else None,
        missing=outcome.missing,
        documents=tuple(need.kind.value for need in outcome.documents),
        to_sign=tuple(need.kind.value for need in outcome.documents if need.to_sign),
        deadline=outcome.deficiency_deadline.isoformat() if outcome.deficiency_deadline else None,
        estimated=outcome.estimated,
    )


def _duplicates(tx: sa.Connection, document: Document) -> tuple[Duplicate, ...]:
    """Open cases here of the same document number and item (the county compares all)."""
    reader = Reader(cast("Mapping[str, Value]", document))
    person = reader.sub("applicant")
    name, typed = person.option("name"), person.option("id_no")
    t = case_table.c
    where = sa.and_(t.item == reader.option("item"), t.name == name, t.state.not_in(_ENDED))
    records = tx.scalars(sa.select(t.record).where(where)).all() if name and typed else []
    found = cases.derive(tx, records)
    return tuple(_duplicate(case) for case in found if case.state.text("id_no") == _tidy(typed))


def _tidy(typed: str) -> str:
    try:
        return IdNumber.parse(typed).text
    except IdNumberRefused:
        return typed


def _duplicate(case: cases.Case) -> Duplicate:
    state = case.state
    return Duplicate(
        case=case.id,
        temporary_number=state.text("temporary_number"),
        item=state.text("item"),
        name=state.text("name"),
        id_no=state.text("id_no"),
        station=state.text("station"),
        state=state.state.value,
        received_at=state.instant("received") or 0,
    )
