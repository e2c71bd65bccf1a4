"""The cases of this station: the list, one case, and the acts on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import acts as rules
from casework.catalogue import CatalogueItem
from casework.errors import ActRefused
from casework.facts import VERBS
from casework.spoken import Text
from casework.values import day_of
from node import acting, casefile, photographs
from node.acting import Wish
from node.casefile import Sight
from node.errors import LowSpace, NotAnImage, StaleView, TooManyPhotos
from node.photographs import Listed, Whereabouts
from node.runtime import here
from node.web import act_forms, case_view, names, speech, ties
from node.web.act_forms import Subject
from node.web.case_view import Around, Shown
from node.web.guard import needs
from station.usecases import delivery, photos
from station.web import again, done_page, list_page, prints, uploads
from station.web.context import node, person
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import ActForm, FieldError, Photo

blueprint = Blueprint("cases", __name__)

Answer = Response | str | tuple[str, int]
_TO_MEND: Final = 422
_TOLD: Final = frozenset({Whereabouts.CLEARED, Whereabouts.MISSING, Whereabouts.RETAKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case with what may be done on it.

    Attributes:
        verbs: acts that this person may do here now.
        seen: its newest operation.
    """

    shown: Shown
    subject: Subject
    verbs: tuple[str, ...]
    seen: str

    @property
    def case(self) -> str:
        """The ULID of the case."""
        return self.shown.file.line.case


@blueprint.get("/cases")
@needs("case.received")
def index() -> Answer:
    """The cases of this station, the newest first."""
    return render_template("cases.html", page=list_page.build(request.args))


@blueprint.get("/cases/<case>")
@needs("case.received")
def show(case: str) -> Answer:
    """One case."""
    opened = open_case(case)
    done = VERBS.get(request.args.get("done", ""))
    note = _("已经办好:%(act)s", act=said(Text(done.title_zh, done.title_en))) if done else ""
    return page(opened, _forms(opened), note=note)


@blueprint.get("/cases/<case>/done")
@needs("case.received")
def done(case: str) -> Answer:
    """The end of an intake; may be asked for again at any time."""
    return render_template("intake/done.html", page=done_page.build(open_case(case).shown))


@blueprint.post("/cases/<case>/acts")
@needs("case.received")
def act(case: str) -> Answer:
    """Do one act, or say what is in its way with everything typed still there."""
    verb = request.form.get("fact", "")
    try:
        wish = _wish(verb)
        if verb == "deliver":
            return _delivered(case, wish)
        acting.act_seen(node(), case, wish, person())
    except ActRefused as refused:
        return _again(open_case(case), verb, refused)
    except StaleView:
        return _changed(open_case(case), verb)
    return _photo(case, verb) or redirect(url_for("cases.show", case=case, done=verb), 303)


def _delivered(case: str, wish: Wish) -> Answer:
    """Deliver, with the photo of the slip of the post where there is one."""
    file = request.files.get("photo")
    proof = file.read() if file is not None and file.filename else None
    try:
        delivery.deliver(node(), case, wish, person(), proof=proof)
    except NotAnImage as error:
        errors = (uploads.unreadable("/photo", error),)
        return page(open_case(case), _forms(open_case(case), wish.verb, errors)), _TO_MEND
    except (LowSpace, TooManyPhotos) as error:
        return page(open_case(case), (), note=uploads.unreadable("/photo", error).message)
    return redirect(url_for("cases.show", case=case, done=wish.verb), 303)


def _wish(verb: str) -> Wish:
    posted = request.form.to_dict()
    fields = act_forms.read(verb, posted) if verb in act_forms.KINDS else {}
    return Wish(verb=verb, fields=fields, seen=posted.get("seen", ""))


def _photo(case: str, verb: str) -> Answer | None:
    """Keep the photo that came with an act; one that cannot be read is told, the act stands."""
    file = request.files.get("photo")
    if file is None or not file.filename:
        return None
    number = request.form.get("no", "")
    if not (number.isascii() and number.isdigit()):
        return None  # the act stands; of which paper this would be a photo nobody has said
    try:
        photos.attach(node(), case, int(number), file.read(), person())
    except (LowSpace, NotAnImage, TooManyPhotos) as error:
        opened = open_case(case)
        errors = (uploads.unreadable("/photo", error),)
        return page(opened, _forms(opened, verb, errors)), _TO_MEND
    return None


