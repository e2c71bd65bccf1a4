"""Giving and taking back letters of authorisation and partner agreements (R-NX-34, R-ZH-21a).

What is given or taken back is published in the same transaction. The letters that a place gets when
it is registered go out with the next publication: until then its modes alone hold, which is the
same (`authorisation_records`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import sqlalchemy as sa

from casework.authorisations import COUNTY, Book, Power, Scope, parse, person
from casework.catalogue import Catalogue
from casework.errors import FieldProblem
from casework.places import Role, is_station_code
from casework.values import day_of
from hub.usecases import authorisation_records as kept
from hub.usecases import publishing, stations
from hub.usecases.authorisation_defaults import POWERS, YEAR, give_person
from hub.usecases.authorisation_records import AGREEMENT, LETTER, Record
from node import people
from node.errors import InvalidInput, NoSuchAccount, NotFound
from node.people import Account
from node.powers import PART
from node.runtime import Node

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter or agreement to be written down.

    Attributes:
        to: 12-digit code of a place, or login of an approver at the county.
        kind: `LETTER` or `AGREEMENT`.
        grantor: department as the catalogue writes it; empty: the county, for all.
        powers: of `Power`; empty: everything that the grantee may have.
        items: codes of items; with `areas` empty too: every item.
        first: None: today.
        last: None: a year.
        terms: of an agreement.
    """

    to: str
    document_no: str
    kind: str = LETTER
    grantor: str = COUNTY
    powers: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    terms: tuple[tuple[str, str], ...] = ()


def add(node: Node, new: NewLetter, *, account: Account) -> Record:
    """Write a letter down and publish it.

    Raises:
        InvalidInput: with everything that is wrong; nothing was written.
    """

    def work(tx: sa.Connection) -> Record:
        record = _checked(tx, node, new, account)
        kept.insert(tx, record)
        publishing.republish(tx, node, {})
        return record

    return node.database.run(work)


def give_by_default(tx: sa.Connection, node: Node, approver: Account) -> None:
    """Write down what a new approver decides under, for a year: his department's items, or all.

    It is published where letters are: the county itself goes by what it has published.
    """
    give_person(tx, node, approver.login, department=approver.department)
    if parse(node.published(tx).document.get(PART)).kept:
        publishing.republish(tx, node, {})


def revoke(node: Node, record: str, *, reason: str, account: Account) -> Record:
    """Take a letter or agreement back from now on, and publish that.

    Raises:
        NotFound: there is no such letter.
        InvalidInput: no reason is given, or it was taken back before.
    """
    said = reason.strip()
    if not 1 <= len(said) <= _LONGEST:
        raise InvalidInput([_problem("/reason", "写明为什么收回，200字以内。", "Say why.")])

    def work(tx: sa.Connection) -> Record:
        found = next((one for one in kept.records(tx) if one.id == record), None)
        if found is None:
            raise NotFound("authorisation", record)
        if found.scope.ended_at is not None:
            raise InvalidInput([_problem("", "这一份以前收回过了。", "It was taken back before.")])
        now = node.clock.now_ms()
        kept.end(tx, record, by=account.login, reason=said, at=now)
        publishing.republish(tx, node, {})
        scope = replace(found.scope, ended_at=now)
        return replace(found, scope=scope, ended_by=account.login, reason=said)

    return node.database.run(work)


def listed(node: Node, to: str = "") -> list[Record]:
    """Everything ever written down, the newest first; `to` is a code or a login."""
    with node.database.read() as tx:
        return kept.records(tx, _grantee(to.strip()) if to.strip() else "")


def is_in_force(record: Record, at: int) -> bool:
    """Say whether a record counts at an instant (ms)."""
    return record.scope.covers(None, at)


def keep_published(node: Node) -> bool:
    """Publish what was prolonged since; says whether anything was. Part of the daily round.

    What a place was given when it was registered waits for the next publication; what it was told
    to end must not run out there when the record says otherwise.
    """

    def work(tx: sa.Connection) -> bool:
        told = parse(node.published(tx).document.get(PART))
        written = kept.book(tx)
        stale = told.kept and any(
            _last_day(told, name) != _last_day(written, name)
            for name in {name for letter in told.letters for name in letter.to}
        )
        if stale:
            publishing.republish(tx, node, {})
        return stale

    return node.database.run(work)


