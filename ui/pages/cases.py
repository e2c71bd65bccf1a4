"""Lists of cases and one case, at the station and at the hub."""

from dataclasses import dataclass

from ui.pages.intake import PrintLink
from ui.pages.matters import NO_OUTSIDE, Outside
from ui.pages.parts import (
    NO_PAGES,
    ActForm,
    Facet,
    FieldError,
    FieldLine,
    Link,
    MaterialLine,
    Pager,
    TimelineEntry,
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A row of a list of cases.

    Args:
        state, transport: Codes of tables "state" and "transport".
        due: ISO date, or empty; ``days_left`` belongs to it, below 0 past.
        conflicts: Open differences.
        moved_to: The place that the county gave the case to, where that is another one.
    """

    number: str
    applicant: str
    item: str
    state: str
    transport: str
    at: int
    url: str
    station: str = ""
    due: str = ""
    days_left: int | None = None
    conflicts: int = 0
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class CasesPage:
    """``cases.html`` of both apps: GET ``q``; filters are links.

    Args:
        total: Rows that match; ``None`` while not known, which is said and never shown as none.
        unsent: Cases that stations still hold, as far as the hub knows (hub), and at how many
            places.
        pruned: What was looked for is closed and kept by the county only (station).
        miscopied: It is a number with a slip; ``near``: the ones it may have been.
    """

    search_url: str
    rows: tuple[CaseRow, ...]
    total: int | None
    as_of: int
    query: str = ""
    facets: tuple[Facet, ...] = ()
    pager: Pager = NO_PAGES
    unsent: int = 0
    unsent_stations: int = 0
    clear_url: str = ""
    pruned: bool = False
    miscopied: bool = False
    near: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherRecord:
    """A sentence of the banner 县里核对中: who wrote what, where and when."""

    label: str
    value: str
    who: str
    where: str
    at: int
    ours: bool = False


@dataclass(frozen=True, slots=True)
class CaseSection:
    """A heading with lines ready to read."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """``case.html`` of both apps.

    Args:
        number: The number printed on the receipt; ``official_number`` is the county's, or empty.
        flags: Codes of table "flag" (PROVISIONAL, HOLD, OVERDUE …).
        clock_note: What the due date hangs on, in words, or empty.
        checking: Shown when the county is checking this case (helper's side of a difference).
        conflicts: Where the open differences are settled (hub).
        acts: What the reader may do; at most one with ``opened``.
        done_note: What was just done, said once after the redirect.
        sections: Special steps, reviews, notices, visits, numbers elsewhere, where papers lie.
        warning: Why the result must not be handed out, said in red above all; empty: it may.
        moved_to: The place that the county gave the case to; here it can only be looked at.
    """

    number: str
    item: str
    applicant: str
    state: str
    transport: str
    station: str
    received_at: int
    back_url: str
    official_number: str = ""
    department: str = ""
    flags: tuple[str, ...] = ()
    due: str = ""
    due_estimated: bool = False
    days_left: int | None = None
    clock_note: str = ""
    fields: tuple[FieldLine, ...] = ()
    materials: tuple[MaterialLine, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    acts: tuple[ActForm, ...] = ()
    documents: tuple[PrintLink, ...] = ()
    checking: tuple[OtherRecord, ...] = ()
    conflicts: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    catalogue_version: int = 0
    done_note: str = ""
    unmask_url: str = ""
    sections: tuple[CaseSection, ...] = ()
    warning: str = ""
    moved_to: str = ""
    outside: Outside = NO_OUTSIDE


@dataclass(frozen=True, slots=True)
class UnmaskPage:
    """``unmask.html`` of the hub: asks what whole numbers are needed for; posts ``purpose``."""

    action: str
    back_url: str
    applicant: str
    number: str
    purpose: str = ""
    errors: tuple[FieldError, ...] = ()
