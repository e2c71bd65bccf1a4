"""Photos of papers at the county: shown to those whose item it is, each look on record."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, url_for

from casework.catalogue import CatalogueItem
from hub.usecases import unmasking
from hub.web.context import node, person
from node.photographs import Listed, Whereabouts
from node.web import speech
from node.web.guard import for_roles
from ui.i18n import gettext as _
from ui.pages import Photo

blueprint = Blueprint("photos", __name__)
_STATES: Final = {Whereabouts.MISSING: "asked", Whereabouts.RETAKEN: "retaken"}


@blueprint.get("/cases/<case>/photos/<attachment>")
@for_roles(*unmasking.MAY_UNMASK)
def of_case(case: str, attachment: str) -> Response:
    """A photo of a case; the look is recorded before."""
    picture = unmasking.see_photo(node(), case, attachment, account=person())
    response = Response(picture.image, mimetype=picture.mime)
    response.headers["Content-Disposition"] = "inline"
    return response


def labelled(case: str, found: Sequence[Listed], item: CatalogueItem | None) -> list[Photo]:
    """Name photos by their paper and number; what has not arrived has no address."""
    counted: Counter[int] = Counter()
    named = []
    for photo in found:
        counted[photo.material] += 1
        material = item.material(photo.material) if item else None
        name = speech.material_name(material) if material else str(photo.material)
        label = _("%(paper)s,第%(n)s张", paper=name, n=counted[photo.material])
        there = url_for("photos.of_case", case=case, attachment=photo.attachment)
        url = there if photo.here else ""
        named.append(Photo(label, url, url, state=_STATES.get(photo.where, "coming")))
    return named


def by_material(
    case: str, found: Sequence[Listed], item: CatalogueItem | None
) -> dict[int, tuple[Photo, ...]]:
    """The photos of a case by the number of their paper."""
    papers: dict[int, tuple[Photo, ...]] = {}
    for one, photo in zip(found, labelled(case, found, item), strict=True):
        papers[one.material] = (*papers.get(one.material, ()), photo)
    return papers
