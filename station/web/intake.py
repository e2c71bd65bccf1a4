"""Taking in a case: four pages, each kept as a draft on this computer before the next is shown."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import masking
from casework.errors import IntakeRefused
from casework.rare_signs import NoSuchSign
from casework.values import day_of
from node import acting
from node.errors import CaseUnknown, NotFound
from node.web import names, speech
from node.web.guard import needs
from station.usecases import drafts, guides, intake, reusing
from station.web import (
    check_page,
    duplicates,
    item_page,
    judging,
    materials_page,
    offering,
    person_page,
    promising,
    uploads,
)
from station.web.context import node, person
from station.web.desk import Draft, open_draft, open_item
from station.web.filled import Filled, Step
from station.web.steps import page_url
from ui import preferences
from ui.pages import Duplicate, FieldError

blueprint = Blueprint("intake", __name__)

Answer = Response | str | tuple[str, int]
Errors = tuple[FieldError, ...]
_TO_MEND: Final = 422
_ENDINGS: Final = frozenset({"next", *promising.ENDINGS})


@blueprint.get("/items/<code>")
@needs("case.received")
def item(code: str) -> Answer:
    """P1: what the item asks and promises."""
    desk = open_item(code)
    draft = request.args.get("draft", "")
    page = item_page.build(
        desk.item,
        desk.mode,
        version=desk.version,
        published_on=desk.published_on,
        draft=draft,
        today=day_of(node().clock.now_ms()),
        news=guides.news(node(), code, account=person()),
        successor=guides.successor(node(), desk.item),
    )
    return render_template("intake/item.html", page=page)


@blueprint.post("/items/<code>/read/<int:version>")
@needs("case.received")
def read(code: str, version: int) -> Answer:
    """This helper has read what changed in an item."""
    guides.mark_read(node(), code, version, account=person())
    return redirect(url_for("intake.item", code=code), 303)


@blueprint.post("/items/<code>")
@needs("case.received")
def begin(code: str) -> Answer:
    """Begin an intake, or go on with the one from which the item was looked up."""
    draft = request.args.get("draft") or _begin(code)
    return redirect(page_url(Step.PERSON, draft), 303)


def _begin(code: str) -> str:
    desk = open_item(code)
    filled = Filled(desk.item, {}, desk.channel)
    return drafts.save(
        node(), draft=None, item=code, step=Step.PERSON, document=filled.kept, account=person()
    )


@blueprint.get("/drafts/<draft>")
@needs("case.received")
def resume(draft: str) -> Answer:
    """Go on where the draft was left."""
    found = drafts.get(node(), draft)
    step = found.step if found.step in set(Step) else Step.PERSON
    return redirect(page_url(step, draft), 303)


@blueprint.get("/drafts/<draft>/person", endpoint="person")
@needs("case.received")
def show_person(draft: str) -> Answer:
    """P2: who applies."""
    found = open_draft(draft)
    return _person(found, _errors(found, Step.PERSON) if "judge" in request.args else ())


@blueprint.post("/drafts/<draft>/person")
@needs("case.received")
def post_person(draft: str) -> Answer:
    """Keep P2, judge it, say what may be the same matter, go on."""
    found = _keep(draft, Step.PERSON)
    try:
        found = _helped(found)
    except NoSuchSign as error:
        return _person(found, (offering.no_such_sign(error),)), _TO_MEND
    return _stay(Step.PERSON, draft) or _judge_person(found)


def _helped(found: Draft) -> Draft:
    """With what the page was asked to put in: signs by their code points, what is known already.

    Raises:
        NoSuchSign: a code point is no sign of a name.
    """
    rare, filled = request.form.get(offering.RARE, "").strip(), found.filled
    if rare:
        filled = offering.spelt(filled, rare)
    if request.form.get("go") == "known":
        filled = offering.taken_over(filled)
    return found.saved(filled, Step.PERSON) if filled is not found.filled else found


def _judge_person(found: Draft) -> Answer:
    errors = _errors(found, Step.PERSON)
    if errors:
        return _person(found, errors), _TO_MEND
    return _same_matter(found) or _on(found, Step.MATERIALS)


def _same_matter(found: Draft) -> Answer | None:
    """What is in the way because a case may be the same matter; None: nothing is."""
    filled = found.filled
    checked = judging.check(filled)
    if not checked.duplicates or duplicates.settled(filled):
        return None
    if filled.text(duplicates.CHOICE) == duplicates.SAME:
        return redirect(url_for("cases.show", case=checked.duplicates[0].case), 303)
    station = node()
    with station.database.read() as tx:
        known = names.load(tx, station, station.identity_in(tx))
    card = duplicates.card(filled, checked, known)
    return _person(found, duplicates.unanswered(filled), card)


def _person(found: Draft, errors: Errors = (), duplicate: Duplicate | None = None) -> str:
    page = person_page.build(
        found.filled,
        found.around,
        found.desk.villages,
        errors=errors,
        duplicate=duplicate,
        known=offering.known(found.filled),
        handlings=found.desk.handlings,
    )
    return render_template("intake/person.html", page=page)


@blueprint.get("/drafts/<draft>/materials", endpoint="materials")
@needs("case.received")
def show_materials(draft: str) -> Answer:
    """P3: which papers were taken."""
    found = open_draft(draft)
    return _materials(found, _errors(found, Step.MATERIALS) if "judge" in request.args else ())


@blueprint.post("/drafts/<draft>/materials")
@needs("case.received")
def post_materials(draft: str) -> Answer:
    """Keep P3 with its photos, judge it, go on."""
    _keep(draft, Step.MATERIALS)
    unread = uploads.take(draft)
    found = open_draft(draft)
    if unread:
        return _materials(found, unread), _TO_MEND
    stay = _stay(Step.MATERIALS, draft)
    errors = () if stay else _errors(found, Step.MATERIALS)
    if errors:
        return _materials(found, errors), _TO_MEND
    return stay or _on(found, Step.CHECK)


def _materials(found: Draft, errors: Errors = ()) -> str:
    filled = found.filled
    earlier = reusing.earlier(
        node(),
        filled.item,
        filled.text("applicant.id_no"),
        refiled_from=filled.text("refiled_from"),
    )
    page = materials_page.build(found.filled, found.around, earlier=earlier, errors=errors)
    return render_template("intake/materials.html", page=page)


@blueprint.get("/drafts/<draft>/check", endpoint="check")
@needs("case.received")
def show_check(draft: str) -> Answer:
    """P4: everything once more."""
    found = open_draft(draft)
    return _back(found) or _check(found)


@blueprint.post("/drafts/<draft>/check")
@needs("case.received")
def finish(draft: str) -> Answer:
    """Take the case in; sent twice, it is one case and the same page both times."""
    with suppress(NotFound):
        found = _keep(draft, Step.CHECK)
        return _stay(Step.CHECK, draft) or _back(found) or _finish(found)
    return _already(draft)


def _finish(found: Draft) -> Answer:
    errors = promising.unsaid(found.filled, request.form.get("go", ""))
    if errors:
        return _check(found, errors), _TO_MEND
    filled = promising.chosen(found.filled, request.form.get("go", ""))
    try:
        opened = intake.open_case(node(), filled.document, account=person(), draft=found.id)
    except IntakeRefused:
        return _back(found) or (_check(found), _TO_MEND)
    if opened.bundle:
        return redirect(url_for("matters.show", matter=opened.bundle), 303)
    return redirect(url_for("cases.done", case=opened.case), 303)


def _already(draft: str) -> Answer:
    """The case that a draft became: it has the draft's id.

    Raises:
        NotFound: the draft was discarded.
    """
    try:
        with node().database.read() as tx:
            acting.find_case(tx, draft)
    except CaseUnknown as error:
        raise NotFound("draft", draft) from error
    return redirect(url_for("cases.done", case=draft), 303)


def _check(found: Draft, errors: Errors = ()) -> str:
    filled, judged = found.filled, judging.judge(found.filled)
    saying = check_page.Saying(
        statements=promising.statements(filled, judged),
        terms=promising.terms(filled, judged.outcome),
        may_doubt=found.desk.mode is not None,
    )
    page = check_page.build(filled, found.around, judged, saying=saying, errors=errors)
    return render_template("intake/check.html", page=page)


def _back(found: Draft) -> Response | None:
    """To the page on which something is wrong, if it is not this last one."""
    for step in (Step.PERSON, Step.MATERIALS):
        if _errors(found, step):
            where: Callable[..., str] = url_for
            return redirect(where(f"intake.{step}", draft=found.id, judge=1, then="check"), 303)
    return None


@blueprint.get("/drafts/<draft>/discard")
@needs("case.received")
def ask_discard(draft: str) -> Answer:
    """Ask whether the draft is to go; leaving it is the other, easier way."""
    found = open_draft(draft)
    return render_template(
        "intake/discard.html",
        page=None,
        item=speech.item_name(found.desk.item),
        applicant=masking.name(materials_page.applicant_name(found.filled)),
        draft_url=url_for("intake.resume", draft=draft),
        action=url_for("intake.discard", draft=draft),
    )


@blueprint.post("/drafts/<draft>/discard")
@needs("case.received")
def discard(draft: str) -> Answer:
    """Throw the draft and its photos away."""
    drafts.discard(node(), draft)
    return redirect(url_for("home.show"), 303)


def _keep(draft: str, step: Step) -> Draft:
    """Keep a posted page before anything is judged."""
    found = open_draft(draft)
    return found.saved(found.filled.posted(step, request.form.items()), step)


def _stay(step: Step, draft: str) -> Response | None:
    """The same page again, where that was the wish: another language, a draft kept, a photo."""
    wish, go = preferences.asked(), request.form.get("go", "next")
    if not wish and go in _ENDINGS:
        return None
    row = go.split(":")[1] if ":" in go else ""
    where: Callable[..., str] = url_for
    anchor = f"paper-{row}" if row.isdigit() else None
    back = redirect(
        where(f"intake.{step}", draft=draft, then=request.args.get("then"), _anchor=anchor), 303
    )
    return preferences.remember(back, wish) if wish else back


def _on(found: Draft, step: Step) -> Response:
    """To the next page, or back to the check when one thing was to be changed."""
    then = Step.CHECK if found.around.back_to else step
    found.saved(found.filled, then)
    return redirect(page_url(then, found.id), 303)


def _errors(found: Draft, step: Step) -> Errors:
    asked = person_page.unanswered(found.filled) if step is Step.PERSON else ()
    return (*judging.errors(found.filled, step), *asked)
