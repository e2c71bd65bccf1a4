"""The catalogue's pages at the county (``hub/web/templates/catalogue``)."""

from dataclasses import dataclass

from ui.pages.parts import FieldError, Option


@dataclass(frozen=True, slots=True)
class CatalogueVersionRow:
    """A published version.

    Args:
        by, approver: Who wrote and who approved it; empty for the first one.
        have, stations: How many stations said that they hold it, of how many.
        lost: Stations that have it not and were not heard for days.
        rollback_url: Posting there makes a draft of it; empty: it is in force, or not his to do.
    """

    version: int
    note: str
    by: str
    approver: str
    at: int
    items: int
    have: int
    stations: int
    lost: int
    arrival_url: str
    rollback_url: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueRequestRow:
    """What a department asked for; days are ISO dates, ``adjusted_on`` empty while open."""

    kind: str
    items: tuple[str, ...]
    department: str
    proposer: str
    basis: str
    law_date: str
    told_on: str
    adjust_by: str
    adjusted_on: str = ""
    told_late: bool = False
    adjusted_late: bool = False


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row of a file; ``row`` 0 is the whole file."""

    sheet: str
    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """``catalogue/index.html``: versions, the draft, what departments asked for.

    Args:
        import_url, request_url: Empty where this person may not.
        draft_state: Code of table "catalogue_draft" of the draft that waits, or empty.
        refused: Rows of the file that was just given; nothing of it was kept.
        values: What was typed for a request.
    """

    versions: tuple[CatalogueVersionRow, ...]
    requests: tuple[CatalogueRequestRow, ...]
    as_of: int
    template_url: str
    empty_template_url: str
    import_url: str = ""
    request_url: str = ""
    draft_url: str = ""
    draft_state: str = ""
    draft_by: str = ""
    kinds: tuple[Option, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    refused: tuple[RowProblem, ...] = ()
    errors: tuple[FieldError, ...] = ()
    done_note: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item that a draft adds or takes out, and its open cases."""

    code: str
    name: str
    open_cases: int = 0


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of an item in both versions; empty where it says nothing."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemDiff:
    """An item that a draft changes; ``notes`` says in words what that means for people."""

    code: str
    name: str
    fields: tuple[ChangeLine, ...]
    notes: tuple[str, ...] = ()
    open_cases: int = 0


@dataclass(frozen=True, slots=True)
class CatalogueDraftPage:
    """``catalogue/draft.html``: a draft against what is published.

    Args:
        state: Code of table "catalogue_draft".
        base: Version it was made from; ``restores``: the one it brings back, or None.
        lists: Words for lists of the catalogue that differ.
        without_request: Items that no department asked to change.
        submit_url, approve_url, return_url: Empty where this person may not, now.
        own: This person wrote it.
    """

    state: str
    author: str
    made_at: int
    base: int
    back_url: str
    added: tuple[ItemLine, ...] = ()
    removed: tuple[ItemLine, ...] = ()
    changed: tuple[ItemDiff, ...] = ()
    lists: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
    without_request: tuple[str, ...] = ()
    restores: int | None = None
    note: str = ""
    reason: str = ""
    submit_url: str = ""
    approve_url: str = ""
    return_url: str = ""
    own: bool = False
    errors: tuple[FieldError, ...] = ()
    done_note: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """What a station holds; ``state`` is a code of table "fleet"."""

    code: str
    name: str
    version: int | None
    last_seen: int | None
    state: str


@dataclass(frozen=True, slots=True)
class ArrivalPage:
    """``catalogue/arrival.html``: how far a version has come, those behind first."""

    version: int
    have: int
    lost: int
    rows: tuple[ArrivalRow, ...]
    as_of: int
    back_url: str
