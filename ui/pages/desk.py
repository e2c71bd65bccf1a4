"""The desk of a department at the county (``hub/web/templates/desk``)."""

from dataclasses import dataclass

from ui.pages.differences import QueueTab
from ui.pages.parts import FieldError, Link, Option, Photo


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A case that waits for the department.

    Args:
        due, statutory: ISO dates or empty; the days left belong to them.
        notes: What stands in the way or is going on, in words.
        action: The next step.
        tick: What the box posts that signs it in with others; empty: it needs a look.
    """

    case: str
    number: str
    applicant: str
    item: str
    station: str
    url: str
    action: Link
    due: str = ""
    days_left: int | None = None
    statutory: str = ""
    statutory_left: int | None = None
    notes: tuple[str, ...] = ()
    tick: str = ""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """``desk/list.html``; posts ``case`` (several) to ``batch_url`` where there is one."""

    department: str
    tabs: tuple[QueueTab, ...]
    title: str
    rows: tuple[DeskRow, ...]
    as_of: int
    batch_url: str = ""
    done_note: str = ""


@dataclass(frozen=True, slots=True)
class PaperLook:
    """A paper that is held against what was sent; posts ``papers.NO`` and ``papers.NO.reason``."""

    no: int
    name: str
    form: str
    copies: int
    photos: tuple[Photo, ...] = ()
    criteria: str = ""
    chosen: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignInDeskPage:
    """``desk/sign_in.html``: every paper looked at, then the case is taken over."""

    applicant: str
    item: str
    number: str
    action: str
    back_url: str
    seen: str
    papers: tuple[PaperLook, ...]
    choices: tuple[Option, ...] = ()
    checked: tuple[str, ...] = ()
    paper_note: str = ""
    errors: tuple[FieldError, ...] = ()
