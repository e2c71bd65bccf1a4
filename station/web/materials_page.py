"""P3: which papers were taken, with their photos (`intake/materials.html`)."""

from collections.abc import Sequence

from flask import url_for

from casework import masking
from casework.catalogue import CatalogueItem, Material
from casework.counter_acts import PROOF
from casework.intake_rules import may_promise
from node.web import speech
from station.usecases.reusing import Earlier
from station.web import labels, steps
from station.web.filled import Filled, Step
from station.web.person_page import Around
from ui import filters
from ui.i18n import gettext as _
from ui.pages import FieldError, MaterialsPage, Option, PaperRow, Photo


def build(
    filled: Filled,
    around: Around,
    *,
    earlier: Sequence[Earlier] = (),
    errors: tuple[FieldError, ...] = (),
) -> MaterialsPage:
    """Lay out the page.

    Args:
        filled: what was typed.
        around: of the draft.
        earlier: photos of the same person that may serve again.
        errors: what was wrong.
    """
    rows = [_row(material, filled, around, earlier) for material in filled.needed]
    if filled.text("agent.present") == "agent":
        rows.append(_letter(filled, around))
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


def _row(
    material: Material, filled: Filled, around: Around, earlier: Sequence[Earlier]
) -> PaperRow:
    taken = around.photos.get(material.no, ())
    at = f"materials.{material.no}"
    name = speech.material_name(material)
    return PaperRow(
        material.no,
        name,
        speech.need(material),
        forms(material, filled.item),
        form=filled.text(f"{at}.form"),
        copies=filled.text(f"{at}.copies") or 1,  # type: ignore[arg-type]  # a wrong one stays as typed
        original_seen=filled.text(f"{at}.original_seen") == "yes",
        photos=tuple(_photo(around.draft, photo, material, n) for n, photo in enumerate(taken, 1)),
        hint=_hint(material),
        earlier=tuple(_again(one) for one in earlier if one.material == material.no),
        criteria=material.criteria,
        sample=material.sample,
        defect=filled.text(f"{at}.defect"),
        cure=filled.text(f"{at}.cure"),
        reused=filled.text(f"{at}.reused_from"),
    )


def _letter(filled: Filled, around: Around) -> PaperRow:
    """The letter of entrustment: on no item's list, but photographed like a paper."""
    name = labels.label("agent.entrustment")
    signed = filled.text("agent.entrustment") == "yes"
    taken = around.photos.get(PROOF, ())
    return PaperRow(
        PROOF,
        name,
        "required",
        (),
        photos=tuple(
            _picture(around.draft, photo, PROOF, _("%(paper)s,第%(n)s张", paper=name, n=n))
            for n, photo in enumerate(taken, 1)
        ),
        hint=_("签好了,拍下来。") if signed else _("还没签。受理后打印,签了字再拍。"),
    )


def _again(one: Earlier) -> Option:
    """A photo that may serve again, by what it was taken for."""
    item = speech.item_name(one.item) if one.item else ""
    when = filters.short_when(one.taken_at)
    return Option(one.name, _("用%(when)s办《%(item)s》拍的那张", when=when, item=item))


def _photo(draft: str, photo: str, material: Material, n: int) -> Photo:
    label = _("%(paper)s,第%(n)s张", paper=speech.material_name(material), n=n)
    return _picture(draft, photo, material.no, label)


def _picture(draft: str, photo: str, no: int, label: str) -> Photo:
    """A photo of a draft, which can be let go and taken again."""
    return Photo(
        label,
        url_for("photos.of_draft", draft=draft, photo=photo),
        url_for("photos.of_draft", draft=draft, photo=photo, size="thumb"),
        drop=f"drop:{no}:{photo}",
    )


def forms(material: Material, item: CatalogueItem) -> tuple[str, ...]:
    """The ways in which a paper may be given."""
    more = (("shared", material.shared), ("promised", may_promise(material, item)))
    return ("original", "copy", "electronic", *(form for form, allowed in more if allowed))


def _hint(material: Material) -> str:
    if material.shared and not material.main:
        return _("县里能调到,没带也行。")
    return _("可以后补。") if material.deficiency_ok else ""
