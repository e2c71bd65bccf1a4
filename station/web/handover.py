"""Papers that go on: what waits, bags packed here, bags counted here, the list P9."""

from collections.abc import Iterator, Mapping
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.catalogue import CatalogueItem
from casework.errors import ActRefused, FieldProblem, NumberRefused
from casework.numbering import TemporaryNumber, normalise
from casework.paper.movement import Bag as PrintedBag
from casework.paper.movement import BagLine, handover_sheet
from casework.places import PlaceKind
from casework.spoken import Text, plain
from casework.values import Fields, read_int
from node.runtime import here
from node.web import act_forms, names, speech
from node.web.guard import needs
from node.web.names import Names
from station.usecases import documents, handover
from station.usecases.handover import Bag, InBag, Packing, Waiting
from station.web import papers
from station.web.context import node, person
from ui import pages as p
from ui.i18n import gettext as _

blueprint = Blueprint("handover", __name__)

Answer = Response | str | tuple[str, int]
_TO_MEND: Final = 422


@blueprint.get("/handover")
@needs("case.handed_over")
def index() -> Answer:
    """What waits here to be handed on, and what is on its way here."""
    return _list(_Typed(bag=handover.new_bag(node()), carrier=person().name))


@blueprint.post("/handover")
@needs("case.handed_over")
def pack() -> Answer:
    """Tick one more case by its number, or pack the bag."""
    typed = _Typed.posted()
    if request.form.get("go") == "scan":
        return _scanned(typed)
    rows = {one.line.case: one for one in handover.waiting(node())}
    chosen = {case: _counts(case, rows[case]) for case in typed.cases if case in rows}
    me = here(node().identity())
    wish = Packing(number=typed.bag, to=me.parent, carrier=typed.carrier, lines=chosen)
    try:
        number = handover.pack(node(), wish, person())
    except ActRefused as refused:
        return _list(typed, errors=tuple(_error(one, rows) for one in refused.errors)), _TO_MEND
    return redirect(_bag_url(number, me.code, done="packed"), 303)


@blueprint.get("/handover/bag")
@needs("case.handover_received")
def bag() -> Answer:
    """One bag: its list, and where it goes to, how it is counted."""
    return _bag_page(_asked_bag())


@blueprint.post("/handover/bag")
@needs("case.handover_received")
def receive() -> Answer:
    """Count a bag in."""
    found = _asked_bag()
    missing = tuple(_uncounted(found))
    if missing:
        return _bag_page(found, errors=missing), _TO_MEND
    lines = {
        one.line.case: [_counted(one.line.case, row) for row in one.packed] for one in found.cases
    }
    remark = request.form.get("remark", "").strip()
    try:
        handover.receive(
            node(), found.number, found.from_place, lines, remark=remark, account=person()
        )
    except ActRefused as refused:
        errors = tuple(p.FieldError("", "", speech.message(one)) for one in refused.errors)
        return _bag_page(found, errors=errors), _TO_MEND
    return redirect(_bag_url(found.number, found.from_place, done="counted"), 303)


@blueprint.get("/handover/bag/print")
@needs("case.handover_received")
def sheet() -> Answer:
    """The list of a bag, P9, for both sides to sign."""
    found, known = _asked_bag(), _names()
    document = handover_sheet(
        PrintedBag(
            number=found.number,
            from_name=known.place(found.from_place),
            to_name=known.place(found.to_place),
            carrier=found.carrier,
            packed=_side(found.packed_by, found.from_place, known),
            opened=_side(found.opened_by, found.to_place, known) if found.opened_by else None,
            remark=found.remark,
        ),
        [_bag_line(one) for one in found.cases],
        station=documents.card(node()),
        handler=(person().name, person().login),
        printed_at=node().clock.now_ms(),
    )
    return papers.answer(document, _bag_url(found.number, found.from_place))


class _Typed:
    """What stands in the form of the list."""

    def __init__(self, *, bag: str, carrier: str, cases: tuple[str, ...] = ()) -> None:
        self.bag, self.carrier, self.cases = bag, carrier, cases
        self.posted_counts: Mapping[str, str] = {}

    @classmethod
    def posted(cls) -> "_Typed":
        """Read what was posted."""
        form = request.form
        made = cls(
            bag=form.get("bag", "").strip(),
            carrier=form.get("carrier", "").strip(),
            cases=tuple(dict.fromkeys(form.getlist("case"))),
        )
        made.posted_counts = form.to_dict()
        return made


