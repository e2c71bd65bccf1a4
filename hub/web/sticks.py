"""Files of sticks and heads of day sheets at the county's desk."""

from collections.abc import Iterator

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.places import Role
from casework.values import day_of
from crypto.errors import CryptoError
from hub.usecases import day_sheets, sticks
from hub.usecases.day_sheets import Entered
from hub.usecases.sticks import Read
from hub.web.context import desk, node
from node.errors import ForeignFile, NotFound
from node.files import writing
from node.problems import problem_of
from node.web import context, stick_words
from node.web.guard import for_roles, takes_files
from sync.errors import NewerVersion, RemoteSyncError
from sync.head import Mistyped
from ui.i18n import gettext as _
from ui.pages import FieldError, HeadResult, SticksPage

blueprint = Blueprint("sticks", __name__)

_TO_MEND = 422
_REPLY = "reply.stick"
_DESK = (Role.CLERK, Role.ADMINISTRATOR)
Answer = str | tuple[str, int]


@blueprint.get("/sticks")
@for_roles(*_DESK)
def show() -> str:
    """Where files are taken in, and letters typed."""
    return _page()


@blueprint.post("/sticks/read")
@takes_files(stick_words.MOST_BYTES)
@for_roles(*_DESK)
def read() -> Answer:
    """Take files in, write the answers, and say what came of it."""
    files = stick_words.given()
    if not files:
        missing = FieldError("/file", _("文件"), _("先选一个文件。"))
        return _page(errors=(missing,)), _TO_MEND
    hub = node()
    try:
        with writing(hub.directory.spool / _REPLY) as answers:
            found = sticks.read(hub, files, answers)
    except (ForeignFile, NewerVersion) as error:
        told = problem_of(error, context.language())
        wrong = FieldError("/file", _("文件"), f"{told.title}{told.detail}")
        return _page(errors=(wrong,)), _TO_MEND
    return _page(
        done=tuple(_told(found)),
        notes=stick_words.notes(found.brought),
        reply_url=url_for("sticks.reply"),
    )


@blueprint.get("/sticks/reply")
@for_roles(*_DESK)
def reply() -> Response:
    """The answers to the last file, to be taken back."""
    hub = node()
    path = hub.directory.spool / _REPLY
    if not path.exists():
        raise NotFound("file", _REPLY)
    day = day_of(hub.clock.now_ms()).isoformat()
    name = f"bangban-{hub.identity().place.code}-{day}-reply.stick"
    return stick_words.download(path.absolute(), name)


@blueprint.post("/sticks/head")
@for_roles(*_DESK)
def head() -> Answer:
    """Take the letters of a day sheet."""
    text = request.form.get("text", "")
    try:
        found = day_sheets.enter(node(), text)
    except (RemoteSyncError, CryptoError) as error:
        wrong = FieldError("/text", _("字母"), _wrong(error))
        return _page(text=text, errors=(wrong,)), _TO_MEND
    return _page(head=_result(found))


def _wrong(error: Exception) -> str:
    if isinstance(error, Mistyped) and error.lines:
        lines = "、".join(str(line) for line in error.lines)
        return _("第 %(lines)s 行没有输对,对照纸上再看一遍。", lines=lines)
    if isinstance(error, Mistyped):
        return _("字母多了或者少了,从第一行起再对一遍。")
    told = problem_of(error, context.language())
    return f"{told.title}{told.detail}"


def _told(found: Read) -> Iterator[str]:
    brought = found.brought
    yield _("读好了。新收下 %(n)s 条记录。", n=brought.operations)
    if brought.duplicate:
        yield _("有 %(n)s 批以前收过,没有重复。", n=brought.duplicate)
    yield _("回执里有 %(n)s 个站点的答复。把它存回U盘带回去。", n=found.replied.answers)


def _result(found: Entered) -> HeadResult:
    device = found.device
    name = device.name or desk(node()).known.place(device.station)
    return HeadResult(
        name, found.seq, found.claimed_at, found.state.value, device.unsent, device.missing
    )


def _page(  # noqa: PLR0913  # the parts of the page
    *,
    done: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    reply_url: str = "",
    head: HeadResult | None = None,
    text: str = "",
    errors: tuple[FieldError, ...] = (),
) -> str:
    page = SticksPage(
        url_for("sticks.read"),
        url_for("sticks.head"),
        url_for("stations.index"),
        done=done,
        notes=notes,
        reply_url=reply_url,
        head=head,
        text=text,
        errors=errors,
    )
    return render_template("sticks.html", page=page)
