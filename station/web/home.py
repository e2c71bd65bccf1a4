"""The first page: find an item or a case, go on with what was begun, see what waits."""

from collections.abc import Iterable, Sequence
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import masking
from casework.catalogue import CatalogueItem
from casework.values import read_map
from node.errors import NoCatalogue
from node.web import speech
from node.web.guard import needs
from station.usecases import drafts, listing, search, standing
from station.usecases.drafts import Draft
from station.usecases.search import CaseHit as FoundCase
from station.usecases.search import ItemHit as FoundItem
from station.web import steps
from station.web.context import node, person, services
from station.web.filled import Step, restored
from ui import pages as p

blueprint = Blueprint("home", __name__)
_RECENT_MS: Final = 24 * 60 * 60 * 1000


@blueprint.get("/")
@needs("case.received")
def show() -> str:
    """The first page; the search stands in its address."""
    query = request.args.get("q", "").strip()
    hits = search.find(node(), query) if query else []
    begun = drafts.list_drafts(node())
    interrupted = None if query else _interrupted(begun)
    page = p.HomePage(
        search_url=url_for("home.show"),
        only_here=_only_here(),
        query=query,
        items=tuple(_item(hit) for hit in hits if isinstance(hit, FoundItem)),
        cases=_cases([hit for hit in hits if isinstance(hit, FoundCase)]),
        interrupted=_draft(interrupted) if interrupted else None,
        later_url=url_for("home.later", draft=interrupted.id) if interrupted else "",
        drafts=tuple(_draft(draft) for draft in begun if draft is not interrupted),
    )
    return render_template("home.html", page=page)


@blueprint.post("/drafts/<draft>/later")
@needs("case.received")
def later(draft: str) -> Response:
    """Put aside what the power cut interrupted; it stays among the drafts."""
    services().set_aside.drafts.add(draft)
    return redirect(url_for("home.show"), 303)


def _interrupted(begun: Sequence[Draft]) -> Draft | None:
    """The draft this person had in hand when the program last ended, unless put aside since."""
    started = services().started_at
    mine = (
        draft
        for draft in begun
        if draft.actor == person().login and started - _RECENT_MS < draft.saved_at < started
    )
    found = next(mine, None)
    return found if found and found.id not in services().set_aside.drafts else None


def _item(hit: FoundItem) -> p.ItemHit:
    item = hit.item
    return p.ItemHit(
        speech.item_name(item),
        item.code,
        hit.mode.value if hit.mode else "",
        item.promised_days,
        item.deficiency_allowed,
        url_for("intake.item", code=item.code),
    )


def _cases(hits: Sequence[FoundCase]) -> tuple[p.CaseHit, ...]:
    station = node()
    with station.database.read() as tx:
        items = listing.items_of(tx, station, [hit.line for hit in hits])
    return tuple(_case(hit, items.get((hit.line.item, hit.line.item_version))) for hit in hits)


def _case(hit: FoundCase, item: CatalogueItem | None) -> p.CaseHit:
    line = hit.line
    return p.CaseHit(
        line.official_number or speech.number(line.temporary_number),
        line.name,
        speech.item_name(item) if item else line.item,
        line.state,
        line.transport.value,
        url_for("cases.show", case=line.case),
    )


def _draft(draft: Draft) -> p.DraftLine:
    item = _item_of(draft)
    name = str(read_map(draft.document.get("applicant")).get("name") or "")
    return p.DraftLine(
        masking.name(name) if name else "",
        speech.item_name(item) if item else draft.item,
        steps.label(draft.step),
        draft.saved_at,
        url_for("intake.resume", draft=draft.id),
        missing=tuple(_missing(draft, item)) if item and draft.step != Step.PERSON else (),
        discard_url=url_for("intake.ask_discard", draft=draft.id),
    )


def _item_of(draft: Draft) -> CatalogueItem | None:
    station = node()
    with station.database.read() as tx:
        try:
            return station.catalogue(tx).item(draft.item)
        except NoCatalogue:
            return None


def _missing(draft: Draft, item: CatalogueItem) -> Iterable[str]:
    """Papers that nobody has ticked yet, as far as somebody must bring them."""
    filled = restored(item, draft.document)
    for material in filled.needed:
        asked = material.main or not material.shared
        if asked and not filled.text(f"materials.{material.no}.form"):
            yield speech.material_name(material)


def _only_here() -> p.OnlyHere:
    stand = standing.standing(node())
    return p.OnlyHere(stand.waiting, stand.photos, None, url_for("upload.show"))
