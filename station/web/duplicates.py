"""A case that may be the same matter: shown once beside the new one, never in its way."""

from flask import url_for

from casework import masking
from node.web import speech
from node.web.names import Names
from station.usecases.intake import Checked
from station.usecases.intake import Duplicate as Found
from station.web import labels, materials_page
from station.web.filled import Filled
from ui.i18n import gettext as _
from ui.pages import Duplicate, ExistingCase, FieldError, Option

CHOICE, REASON = "duplicate.choice", "duplicate.reason"
SAME, OTHER = "same", "other"


def settled(filled: Filled) -> bool:
    """Whether the person has said, with a reason, that it is another matter."""
    return filled.text(CHOICE) == OTHER and bool(filled.text(REASON))


def card(filled: Filled, checked: Checked, known: Names) -> Duplicate:
    """The card that shows both."""
    return Duplicate(
        current=(
            (_("办什么"), speech.item_name(filled.item)),
            (_("谁"), materials_page.applicant_name(filled)),
            (_("在哪里"), known.place(known.own)),
        ),
        existing=tuple(_existing(case, filled, known) for case in checked.duplicates),
        compared_until=checked.compared_until,
        reasons=_reasons(),
        choice=filled.text(CHOICE),
        reason=filled.text(REASON),
    )


def unanswered(filled: Filled) -> tuple[FieldError, ...]:
    """What is still to be said; nothing while the card is shown for the first time."""
    if filled.text(CHOICE) == OTHER and not filled.text(REASON):
        message = _("选一个理由,县里核对时看得到。")
        return (FieldError("/duplicate/reason", labels.label(REASON), message),)
    return ()


def _existing(found: Found, filled: Filled, known: Names) -> ExistingCase:
    return ExistingCase(
        number=speech.number(found.temporary_number),
        item=speech.item_name(filled.item),
        applicant=masking.name(found.name),
        id_no=masking.id_no(found.id_no),
        station=known.place(found.station),
        at=found.received_at,
        state=found.state,
        url=url_for("cases.show", case=found.case),
    )


def _reasons() -> tuple[Option, ...]:
    return (
        Option("again", _("上一件没办成,重新办")),
        Option("renewal", _("到了新的一期,再办一次")),
        Option("different", _("办的内容不一样")),
    )
