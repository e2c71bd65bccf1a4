"""Photos of papers as they are read: named by operations of a case, opened with the key in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from casework.facts import Head
from casework.places import PlaceKind
from casework.values import Fields, read_int, read_map, read_text
from crypto import blob
from node import acting, attachments
from node.cases import Case
from node.errors import NotFound
from node.runtime import Node
from node.tables import identity
from sync.limits import DEFAULT

MIMES: Final = frozenset({"image/jpeg", "image/png"})
"""What may be shown; whatever else an operation says of its photo, no browser is told."""
_KEY: Final = "attachment_key."


class Whereabouts(StrEnum):
    """Where the bytes of a photo are, as far as this place knows."""

    HERE = "here"
    COMING = "coming"
    CLEARED = "cleared"
    MISSING = "missing"
    RETAKEN = "retaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A photo of a case as a page lists it.

    Attributes:
        captured_at: milliseconds by the clock of the device.
        here: it can be shown.
        where: coming: not here yet, or another place's; cleared: the county has it, its bytes were
            dropped here; missing: asked for again, or waited for too long (C31); retaken: missing,
            and a later photo of the same paper is not.
        replica: hexadecimal, of the device that added it.
        actor: who added it there.
    """

    attachment: str
    material: int
    captured_at: int
    mime: str
    here: bool
    where: Whereabouts = Whereabouts.COMING
    replica: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo to be shown: one of `MIMES`, and its bytes."""

    mime: str
    image: bytes


def list_photos(node: Node, reference: str) -> list[Listed]:
    """Name the photos of a case, in the order in which they were added.

    Raises:
        CaseUnknown: there is no such case here.
    """
    with node.database.read() as tx:
        return listed(tx, acting.load(tx, acting.find_case(tx, reference)))


def listed(tx: sa.Connection, case: Case, *, before: int | None = None) -> list[Listed]:
    """Name the photos of a case that was read already.

    Args:
        tx: any transaction.
        case: as derived.
        before: at the county: what was named before this instant and is not whole counts as
            missing.
    """
    values = case.state.values
    names = sorted(name for name in values if name.startswith(attachments.FIELD))
    described = {n.removeprefix(attachments.FIELD): read_map(values[n]) for n in names}
    blobs = {i: attachments.read_blob(d) for i, d in described.items()}
    known = attachments.rows_of(tx, [b.hash for b in blobs.values() if b])
    shut = _is_outlet(tx)
    found = [
        _listed(
            i,
            d,
            case,
            where=_where(known.get(b.hash) if (b := blobs[i]) else None, before, shut=shut),
        )
        for i, d in described.items()
    ]
    return [_retaken(one, found) for one in found]


def _listed(attachment: str, described: Fields, case: Case, *, where: Whereabouts) -> Listed:
    head = _head(case, attachments.FIELD + attachment)
    may_see = isinstance(case.state.values.get(_KEY + attachment), bytes)
    return Listed(
        attachment=attachment,
        material=read_int(described.get("material")) or 0,
        captured_at=read_int(described.get("captured_at")) or 0,
        mime=read_text(described.get("mime")) or "",
        here=where is Whereabouts.HERE and may_see,
        where=where,
        replica=head.replica.hex() if head else "",
        actor=head.actor if head else "",
    )


def _head(case: Case, name: str) -> Head | None:
    return next(iter(case.evidence.heads.get(name, ())), None)


def _where(row: Any, before: int | None, *, shut: bool) -> Whereabouts:  # noqa: ANN401  # a row of the table
    if row is None:
        return Whereabouts.COMING
    if shut and row.county:
        return Whereabouts.CLEARED
    if row.held == row.whole:
        return Whereabouts.HERE
    late = before is not None and (row.noted_at is None or row.noted_at <= before)
    if row.wanted or late:
        return Whereabouts.MISSING
    return Whereabouts.CLEARED if row.evicted_at is not None else Whereabouts.COMING


def _is_outlet(tx: sa.Connection) -> bool:
    """Whether this is a partner's outlet: it shows no photo that the county has (model §5)."""
    return tx.execute(sa.select(identity.c.kind)).scalar() == PlaceKind.OUTLET


def _has_county(tx: sa.Connection, name: bytes) -> bool:
    row = attachments.rows_of(tx, [name]).get(name)
    return row is not None and bool(row.county)


def _retaken(one: Listed, all_of_case: Sequence[Listed]) -> Listed:
    """A missing photo is no loss any more when the paper was photographed again."""
    if one.where is Whereabouts.MISSING and any(
        other.material == one.material
        and other.captured_at > one.captured_at
        and other.where is not Whereabouts.MISSING
        for other in all_of_case
    ):
        return replace(one, where=Whereabouts.RETAKEN)
    return one


def read(node: Node, reference: str, attachment: str) -> Picture:
    """Read a photo of a case.

    Raises:
        CaseUnknown: there is no such case here.
        NotFound: the case has no such photo, it has not reached this place yet, or this place may
            not see it.

    Does not check who looks: every account of a station sees what the station may see, and the
    county asks `hub.usecases.unmasking`.
    """
    with node.database.read() as tx:
        return read_in(tx, node, acting.find_case(tx, reference), attachment)


def read_in(tx: sa.Connection, node: Node, record: bytes, attachment: str) -> Picture:
    """Read a photo inside the caller's transaction (see `read`)."""
    values = acting.load(tx, record).state.values
    described = read_map(values.get(attachments.FIELD + attachment))
    mime, key = read_text(described.get("mime")), values.get(_KEY + attachment)
    named = attachments.read_blob(described)
    whole = attachments.read_whole(tx, node.directory.blobs, named.hash) if named else None
    if named and _is_outlet(tx) and _has_county(tx, named.hash):
        raise NotFound("photo", attachment)
    if whole is None or not isinstance(key, bytes) or mime not in MIMES:
        raise NotFound("photo", attachment)
    return Picture(mime, blob.open_blob(whole, key, max_bytes=DEFAULT.attachment))
