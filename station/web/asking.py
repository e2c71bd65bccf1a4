"""首问登记: who asked about an item, whom he asked first, and what is still owed an answer."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from casework import masking
from node.errors import InvalidInput
from node.web import names, speech
from node.web.guard import needs
from station.usecases import asking
from station.usecases.asking import Asked
from station.web.context import node, person
from station.web.desk import open_item
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import AskedLine, AskedPage, FieldError, Link

blueprint = Blueprint("asking", __name__)
_TO_MEND = 422
_FIELDS = ("question", "phone", "referred_to", "later")
_LABELS = {"/question": marked("问什么"), "/phone": marked("怎么找他(电话)")}
Answer = Response | str | tuple[str, int]
Errors = tuple[FieldError, ...]


@blueprint.get("/items/<code>/asked")
@needs("case.received")
def ask(code: str) -> str:
    """Where it is written down that somebody asks about an item."""
    return _page(code)


@blueprint.post("/items/<code>/asked")
@needs("case.received")
def note(code: str) -> Answer:
    """Write down who asked, and hand out the one-time notice."""
    said = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        asking.note(node(), code, said, account=person())
    except InvalidInput as error:
        errors = tuple(
            FieldError(p.pointer, _(_LABELS.get(p.pointer, "")), speech.message(p))
            for p in error.errors
        )
        return _page(code, said, errors), _TO_MEND
    return redirect(url_for("papers.notice", code=code), 303)


@blueprint.get("/asked")
@needs("case.received")
def show() -> str:
    """Who asked; what is owed an answer stands first."""
    return _page("")


def _page(code: str, said: dict[str, str] | None = None, errors: Errors = ()) -> str:
    station = node()
    with station.database.read() as tx:
        staff = names.load(tx, station, station.identity_in(tx)).staff
        items = {c: speech.item_name(i) for c, i in station.catalogue(tx).items.items()}
    item_url = url_for("intake.item", code=code) if code else ""
    page = AskedPage(
        lines=tuple(_line(one, items, staff) for one in asking.asked(station)),
        back=Link(_("上一页"), item_url) if code else Link(_("回首页"), url_for("home.show")),
        item=speech.item_name(open_item(code).item) if code else "",
        action=url_for("asking.note", code=code) if code else "",
        values=said,
        errors=errors,
    )
    return render_template("asked.html", page=page)


@blueprint.post("/asked/<name>/answered")
@needs("case.received")
def answer(name: str) -> Response:
    """An owed answer was given."""
    asking.answer(node(), name, account=person())
    return redirect(url_for("asking.show"), 303)


def _line(one: Asked, items: Mapping[str, str], staff: Mapping[str, str]) -> AskedLine:
    owed = bool(one.due) and one.answered_at is None
    return AskedLine(
        at=one.at,
        item=items.get(one.item, one.item),
        question=one.question,
        who=staff.get(one.account, one.account),
        due=one.due,
        phone=one.phone if owed else masking.phone(one.phone),
        referred_to=one.referred_to,
        answered_at=one.answered_at,
        answer_url=url_for("asking.answer", name=one.id) if owed else "",
    )
