"""The pages of a department's desk: its lists, and signing in with a look at every paper."""

from collections.abc import Iterator, Mapping
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import paper_trail
from casework.errors import ActRefused, FieldProblem
from casework.places import Role
from casework.values import read_int, read_text
from hub.usecases import desk as usecase
from hub.usecases.desk import Queue, Verdict, Waiting
from hub.web import dossier
from hub.web.context import Desk, desk, node, person
from hub.web.dossier import Dossier
from node import acting
from node.errors import StaleView
from node.web import speech
from node.web.guard import for_roles
from ui import pages as p
from ui import words
from ui.i18n import gettext as _
from ui.i18n import marked

blueprint = Blueprint("desk", __name__)

Answer = Response | str | tuple[str, int]
_TO_MEND, _STALE = 422, 412
_TITLES: Final[Mapping[Queue, str]] = {
    Queue.SIGN_IN: marked("待签收"),
    Queue.REVIEW: marked("待审"),
    Queue.SPECIAL: marked("特殊环节中"),
    Queue.DECIDE: marked("待决定"),
    Queue.ISSUE: marked("待出件"),
    Queue.DELIVERY: marked("送达情况"),
}
_NEXT: Final[Mapping[Queue, tuple[str, str]]] = {
    Queue.SIGN_IN: ("sign_in", marked("核对签收")),
    Queue.REVIEW: ("review", marked("审核")),
    Queue.SPECIAL: ("end_special", marked("看环节")),
    Queue.DECIDE: ("decide", marked("决定")),
    Queue.ISSUE: ("issue", marked("出件")),
    Queue.DELIVERY: ("archive", marked("看看")),
}


@blueprint.get("/desk")
@for_roles(Role.APPROVER)
def index() -> Answer:
    """One list of the desk."""
    return render_template("desk/list.html", page=_list(_asked()))


@blueprint.post("/desk/sign-in")
@for_roles(Role.APPROVER)
def batch() -> Answer:
    """Sign in what needs no further look."""
    chosen = dict(pair.partition(" ")[::2] for pair in request.form.getlist("case"))
    done, left = usecase.sign_in_all(node(), chosen, person())
    told = _("签收了%(done)s件。", done=len(done))
    told += _("%(left)s件要点开核对。", left=len(left)) if left else ""
    return render_template("desk/list.html", page=_list(Queue.SIGN_IN, note=told))


@blueprint.get("/desk/<case>/sign-in")
@for_roles(Role.APPROVER)
def look(case: str) -> Answer:
    """Hold every paper against what was sent."""
    return _look(dossier.open_case(node(), case, person()))


@blueprint.post("/desk/<case>/sign-in")
@for_roles(Role.APPROVER)
def sign_in(case: str) -> Answer:
    """Note what was found and take the case over."""
    opened = dossier.open_case(node(), case, person())
    seen = request.form.get("seen", "")
    try:
        usecase.sign_in(node(), case, dict(_verdicts(opened)), person(), seen=seen)
    except ActRefused as refused:
        errors = tuple(_error(one, opened) for one in refused.errors)
        return _look(opened, errors), _TO_MEND
    except StaleView:
        message = _("这一件刚才有变化。看一下再签收。")
        return _look(opened, (p.FieldError("", "", message),)), _STALE
    return redirect(url_for("cases.show", case=case, done="sign_in"), 303)


def _asked() -> Queue:
    text = request.args.get("list", "")
    return Queue(text) if text in set(Queue) else Queue.SIGN_IN


def _list(queue: Queue, *, note: str = "") -> p.DeskPage:
    hub, around = node(), desk(node())
    counts = usecase.counts(hub, person())
    rows = tuple(_row(one, queue, around) for one in usecase.listing(hub, person(), queue))
    address = url_for("desk.index")
    return p.DeskPage(
        department=person().department,
        tabs=tuple(
            p.QueueTab(
                _(title), f"{address}?list={each.value}", counts[each], current=each is queue
            )
            for each, title in _TITLES.items()
        ),
        title=_(_TITLES[queue]),
        rows=rows,
        as_of=around.now,
        batch_url=url_for("desk.batch") if any(row.tick for row in rows) else "",
        done_note=note,
    )