def _scanned(typed: _Typed) -> Answer:
    """Tick the case whose receipt was scanned; a number that is not in the list is told."""
    wanted = _plain_number(request.form.get("scan", ""))
    for one in handover.waiting(node()):
        if wanted and wanted in {
            one.line.temporary_number,
            one.line.official_number,
            one.line.case,
        }:
            typed.cases = (*typed.cases, one.line.case)
            return _list(typed, scan_note=_("加上了:%(who)s", who=one.line.name))
    return _list(typed, scan_note=_("这个号不在待转交里。看看是不是已经装袋了。"))


def _plain_number(text: str) -> str:
    first = text.split(maxsplit=1)[0] if text.split() else ""
    try:
        return TemporaryNumber.parse(first).text
    except NumberRefused:
        return normalise(first)


def _list(typed: _Typed, *, scan_note: str = "", errors: tuple[p.FieldError, ...] = ()) -> str:
    known, me = _names(), here(node().identity())
    wrong = {error.pointer.removeprefix("/case/") for error in errors}
    page = p.HandoverPage(
        action=url_for("handover.pack"),
        to=known.place(me.parent) if me.parent else "",
        bag=typed.bag,
        carrier=typed.carrier,
        rows=tuple(
            _row(one, typed, opened=one.line.case in wrong) for one in handover.waiting(node())
        ),
        incoming=tuple(_bag_link(one, known) for one in handover.incoming(node())),
        packed=tuple(_bag_link(one, known) for one in handover.on_the_way(node())),
        scan_note=scan_note,
        errors=errors,
        receives=me.kind in {PlaceKind.TOWNSHIP, PlaceKind.COUNTY},
    )
    return render_template("movement/handover.html", page=page)


def _row(one: Waiting, typed: _Typed, *, opened: bool) -> p.PackRow:
    originals = sum(paper.originals for paper in one.papers)
    copies = sum(paper.copies for paper in one.papers)
    return p.PackRow(
        case=one.line.case,
        number=one.line.official_number or speech.number(one.line.temporary_number),
        applicant=one.line.name,
        item=speech.item_name(one.item) if one.item else one.line.item,
        url=url_for("cases.show", case=one.line.case),
        papers=tuple(
            _paper(one.line.case, paper.no, (paper.originals, paper.copies), one.item, typed)
            for paper in one.papers
        ),
        summary=_("原件%(one)s份,复印件%(two)s份", one=originals, two=copies),
        due=one.due.isoformat(),
        days_left=one.days_left,
        ticked=one.line.case in typed.cases,
        opened=opened,
    )


def _paper(
    case: str, no: int, counts: tuple[int, int], item: CatalogueItem | None, typed: _Typed
) -> p.PaperCount:
    first, second = f"{case}.{no}.originals", f"{case}.{no}.copies"
    return p.PaperCount(
        label=_label(no, item),
        name_originals=first,
        name_copies=second,
        originals=typed.posted_counts.get(first, str(counts[0])),
        copies=typed.posted_counts.get(second, str(counts[1])),
    )


def _label(no: int, item: CatalogueItem | None) -> str:
    material = item.material(no) if item else None
    return speech.material_name(material) if material else _("第%(no)s号材料", no=no)


def _counts(case: str, row: Waiting) -> list[dict[str, object]]:
    """Papers of a case that go into the bag; one that was counted to nothing stays here."""
    lines: list[dict[str, object]] = []
    for paper in row.papers:
        told = {
            kind: act_forms.number(request.form.get(f"{case}.{paper.no}.{kind}", "").strip())
            for kind in ("originals", "copies")
        }
        if any(count != 0 for count in told.values()):
            lines.append({"no": paper.no, **told})
    return lines


def _error(problem: FieldProblem, rows: Mapping[str, Waiting]) -> p.FieldError:
    family, case = [*problem.pointer.strip("/").split("/"), "", ""][:2]
    if family != "cases" or case not in rows:
        return p.FieldError(problem.pointer, _("袋号"), speech.message(problem))
    return p.FieldError(f"/case/{case}", rows[case].line.name, speech.message(problem))


# -- one bag ----------------------------------------------------------------------------------


def _asked_bag() -> Bag:
    wanted = request.values
    return handover.bag(node(), wanted.get("no", ""), wanted.get("from", ""))


def _bag_url(number: str, place: str, *, done: str | None = None) -> str:
    told = {"no": number, "from": place} | ({"done": done} if done else {})
    return url_for("handover.bag", **told)  # type: ignore[arg-type]  # values of the query


def _bag_link(one: Bag, known: Names) -> p.BagLink:
    mine = one.from_place == known.own
    return p.BagLink(
        number=one.number,
        place=known.place(one.to_place if mine else one.from_place),
        cases=len(one.cases),
        at=one.packed_by[1],
        url=_bag_url(one.number, one.from_place),
        carrier=one.carrier,
    )


