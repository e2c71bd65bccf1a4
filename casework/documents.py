"""What stands on a printed document, without its looks: title, numbered sections, labelled lines.

Templates lay this out for A4, A5 and 80 mm; nothing here knows of paper.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.numbering import normalise
from casework.spoken import NOTHING, Text
from casework.workdays import Due

DIGEST_BYTES: Final = 8


class DocumentKind(StrEnum):
    """Documents printed at the counter (domain model §3), by their names in commands."""

    ONE_TIME_NOTICE = "one_time_notice"
    RECEIPT = "receipt"
    CORRECTION_NOTICE = "correction_notice"
    NON_ACCEPTANCE = "non_acceptance"
    DEFICIENCY_PROMISE = "deficiency_promise"
    INFORM_PROMISE = "inform_promise"
    ENTRUSTMENT = "entrustment"
    PROXY_SERVICE = "proxy_service"
    HANDOVER = "handover"
    RESULT_DELIVERY = "result_delivery"
    WITHDRAWAL = "withdrawal"
    OFFLINE_SLIP = "offline_slip"
    CORRECTION_SLIP = "correction_slip"
    DAY_SHEET = "day_sheet"
    GUIDE = "guide"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is fixed about a document: code in the model, sign in its number, title, who signs.

    Attributes:
        code: of domain model §3; empty for what is printed for an item and has no number.
        sealed: room is left for a seal.
        copies: how many are printed; the applicant keeps the first.
        thumb: the first who signs may give a thumb print beside it.
    """

    code: str
    sign: str
    title: Text
    signers: tuple[Text, ...]
    sealed: bool = False
    copies: int = 2
    thumb: bool = False


_APPLICANT: Final = Text("申请人签名（按指印）", "Applicant (signature or thumb print)")
_AGENT: Final = Text("受托人签名", "Agent (signature)")
_HANDLER: Final = Text("经办人签名", "Handled by (signature)")
_GIVER: Final = Text("移交人签名", "Handed over by (signature)")
_RECEIVER: Final = Text("接收人签名", "Taken over by (signature)")
_DEPARTMENT: Final = Text("审批部门移交人签名", "For the department (signature)")
_WINDOW: Final = Text("发证窗口接收人签名", "For the issuing window (signature)")
_TAKER: Final = Text("领取人签名（按指印）", "Received by (signature or thumb print)")

KINDS: Final = {
    DocumentKind.ONE_TIME_NOTICE: Kind(
        "P1", "告", Text("一次性告知书", "One-time notice"), (_APPLICANT, _HANDLER)
    ),
    DocumentKind.RECEIPT: Kind(
        "P2",
        "收",
        Text("材料受理及接收凭证", "Receipt for papers"),
        (_APPLICANT, _HANDLER),
        sealed=True,
    ),
    DocumentKind.CORRECTION_NOTICE: Kind(
        "P3",
        "补",
        Text("补正通知书", "Correction notice"),
        (_APPLICANT, _HANDLER),
        sealed=True,
    ),
    DocumentKind.NON_ACCEPTANCE: Kind(
        "P4",
        "不受",
        Text("不予受理决定书", "Decision not to accept"),
        (_APPLICANT, _HANDLER),
        sealed=True,
    ),
    DocumentKind.DEFICIENCY_PROMISE: Kind(
        "P5",
        "容",
        Text("容缺受理承诺书和告知书", "Promise of papers to follow, and notice"),
        (_APPLICANT, _HANDLER),
        sealed=True,
        thumb=True,
    ),
    DocumentKind.INFORM_PROMISE: Kind(
        "P6",
        "诺",
        Text("告知承诺书", "Inform and promise"),
        (_APPLICANT, _HANDLER),
        thumb=True,
    ),
    DocumentKind.ENTRUSTMENT: Kind(
        "P7", "委", Text("委托书", "Letter of entrustment"), (_APPLICANT, _AGENT), thumb=True
    ),
    DocumentKind.PROXY_SERVICE: Kind(
        "P8",
        "帮",
        Text("帮办代办、上门服务单", "Proxy and visit sheet"),
        (_APPLICANT, _HANDLER),
        thumb=True,
    ),
    DocumentKind.HANDOVER: Kind(
        "P9", "交", Text("材料交接单", "Handover of papers"), (_GIVER, _RECEIVER)
    ),
    DocumentKind.RESULT_DELIVERY: Kind(
        "P10",
        "发",
        Text("办理结果交接单", "Handover and delivery of the result"),
        (_DEPARTMENT, _WINDOW, _TAKER),
    ),
    DocumentKind.WITHDRAWAL: Kind(
        "P11",
        "撤",
        Text("撤回申请书及确认", "Withdrawal and its confirmation"),
        (_APPLICANT, _HANDLER),
        thumb=True,
    ),
    DocumentKind.OFFLINE_SLIP: Kind(
        "P17", "离", Text("离线办理说明", "About work without a network"), (), copies=1
    ),
    DocumentKind.CORRECTION_SLIP: Kind(
        "P18", "更", Text("更正告知单", "What was put right"), (_HANDLER,), copies=1
    ),
    DocumentKind.DAY_SHEET: Kind("P19", "", Text("对账单", "Day sheet"), (_HANDLER,), copies=1),
    DocumentKind.GUIDE: Kind("", "", Text("办事指南", "Guide to the item"), (), copies=1),
    DocumentKind.FORM: Kind(
        "", "", Text("申请表", "Application form"), (_APPLICANT,), copies=1, thumb=True
    ),
}