def _row(one: Waiting, queue: Queue, around: Desk) -> p.DeskRow:
    line = one.line
    verb, label = _NEXT[queue]
    shown = url_for("cases.show", case=line.case, act=verb, _anchor=f"act-{verb}")
    to_look = url_for("desk.look", case=line.case)
    return p.DeskRow(
        case=line.case,
        number=line.official_number or speech.number(line.temporary_number),
        applicant=line.name,
        item=speech.item_name(one.item) if one.item else line.item,
        station=around.known.place(line.station) or _("不清楚"),
        url=url_for("cases.show", case=line.case),
        action=p.Link(_(label), to_look if queue is Queue.SIGN_IN else shown),
        due=one.due.isoformat() if one.due else "",
        days_left=one.days_left,
        statutory=one.statutory.isoformat() if one.statutory else "",
        statutory_left=one.statutory_left,
        notes=tuple(_notes(one, queue)),
        tick=f"{line.case} {_seen(line.case)}"
        if queue is Queue.SIGN_IN and not one.unchecked
        else "",
    )


def _seen(case: str) -> str:
    with node().database.read() as tx:
        return acting.newest(acting.load(tx, acting.find_case(tx, case)))


def _notes(one: Waiting, queue: Queue) -> Iterator[str]:
    if queue is Queue.SIGN_IN and one.unchecked:
        yield _("%(n)s份材料要核对", n=len(one.unchecked))
    if queue is Queue.SIGN_IN and not one.paper_here:
        yield _("纸还没到")
    if queue in {Queue.REVIEW, Queue.DECIDE} and one.needed:
        yield _("审核%(have)s个,要%(needed)s个", have=one.reviews, needed=one.needed)
    if one.steps_left:
        yield _("还有环节:%(steps)s", steps="、".join(_step(one, k) for k in one.steps_left))
    if one.until:
        yield _("环节到%(day)s", day=one.until)
    if queue is Queue.DELIVERY:
        yield words.word(one.line.state, "delivery")


def _step(one: Waiting, kind: str) -> str:
    steps = one.item.special_steps if one.item else ()
    return next((step.name for step in steps if step.kind == kind), words.word(kind, "step"))


# -- signing in -----------------------------------------------------------------------------------


def _look(opened: Dossier, errors: tuple[p.FieldError, ...] = ()) -> str:
    shown = opened.shown
    case, item = shown.case, shown.item
    unseen = paper_trail.unchecked(case)
    around = dossier.page(opened, ())
    page = p.SignInDeskPage(
        applicant=shown.file.line.name,
        item=around.item,
        number=around.official_number or around.number,
        action=url_for("desk.sign_in", case=shown.file.line.case),
        back_url=url_for("desk.index"),
        seen=opened.seen,
        papers=tuple(_paper(no, opened) for no in unseen),
        choices=(p.Option("ok", _("可以")), p.Option("rejected", _("不行"))),
        checked=tuple(
            _name(no, opened) for no in sorted(case.in_hand) if paper_trail.check_of(case, no)
        ),
        paper_note=""
        if item and _is_paper_here(opened)
        else _("纸还没到县里。先看照片,纸到了再签收。"),
        errors=errors,
    )
    return render_template("desk/sign_in.html", page=page)


def _is_paper_here(opened: Dossier) -> bool:
    places = {paper.place for paper in paper_trail.papers(opened.shown.case)} - {""}
    return all(place == opened.ctx.place.code for place in places)


def _paper(no: int, opened: Dossier) -> p.PaperLook:
    line = opened.shown.case.map(f"material.{no}")
    material = opened.shown.item.material(no) if opened.shown.item else None
    return p.PaperLook(
        no=no,
        name=_name(no, opened),
        form=read_text(line.get("form")) or "",
        copies=read_int(line.get("copies")) or 0,
        photos=opened.shown.photos.get(no, ()),
        criteria=material.criteria if material else "",
        chosen=request.form.get(f"papers.{no}", ""),
        reason=request.form.get(f"papers.{no}.reason", ""),
    )


def _name(no: int, opened: Dossier) -> str:
    material = opened.shown.item.material(no) if opened.shown.item else None
    return speech.material_name(material) if material else str(no)


def _verdicts(opened: Dossier) -> Iterator[tuple[int, Verdict]]:
    for no in paper_trail.unchecked(opened.shown.case):
        said = request.form.get(f"papers.{no}", "")
        reason = request.form.get(f"papers.{no}.reason", "").strip()
        if said in {"ok", "rejected"}:
            yield no, Verdict(said == "ok", reason if said == "rejected" else "")


def _error(problem: FieldProblem, opened: Dossier) -> p.FieldError:
    parts = problem.pointer.split("/")
    label = _name(int(parts[2]), opened) if parts[1:2] == ["papers"] else ""
    return p.FieldError(problem.pointer, label, speech.message(problem))
