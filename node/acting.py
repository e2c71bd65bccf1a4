"""Doing one act on a case that is there: the same door for commands and pages of both programs."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

import sqlalchemy as sa

from casework import acts, projection
from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.desk import ActContext
from casework.errors import ActRefused, FieldProblem, NumberRefused
from casework.fact_shapes import OWN_WORD_FACT
from casework.facts import VERBS
from casework.ids import Ulid
from casework.numbering import TemporaryNumber, normalise
from casework.values import Value
from node import case_links, cases, feeding, ledger, policy, pressure, stubs
from node.cases import Case
from node.errors import CasePruned, CaseUnknown, StaleView
from node.identity import Identity, Moment
from node.ledger import CaseAct
from node.people import Account
from node.powers import powers
from node.runtime import Node, here
from node.tables import case as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An act that somebody asked for on a page that was open for a while.

    Attributes:
        verb: such as `withdraw`.
        seen: the newest operation that the page showed (`newest`).
    """

    verb: str
    fields: Mapping[str, object]
    seen: str


@dataclass(frozen=True, slots=True)
class Done:
    """An act that stands in the log, on the disk.

    Attributes:
        dot: of the operation, `REPLICA:SEQ`.
    """

    case: str
    fact: str
    state: str
    dot: str


def find_case(tx: sa.Connection, reference: str) -> bytes:
    """Find a case by its ULID, temporary, official or outside number, however it was typed.

    Raises:
        CaseUnknown: there is none here.
        CasePruned: it was closed long ago; the county keeps it.
    """
    t = table.c
    typed = normalise(reference)
    wanted = [t.official_number == reference.strip(), t.temporary_number == typed, t.id == typed]
    short = ""
    with suppress(NumberRefused):
        short = TemporaryNumber.parse(reference).text
        wanted.append(t.temporary_number == short)
    row = tx.execute(sa.select(t.record).where(sa.or_(*wanted))).first()
    if row is not None:
        return bytes(row.record)
    if (found := _by_link(tx, reference)) is not None:
        return found
    if stubs.named(tx, reference.strip(), typed, short) is not None:
        raise CasePruned(reference.strip())
    raise CaseUnknown(reference)


def _by_link(tx: sa.Connection, reference: str) -> bytes | None:
    """Find a case by its official number in any spacing, or by its number in another system.

    Raises:
        CasePruned: it was closed long ago; the county keeps it.
    """
    records = case_links.numbered(tx, reference)
    held = tx.scalars(sa.select(table.c.record).where(table.c.record.in_(records))).all()
    if len(held) == 1:
        return bytes(held[0])
    if records and not held and stubs.among(tx, records):
        raise CasePruned(reference.strip())
    return None


def act(
    node: Node, reference: str, verb: str, fields: Mapping[str, object], account: Account
) -> Done:
    """Do one act; when this returns it is on the disk.

    Args:
        node: this node.
        reference: ULID, temporary or official number of the case.
        verb: such as `withdraw`.
        fields: FIELDS.json, or what a page gave.
        account: who does it.

    Raises:
        CaseUnknown: there is no such case here.
        ActRefused: with every reason; nothing was written.
        Busy, DiskFull: nothing was written.
    """

    def work(tx: sa.Connection) -> Done:
        return act_in(tx, node, find_case(tx, reference), verb, fields=fields, account=account)

    return node.database.run(work)


def newest(case: Case) -> str:
    """Name the newest operation of a case that is held here."""
    return case.helds[-1].entry.operation.dot.text


def act_seen(node: Node, reference: str, wish: Wish, account: Account) -> Done:
    """Do an act, unless the case has moved on since the page was shown.

    The same act sent twice by one person (a double click) is done once, and answered twice.

    Args:
        node: this node.
        reference: ULID, temporary or official number of the case.
        wish: what is to be done, and what the page had seen.
        account: who does it.

    Raises:
        CaseUnknown: there is no such case here.
        StaleView: something else happened to the case meanwhile; nothing was written.
        ActRefused: with every reason; nothing was written.
        Busy, DiskFull: nothing was written.
    """

    def work(tx: sa.Connection) -> Done:
        record = find_case(tx, reference)
        case = load(tx, record)
        if newest(case) == wish.seen:
            return act_in(tx, node, record, wish.verb, fields=wish.fields, account=account)
        return _again(case, wish, account)

    return node.database.run(work)


