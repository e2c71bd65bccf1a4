"""P2: who applies, who stands here, and what the item asks besides (`intake/person.html`)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import url_for

from casework import intake_warnings, masking
from casework.catalogue import FormField as Question
from casework.ids import IdNumber, IdNumberRefused, Sex
from casework.intake_reading import FIRM, PICKUPS
from casework.wording import problem
from node.web import speech
from station.usecases.people import Known
from station.web import labels, steps
from station.web.filled import Filled, Step
from ui import words
from ui.i18n import gettext as _
from ui.pages import (
    Duplicate,
    FieldError,
    FieldKind,
    FormField,
    IdReadBack,
    KnownPerson,
    Option,
    PersonPage,
)

_CITIZEN: Final = frozenset({"", "resident_id", "temporary_id", "household_book"})
_WIDTHS: Final = {"digits": 20, "integer": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a page of a draft.

    Attributes:
        today: the day at this station.
        places: code → name, of where an applicant may live.
        photos: number of a material → ids of its photos.
        back_to: where the page leads when it was opened to change one thing; else empty.
    """

    draft: str
    reached: str
    saved_at: int
    today: date
    places: Mapping[str, str]
    photos: Mapping[int, Sequence[str]]
    back_to: str = ""

    def action(self, step: Step) -> str:
        """Where the form of a page posts to."""
        return url_for(f"intake.{step}", draft=self.draft, then=self.back_to or None)


def build(  # noqa: PLR0913  # what stands on the page comes from so many sides
    filled: Filled,
    around: Around,
    villages: Sequence[Option],
    *,
    errors: tuple[FieldError, ...] = (),
    duplicate: Duplicate | None = None,
    known: Known | None = None,
    handlings: Sequence[Option] = (),
) -> PersonPage:
    """Lay out the page.

    Args:
        filled: what was typed.
        around: of the draft.
        villages: where the applicant may live, the likeliest first.
        errors: what was wrong.
        duplicate: a case that may be the same thing.
        known: what this station knows of the person.
        handlings: other townships that may handle it.
    """
    return PersonPage(
        steps=steps.bar(Step.PERSON, filled.item.code, around.draft, reached=around.reached),
        action=around.action(Step.PERSON),
        back_url=url_for("intake.item", code=filled.item.code, draft=around.draft),
        item=speech.item_name(filled.item),
        values=_values(filled, villages),
        applicant_kinds=filled.item.subjects,
        divisions=tuple(villages),
        handlings=tuple(handlings),
        pickups=tuple(Option(code, words.word(code, "pickup")) for code in PICKUPS),
        questions=tuple(_question(field, filled) for field in filled.item.form),
        errors=errors,
        read_back=read_back(filled, around.today),
        duplicate=duplicate,
        saved_at=around.saved_at,
        known=_offer(known, filled, around) if known else None,
        warnings=warnings(filled),
    )


def _offer(known: Known, filled: Filled, around: Around) -> KnownPerson | None:
    """What is offered: only what is not typed already."""
    told = (
        ("name", masking.name(known.name)),
        ("phone", masking.phone(known.phone)),
        ("address", known.address),
        ("division", around.places.get(known.division, "")),
    )
    rows = [
        (labels.label(f"applicant.{name}"), text)
        for name, text in told
        if text and filled.text(f"applicant.{name}") != getattr(known, name)
    ]
    return KnownPerson(tuple(rows), known.at) if rows else None


def warnings(filled: Filled) -> tuple[str, ...]:
    """What should be looked at again of a firm; stops nobody."""
    typed = filled.text("applicant.uscc")
    if not _is_firm(filled) or not typed or intake_warnings.fits(typed):
        return ()
    return (speech.message(problem("/applicant/id_no", "uscc_check")),)


def unanswered(filled: Filled) -> tuple[FieldError, ...]:
    """What the page itself asks before it lets go on: who stands here."""
    if filled.text("agent.present"):
        return ()
    message = _("还没有选今天谁来办。问一下,再选。")
    return (FieldError("/agent/present", labels.label("agent.present"), message),)


def read_back(filled: Filled, today: date) -> IdReadBack | None:
    """What the identity number says, once it is right."""
    if filled.text("applicant.id_type") not in _CITIZEN or _is_firm(filled):
        return None
    with suppress(IdNumberRefused):
        number = IdNumber.parse(filled.text("applicant.id_no"), today=today)
        return IdReadBack(
            number.born.isoformat(),
            female=number.sex is Sex.FEMALE,
            age=_age(number.born, today),
        )
    return None


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _is_firm(filled: Filled) -> bool:
    return filled.text("applicant.kind") == FIRM


def _values(filled: Filled, villages: Sequence[Option]) -> dict[str, str]:
    """What was typed; before anything was, the likeliest place and way."""
    likely = {
        "applicant.kind": filled.item.subjects[0],
        "applicant.division": villages[0].value if villages else "",
        "pickup": PICKUPS[0],
    }
    begun = "applicant.kind" in filled.typed
    return dict(filled.typed) if begun else likely | dict(filled.typed)


def _question(field: Question, filled: Filled) -> FormField:
    name = f"form.{field.name}"
    kind = FieldKind.CHECKBOX if field.kind == "truth" else FieldKind.TEXT
    return FormField(
        name,
        speech.question(field),
        kind,
        filled.text(name),
        required=field.required,
        width=_WIDTHS.get(field.kind, 0),
    )
