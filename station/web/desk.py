"""What a page of the intake has before it: the item as published, and the draft as it was left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask import request

from casework import bundle_papers
from casework.catalogue import CatalogueItem, mode_at
from casework.places import Mode, PlaceKind, township_of
from casework.values import day_of
from node.errors import NotFound
from node.identity import Identity
from node.powers import powers
from node.runtime import Node
from node.web import names
from station.usecases import bundles, drafts
from station.usecases.drafts import StagedPhoto
from station.web.context import node, person
from station.web.filled import Filled, Step, restored
from station.web.person_page import Around
from ui.pages import Option

CHANNELS: Mapping[PlaceKind, str] = {PlaceKind.OUTLET: "outlet"}
"""How a case comes in at a kind of place; at a window elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An item as this place offers it."""

    item: CatalogueItem
    mode: Mode | None
    version: int
    published_on: str
    villages: tuple[Option, ...]
    handlings: tuple[Option, ...]
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An intake that was begun, as its pages need it."""

    id: str
    desk: Desk
    filled: Filled
    reached: str
    around: Around

    def saved(self, filled: Filled, step: Step) -> "Draft":
        """Keep what was typed on a page; on the disk when this returns."""
        drafts.save(
            node(),
            draft=self.id,
            item=filled.item.code,
            step=step,
            document=filled.kept,
            account=person(),
        )
        around = replace(self.around, saved_at=node().clock.now_ms())
        return replace(self, filled=filled, around=around)


def open_item(code: str) -> Desk:
    """The item as published now.

    Raises:
        NotFound: the catalogue has no such item.
        NoCatalogue: none has reached this computer.
    """
    station = node()
    with station.database.read() as tx:
        me = station.identity_in(tx)
        catalogue = station.catalogue(tx)
        item = bundle_papers.find(catalogue, code)
        if item is None:
            raise NotFound("item", code)
        return Desk(
            item=item,
            mode=bundles.mode_of(catalogue, powers(tx, me, station.clock.now_ms()), item),
            version=catalogue.version,
            published_on=str(station.published(tx).document.get("published_on") or ""),
            villages=names.villages(tx, station, me),
            handlings=_handlings(tx, station, me, item),
            channel=CHANNELS.get(me.place.kind, "window"),
        )


def _handlings(
    tx: sa.Connection, station: Node, me: Identity, item: CatalogueItem
) -> tuple[Option, ...]:
    """The other townships of the county that handle an item: it may be received for them."""
    own = township_of(me.place.code)
    found = ((str(one.get("code")), str(one.get("name"))) for one in station.regions(tx))
    offered = (
        Option(code, name)
        for code, name in found
        if code != own and mode_at(item, PlaceKind.TOWNSHIP, code=code) is not None
    )
    return tuple(offered)


def open_draft(draft: str) -> Draft:
    """A draft as it was left.

    Raises:
        NotFound: it was finished or discarded.
    """
    found = drafts.get(node(), draft)
    desk = open_item(found.item)
    around = Around(
        draft=found.id,
        reached=found.step,
        saved_at=found.saved_at,
        today=day_of(node().clock.now_ms()),
        places={village.value: village.label for village in desk.villages},
        photos=_by_material(found.photos),
        back_to="check" if request.args.get("then") == "check" else "",
    )
    return Draft(
        id=found.id,
        desk=desk,
        filled=restored(desk.item, found.document),
        reached=found.step,
        around=around,
    )


def _by_material(photos: tuple[StagedPhoto, ...]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for photo in photos:
        found[photo.material] = (*found.get(photo.material, ()), photo.id)
    return found
