"""What a case hangs together with, for looking up: its matter, the case before, numbers elsewhere.

Rows are a projection of the operations and may be thrown away. They stay when a case is pruned, so
that a number of another system is found for ever.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from casework import near_numbers
from casework.case import CaseState
from casework.numbering import normalise
from casework.values import read_map, read_text
from node.tables import case as case_table
from node.tables import case_link as table
from sync.adapters.batches import batches

_EXTERNAL: Final = "external."
_LONGEST: Final = 200


class Kind(StrEnum):
    """How the cases hang together."""

    BUNDLE = "bundle"
    """The matter (一件事) it is a part of: `CODE:ULID`."""
    REFILED_FROM = "refiled_from"
    """ULID of the case of which it is filed again."""
    ONLINE_REF = "online_ref"
    """Number of the application filed online before (C32)."""
    OFFICIAL = "official"
    """Its official number, normalised: it holds dashes, and people type it without."""
    EXTERNAL = "external"
    """Its number in another system, normalised."""


Link = tuple[Kind, str]


def links_of(state: CaseState) -> frozenset[Link]:
    """Read what a case names."""
    found = {
        (Kind.BUNDLE, state.text("bundle")),
        (Kind.REFILED_FROM, state.text("refiled_from")),
        (Kind.ONLINE_REF, normalise(state.text("online_ref"))),
        (Kind.OFFICIAL, normalise(state.text("official_number"))),
    }
    for name in state.values:
        if name.startswith(_EXTERNAL):
            number = read_text(read_map(state.values[name]).get("number")) or ""
            found.add((Kind.EXTERNAL, normalise(number)))
    return frozenset((kind, text[:_LONGEST]) for kind, text in found if text)


def store(tx: sa.Connection, found: Mapping[bytes, CaseState]) -> None:
    """Write the links of cases, over what was there.

    Args:
        tx: a write transaction.
        found: record → the case as it stands.
    """
    rows = [
        {"record": record, "kind": kind.value, "ref": ref}
        for record, state in found.items()
        for kind, ref in sorted(links_of(state))
    ]
    for batch in batches(found):
        tx.execute(sa.delete(table).where(table.c.record.in_(batch)))
    if rows:
        tx.execute(sa.insert(table), rows)


def named(tx: sa.Connection, kind: Kind, ref: str) -> list[bytes]:
    """Name the records that say this, pruned ones too; the oldest first."""
    where = sa.and_(table.c.kind == kind.value, table.c.ref == ref[:_LONGEST])
    return [bytes(r) for r in tx.scalars(sa.select(table.c.record).where(where).order_by("record"))]


def held(tx: sa.Connection, kind: Kind, ref: str) -> list[bytes]:
    """Name those of them that are held here."""
    joined = table.join(case_table, case_table.c.record == table.c.record)
    where = sa.and_(table.c.kind == kind.value, table.c.ref == ref[:_LONGEST])
    statement = sa.select(table.c.record).select_from(joined).where(where)
    return [bytes(record) for record in tx.scalars(statement.order_by(table.c.record))]


def numbered(tx: sa.Connection, typed: str) -> list[bytes]:
    """Name the records that have a number, ours or another system's, however it was typed.

    Args:
        tx: any transaction.
        typed: in any spacing, with or without dashes.
    """
    found = numbers_like(typed).distinct().order_by(table.c.record)
    return [bytes(record) for record in tx.scalars(found)] if normalise(typed) else []


def numbers_like(typed: str) -> sa.Select[Any]:
    """Ask for the records of `numbered`, inside another question."""
    kinds = (Kind.OFFICIAL.value, Kind.EXTERNAL.value)
    where = sa.and_(table.c.kind.in_(kinds), table.c.ref == normalise(typed)[:_LONGEST])
    return sa.select(table.c.record).where(where)


def nearest(tx: sa.Connection, typed: str) -> list[str]:
    """Answer the temporary numbers of cases here that are one slip away from what was typed.

    Args:
        tx: any transaction.
        typed: a number whose check character does not fit; for anything else there are none.
    """
    wanted = case_table.c.temporary_number
    near = near_numbers.candidates(typed)
    return sorted(str(text) for text in tx.scalars(sa.select(wanted).where(wanted.in_(near))))


def record(tx: sa.Connection, named: str) -> bytes | None:
    """Answer the record with this ULID, if it is held here."""
    where = case_table.c.id == named
    found = tx.scalar(sa.select(case_table.c.record).where(where))
    return bytes(found) if found is not None else None


def of(tx: sa.Connection, records: Collection[bytes], kind: Kind) -> Mapping[bytes, Iterable[str]]:
    """Read what some cases name of one kind."""
    found: dict[bytes, list[str]] = {}
    for batch in batches(records):
        where = sa.and_(table.c.record.in_(batch), table.c.kind == kind.value)
        for row in tx.execute(sa.select(table.c.record, table.c.ref).where(where)):
            found.setdefault(bytes(row.record), []).append(row.ref)
    return found
