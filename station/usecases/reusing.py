"""Papers photographed once in a visit are not photographed again (R-HC-23c).

What serves again is the same paper of the same person, taken today at this counter, whatever item
it was taken for.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from casework.catalogue import CatalogueItem
from casework.values import day_of, read_map, read_text
from node import acting, cases, photographs
from node.cases import Case
from node.errors import NotFound
from node.people import Account
from node.photographs import Listed
from node.runtime import Node
from station.usecases import drafts, people
from station.usecases.drafts import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A photo that may serve again.

    Attributes:
        name: hands it over to `take`: case and attachment.
        item: what it was taken for, as published then; None where that is not known here.
        material: number of the paper in the item that is being filled in.
    """

    name: str
    item: CatalogueItem | None
    material: int
    taken_at: int


def earlier(
    node: Node, item: CatalogueItem, typed: str, *, refiled_from: str = ""
) -> tuple[Earlier, ...]:
    """Answer the photos of today that may serve an item again, the last taken first.

    Args:
        node: this station.
        item: that is being filled in.
        typed: number of the applicant's document.
        refiled_from: case that is filed again: its photos serve, whenever they were taken.
    """
    people.refresh(node)
    today = day_of(node.clock.now_ms())
    with node.database.read() as tx:
        found = [
            one
            for case in cases.derive(tx, people.records(tx, people.tidy(typed)))
            if case.id == refiled_from or day_of(case.state.instant("received") or 0) == today
            for one in _of_case(tx, node, case, item)
        ]
    return tuple(sorted(found, key=lambda one: -one.taken_at))


def take(node: Node, draft: str, material: int, name: str, account: Account) -> None:
    """Put a photo of an earlier case to a draft.

    Args:
        node: this station.
        draft: its id.
        material: number of the paper in the draft's item.
        name: as `earlier` gave it.
        account: who says so.

    Raises:
        NotFound: there is no such photo here any more, or it is another paper.
        LowSpace, TooManyPhotos: it is not taken now.
    """
    case, _, attachment = name.partition(":")
    found = drafts.get(node, draft)
    with node.database.read() as tx:
        item = node.catalogue(tx).item(found.item)
    if item is None or name not in _offered(node, found, item, material):
        raise NotFound("photo", name)
    picture = photographs.read(node, case, attachment)
    drafts.add_photo(node, draft, material, picture.image, account)


def _offered(node: Node, draft: Draft, item: CatalogueItem, material: int) -> set[str]:
    typed = read_text(read_map(draft.document.get("applicant")).get("id_no")) or ""
    before = read_text(draft.document.get("refiled_from")) or ""
    found = earlier(node, item, typed, refiled_from=before)
    return {one.name for one in found if one.material == material}


def _of_case(tx: sa.Connection, node: Node, case: Case, item: CatalogueItem) -> list[Earlier]:
    taken_for = acting.item_of(tx, node, case.state)
    names = {m.no: m.name for m in taken_for.materials} if taken_for else {}
    wanted = {material.name: material.no for material in item.materials}
    return [
        Earlier(
            name=f"{case.id}:{photo.attachment}",
            item=taken_for,
            material=wanted[names[photo.material]],
            taken_at=photo.captured_at,
        )
        for photo in photographs.listed(tx, case)
        if _serves(photo, names, wanted)
    ]


def _serves(photo: Listed, names: dict[int, str], wanted: dict[str, int]) -> bool:
    return photo.here and names.get(photo.material) in wanted
