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
from casework.spoken import Text

DIGEST_BYTES: Final = 8


class DocumentKind(StrEnum):
    """Documents printed at the counter (domain model §3), by their names in commands."""

    ONE_TIME_NOTICE = "one_time_notice"
    RECEIPT = "receipt"
    DEFICIENCY_PROMISE = "deficiency_promise"
    ENTRUSTMENT = "entrustment"
    RESULT_DELIVERY = "result_delivery"
    WITHDRAWAL = "withdrawal"
    OFFLINE_SLIP = "offline_slip"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is fixed about a document: code in the model, sign in its number, title, who signs."""

    code: str
    sign: str
    title: Text
    signers: tuple[Text, ...]
    sealed: bool = False
    copies: int = 2


_APPLICANT: Final = Text("申请人签名（按指印）", "Applicant (signature or thumb print)")
_AGENT: Final = Text("受托人签名", "Agent (signature)")
_HANDLER: Final = Text("经办人签名", "Handled by (signature)")
_GIVER: Final = Text("移交人签名", "Handed over by (signature)")
_TAKER: Final = Text("领取人签名", "Received by (signature)")

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
    DocumentKind.DEFICIENCY_PROMISE: Kind(
        "P5",
        "容",
        Text("容缺受理承诺书和告知书", "Promise of papers to follow, and notice"),
        (_APPLICANT, _HANDLER),
        sealed=True,
    ),
    DocumentKind.ENTRUSTMENT: Kind(
        "P7", "托", Text("委托书", "Letter of entrustment"), (_APPLICANT, _AGENT)
    ),
    DocumentKind.RESULT_DELIVERY: Kind(
        "P10", "发", Text("办理结果交接单", "Delivery of the result"), (_GIVER, _TAKER)
    ),
    DocumentKind.WITHDRAWAL: Kind(
        "P11",
        "撤",
        Text("撤回申请书及确认", "Withdrawal and its confirmation"),
        (_APPLICANT, _HANDLER),
    ),
    DocumentKind.OFFLINE_SLIP: Kind(
        "P17", "离", Text("离线办理说明", "About work without a network"), (), copies=1
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it; an empty value is a line to fill in by hand."""

    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a document."""

    title: Text
    lines: tuple[Line, ...] = ()
    paragraphs: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StationCard:
    """How the station presents itself on paper."""

    name: str
    code: str
    hotline: str = ""
    complaints: str = "12345"


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

    def place_name(self, code: str) -> str:
        """Answer the name of a place, or its code."""
        known = dict(self.places) | {self.station.code: self.station.name}
        return known.get(code, code)

    @property
    def case_number(self) -> str:
        """The official number once there is one, else the temporary one."""
        return self.case.text("official_number") or self.case.text("temporary_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document ready to be laid out."""

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

    @property
    def digest(self) -> bytes:
        """Eight bytes that bind the paper to its words; a reprint has the same."""
        return sha256("\n".join(_words(self)).encode()).digest()[:DIGEST_BYTES]

    @property
    def qr(self) -> str:
        """What the QR code says: number with its check character, and digest; nobody's data."""
        return qr_text(self.case_number, self.digest)


def qr_text(number: str, digest: bytes) -> str:
    """Write the content of a QR code.

    >>> qr_text("L411599101201-01-261121-001-M", bytes(8))
    'L41159910120101261121001M.0000000000000000'
    """
    return f"{normalise(number)}.{digest[:DIGEST_BYTES].hex()}"


def _words(document: Document) -> list[str]:
    lines = [*document.head, *(line for part in document.sections for line in part.lines)]
    texts = [text.zh for part in document.sections for text in (part.title, *part.paragraphs)]
    stated = [f"{line.label.zh}={line.value.zh}" for line in lines]
    return [document.kind.value, document.number, document.case_number, *stated, *texts]
