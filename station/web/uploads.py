"""Photos that a page sends: each is kept at once; one that cannot be read is told at its row."""

from collections.abc import Iterator

from flask import request
from werkzeug.datastructures import FileStorage

from node.errors import LowSpace, NodeError, NotAnImage, NotFound, TooManyPhotos
from node.problems import problem_of
from node.web import context
from station.usecases import drafts, reusing
from station.web.context import node, person
from ui.i18n import gettext as _
from ui.pages import FieldError


def take(draft: str) -> tuple[FieldError, ...]:
    """Keep every photo that came with P3, and let go the one that is to be taken again."""
    act, _colon, rest = request.form.get("go", "").partition(":")
    if act == "drop":
        drafts.remove_photo(node(), draft, rest.partition(":")[2])
    found = [_keep(draft, no, file) for no, file in _files()]
    found += [_again(draft, no, name) for no, name in _ticked()]
    return tuple(error for error in found if error)


def _again(draft: str, no: int, name: str) -> FieldError | None:
    """Let a photo of today serve again; one that has gone meanwhile is told."""
    try:
        reusing.take(node(), draft, no, name, person())
    except (LowSpace, NotFound, TooManyPhotos) as error:
        return unreadable(f"/materials/{no}/reuse", error)
    return None


def _ticked() -> Iterator[tuple[int, str]]:
    for name, chosen in request.form.items(multi=True):
        family, _dot, rest = name.partition(".")
        number, _dot, last = rest.partition(".")
        if family == "materials" and last == "reuse" and number.isdigit() and chosen:
            yield int(number), chosen


def _keep(draft: str, no: int, file: FileStorage) -> FieldError | None:
    try:
        drafts.add_photo(node(), draft, no, file.read(), person())
    except (LowSpace, NotAnImage, TooManyPhotos) as error:
        return unreadable(f"/materials/{no}/photo", error)
    return None


def unreadable(pointer: str, error: NodeError) -> FieldError:
    """What is said of a file that is no photo, or is not taken now."""
    problem = problem_of(error, context.language())
    return FieldError(pointer, _("拍照"), f"{problem.title}{problem.detail}")


def _files() -> Iterator[tuple[int, FileStorage]]:
    for name, file in request.files.items(multi=True):
        family, _dot, rest = name.partition(".")
        number = rest.partition(".")[0]
        if family == "materials" and number.isdigit() and file.filename:
            yield int(number), file
