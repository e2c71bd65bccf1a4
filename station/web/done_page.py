"""The end of an intake: the number, the day, what lacks, and what is to be printed."""

from datetime import date

from flask import url_for

from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.values import read_int, read_text
from node.web import speech
from node.web.case_view import Shown
from station.web import prints
from ui.i18n import gettext as _
from ui.pages import DonePage, IntakeKind, MissingPaper


def build(shown: Shown) -> DonePage:
    """Lay out the confirmation of a case; told anew from the case, so it can be asked for again."""
    line, case = shown.file.line, shown.case
    received = case.map("received")
    kind = read_text(received.get("kind")) or IntakeKind.RECEIVED.value
    return DonePage(
        number=speech.number(line.temporary_number),
        kind=IntakeKind(kind),
        item=speech.item_name(shown.item) if shown.item else line.item,
        applicant=line.name,
        at=read_int(received.get("at")) or line.received_at,
        transport=line.transport.value,
        due=line.due,
        due_estimated=_estimated(case),
        missing=_missing(case, shown.item),
        documents=prints.links(line.case, case) if shown.item else (),
        to_sign=prints.to_sign(case),
        case_url=url_for("cases.show", case=line.case),
        next_url=url_for("home.show"),
    )


def _estimated(case: CaseState) -> bool:
    promises = (case.map(name) for name in case.values if name.startswith("promise."))
    return any(promise.get("estimated") is True for promise in promises)


def _missing(case: CaseState, item: CatalogueItem | None) -> tuple[MissingPaper, ...]:
    """Papers still to come, where a day was set for them."""
    last: date | None = case.deficiency_deadline
    materials = item.materials if item else ()
    return tuple(
        MissingPaper(speech.material_name(m), last.isoformat() if last else "", _("本站或所属乡镇"))
        for m in materials
        if m.no in case.missing
    )
