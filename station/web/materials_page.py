"""P3: which papers were taken, with their photos (`intake/materials.html`)."""

from flask import url_for

from casework import masking
from casework.catalogue import Material
from node.web import speech
from station.web import steps
from station.web.filled import Filled, Step
from station.web.person_page import Around
from ui.i18n import gettext as _
from ui.pages import FieldError, MaterialsPage, PaperRow, Photo


def build(filled: Filled, around: Around, *, errors: tuple[FieldError, ...] = ()) -> MaterialsPage:
    """Lay out the page."""
    rows = [_row(material, filled, around) for material in filled.needed]
    return MaterialsPage(
        steps=steps.bar(Step.MATERIALS, filled.item.code, around.draft, reached=around.reached),
        action=around.action(Step.MATERIALS),
        back_url=url_for("intake.person", draft=around.draft),
        item=speech.item_name(filled.item),
        applicant=masking.name(applicant_name(filled)),
        rows=tuple(rows),
        errors=errors,
        saved_at=around.saved_at,
    )


def applicant_name(filled: Filled) -> str:
    """The applicant as typed, a person or a firm."""
    firm = filled.text("applicant.kind") == "legal"
    return filled.text("applicant.organisation" if firm else "applicant.name")


def _row(material: Material, filled: Filled, around: Around) -> PaperRow:
    taken = around.photos.get(material.no, ())
    at = f"materials.{material.no}"
    name = speech.material_name(material)
    return PaperRow(
        material.no,
        name,
        speech.need(material),
        forms(material),
        form=filled.text(f"{at}.form"),
        copies=filled.text(f"{at}.copies") or 1,  # type: ignore[arg-type]  # a wrong one stays as typed
        original_seen=filled.text(f"{at}.original_seen") == "yes",
        photos=tuple(_photo(around.draft, photo, material, n) for n, photo in enumerate(taken, 1)),
        hint=_hint(material),
    )


def _photo(draft: str, photo: str, material: Material, n: int) -> Photo:
    """A photo of a draft, which can be let go and taken again."""
    return Photo(
        _("%(paper)s,第%(n)s张", paper=speech.material_name(material), n=n),
        url_for("photos.of_draft", draft=draft, photo=photo),
        url_for("photos.of_draft", draft=draft, photo=photo, size="thumb"),
        drop=f"drop:{material.no}:{photo}",
    )


def forms(material: Material) -> tuple[str, ...]:
    """The ways in which a paper may be given."""
    more = (("shared", material.shared), ("promised", material.promise_ok))
    return ("original", "copy", "electronic", *(form for form, allowed in more if allowed))


def _hint(material: Material) -> str:
    if material.shared and not material.main:
        return _("县里能调到,没带也行。")
    return _("可以后补。") if material.deficiency_ok else ""
