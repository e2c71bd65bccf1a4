"""Photos that a page sends: each is kept at once; one that cannot be read is told at its row."""

from collections.abc import Iterator

from flask import request
from werkzeug.datastructures import FileStorage

from node.errors import LowSpace, NodeError, NotAnImage, TooManyPhotos
from node.problems import problem_of
from node.web import context
from station.usecases import drafts
from station.web.context import node, person
from ui.i18n import gettext as _
from ui.pages import FieldError


def take(draft: str) -> tuple[FieldError, ...]:
    """Keep every photo that came with P3, and let go the one that is to be taken again."""
    act, _colon, rest = request.form.get("go", "").partition(":")
    if act == "drop":
        drafts.remove_photo(node(), draft, rest.partition(":")[2])
    found = [_keep(draft, no, file) for no, file in _files()]
    return tuple(error for error in found if error)


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
