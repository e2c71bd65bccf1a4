"""The first page: find an item or a case, go on with what was begun, see what waits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import bundle_papers, masking
from casework.catalogue import CatalogueItem
from casework.values import read_map
from node.casefile import CaseLine
from node.errors import NoCatalogue
from node.web import looks, speech
from node.web.guard import needs
from station.usecases import delivery, drafts, handover, home, listing, search
from station.usecases.drafts import Draft
from station.usecases.home import Todo
from station.usecases.search import CaseHit as FoundCase
from station.usecases.search import ItemHit as FoundItem
from station.web import frame, judging, steps
from station.web.context import node, person, services
from station.web.filled import Step, restored
from ui import pages as p
from ui.i18n import gettext as _
from ui.i18n import marked

blueprint = Blueprint("home", __name__)
Items = Mapping[tuple[str, int], CatalogueItem]
_ACTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "papers_missing": ("add_material", marked("补交材料")),
    "correction": ("add_material", marked("补交材料")),
    "overdue": ("decide", marked("去看看")),
    "accept": ("accept", marked("去受理")),
}
_RECENT_MS: Final = 24 * 60 * 60 * 1000


@blueprint.get("/")
@needs("case.received")
def show() -> str:
    """The first page; what is looked for stands in no address."""
    query = looks.asked_text(request.args)
    hits = search.find(node(), query) if query else []
    begun = drafts.list_drafts(node())
    interrupted = None if query else _interrupted(begun)
    waits = home.home(node())
    items = _items_of([*(one.line for one in waits.todo), *waits.deliver])
    page = p.HomePage(
        search_url=url_for("home.show"),
        only_here=_only_here(),
        query=query,
        items=tuple(_item(hit) for hit in hits if isinstance(hit, FoundItem)),
        cases=_cases([hit for hit in hits if isinstance(hit, FoundCase)]),
        interrupted=_draft(interrupted) if interrupted else None,
        later_url=url_for("home.later", draft=interrupted.id) if interrupted else "",
        drafts=tuple(_draft(draft) for draft in begun if draft is not interrupted),
        todos=tuple(_todo(one, items) for one in waits.todo),
        deliveries=tuple(_delivery(line, items) for line in waits.deliver),
        tiles=tuple(_tiles()),
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


def _items_of(lines: list[CaseLine]) -> Items:
    station = node()
    with station.database.read() as tx:
        return listing.items_of(tx, station, lines)


def _name(line: CaseLine, items: Items) -> str:
    item = items.get((line.item, line.item_version))
    return speech.item_name(item) if item else line.item


def _todo(one: Todo, items: Items) -> p.TodoLine:
    url = url_for("cases.show", case=one.line.case)
    verb, label = _ACTIONS[one.why]
    action = p.Link(_(label), _act(one.line, verb))
    name = _name(one.line, items)
    return p.TodoLine(one.line.name, name, one.why, one.due, one.days_left, url, action)


def _act(line: CaseLine, verb: str) -> str:
    """Address of a case with one act unfolded."""
    return url_for("cases.show", case=line.case, act=verb, _anchor=f"act-{verb}")


def _delivery(line: CaseLine, items: Items) -> p.DeliveryLine:
    url = url_for("cases.show", case=line.case)
    action = p.Link(_("送达"), _act(line, "deliver"))
    number = line.official_number or speech.number(line.temporary_number)
    return p.DeliveryLine(line.name, _name(line, items), number, line.received_at, url, action)


def _cases(hits: list[FoundCase]) -> tuple[p.CaseHit, ...]:
    items = _items_of([hit.line for hit in hits])
    return tuple(_case(hit, items) for hit in hits)


def _case(hit: FoundCase, items: Items) -> p.CaseHit:
    line = hit.line
    return p.CaseHit(
        line.official_number or speech.number(line.temporary_number),
        line.name,
        _name(line, items),
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
        errors=_wrong(draft, item) if item else 0,
        discard_url=url_for("intake.ask_discard", draft=draft.id),
    )


def _item_of(draft: Draft) -> CatalogueItem | None:
    station = node()
    with station.database.read() as tx:
        try:
            return bundle_papers.find(station.catalogue(tx), draft.item)
        except NoCatalogue:
            return None


def _missing(draft: Draft, item: CatalogueItem) -> Iterable[str]:
    """Papers that nobody has ticked yet, as far as somebody must bring them."""
    filled = restored(item, draft.document)
    for material in filled.needed:
        asked = material.main or not material.shared
        if asked and not filled.text(f"materials.{material.no}.form"):
            yield speech.material_name(material)


def _tiles() -> Iterable[p.CountTile]:
    """Papers to hand on, bags that come here, results that wait."""
    station = node()
    coming = handover.count_incoming(station)
    yield p.CountTile(_("待转交"), handover.count_waiting(station), url_for("handover.index"))
    if coming:
        yield p.CountTile(_("要收的袋子"), coming, url_for("handover.index"))
    yield p.CountTile(_("待送达"), delivery.count(station), url_for("delivery.index"))


def _wrong(draft: Draft, item: CatalogueItem) -> int:
    """How many things typed so far are wrong; what is only missing yet is not."""
    problems = judging.check(restored(item, draft.document)).problems
    return sum(problem.pointer in _typed_at(draft) for problem in problems)


def _typed_at(draft: Draft) -> frozenset[str]:
    """Pointers of everything that somebody has typed."""
    applicant, agent = (read_map(draft.document.get(name)) for name in ("applicant", "agent"))
    form = read_map(draft.document.get("form"))
    families = {"applicant": applicant, "agent": agent, "form": form}
    return frozenset(f"/{family}/{name}" for family, given in families.items() for name in given)


def _only_here() -> p.OnlyHere:
    found = frame.now_standing()
    waiting = found.pressure.unsent
    carried = bool(found.waiting and not waiting.pending)
    url = url_for("upload.show")
    return p.OnlyHere(found.waiting, found.photos, waiting.oldest, url, carried=carried)
