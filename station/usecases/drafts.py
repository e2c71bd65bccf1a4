"""Drafts: a half-filled intake is never lost, and never more than a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from node import room
from node.errors import NotFound, TooManyPhotos
from node.people import Account
from node.rows import table
from node.runtime import Node
from station import pictures
from station.rows import DraftPhotoRow, DraftRow
from sync.limits import DEFAULT

_DRAFT: Final = table(DraftRow)
_PHOTO: Final = table(DraftPhotoRow)
_ROW: Final[sa.ColumnElement[int]] = sa.literal_column(
    "rowid"
)  # two of one millisecond: the order in which they came


@dataclass(frozen=True, slots=True)
class StagedPhoto:
    """A photo of a draft, without its bytes."""

    id: str
    material: int
    bytes: int
    taken_at: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An intake that was begun.

    Attributes:
        step: the page where it stopped.
        document: CASE.json as far as it was filled, and whatever else the pages keep in it.
        actor: login of who saved it last.
    """

    id: str
    item: str
    step: str
    document: Mapping[str, Any]
    actor: str
    created_at: int
    saved_at: int
    photos: tuple[StagedPhoto, ...] = ()


def save(  # noqa: PLR0913  # the signature is agreed with the pages
    node: Node,
    *,
    draft: str | None,
    item: str,
    step: str,
    document: Mapping[str, object],
    account: Account,
) -> str:
    """Keep a draft; when this returns it is on the disk.

    Args:
        node: this station.
        draft: its id; None begins a new one.
        item: code of the item.
        step: the page it stands on.
        document: what was typed, judged or not.
        account: who typed.

    Returns:
        The id of the draft.

    Raises:
        NotFound: the draft was finished or discarded before.
    """
    now = node.clock.now_ms()
    values = {
        "item": item,
        "step": step,
        "document": dict(document),
        "actor": account.login,
        "saved_at": now,
    }
    with node.database.write() as tx:
        if draft is None:
            name = node.new_id()
            tx.execute(sa.insert(_DRAFT).values(id=name, created_at=now, **values))
            return name
        changed = tx.execute(sa.update(_DRAFT).where(_DRAFT.c.id == draft).values(**values))
        if not changed.rowcount:
            raise NotFound("draft", draft)
        return draft


def get(node: Node, draft: str) -> Draft:
    """Read a draft.

    Raises:
        NotFound: there is none of this id.
    """
    with node.database.read() as tx:
        row = tx.execute(sa.select(_DRAFT).where(_DRAFT.c.id == draft)).first()
        if row is None:
            raise NotFound("draft", draft)
        return _draft(tx, row)


def list_drafts(node: Node) -> list[Draft]:
    """Read all drafts of this station, the one saved last first."""
    with node.database.read() as tx:
        rows = tx.execute(sa.select(_DRAFT).order_by(_DRAFT.c.saved_at.desc())).all()
        return [_draft(tx, row) for row in rows]


def discard(node: Node, draft: str) -> None:
    """Throw a draft and its photos away; one that is gone already stays gone."""
    with node.database.write() as tx:
        _remove(tx, draft)


def consume(tx: sa.Connection, draft: str) -> None:
    """Remove a draft in the transaction that made a case of it.

    Raises:
        NotFound: somebody has finished or discarded it: no second case is made of it.
    """
    if not _remove(tx, draft):
        raise NotFound("draft", draft)


def add_photo(node: Node, draft: str, material: int, image: bytes, account: Account) -> StagedPhoto:
    """Keep a photo with a draft, shrunk; on the disk when this returns.

    Raises:
        NotAnImage: the bytes are no picture that we know.
        NotFound: there is no such draft.
        LowSpace: there is too little room for photos.
        TooManyPhotos: the draft has as many as a case may have.
    """
    small = pictures.shrink(image)
    row = {
        "id": node.new_id(),
        "draft": draft,
        "material": material,
        "image": small,
        "taken_at": node.clock.now_ms(),
    }
    with node.database.write() as tx:
        touched = {"saved_at": row["taken_at"], "actor": account.login}
        changed = tx.execute(sa.update(_DRAFT).where(_DRAFT.c.id == draft).values(**touched))
        if not changed.rowcount:
            raise NotFound("draft", draft)
        room.demand_for_photos(tx, node.identity_in(tx), node.directory)
        _demand_few(tx, draft)
        tx.execute(sa.insert(_PHOTO).values(**row))
    return StagedPhoto(str(row["id"]), material, len(small), int(str(row["taken_at"])))


def _demand_few(tx: sa.Connection, draft: str) -> None:
    """Return if a draft may have another photo."""
    held = sa.select(sa.func.count()).select_from(_PHOTO).where(_PHOTO.c.draft == draft)
    if int(tx.execute(held).scalar_one()) >= DEFAULT.attachments_per_case:
        raise TooManyPhotos(DEFAULT.attachments_per_case)


def photo(node: Node, draft: str, photo_id: str) -> bytes:
    """Read a staged photo: JPEG.

    Raises:
        NotFound: there is none.
    """
    statement = sa.select(_PHOTO.c.image).where(_PHOTO.c.id == photo_id, _PHOTO.c.draft == draft)
    with node.database.read() as tx:
        found = tx.execute(statement).scalar()
    if found is None:
        raise NotFound("photo", photo_id)
    return bytes(found)


def drop_photos(tx: sa.Connection, *, before: int) -> int:
    """Let go the photos of drafts that nobody has touched for long; what was typed stays.

    Args:
        tx: a write transaction.
        before: milliseconds; a draft saved since keeps its photos.

    Returns:
        How many went.
    """
    old = sa.select(_DRAFT.c.id).where(_DRAFT.c.saved_at < before)
    return tx.execute(sa.delete(_PHOTO).where(_PHOTO.c.draft.in_(old))).rowcount


def remove_photo(node: Node, draft: str, photo_id: str) -> None:
    """Throw a staged photo away: it was taken again."""
    with node.database.write() as tx:
        tx.execute(sa.delete(_PHOTO).where(_PHOTO.c.id == photo_id, _PHOTO.c.draft == draft))


@dataclass(frozen=True, slots=True)
class StagedImage:
    """A photo of a draft with its picture: JPEG."""

    id: str
    material: int
    image: bytes
    taken_at: int


def images(tx: sa.Connection, draft: str) -> list[StagedImage]:
    """Every staged photo of a draft, in the order in which they were taken."""
    rows = tx.execute(
        sa.select(_PHOTO).where(_PHOTO.c.draft == draft).order_by(_PHOTO.c.taken_at, _ROW)
    )
    return [StagedImage(row.id, row.material, bytes(row.image), row.taken_at) for row in rows]


def _remove(tx: sa.Connection, draft: str) -> int:
    tx.execute(sa.delete(_PHOTO).where(_PHOTO.c.draft == draft))
    return tx.execute(sa.delete(_DRAFT).where(_DRAFT.c.id == draft)).rowcount


def _draft(tx: sa.Connection, row: Any) -> Draft:  # noqa: ANN401  # a row of the table
    columns = (_PHOTO.c.id, _PHOTO.c.material, sa.func.length(_PHOTO.c.image), _PHOTO.c.taken_at)
    staged = tx.execute(
        sa.select(*columns).where(_PHOTO.c.draft == row.id).order_by(_PHOTO.c.taken_at, _ROW)
    ).all()
    return Draft(
        id=row.id,
        item=row.item,
        step=row.step,
        document=row.document,
        actor=row.actor,
        created_at=row.created_at,
        saved_at=row.saved_at,
        photos=tuple(StagedPhoto(*photo) for photo in staged),
    )
