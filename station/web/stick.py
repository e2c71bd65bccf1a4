"""U盘: everything that waits into a file, and a file that came back read in."""

import tempfile
from collections.abc import Iterator

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from casework.values import day_of
from node.errors import ForeignFile, NotFound
from node.files import writing
from node.problems import problem_of
from node.stick_export import Room, is_parent
from node.web import context, stick_words
from node.web.guard import needs, takes_files
from station.usecases import standing, sticks
from station.usecases.sticks import Read
from station.web.context import node
from sync.errors import NewerVersion
from ui.i18n import gettext as _
from ui.pages import FieldError, StickPage

blueprint = Blueprint("stick", __name__)

_TO_MEND = 422
_REPLY = "reply.stick"
Answer = str | Response | tuple[str, int]


@blueprint.get("/stick")
@needs("case.received")
def show() -> str:
    """Both ways on one page."""
    return _page()


@blueprint.post("/stick/save")
@needs("case.received")
def save() -> Response:
    """Write everything that the county is not known to hold, and hand it out."""
    station = node()
    # Closed, and gone with that, when the answer has been sent.
    file = tempfile.TemporaryFile(dir=station.directory.spool)  # noqa: SIM115
    sticks.export(station, file, Room(photos=request.form.get("photos") == "yes"))
    file.seek(0)
    return stick_words.download(file, _name("up"))


@blueprint.post("/stick/read")
@takes_files(stick_words.MOST_BYTES)
@needs("case.received")
def read() -> Answer:
    """Take a file in, and say what it brought."""
    files = stick_words.given()
    if not files:
        missing = FieldError("/file", _("文件"), _("先选一个文件。"))
        return _page(errors=(missing,)), _TO_MEND
    station = node()
    before = standing.standing(station).waiting
    try:
        with writing(station.directory.spool / _REPLY) as answers:
            found = sticks.read(station, files, answers)
    except (ForeignFile, NewerVersion) as error:
        told = problem_of(error, context.language())
        wrong = FieldError("/file", _("文件"), f"{told.title}{told.detail}")
        return _page(errors=(wrong,)), _TO_MEND
    replied = found.replied is not None and found.replied.answers > 0
    return _page(
        done=tuple(_told(found, before)),
        notes=stick_words.notes(found.brought),
        reply_url=url_for("stick.reply") if replied else "",
    )


@blueprint.get("/stick/reply")
@needs("case.received")
def reply() -> Response:
    """The answers to the last file, for whom it came from."""
    path = node().directory.spool / _REPLY
    if not path.exists():
        raise NotFound("file", _REPLY)
    return stick_words.download(path.absolute(), _name("reply"))


def _name(what: str) -> str:
    station = node()
    day = day_of(station.clock.now_ms()).isoformat()
    return f"bangban-{station.identity().place.code}-{day}-{what}.stick"


def _told(found: Read, before: int) -> Iterator[str]:
    now = standing.standing(node()).waiting
    confirmed = max(before - now, 0)
    yield _("读好了。县里新确认 %(n)s 件,还有 %(left)s 件等着。", n=confirmed, left=now)
    if found.brought.operations:
        yield _("新来了 %(n)s 条记录。", n=found.brought.operations)
    if found.brought.duplicate and not found.brought.imported:
        yield _("这个文件里的办件以前读过,没有重复。")


def _page(
    *,
    done: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    reply_url: str = "",
    errors: tuple[FieldError, ...] = (),
) -> str:
    station = node()
    stand = standing.standing(station)
    page = StickPage(
        url_for("stick.save"),
        url_for("stick.read"),
        url_for("upload.show"),
        stand.waiting,
        stand.photos,
        answers=is_parent(station.identity()),
        done=done,
        notes=notes,
        reply_url=reply_url,
        errors=errors,
    )
    return render_template("stick.html", page=page)