def _again(opened: Opened, verb: str, refused: ActRefused) -> Answer:
    problems = tuple(
        FieldError(_pointer(p.pointer), _label(opened, verb, p.pointer), speech.message(p))
        for p in refused.errors
    )
    return page(opened, _forms(opened, verb, problems)), _TO_MEND


def _changed(opened: Opened, verb: str) -> Answer:
    message = _("这一件刚才有变化。看一下办理经过,还要办就再按一次。")
    errors = (FieldError("", "", message),)
    return page(opened, _forms(opened, verb, errors)), 412


def _pointer(pointer: str) -> str:
    """A line of papers is named by its number on the page, by its place in the document."""
    parts = pointer.split("/")
    numbers = [row["no"] for row in act_forms.read_lines(request.form.to_dict())]
    if (
        parts[1:2] == ["lines"]
        and parts[2:]
        and parts[2].isdigit()
        and int(parts[2]) < len(numbers)
    ):
        parts[2] = str(numbers[int(parts[2])])
    return "/".join(parts)


def _label(opened: Opened, verb: str, pointer: str) -> str:
    name = _pointer(pointer).strip("/").replace("/", ".")
    kind = act_forms.KINDS.get(verb)
    fields = kind.ask(opened.subject) if kind else ()
    return next((field.label for field in fields if field.name == name), "")


def _forms(
    opened: Opened, verb: str = "", errors: tuple[FieldError, ...] = ()
) -> tuple[ActForm, ...]:
    action = url_for("cases.act", case=opened.case)
    posted: Mapping[str, str] = request.form.to_dict()
    verbs = (*opened.verbs, verb) if errors else opened.verbs
    offered = act_forms.offered(verbs, opened.subject)
    return tuple(
        act_forms.form(
            name,
            opened.subject,
            action=action,
            seen=opened.seen,
            posted=posted if name == verb else None,
            errors=errors if name == verb else (),
            opened=name == request.args.get("act"),
        )
        for name in offered
    )


def page(opened: Opened, forms: tuple[ActForm, ...], *, note: str = "") -> str:
    """The page of a case, with what may be done on it."""
    shown = opened.shown
    around = Around(
        back_url=url_for("cases.index"),
        related=ties.links(node(), shown.file.record),
        documents=prints.links(opened.case, shown.case) if shown.item else (),
        unmask_url=url_for("unmasking.ask", case=opened.case),
    )
    further = again.offer(opened.case, shown.case)
    built = case_view.build(shown, (*forms, *further), around, done_note=note)
    return render_template("case.html", page=built)


def _photos(case: str, item: CatalogueItem | None) -> dict[int, tuple[Photo, ...]]:
    """Photos that can be shown here, or could once, by the number of their paper."""
    found: dict[int, tuple[Photo, ...]] = {}
    for photo in photographs.list_photos(node(), case):
        taken = found.get(photo.material, ())
        if photo.here or photo.where in _TOLD:
            found[photo.material] = (*taken, _photo_of(case, photo, item, len(taken) + 1))
    return found


def _photo_of(case: str, photo: Listed, item: CatalogueItem | None, n: int) -> Photo:
    material = item.material(photo.material) if item else None
    name = speech.material_name(material) if material else str(photo.material)
    label = _("%(paper)s,第%(n)s张", paper=name, n=n)
    if not photo.here:
        return Photo(label, "", "", state=photo.where.value)
    return Photo(
        label,
        url_for("photos.of_case", case=case, photo=photo.attachment),
        url_for("photos.of_case", case=case, photo=photo.attachment, size="thumb"),
    )


def open_case(reference: str) -> Opened:
    """Everything that the page of a case shows.

    Raises:
        CaseUnknown: there is no such case here.
    """
    station, account = node(), person()
    with station.database.read() as tx:
        me, at = station.identity_in(tx), station.moment(tx)
        file = casefile.show(tx, me, acting.find_case(tx, reference), sight=Sight.MASKED)
        item = acting.item_of(tx, station, file.record.state)
        case = acting.measured(file.record, item)
        file = replace(file, record=replace(file.record, state=case))
        ctx = acting.context(tx, station, me, at, item=item, account=account)
        known = names.load(tx, station, me)
        shown = Shown(
            file=file,
            item=item,
            known=known,
            calendar=ctx.clock.calendar,
            today=day_of(at.now),
            photos=_photos(file.line.case, item),
        )
    return Opened(
        shown=shown,
        subject=Subject(case=case, item=item, place=here(me), known=known),
        verbs=rules.possible(case, ctx),
        seen=acting.newest(file.record),
    )
