"""The words of every document of a case or an item: one builder a kind, one table."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from casework.documents import KINDS, Document, DocumentKind, Section, Sheet
from casework.paper import counter, movement, office, promises
from casework.paper.parts import foot, head

_BODIES: Final[Mapping[DocumentKind, Callable[[Sheet], Iterable[Section]]]] = {
    DocumentKind.ONE_TIME_NOTICE: counter.one_time_notice,
    DocumentKind.RECEIPT: counter.receipt,
    DocumentKind.CORRECTION_NOTICE: office.correction_notice,
    DocumentKind.NON_ACCEPTANCE: office.non_acceptance,
    DocumentKind.DEFICIENCY_PROMISE: promises.deficiency,
    DocumentKind.INFORM_PROMISE: promises.inform,
    DocumentKind.ENTRUSTMENT: promises.entrustment,
    DocumentKind.PROXY_SERVICE: movement.proxy_service,
    DocumentKind.RESULT_DELIVERY: movement.result_delivery,
    DocumentKind.WITHDRAWAL: movement.withdrawal,
    DocumentKind.OFFLINE_SLIP: counter.offline_slip,
    DocumentKind.CORRECTION_SLIP: office.correction_slip,
    DocumentKind.GUIDE: counter.guide,
    DocumentKind.FORM: counter.form,
}
"""Kind → its body. Handover lists and day sheets are of no single case and have builders of their
own: `casework.paper.movement.handover_sheet`, `casework.paper.day_sheet.day_sheet`."""


def build(kind: DocumentKind, sheet: Sheet) -> Document:
    """Make a document.

    Args:
        kind: which one of a case or an item.
        sheet: the case and who prints it.

    Raises:
        KeyError: it is of no single case.

    Does not check that the case is in a state for which the document is meant.
    """
    fixed = KINDS[kind]
    return Document(
        kind=kind,
        title=fixed.title,
        number=sheet.number,
        case_number=sheet.case_number,
        head=tuple(head(sheet)),
        sections=tuple(_BODIES[kind](sheet)),
        foot=tuple(foot(sheet)),
        signers=fixed.signers,
        sealed=fixed.sealed,
        copies=fixed.copies,
        reprint=sheet.reprint,
        thumb=fixed.thumb,
    )
