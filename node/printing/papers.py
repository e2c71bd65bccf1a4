"""Which paper a document is printed on where nobody chooses another (screens §3.9)."""

from collections.abc import Mapping
from typing import Final

from casework.documents import DocumentKind
from casework.spoken import Text
from ui.pages import Paper

_ON_PAGES: Final[Mapping[DocumentKind, Paper]] = {
    DocumentKind.RECEIPT: Paper.ROLL80,
    DocumentKind.OFFLINE_SLIP: Paper.ROLL80,
    DocumentKind.ONE_TIME_NOTICE: Paper.A5,
    DocumentKind.CORRECTION_SLIP: Paper.A5,
}
KEEPERS: Final = (Text("申请人", "the applicant"), Text("存档", "file"))
_BETWEEN: Final = (Text("交出方", "giver"), Text("接收方", "taker"))


def paper_of(kind: DocumentKind, *, paged: bool = False) -> Paper:
    """Answer the usual paper of a document.

    Args:
        kind: of the document.
        paged: a roll has no pages; what is for a roll comes out on A4 then, on one page.
    """
    found = _ON_PAGES.get(kind, Paper.A4)
    return Paper.A4 if paged and found is Paper.ROLL80 else found


def keepers(kind: DocumentKind) -> tuple[Text, ...]:
    """Answer who keeps each copy, in order."""
    return _BETWEEN if kind is DocumentKind.HANDOVER else KEEPERS
