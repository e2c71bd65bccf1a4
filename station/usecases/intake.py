"""Taking in a case at the counter: everything of it in one transaction, or nothing.

When `open_case` returns, the case, its photos and its number are on the disk and its draft is gone:
what the screen and the receipt say after that is true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Final, NamedTuple, cast

import sqlalchemy as sa

from casework import intake as rules
from casework.case import ENDED
from casework.catalogue import Catalogue, CatalogueItem
from casework.credit import Standing
from casework.deadline import Clock as Limits
from casework.desk import IntakeContext
from casework.errors import FieldProblem, IntakeRefused
from casework.ids import IdNumber, IdNumberRefused, Ulid
from casework.intake import IntakeOutcome
from casework.numbering import TemporaryNumber
from casework.reading import Reader
from casework.values import Value, day_of, read_map, read_text
from node import acting, cases, credit, ledger, pressure, room
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
from station.usecases import bundles, drafts, numbers, origins, photos
from station.usecases.bundles import Judged

Document = Mapping[str, object]

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "item": ("/item", "/channel"),
    "person": ("/applicant", "/agent", "/form", "/pickup", "/handling"),
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
        bundle: of a matter (一件事): `CODE:ULID`; this is then its first case.
        parts: all its cases; of a single case, that one.
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
    bundle: str = ""
    parts: tuple["Opened", ...] = ()


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
        desk = desk_of(tx, node, account)
        room.demand(desk.pressing.room, "intake", desk.pressing.free)
        # The case takes the id of its draft: a form sent twice finds the case that it made.
        judged = judge_all(tx, desk, document, first=draft)
        taken = photos.complete(tx, node, draft, staged) if draft else ()
        if draft is not None:
            drafts.consume(tx, draft)
        written = write(tx, desk, judged.parts)
        for one in written:
            sealed = judged.photos_of(one.case, taken)
            photos.attach_staged(tx, node, Ulid.parse(one.case).raw, sealed, account=account)
        search.catch_up(tx)
        return replace(written[0], bundle=judged.bundle, parts=tuple(written))

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
        desk = desk_of(tx, node, account)
        same = _duplicates(tx, document, desk.catalogue)
        heard = tx.execute(sa.select(identity_table.c.anchor_time)).scalar()
        try:
            outcome = judge(tx, desk, document)
        except IntakeRefused as refused:
            return Checked(None, _of_step(refused.errors, step), same, heard)
    return Checked(outcome, (), same, heard)


def _of_step(problems: Sequence[FieldProblem], step: str | None) -> tuple[FieldProblem, ...]:
    if step is None:
        return tuple(problems)
    return tuple(p for p in problems if p.pointer.startswith(STEPS[step]))


class Desk(NamedTuple):
    """The situation of an intake: read once, however many are taken in."""

    node: Node
    account: Account
    me: Identity
    at: Moment
    catalogue: Catalogue
    limits: Limits
    pressing: Pressure
    powers: Powers


def desk_of(tx: sa.Connection, node: Node, account: Account) -> Desk:
    """Read the situation.

    Raises:
        NoCatalogue: the catalogue has not reached this computer.
    """
    me = node.identity_in(tx)
    at = node.moment(tx)
    catalogue, limits, rules, book = node.desk(tx, me)
    powers = Powers(me, book, at.now)
    pressing = pressure.look(tx, node.directory, powers, rules=rules)
    return Desk(node, account, me, at, catalogue, limits, pressing, powers)


def judge(tx: sa.Connection, desk: Desk, document: Document, *, ahead: int = 0) -> IntakeOutcome:
    """Say what an intake comes to.

    Args:
        tx: any transaction.
        desk: the situation.
        document: CASE.json.
        ahead: how many were judged in this transaction and are not written yet: theirs are the
            numbers before.

    Raises:
        IntakeRefused: with every problem at once.
    """
    return judge_all(tx, desk, document, ahead=ahead).whole


def judge_all(
    tx: sa.Connection, desk: Desk, document: Document, *, ahead: int = 0, first: str | None = None
) -> Judged:
    """Say what an intake comes to: one case, or every part of a matter (一件事).

    Args:
        tx: any transaction.
        desk: the situation.
        document: CASE.json; its `item` is the code of an item or of a matter.
        ahead: see `judge`.
        first: ULID that the first case is to have; None: a new one.

    Raises:
        IntakeRefused: with every problem at once.
    """
    given, now = cast("Mapping[str, Value]", document), desk.at.now
    ids = chain([first] if first else [], iter(desk.node.new_id, ""))
    matter = bundles.matter_of(desk.catalogue, str(given.get("item")), lambda: next(ids))
    wrong = origins.problems(tx, desk.node, desk.me, given)

    def desk_for(item: CatalogueItem, before: int) -> IntakeContext:
        return _context(tx, desk, item, document, ahead + before)

    def context_of(code: str) -> tuple[CatalogueItem, IntakeContext] | None:
        item = desk.catalogue.item(code)
        return (item, desk_for(item, 0)) if item else None

    try:
        if matter is not None:
            judged = bundles.judge(matter, given, desk_for, now=now)
        else:
            outcome = rules.take_in(given, context_of, now=now)
            judged = Judged(whole=outcome, parts=((next(ids), outcome),), papers={})
    except IntakeRefused as refused:
        raise IntakeRefused([*refused.errors, *wrong]) from None
    if wrong:
        raise IntakeRefused(wrong)
    return judged


def _context(
    tx: sa.Connection, desk: Desk, item: CatalogueItem, document: Document, ahead: int
) -> IntakeContext:
    found = _credit(tx, desk, document)
    return IntakeContext(
        now=desk.at.now,
        place=here(desk.me),
        mode=bundles.mode_of(desk.catalogue, desk.powers, item),
        role=desk.account.role,
        actor=desk.account.login,
        clock=desk.limits,
        new_id=desk.node.new_id,
        device=numbers.device(tx),
        serial=numbers.next_serial(tx, _day(document, desk.at.now)) + ahead,
        item_version=desk.catalogue.version,
        fresh=not desk.pressing.only_receives,
        bad_credit=found is Standing.LISTED,
        credit_stale=found is Standing.STALE,
    )


def _credit(tx: sa.Connection, desk: Desk, document: Document) -> Standing:
    """What the credit list held here says of the applicant (R-HC-29e)."""
    applicant = read_map(cast("Mapping[str, Value]", document).get("applicant"))
    number = read_text(applicant.get("id_no")) or ""
    day = _day(document, desk.at.now)
    return credit.standing(tx, number, day, desk.limits.settings)


def _day(document: Document, now: int) -> date:
    """The day of an intake: of the claimed time where there is one."""
    claimed = Reader(cast("Mapping[str, Value]", document)).instant("claimed_at", now=now)
    return day_of(now if claimed is None else claimed)


def write(
    tx: sa.Connection, desk: Desk, judged: Sequence[tuple[str, IntakeOutcome]]
) -> list[Opened]:
    """Write what was judged: all of it in the caller's transaction.

    Args:
        tx: a write transaction.
        desk: the situation in which it was judged.
        judged: ids for the new cases, with what each comes to.
    """
    acts = [
        CaseAct(Ulid.parse(case).raw, act, _classes(desk, outcome))
        for case, outcome in judged
        for act in outcome.acts
    ]
    ledger.write(tx, desk.me, acts, actor=desk.account.login, at=desk.at, new=True)
    opened = []
    for case, outcome in judged:
        number = TemporaryNumber.parse(outcome.temporary_number)
        numbers.keep(tx, number.day, number.serial)
        (state,) = driver(tx).execute(_STATE, (Ulid.parse(case).raw,)).fetchone()
        opened.append(_opened(Ulid.parse(case).text, state, outcome))
    return opened


def _classes(desk: Desk, outcome: IntakeOutcome) -> Mapping[str, int] | None:
    return acting.form_classes(desk.catalogue.items[str(outcome.acts[0].fields["item"])])


def _opened(case: str, state: str, outcome: IntakeOutcome) -> Opened:
    return Opened(
        case=case,
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


def _duplicates(
    tx: sa.Connection, document: Document, catalogue: Catalogue
) -> tuple[Duplicate, ...]:
    """Open cases here of the same document number and item (the county compares all)."""
    reader = Reader(cast("Mapping[str, Value]", document))
    person = reader.sub("applicant")
    name, typed = person.option("name"), person.option("id_no")
    t = case_table.c
    item = reader.option("item")
    bundle = catalogue.bundles.get(item)
    codes = bundle.items if bundle else (item,)
    where = sa.and_(t.item.in_(codes), t.name == name, t.state.not_in(_ENDED))
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