def _again(case: Case, wish: Wish, account: Account) -> Done:
    operations = [held.entry.operation for held in case.helds]
    dots = [operation.dot.text for operation in operations]
    later = dots.index(wish.seen) + 1 if wish.verb in VERBS and wish.seen in dots else 0
    first = operations[later] if 0 < later < len(operations) else None
    if first is None or first.actor != account.login or first.fact not in _facts(wish.verb):
        raise StaleView
    return Done(case.id, first.fact, case.state.state.value, first.dot.text)


def _facts(verb: str) -> tuple[str, ...]:
    """What an act can have become: the citizen's own word is a fact of its own."""
    own = (OWN_WORD_FACT,) if verb == "correct_contact" else ()
    return (VERBS[verb].name, *own)


def act_in(  # noqa: PLR0913  # transaction and node stand beside the act itself
    tx: sa.Connection,
    node: Node,
    record: bytes,
    verb: str,
    *,
    fields: Mapping[str, object],
    account: Account,
) -> Done:
    """Do one act inside the caller's write transaction (see `act`)."""
    feeding.lock_counters(tx)  # the case as it stands, not as it stood before another worker's act
    me, at = node.identity_in(tx), node.moment(tx)
    _demand_trust(tx, node, me, verb, now=at.now)
    case = load(tx, record)
    item = item_of(tx, node, case.state)
    situation = context(tx, node, me, at, item=item, account=account)
    given = cast("Mapping[str, Value]", fields)
    done = acts.perform(verb, measured(case, item), given, situation)
    classes = form_classes(item)
    entries = ledger.write(tx, me, [CaseAct(record, done, classes)], actor=account.login, at=at)
    after = load(tx, record)
    return Done(case.id, done.fact, after.state.state.value, entries[0].operation.dot.text)


def _demand_trust(tx: sa.Connection, node: Node, me: Identity, verb: str, *, now: int) -> None:
    """Return unless this place only receives now.

    Raises:
        ActRefused: nothing binds from here until the work has gone, or the clock is right.
    """
    if verb not in _BINDING or me.is_county:
        return
    rules = policy.current(tx, me)
    found = pressure.look(tx, node.directory, powers(tx, me, now), rules=rules)
    if found.only_receives:
        raise ActRefused([_ONLY_RECEIVES])


_BINDING: Final = frozenset({"accept", "decide"})
"""Acts that bind the administration: not on a lease that has run out (model §2.3, T16)."""
_ONLY_RECEIVES: Final = FieldProblem(
    "",
    "only-receives",
    "这台电脑现在只收件,不受理。看首页上面写的原因。",
    "This computer only receives papers now. The top of the first page says why.",
)


def load(tx: sa.Connection, record: bytes) -> Case:
    """Derive one case.

    Raises:
        CaseUnknown: nothing of it is held here.
    """
    found = cases.derive(tx, [record])
    if not found:
        raise CaseUnknown(Ulid(record).text)
    return found[0]


def measured(case: Case, item: CatalogueItem | None) -> CaseState:
    """Hold a case against its item: only the item knows which papers lack (`missing`)."""
    return projection.derive(case.evidence.heads, item=item) if item else case.state


def item_of(tx: sa.Connection, node: Node, state: CaseState) -> CatalogueItem | None:
    """The item of a case as it was shown to the citizen."""
    version = state.values.get("item_version")
    return node.item(tx, state.text("item"), version if isinstance(version, int) else 0)


def form_classes(item: CatalogueItem | None) -> dict[str, int] | None:
    """Classes that the catalogue gives to the answers of an item's form."""
    return {field.name: field.data_class for field in item.form} if item else None


def context(  # noqa: PLR0913  # the situation of an act has these parts
    tx: sa.Connection,
    node: Node,
    me: Identity,
    at: Moment,
    *,
    item: CatalogueItem | None,
    account: Account,
) -> ActContext:
    """Say who acts, where and when, on which letters."""
    held = powers(tx, me, at.now)
    return ActContext(
        now=at.now,
        place=here(me),
        mode=held.mode(item),
        role=account.role,
        actor=account.login,
        clock=node.limits(tx),
        new_id=node.new_id,
        item=item,
        newest=node.catalogue(tx).item(item.code) if item else None,
        department=account.department,
        book=held.book,
    )
