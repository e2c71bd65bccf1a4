"""The county's record of letters of authorisation and partner agreements, and what is published.

The record keeps everything for ever; what is published leaves out what ended long ago, as long as
something is left about every grantee: a station that nothing is said of counts as registered since
(`casework.authorisations.effective_mode`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import sqlalchemy as sa

from casework import authorisations
from casework.authorisations import Agreement, Book, Letter, Scope
from casework.values import Value, day_of
from hub.rows import authorisation as table

LETTER, AGREEMENT = "letter", "agreement"
_KEPT_MS: Final = 60 * 86_400_000
"""Ended longer ago than this: no station needs it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One letter or agreement for one grantee.

    Attributes:
        kind: `LETTER` or `AGREEMENT`.
        grantor: department; empty: the county, for all.
        grantee: 12-digit code, or `authorisations.person(login)`.
        terms: of an agreement: partner, purpose, data and how long they are kept.
        made_by: login; empty: by the program, when the place was registered.
        made_at: milliseconds since the epoch.
    """

    id: str
    kind: str
    grantor: str
    document_no: str
    grantee: str
    powers: frozenset[str]
    scope: Scope
    made_by: str
    made_at: int
    terms: dict[str, str] = field(default_factory=dict)
    ended_by: str = ""
    reason: str = ""


def insert(tx: sa.Connection, *records: Record) -> None:
    """Write records down."""
    for one in records:
        tx.execute(
            sa.insert(table).values(
                id=one.id,
                kind=one.kind,
                grantor=one.grantor,
                document_no=one.document_no,
                grantee=one.grantee,
                powers=sorted(one.powers),
                items=sorted(one.scope.items),
                areas=sorted(one.scope.areas),
                terms=one.terms,
                valid_from=one.scope.first.isoformat(),
                valid_to=one.scope.last.isoformat(),
                made_by=one.made_by,
                made_at=one.made_at,
            )
        )


def end(tx: sa.Connection, record: str, *, by: str, reason: str, at: int) -> None:
    """Note that a letter or agreement was taken back; it stays in the record."""
    ended = {"ended_at": at, "ended_by": by, "reason": reason}
    tx.execute(sa.update(table).where(table.c.id == record).values(**ended))


def records(tx: sa.Connection, grantee: str = "") -> list[Record]:
    """Everything ever written down, the newest first; of one grantee where named."""
    statement = sa.select(table).order_by(table.c.made_at.desc(), table.c.id.desc())
    if grantee:
        statement = statement.where(table.c.grantee == grantee)
    return [_record(row) for row in tx.execute(statement)]


def book(tx: sa.Connection) -> Book:
    """All of it as rules ask it: also what has ended, because old acts are asked about too."""
    return _book(records(tx), as_of=None)


def part(tx: sa.Connection, now: int) -> dict[str, Value]:
    """What is published of it (ms)."""
    return authorisations.document(_book(_needed(records(tx), now), as_of=now), now)


def _needed(found: Sequence[Record], now: int) -> Iterator[Record]:
    told: set[tuple[str, str]] = set()
    old = day_of(now - _KEPT_MS)
    for one in found:
        ended = one.scope.ended_at is not None and one.scope.ended_at < now - _KEPT_MS
        if not (ended or one.scope.last < old):
            told.add((one.kind, one.grantee))
            yield one
    for one in found:
        if (one.kind, one.grantee) not in told:
            told.add((one.kind, one.grantee))
            yield one


def _book(found: Iterator[Record] | Sequence[Record], as_of: int | None) -> Book:
    """One letter to many places is one entry: a county gives the same to hundreds."""
    letters: dict[tuple[str, str, frozenset[str], Scope], set[str]] = defaultdict(set)
    agreements: dict[tuple[str, Scope], set[str]] = defaultdict(set)
    for one in found:
        if one.kind == AGREEMENT:
            agreements[one.document_no, one.scope].add(one.grantee)
        else:
            letters[one.grantor, one.document_no, one.powers, one.scope].add(one.grantee)
    return Book(
        letters=tuple(
            Letter(document_no=no, grantor=by, to=frozenset(to), powers=powers, scope=scope)
            for (by, no, powers, scope), to in letters.items()
        ),
        agreements=tuple(
            Agreement(document_no=no, outlets=frozenset(outlets), scope=scope)
            for (no, scope), outlets in agreements.items()
        ),
        kept=True,
        as_of=as_of,
    )


def _record(row: sa.Row[tuple[object, ...]]) -> Record:
    scope = Scope(
        first=date.fromisoformat(row.valid_from),
        last=date.fromisoformat(row.valid_to),
        items=frozenset(row.items),
        areas=frozenset(row.areas),
        ended_at=row.ended_at,
    )
    return Record(
        id=row.id,
        kind=row.kind,
        grantor=row.grantor,
        document_no=row.document_no,
        grantee=row.grantee,
        powers=frozenset(row.powers),
        scope=scope,
        made_by=row.made_by,
        made_at=row.made_at,
        terms=dict(row.terms),
        ended_by=row.ended_by,
        reason=row.reason,
    )
