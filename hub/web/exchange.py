"""Files for and from systems that the county cannot reach: 导出导入."""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for

from casework.places import Role
from casework.values import day_of
from hub.usecases import exchange_writing, exporting, importing_progress, reentering
from hub.usecases.exporting import Personal
from hub.usecases.importing_progress import Imported, Refused
from hub.usecases.reentering import ToEnter
from hub.usecases.unmasking import MAY_UNMASK
from hub.web.context import node, person
from node.errors import InvalidInput
from node.web import speech
from node.web.guard import for_roles, takes_files
from ui.i18n import gettext as _
from ui.i18n import marked
from ui.pages import ExchangePage, FieldError, Option, RefusedLine, ToEnterRow

blueprint = Blueprint("exchange", __name__)

DESK: Final = (Role.CLERK, Role.APPROVER)
"""Who may note what another system says (`casework.authority`, case.progressed)."""
_TO_MEND: Final = 422
_CSV: Final = ".csv"
_MIME: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_FORMATS: Final = (
    ("jsonl", marked("给程序读的(JSON Lines)")),
    ("csv", marked("表格(CSV)")),
)
Answer = Response | str | tuple[str, int]


@blueprint.get("/exchange")
@for_roles(*DESK)
def show() -> str:
    """What waits to be exported, and what must still be entered elsewhere."""
    return _page()


@blueprint.post("/exchange/export")
@for_roles(*DESK)
def export() -> Answer:
    """Answer with a file; the next one begins after it."""
    hub, form = node(), request.form.get("form", "jsonl")
    form = form if form in exchange_writing.FORMATS else "jsonl"
    wish = None
    if request.form.get("personal") == "yes":
        wish = Personal(account=person(), purpose=request.form.get("purpose", ""))
    try:
        made = exporting.export(hub, personal=wish)
    except InvalidInput as error:
        return _page(errors=tuple(_wrong(error, _("做什么用")))), _TO_MEND
    response = Response(exchange_writing.write(made, form), content_type=_MIME[form])
    name = f"cases-{day_of(hub.clock.now_ms())}-{made.cursor}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # What the browser does with it nobody knows; `--since` writes the same file again.
    exporting.confirm(hub, made)
    return response


@blueprint.post("/exchange/import")
@takes_files(exchange_writing.MOST_BYTES)
@for_roles(*DESK)
def take() -> Answer:
    """Take a file in, and say of each line that was refused why."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(errors=(FieldError("/file", _("文件"), _("先选一个文件。")),)), _TO_MEND
    is_csv = file.filename.lower().endswith(_CSV)
    try:
        done = importing_progress.import_file(node(), file.read(), is_csv=is_csv, account=person())
    except InvalidInput as error:
        return _page(errors=tuple(_wrong(error, _("文件")))), _TO_MEND
    return _page(done=tuple(_told(done)), refused=tuple(map(_refused, done.refused)))


def _wrong(error: InvalidInput, label: str) -> Iterator[FieldError]:
    for problem in error.errors:
        yield FieldError(problem.pointer, label, speech.message(problem))


def _told(done: Imported) -> Iterator[str]:
    yield _("读进来%(n)s行。", n=done.taken)
    if done.known:
        yield _("有%(n)s行以前读过。", n=done.known)


def _refused(one: Refused) -> RefusedLine:
    return RefusedLine(one.line, tuple(speech.message(problem) for problem in one.problems))


def _page(
    *,
    errors: tuple[FieldError, ...] = (),
    done: tuple[str, ...] = (),
    refused: tuple[RefusedLine, ...] = (),
) -> str:
    hub, account = node(), person()
    stand = exporting.standing(hub)
    found = reentering.waiting(hub, department=account.department, most=100)
    page = ExchangePage(
        export_url=url_for("exchange.export"),
        import_url=url_for("exchange.take"),
        waiting=stand.waiting,
        cursor=stand.cursor,
        may_see=account.role in MAY_UNMASK,
        formats=tuple(Option(code, _(label)) for code, label in _FORMATS),
        to_enter=tuple(map(_row, found)),
        done=done,
        refused=refused,
        purpose=request.form.get("purpose", ""),
        errors=errors,
    )
    return render_template("exchange.html", page=page)


def _row(one: ToEnter) -> ToEnterRow:
    line = one.line
    return ToEnterRow(
        number=line.official_number or speech.number(line.temporary_number),
        applicant=line.name,
        item=one.item_name,
        system=one.system,
        accepted_at=one.accepted_at,
        url=url_for("cases.show", case=line.case),
    )