OF_AN_ITEM: Final = frozenset({DocumentKind.ONE_TIME_NOTICE, DocumentKind.GUIDE, DocumentKind.FORM})
"""Printed before there is a case, for whoever asks."""
OF_A_CASE: Final = frozenset(DocumentKind) - {
    *(DocumentKind.HANDOVER, DocumentKind.DAY_SHEET),
    *(DocumentKind.GUIDE, DocumentKind.FORM),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it; an empty value is a line to fill in by hand."""

    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a document.

    Attributes:
        lines: labelled lines.
        paragraphs: sentences above them.
        columns: heads of a table; without them there is none.
        rows: one tuple a row, as long as `columns`.
        box: what is to be glued or written into an empty box below.
    """

    title: Text
    lines: tuple[Line, ...] = ()
    paragraphs: tuple[Text, ...] = ()
    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[Text, ...], ...] = ()
    box: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class StationCard:
    """How the station presents itself on paper.

    Attributes:
        county: name of the county, for its review body.
        hotline: empty: only the complaint line is told, which takes questions too.
        hours: when it is open, as published.
    """

    name: str
    code: str
    county: str = ""
    hotline: str = ""
    complaints: str = "12345"
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Something printed earlier that no longer holds.

    Attributes:
        what: which field.
        before: what stood on paper; masked where the field is.
        now: what holds now; masked as well.
        why: reason that was given.
        at: milliseconds.
    """

    what: Text
    before: Text
    now: Text
    why: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a document is made from.

    Attributes:
        case: as this place sees it; what it may not see stays a line to fill in by hand.
        item: as shown to the citizen.
        station: who prints.
        handler: name and staff number.
        printed_at: milliseconds.
        number: document number (§6.6); empty prints none.
        offline: printed without a link to the county.
        reprint: 0 for the first print, else which 补打 this is.
        places: station code → name, for places that the case names.
        version: of the catalogue, where the case names none.
        version_at: when that version reached this place, milliseconds; None: not known.
        due: promised day with the special steps counted; None: what the promises say.
        statutory: the statutory day, counted in the same way.
        changed: what was put right since it was printed.
    """

    case: CaseState
    item: CatalogueItem
    station: StationCard
    handler: tuple[str, str]
    printed_at: int
    number: str = ""
    offline: bool = True
    reprint: int = 0
    places: tuple[tuple[str, str], ...] = ()
    version: int = 0
    version_at: int | None = None
    due: Due | None = None
    statutory: Due | None = None
    changed: tuple[Changed, ...] = ()

    def place_name(self, code: str) -> str:
        """Answer the name of a place, or its code."""
        known = dict(self.places) | {self.station.code: self.station.name}
        return known.get(code, code)

    @property
    def case_number(self) -> str:
        """The official number once there is one, else the temporary one."""
        return self.case.text("official_number") or self.case.text("temporary_number")

    @property
    def promised(self) -> Due | None:
        """The day promised to the citizen; None before acceptance."""
        if self.due is not None or self.case.due is None:
            return self.due
        promises = (self.case.map(n) for n in self.case.values if n.startswith("promise."))
        return Due(self.case.due, any(p.get("estimated") is True for p in promises))

    @property
    def outer(self) -> Due | None:
        """The statutory day; None before acceptance."""
        stated = self.case.statutory_due
        return self.statutory or (Due(stated, estimated=False) if stated else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document ready to be laid out.

    Attributes:
        code: what the QR code says where it is not number and digest (the head on a day sheet).
    """

    kind: DocumentKind
    title: Text
    number: str
    case_number: str
    head: tuple[Line, ...]
    sections: tuple[Section, ...]
    foot: tuple[Line, ...]
    signers: tuple[Text, ...]
    sealed: bool
    copies: int
    reprint: int
    thumb: bool = False
    code: str = ""

    @property
    def digest(self) -> bytes:
        """Eight bytes that bind the paper to its words; a reprint has the same."""
        return sha256("\n".join(_words(self)).encode()).digest()[:DIGEST_BYTES]

    @property
    def qr(self) -> str:
        """What the QR code says: number with its check character, and digest; nobody's data."""
        if self.code or not self.case_number:
            return self.code
        return qr_text(self.case_number, self.digest)


def qr_text(number: str, digest: bytes) -> str:
    """Write the content of a QR code.

    >>> qr_text("L411599101201-01-261121-001-M", bytes(8))
    'L41159910120101261121001M.0000000000000000'
    """
    return f"{normalise(number)}.{digest[:DIGEST_BYTES].hex()}"


def receipt_sign(case: CaseState) -> str:
    """Answer the sign of a receipt: 受 once its case is accepted, else 收 (§6.6)."""
    return "受" if case.map("accepted") else KINDS[DocumentKind.RECEIPT].sign


def _words(document: Document) -> list[str]:
    sections = document.sections
    lines = [*document.head, *(line for part in sections for line in part.lines)]
    texts = [text.zh for part in sections for text in (part.title, *part.paragraphs)]
    cells = [cell.zh for part in sections for row in part.rows for cell in row]
    stated = [f"{line.label.zh}={line.value.zh}" for line in lines]
    return [document.kind.value, document.number, document.case_number, *stated, *texts, *cells]
