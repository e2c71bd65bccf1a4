"""Photos of papers, of drafts and of cases, whole or small."""

from io import BytesIO
from typing import Final

from flask import Blueprint, Response, request
from PIL import Image

from node import photographs
from node.web.guard import needs
from station.usecases import drafts
from station.web.context import node

blueprint = Blueprint("photos", __name__)
_THUMB: Final = (192, 192)


@blueprint.get("/drafts/<draft>/photos/<photo>")
@needs("case.received")
def of_draft(draft: str, photo: str) -> Response:
    """A photo of a draft."""
    return _answer(drafts.photo(node(), draft, photo))


@blueprint.get("/cases/<case>/photos/<photo>")
@needs("case.received")
def of_case(case: str, photo: str) -> Response:
    """A photo of a case."""
    return _answer(photographs.read(node(), case, photo).image)


def _answer(image: bytes) -> Response:
    small = request.args.get("size") == "thumb"
    response = Response(_thumb(image) if small else image, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    return response


def _thumb(image: bytes) -> bytes:
    """Small enough for a list; the bytes are our own JPEG, made when the photo was taken."""
    with Image.open(BytesIO(image), formats=("JPEG",)) as opened:
        opened.draft("RGB", _THUMB)
        opened.thumbnail(_THUMB)
        written = BytesIO()
        opened.save(written, "JPEG", quality=75)
    return written.getvalue()
