"""A catalogue on its way: imported, submitted by one administrator, approved by another.

Nothing here changes what is published but `approve`; it signs and publishes in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

import sqlalchemy as sa

from casework import catalogue_reading as reading
from casework import publishing as comparing
from casework.catalogue import Catalogue
from casework.errors import FieldProblem
from casework.places import Role
from casework.publishing import Changes
from casework.values import Value, day_of
from hub.rows import catalogue_draft
from hub.usecases import catalogue_reading, catalogue_requests, publishing
from hub.usecases.catalogue_reading import Against, Given
from node.errors import InvalidInput, NotAllowed, NotFound
from node.people import Account
from node.runtime import Node

_D: Final = catalogue_draft.c
_LONGEST_NOTE: Final = 500


class DraftState(StrEnum):
    """How far a draft has come."""

    OPEN = "open"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"
    REPLACED = "replaced"


WAITING: Final = (DraftState.OPEN, DraftState.SUBMITTED, DraftState.RETURNED)
"""States in which a draft may still be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One draft.

    Attributes:
        base: version in force when it was made; another catalogue published since makes it stale.
        restores: version whose catalogue it brings back; None: it was imported.
        author: login of who made it; he never approves it.
        version: as which it was published.
    """

    id: int
    state: DraftState
    base: int
    restores: int | None
    document: Mapping[str, Value]
    author: str
    made_at: int
    note: str
    submitted_at: int | None
    decided_by: str
    decided_at: int | None
    reason: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Made:
    """What an import or a rollback came to; `draft` is None where rows were refused."""

    draft: Draft | None
    given: Given
    changes: Changes | None
    base: int


def import_file(node: Node, data: bytes, *, account: Account) -> Made:
    """Make a draft of a file; with one row refused nothing is kept.

    Args:
        node: the hub.
        data: a workbook or JSON (`catalogue_reading`).
        account: who brings it.

    Raises:
        InvalidInput: it is no catalogue, says what is published already, or a draft waits for
            approval.
        NotAllowed: he is no administrator.
    """
    _demand_administrator(account, "catalogue_import")

    def work(tx: sa.Connection) -> Made:
        given = catalogue_reading.read(data, against(tx, node))
        return _make(tx, node, given, account=account)

    return node.database.run(work)


def roll_back(node: Node, version: int, *, account: Account) -> Made:
    """Make a draft of the catalogue of an old version; it takes the same way as any other.

    Raises:
        NotFound: there is no such version.
        InvalidInput, NotAllowed: as in `import_file`.
    """
    _demand_administrator(account, "catalogue_rollback")

    def work(tx: sa.Connection) -> Made:
        old = _version(tx, node, version)
        given = catalogue_reading.check(old, against(tx, node, restores=version))
        return _make(tx, node, given, account=account, restores=version)

    return node.database.run(work)


def against(tx: sa.Connection, node: Node, *, restores: int | None = None) -> Against:
    """What a draft is checked against today."""
    known = [node.catalogue(tx)]
    if restores is not None:
        known.append(node.catalogue(tx, restores))
    return Against(known, node.limits(tx).calendar, day_of(node.clock.now_ms()))


def _version(tx: sa.Connection, node: Node, version: int) -> Mapping[str, Value]:
    held = node.published(tx).version
    if not 1 <= version <= held:
        raise NotFound("catalogue", str(version))
    return published_part(node, tx, version)


def published_part(
    node: Node, tx: sa.Connection, version: int | None = None
) -> Mapping[str, Value]:
    """The catalogue of a published version, as JSON."""
    part = node.published(tx, version).document.get("catalogue")
    return cast("Mapping[str, Value]", part if isinstance(part, dict) else {})


def _make(
    tx: sa.Connection, node: Node, given: Given, *, account: Account, restores: int | None = None
) -> Made:
    now, base = node.catalogue(tx), node.published(tx).version
    if given.catalogue is None:
        return Made(None, given, None, base)
    found = comparing.changes(now, given.catalogue)
    if not found:
        raise _wrong(
            "same", "和现在公布的一样，没有要改的。", "Nothing differs from what is there."
        )
    if _waiting(tx, DraftState.SUBMITTED):
        zh = "有一份草稿在等审核。先审核，或者退回，再导入。"
        raise _wrong("waits", zh, "A draft waits for approval. Approve or return it first.")
    tx.execute(
        sa.update(catalogue_draft)
        .where(_D.state.in_([DraftState.OPEN.value, DraftState.RETURNED.value]))
        .values(state=DraftState.REPLACED.value)
    )
    made = tx.execute(
        sa.insert(catalogue_draft).values(
            state=DraftState.OPEN.value,
            base=base,
            restores=restores,
            document=given.document,
            author=account.login,
            made_at=node.clock.now_ms(),
            note="",
            decided_by="",
            reason="",
        )
    )
    key = made.inserted_primary_key
    return Made(_get(tx, int(key[0]) if key else 0), given, found, base)


def waiting(node: Node) -> Draft | None:
    """The draft that may still be published, or None."""
    with node.database.read() as tx:
        return _waiting(tx, *WAITING)


def _waiting(tx: sa.Connection, *states: DraftState) -> Draft | None:
    wanted = sa.select(_D.id).where(_D.state.in_([state.value for state in states]))
    found = tx.execute(wanted.order_by(_D.id.desc()).limit(1)).scalar()
    return _get(tx, found) if found is not None else None


def get(node: Node, draft: int) -> Draft:
    """Read one draft.

    Raises:
        NotFound: there is none of this number.
    """
    with node.database.read() as tx:
        return _get(tx, draft)


def _get(tx: sa.Connection, draft: int) -> Draft:
    row = tx.execute(sa.select(catalogue_draft).where(_D.id == draft)).one_or_none()
    if row is None:
        raise NotFound("catalogue_draft", str(draft))
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's documented name
    return Draft(**{**values, "state": DraftState(values["state"])})


def submit(node: Node, draft: int, *, note: str, account: Account) -> Draft:
    """Hand a draft in for approval, with plain words for the stations on what is new.

    Raises:
        InvalidInput: no note, somebody else wrote it, or the draft is past that.
    """
    told = note.strip()
    if not 1 <= len(told) <= _LONGEST_NOTE:
        zh = "写一句给各站看的说明：改了什么。"
        raise _wrong("note", zh, "Say in a sentence what is new.", at="/note")

    def work(tx: sa.Connection) -> Draft:
        found = _get(tx, draft)
        if found.author != account.login:
            zh = "这份草稿是别人写的，由写的人交审核。"
            raise _wrong("author", zh, "Somebody else wrote it: he submits it.")
        _demand(found, DraftState.OPEN, DraftState.RETURNED)
        _demand_fresh(tx, node, found)
        _set(tx, draft, state=DraftState.SUBMITTED, note=told, submitted_at=node.clock.now_ms())
        return _get(tx, draft)

    return node.database.run(work)


def send_back(node: Node, draft: int, *, reason: str, account: Account) -> Draft:
    """Return a draft to its author instead of approving it; he may take it back himself.

    Raises:
        InvalidInput: no reason, or it does not wait for approval.
        NotAllowed: he is no administrator.
    """
    _demand_administrator(account, "catalogue_return")
    why = reason.strip()
    if not 1 <= len(why) <= _LONGEST_NOTE:
        raise _wrong("reason", "退回要写理由。", "Say why.", at="/reason")

    def work(tx: sa.Connection) -> Draft:
        _demand(_get(tx, draft), DraftState.SUBMITTED)
        _decide(tx, node, draft, DraftState.RETURNED, account=account, reason=why)
        return _get(tx, draft)

    return node.database.run(work)


def approve(node: Node, draft: int, *, account: Account) -> Draft:
    """Approve somebody else's draft: it is signed and published at once, as the next version.

    Raises:
        NotAllowed: he wrote it himself, or is no administrator.
        InvalidInput: it was not submitted, breaks a rule of publication by now, or another
            catalogue was published since it was made.
    """
    _demand_administrator(account, "catalogue_approve")

    def work(tx: sa.Connection) -> Draft:
        found = _get(tx, draft)
        if found.author == account.login:
            zh = "自己写的草稿，要另一位管理员审核。没有就先加一位用户。"
            raise _wrong("second_person", zh, "Another administrator approves it: add one.")
        _claim(tx, found)
        _demand_fresh(tx, node, found)
        catalogue = _demand_lawful(tx, node, found)
        touched = comparing.changes(node.catalogue(tx), catalogue).codes
        part = {**found.document, "note": found.note}
        day = day_of(node.clock.now_ms()).isoformat()
        told = {"catalogue": part, "note": found.note, "published_on": day}
        now = publishing.republish(tx, node, told)
        _decide(tx, node, draft, DraftState.PUBLISHED, account=account, version=now.version)
        catalogue_requests.adjusted(tx, node, touched, version=now.version)
        return _get(tx, draft)

    return node.database.run(work)


def _demand(found: Draft, *states: DraftState) -> None:
    if found.state not in states:
        zh = "这份草稿现在不能办这一步。刷新再看。"
        raise _wrong("state", zh, f"The draft is {found.state.value}. Look at it again.")


def _claim(tx: sa.Connection, found: Draft) -> None:
    """Take a submitted draft for this transaction alone: two who approve at once publish once."""
    mine = tx.execute(
        sa.update(catalogue_draft)
        .where(_D.id == found.id, _D.state == DraftState.SUBMITTED.value)
        .values(state=DraftState.PUBLISHED.value)
    )
    if mine.rowcount != 1:
        _demand(_get(tx, found.id), DraftState.SUBMITTED)


def _demand_fresh(tx: sa.Connection, node: Node, found: Draft) -> None:
    """Settings and calendars may have been published since; another catalogue may not."""
    if published_part(node, tx, found.base) != published_part(node, tx):
        zh = "这份草稿之后又公布过新目录。按新目录重新导入。"
        raise _wrong("stale", zh, "Another catalogue was published since. Import it anew.")


def _demand_lawful(tx: sa.Connection, node: Node, found: Draft) -> Catalogue:
    given = catalogue_reading.check(found.document, against(tx, node, restores=found.restores))
    if given.catalogue is None:
        raise InvalidInput(
            [FieldProblem("", "rule", p.message_zh, p.message_en) for p in given.problems]
        )
    return given.catalogue


def catalogue_of(draft: Draft) -> Catalogue:
    """The items of a draft; it was read without problems when it was made."""
    return reading.parse(cast("Value", draft.document))


def _decide(  # noqa: PLR0913  # what a decision has
    tx: sa.Connection,
    node: Node,
    draft: int,
    state: DraftState,
    *,
    account: Account,
    reason: str = "",
    version: int | None = None,
) -> None:
    now = node.clock.now_ms()
    decided = {"decided_by": account.login, "decided_at": now, "reason": reason}
    _set(tx, draft, state=state, version=version, **decided)


def _set(tx: sa.Connection, draft: int, **values: object) -> None:
    tx.execute(sa.update(catalogue_draft).where(_D.id == draft).values(**values))


def _demand_administrator(account: Account, act: str) -> None:
    if account.role is not Role.ADMINISTRATOR:
        raise NotAllowed(act, account.role)


def _wrong(code: str, zh: str, en: str, *, at: str = "") -> InvalidInput:
    return InvalidInput([FieldProblem(at, code, zh, en)])
