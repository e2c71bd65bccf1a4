"""What ties a case to elsewhere: numbers of other systems, and another place that handles it."""

from casework import crossing, external
from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.places import county_of
from casework.spoken import Text
from node.web.names import Names
from ui.filters import said
from ui.i18n import gettext as _
from ui.pages import DutyLine, Outside, OutsideNumber


def of(case: CaseState, item: CatalogueItem | None, known: Names) -> Outside:
    """Lay out numbers elsewhere, and who of two places does what."""
    station, handling = case.text("station"), case.text("handling")
    shared = crossing.is_shared(station, handling)
    return Outside(
        numbers=tuple(OutsideNumber(*pair) for pair in external.numbers_of(case)),
        to_enter=item.external_system if item and external.lacks_number(case, item) else "",
        receiving=known.place(station) if shared else "",
        handling=_handling(handling, known) if shared else "",
        duties=tuple(_duty(duty) for duty in crossing.DUTIES) if shared else (),
    )


def _handling(code: str, known: Names) -> str:
    return known.place(code) or _("外县 %(code)s", code=county_of(code)[:6])


def _duty(duty: crossing.Duty) -> DutyLine:
    return DutyLine(*(said(text) if text.zh else "" for text in _texts(duty)))


def _texts(duty: crossing.Duty) -> tuple[Text, Text, Text]:
    return duty.step, duty.receiving, duty.handling
