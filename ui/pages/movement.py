"""Papers and results on their way: 待转交, a bag, 待送达 (``station/web/templates/movement``)."""

from dataclasses import dataclass

from ui.pages.parts import FieldError, Link


@dataclass(frozen=True, slots=True)
class PaperCount:
    """A paper and how many of it there are.

    Args:
        name_originals, name_copies: Names of the two form fields.
        originals, copies: As packed, or as typed when the page is shown again.
        counted: What the other side counted, in words; empty before.
        differs: The two counts are not the same.
    """

    label: str
    name_originals: str
    name_copies: str
    originals: str
    copies: str
    packed: str = ""
    counted: str = ""
    differs: bool = False
    tick: str = ""
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class PackRow:
    """A case with paper that can go into a bag; its tick posts ``case`` = its id."""

    case: str
    number: str
    applicant: str
    item: str
    url: str
    papers: tuple[PaperCount, ...]
    summary: str
    due: str
    days_left: int
    ticked: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True)
class BagLink:
    """A bag in a list."""

    number: str
    place: str
    cases: int
    at: int
    url: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """``movement/handover.html``: what waits to be handed on, and bags on their way here.

    Posts ``bag``, ``carrier``, ``case`` (several), the counts, and ``go`` (``scan`` or ``pack``).

    Args:
        to: Name of where the papers go; empty at the county.
        scanned: What was read with ``scan``; ``scan_note`` says what became of it.
    """

    action: str
    to: str
    bag: str
    carrier: str
    rows: tuple[PackRow, ...]
    incoming: tuple[BagLink, ...] = ()
    packed: tuple[BagLink, ...] = ()
    scan_note: str = ""
    errors: tuple[FieldError, ...] = ()
    done_note: str = ""
    receives: bool = False


@dataclass(frozen=True, slots=True)
class BagRow:
    """A case in a bag."""

    case: str
    number: str
    applicant: str
    item: str
    papers: tuple[PaperCount, ...]
    differs: bool = False


@dataclass(frozen=True, slots=True)
class BagPage:
    """``movement/bag.html``: what was packed, and where it goes to, how it is counted.

    Args:
        action: Where the counts are posted to; empty: nothing is to be counted here.
        opened_by: Who counted it in; empty: nobody yet.
    """

    number: str
    from_place: str
    to_place: str
    carrier: str
    packed_by: str
    packed_at: int
    rows: tuple[BagRow, ...]
    back_url: str
    print_url: str
    action: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    opened_by: str = ""
    opened_at: int = 0
    remark: str = ""
    errors: tuple[FieldError, ...] = ()
    done_note: str = ""
    differing: int = 0


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result that waits for its owner.

    Args:
        stopped: Code of table "stopped" when it must not be handed out; else empty.
        told_at: 0 while nobody was reached.
        tell_by: ISO date until which the person is told.
        acts: What can be done with it; the first is the likeliest.
    """

    number: str
    applicant: str
    item: str
    results: tuple[str, ...]
    url: str
    phone: str
    pickup: str
    since: int
    arrived: bool
    told_at: int
    tell_by: str
    days_left: int
    visits: int
    acts: tuple[Link, ...] = ()
    stopped: str = ""
    agent: str = ""
    granted: bool = True


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """``movement/results.html``: 待送达, who must be told first."""

    rows: tuple[ResultRow, ...]
    as_of: int
    most_visits: int = 3
    done_note: str = ""
