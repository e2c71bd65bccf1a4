"""The catalogue at the county: versions, import, draft, approval by a second person, arrival."""

import io
from collections.abc import Callable
from typing import Final

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from casework import catalogue_sheet
from casework.places import Role
from casework.values import Value, day_of
from hub.usecases import catalogue_drafts as drafts
from hub.usecases import catalogue_requests
from hub.usecases.catalogue_drafts import Draft, Made
from hub.usecases.catalogue_requests import NewRequest
from hub.web import catalogue_pages as pages
from hub.web.context import node, person
from hub.web.frame import OFFICE
from node import workbook
from node.errors import InvalidInput, NotFound
from node.web import speech
from node.web.guard import for_roles, takes_files
from ui.i18n import gettext as _
from ui.pages import FieldError

blueprint = Blueprint("catalogue", __name__)

Answer = Response | str | tuple[str, int]
_TO_MEND: Final = 422
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ASKED: Final = ("kind", "items", "department", "proposer", "basis", "law_date", "told_on")
_PARTING: Final = str.maketrans("、,，;；", "     ")


@blueprint.get("/catalogue")
@for_roles(*OFFICE)
def index() -> Answer:
    """Versions, the draft that waits, what departments asked for."""
    page = pages.index(person(), done_note=_done())
    return render_template("catalogue/index.html", page=page)


@blueprint.get("/catalogue/template")
@for_roles(*OFFICE)
def template() -> Response:
    """A workbook to fill in, bare or with what is published."""
    document: dict[str, Value] = {}
    hub = node()
    if request.args.get("filled"):
        with hub.database.read() as tx:
            document = dict(drafts.published_part(hub, tx))
    data = workbook.write(catalogue_sheet.write(document))
    day = day_of(hub.clock.now_ms()).isoformat()
    name = f"catalogue-{hub.identity().place.code}-{day}.xlsx"
    return send_file(_stream(data), mimetype=_XLSX, as_attachment=True, download_name=name)


def _stream(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


@blueprint.post("/catalogue/import")
@takes_files(workbook.MAX_BYTES)
@for_roles(Role.ADMINISTRATOR)
def take() -> Answer:
    """Make a draft of a file; refused rows are told and nothing is kept."""
    given = request.files.get("file")
    if given is None or not given.filename:
        missing = FieldError("/file", _("文件"), _("先选一个文件。"))
        return _index(errors=(missing,))
    data = given.stream.read(workbook.MAX_BYTES + 1)
    return _made(lambda: drafts.import_file(node(), data, account=person()))


@blueprint.post("/catalogue/rollback/<int:version>")
@for_roles(Role.ADMINISTRATOR)
def roll_back(version: int) -> Answer:
    """Make a draft of an old version."""
    return _made(lambda: drafts.roll_back(node(), version, account=person()))


def _made(make: Callable[[], Made]) -> Answer:
    try:
        made = make()
    except InvalidInput as error:
        return _index(errors=_errors(error, _("文件"), at="/file"))
    if made.draft is None:
        return render_template(
            "catalogue/index.html", page=pages.index(person(), refused=made.given.problems)
        ), _TO_MEND
    return redirect(url_for("catalogue.draft", done="made"), 303)


def _index(*, errors: tuple[FieldError, ...], values: dict[str, str] | None = None) -> Answer:
    page = pages.index(person(), errors=errors, values=values)
    return render_template("catalogue/index.html", page=page), _TO_MEND


@blueprint.get("/catalogue/draft")
@for_roles(*OFFICE)
def draft() -> Answer:
    """The waiting draft against what is published."""
    page = pages.draft(_waiting(), person(), done_note=_done())
    return render_template("catalogue/draft.html", page=page)


@blueprint.post("/catalogue/draft/submit")
@for_roles(Role.ADMINISTRATOR)
def submit() -> Answer:
    """Hand one's own draft in."""
    note = request.form.get("note", "")
    return _decided(
        lambda waiting: drafts.submit(node(), waiting.id, note=note, account=person()),
        "submitted",
        _("说明"),
    )


@blueprint.post("/catalogue/draft/approve")
@for_roles(Role.ADMINISTRATOR)
def approve() -> Answer:
    """Approve somebody else's draft: it is published."""
    return _decided(
        lambda waiting: drafts.approve(node(), waiting.id, account=person()),
        "published",
        _("审核"),
        to="catalogue.index",
    )


@blueprint.post("/catalogue/draft/return")
@for_roles(Role.ADMINISTRATOR)
def send_back() -> Answer:
    """Send a draft back to its author."""
    reason = request.form.get("reason", "")
    return _decided(
        lambda waiting: drafts.send_back(node(), waiting.id, reason=reason, account=person()),
        "returned",
        _("理由"),
    )


def _decided(
    act: Callable[[Draft], Draft], done: str, label: str, *, to: str = "catalogue.draft"
) -> Answer:
    waiting = _waiting()
    try:
        act(waiting)
    except InvalidInput as error:
        errors, typed = _errors(error, label), request.form.to_dict()
        page = pages.draft(waiting, person(), errors=errors, typed=typed)
        return render_template("catalogue/draft.html", page=page), _TO_MEND
    address: Callable[..., str] = url_for
    return redirect(address(to, done=done), 303)


def _waiting() -> Draft:
    """The draft that waits.

    Raises:
        NotFound: there is none any more.
    """
    found = drafts.waiting(node())
    if found is None:
        raise NotFound("catalogue_draft", "")
    return found


def _errors(error: InvalidInput, label: str, *, at: str = "") -> tuple[FieldError, ...]:
    return tuple(FieldError(one.pointer or at, label, speech.message(one)) for one in error.errors)


@blueprint.get("/catalogue/versions/<int:version>/arrival")
@for_roles(*OFFICE)
def arrival(version: int) -> Answer:
    """Which stations have a version, those behind first."""
    return render_template("catalogue/arrival.html", page=pages.arrival(version))


@blueprint.post("/catalogue/requests")
@for_roles(Role.ADMINISTRATOR)
def note() -> Answer:
    """Keep what a department asks for."""
    typed = {name: request.form.get(name, "").strip() for name in _ASKED}
    codes = typed["items"].translate(_PARTING).split()
    rest = {name: text for name, text in typed.items() if name != "items"}
    new = NewRequest(items=codes, **rest)
    try:
        catalogue_requests.note(node(), new, account=person())
    except InvalidInput as error:
        return _index(errors=_errors(error, _("部门提的调整")), values=typed)
    return redirect(url_for("catalogue.index", done="noted"), 303)


def _done() -> str:
    told = {
        "made": _("草稿做好了。看一遍改了什么,再交审核。"),
        "submitted": _("已经交审核。要另一位管理员来审核、公布。"),
        "returned": _("已经退回。写草稿的人改好可以再交。"),
        "published": _("已经公布。各站下次联上就会收到。"),
        "noted": _("记下了。"),
    }
    return told.get(request.args.get("done", ""), "")