def _last_day(book: Book, name: str) -> tuple[date | None, date | None]:
    """Until when a grantee's letters and agreements run, as far as they stand."""
    scopes = [one.scope for one in book.letters_of(name)]
    agreed = [one.scope for one in book.agreements_of(name)]
    return _last(scopes), _last(agreed)


def _last(scopes: list[Scope]) -> date | None:
    return max((scope.last for scope in scopes if scope.ended_at is None), default=None)


def _grantee(to: str) -> str:
    return to if is_station_code(to) else person(people.fold(to))


def _checked(tx: sa.Connection, node: Node, new: NewLetter, account: Account) -> Record:
    """The record as it will stand.

    Raises:
        InvalidInput: with everything that is wrong.
    """
    now, to = node.clock.now_ms(), new.to.strip()
    first = new.first or day_of(now)
    allowed = _allowed(tx, to)
    problems = [
        *_wrong_grantee(new, to, allowed),
        *_wrong_words(new, node.catalogue(tx)),
        *_wrong_days(new, first, day_of(now)),
    ]
    if problems:
        raise InvalidInput(problems)
    last = new.last or first + YEAR
    powers = new.powers or (allowed or frozenset()) if new.kind == LETTER else frozenset()
    return Record(
        id=node.new_id(),
        kind=new.kind,
        grantor=new.grantor.strip(),
        document_no=new.document_no.strip(),
        grantee=_grantee(to),
        powers=frozenset(map(str, powers)),
        scope=Scope(first=first, last=last, items=new.items, areas=new.areas),
        made_by=account.login,
        made_at=now,
        terms={name: text for name, text in new.terms if text},
    )


def _allowed(tx: sa.Connection, to: str) -> frozenset[str] | None:
    """The powers that somebody may have; None where nobody of this name is known."""
    if is_station_code(to):
        place = stations.registered(tx).get(to)
        return POWERS[place.kind] if place else None
    try:
        account = people.by_login(tx, to)
    except NoSuchAccount:
        return None
    return frozenset(Power) if account.role is Role.APPROVER else None


def _wrong_grantee(
    new: NewLetter, to: str, allowed: frozenset[str] | None
) -> Iterator[FieldProblem]:
    if allowed is None:
        zh = "没有登记过这个站点，县里也没有这个审批人员。先登记，再办授权。"
        yield _problem("/to", zh, "Neither a registered place nor an approver here.")
    elif new.kind == AGREEMENT and not _is_outlet(to):
        yield _problem("/to", "合作协议只和网点签。", "Only an outlet has an agreement.")
    elif new.powers - allowed:
        zh = "里面有它不能有的权限：村站和网点不能决定、颁发、用章。"
        yield _problem("/powers", zh, "It may not have all of these powers.")


def _is_outlet(to: str) -> bool:
    return is_station_code(to) and to[9:] >= "900"


def _wrong_words(new: NewLetter, catalogue: Catalogue) -> Iterator[FieldProblem]:
    if not 1 <= len(new.document_no.strip()) <= _LONGEST:
        yield _problem("/document_no", "写上授权书或协议的编号。", "Write its number.")
    departments = {one for item in catalogue.items.values() for one in item.department.split("/")}
    if new.grantor.strip() and new.grantor.strip() not in departments:
        zh = "目录里没有这个部门。照目录里的写法写。"
        yield _problem("/grantor", zh, "No such department in the catalogue.")
    if unknown := sorted(new.items - set(catalogue.items)):
        yield _problem("/items", f"目录里没有这些事项：{'、'.join(unknown)}。", "Unknown items.")
    if unknown := sorted(new.areas - {item.area for item in catalogue.items.values()}):
        yield _problem("/areas", f"目录里没有这些领域：{'、'.join(unknown)}。", "Unknown areas.")


def _wrong_days(new: NewLetter, first: date, today: date) -> Iterator[FieldProblem]:
    if new.last is not None and new.last < max(first, today):
        yield _problem("/last", "截止日期已经过了，或者比开始还早。", "It would have ended.")


def _problem(pointer: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer, "value", zh, en)