def _bag_page(found: Bag, *, errors: tuple[p.FieldError, ...] = ()) -> str:
    known = _names()
    counts_here = found.to_place == known.own and found.opened_by is None
    opened, at = found.opened_by or ("", 0)
    done = {
        "packed": _("装好了。打印两份交接单,一份跟着袋子走。"),
        "counted": _("收下了。两边都看得到数到几份。"),
    }
    page = p.BagPage(
        number=found.number,
        from_place=known.place(found.from_place),
        to_place=known.place(found.to_place),
        carrier=found.carrier,
        packed_by=known.actor(found.packed_by[0], found.from_place),
        packed_at=found.packed_by[1],
        rows=tuple(_bag_row(one) for one in found.cases),
        back_url=url_for("handover.index"),
        print_url=url_for("handover.sheet", no=found.number, **{"from": found.from_place}),  # type: ignore[arg-type]  # values of the query
        action=url_for("handover.receive") if counts_here else "",
        hidden=(("no", found.number), ("from", found.from_place)),
        opened_by=known.actor(opened, found.to_place) if opened else "",
        opened_at=at,
        remark=request.form.get("remark", found.remark),
        errors=errors,
        done_note=done.get(request.args.get("done", ""), ""),
        differing=sum(1 for one in found.cases if one.differing),
    )
    return render_template("movement/bag.html", page=page)


def _bag_row(one: InBag) -> p.BagRow:
    return p.BagRow(
        case=one.line.case,
        number=one.line.official_number or speech.number(one.line.temporary_number),
        applicant=one.line.name,
        item=speech.item_name(one.item) if one.item else one.line.item,
        papers=tuple(_bag_paper(one, row) for row in one.packed),
        differs=bool(one.differing),
    )


def _bag_paper(one: InBag, row: Fields) -> p.PaperCount:
    no = read_int(row.get("no")) or 0
    name = f"{one.line.case}.{no}"
    there = next((r for r in one.counted if r.get("no") == no), {})
    return p.PaperCount(
        label=_label(no, one.item),
        name_originals=f"{name}.originals",
        name_copies=f"{name}.copies",
        originals=request.form.get(f"{name}.originals", ""),
        copies=request.form.get(f"{name}.copies", ""),
        packed=_said(row),
        counted=_said(there) if one.counted else "",
        differs=no in one.differing,
        tick=f"{name}.same",
        ticked=request.form.get(f"{name}.same") == "yes",
    )


def _said(row: Fields) -> str:
    counts = [read_int(row.get(name)) or 0 for name in ("originals", "copies")]
    return _("原件%(one)s份,复印件%(two)s份", one=counts[0], two=counts[1])


def _uncounted(found: Bag) -> Iterator[p.FieldError]:
    """Papers that were neither ticked nor counted."""
    for one in found.cases:
        for row in one.packed:
            no = read_int(row.get("no")) or 0
            name = f"{one.line.case}.{no}"
            typed = [request.form.get(f"{name}.{part}", "").strip() for part in _PARTS]
            if request.form.get(f"{name}.same") != "yes" and not all(map(_is_count, typed)):
                message = _("还没有数。一样就打勾,不一样写数到几份。")
                yield p.FieldError(f"/{name.replace('.', '/')}/same", _label(no, one.item), message)


_PARTS: Final = ("originals", "copies")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _counted(case: str, row: Fields) -> dict[str, object]:
    no = read_int(row.get("no")) or 0
    if request.form.get(f"{case}.{no}.same") == "yes":
        return {"no": no, **{part: row.get(part) for part in _PARTS}}
    told = {
        part: act_forms.number(request.form.get(f"{case}.{no}.{part}", "").strip())
        for part in _PARTS
    }
    return {"no": no, **told}


def _side(who: tuple[str, int], place: str, known: Names) -> tuple[str, int]:
    return known.actor(who[0], place), who[1]


def _bag_line(one: InBag) -> BagLine:
    return BagLine(
        case_number=one.line.official_number or one.line.temporary_number,
        item=Text(one.item.name, one.item.name_en or one.item.name)
        if one.item
        else plain(one.line.item),
        papers=tuple(_printed(row, one.item) for row in one.packed),
        counted=tuple(_printed(row, one.item) for row in one.counted),
    )


def _printed(row: Fields, item: CatalogueItem | None) -> tuple[Text, int, int, int]:
    no = read_int(row.get("no")) or 0
    material = item.material(no) if item else None
    name = Text(material.name, material.name_en or material.name) if material else plain(str(no))
    return name, read_int(row.get("originals")) or 0, read_int(row.get("copies")) or 0, 0


def _names() -> Names:
    with node().database.read() as tx:
        return names.load(tx, node(), node().identity_in(tx))
