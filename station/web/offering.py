"""What is known of a person, taken over by one key; and signs that no keyboard types."""

from casework.ids import IdNumber, IdNumberRefused
from casework.rare_signs import NoSuchSign, spelled
from station.usecases import people
from station.usecases.people import Known
from station.web import labels
from station.web.context import node
from station.web.filled import Filled
from ui.i18n import gettext as _
from ui.pages import FieldError

RARE = "applicant.rare"


def known(filled: Filled) -> Known | None:
    """What this station knows of whose number was typed; nothing while the number is not right."""
    typed = filled.text("applicant.id_no")
    try:
        IdNumber.parse(typed)
    except IdNumberRefused:
        return None
    return people.known(node(), typed)


def taken_over(filled: Filled) -> Filled:
    """With what is known of the person, wherever nothing else was typed."""
    found = known(filled)
    if found is None:
        return filled
    told = {"name": found.name, "phone": found.phone, "address": found.address}
    blank = {f"applicant__{n}": t for n, t in told.items() if not filled.text(f"applicant.{n}")}
    return filled.having(**blank, applicant__division=found.division)


def spelt(filled: Filled, typed: str) -> Filled:
    """With the signs of these code points in the name.

    Raises:
        NoSuchSign: one of them is no sign of a name.
    """
    return filled.having(applicant__name=spelled(filled.text("applicant.name"), typed))


def no_such_sign(error: NoSuchSign) -> FieldError:
    """What is said of a code point that is no sign of a name."""
    told = _("“%(code)s”不是汉字的编码,要像 4DAE 这样。", code=error.typed)
    return FieldError("/applicant/rare", labels.label(RARE), told)
