"""The county's pages about differences: queue, comparison, many at once, calls."""

from dataclasses import dataclass
from enum import StrEnum

from ui.pages.parts import NO_PAGES, Clock, Facet, FieldError, Link, Option, Pager, Photo


@dataclass(frozen=True, slots=True)
class QueueTab:
    """A queue: 必须人工, 可批量, 被搁置; ``count`` ``None`` while not known."""

    label: str
    url: str
    count: int | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A difference that waits for a person.

    Args:
        fields: What is in dispute, in words.
        opened_at: Since when; ``deadline`` is an ISO date or empty.
        effect: It touches what the citizen gets.
        version: What was seen; goes back with an answer for many.
        proposed: Who has said the first of two words on it; empty while nobody has.
    """

    id: str
    rule: str
    item: str
    person: str
    fields: tuple[str, ...]
    stations: tuple[str, ...]
    opened_at: int
    url: str
    deadline: str = ""
    effect: bool = False
    version: str = ""
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class ConflictsPage:
    """``conflicts.html``.

    Args:
        bulk: Answers that fit every row of the page; with them rows can be ticked and posted to
            ``bulk_action`` as ``check`` and ``answer``.
        calls_url: Who is to be called, and what has been sent.
    """

    tabs: tuple[QueueTab, ...]
    rows: tuple[ConflictRow, ...]
    checked_at: int
    facets: tuple[Facet, ...] = ()
    pager: Pager = NO_PAGES
    done_note: str = ""
    undo_url: str = ""
    bulk: tuple[Option, ...] = ()
    bulk_action: str = ""
    calls_url: str = ""


@dataclass(frozen=True, slots=True)
class BulkPage:
    """``bulk.html``: what an answer to many would do, before anything is written.

    Args:
        told: What each citizen is told; empty: nothing.
        checks: Id and version of each, posted back as they are.
        undo_url: Not empty once it was done.
    """

    rule: str
    answer: str
    answer_key: str
    rows: tuple[ConflictRow, ...]
    cases: int
    told: str
    action: str
    back_url: str
    reason: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class CallRow:
    """Somebody who is to be called."""

    person: str
    number: str
    station: str
    text: str
    rule: str
    told_at: int
    url: str


@dataclass(frozen=True, slots=True)
class CallsPage:
    """``calls.html``: who takes no short message and is to be called."""

    rows: tuple[CallRow, ...]
    waiting: int
    back_url: str
    csv_url: str = ""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What a place has said about a check: whose word is right, and its own words."""

    who: str
    where: str
    at: int
    stance: str
    text: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """The first of two persons' word: what he chose, and whether this one may confirm it."""

    who: str
    at: int
    lines: tuple[tuple[str, str], ...]
    reason: str
    confirm_url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the comparison: a place and a person, never "ours" and "theirs"."""

    place: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one place has; ``change`` is ``changed``, ``added``, ``removed`` or empty (as the base).

    Args:
        parts: The value cut into pieces, each with whether it differs from the base; without it the
            whole value is shown as it is.
    """

    value: str
    change: str = ""
    parts: tuple[tuple[str, bool], ...] = ()
    clock: Clock | None = None
    who: str = ""
    device: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareRow:
    """A field in dispute.

    Posts ``choose.FIELD`` (an option's value: a dot, ``both`` or ``set``) and ``set.FIELD``.

    Args:
        cells: One for each column after the first, which is ``base``.
        options: 用幸福村站的, 用乡镇的, 都留, 手填; none is chosen beforehand.
        chosen: What a refused answer had; empty at first sight.
    """

    field: str
    label: str
    base: Cell
    cells: tuple[Cell, ...]
    options: tuple[Option, ...]
    chosen: str = ""
    typed: str = ""
    second_person: bool = False


@dataclass(frozen=True, slots=True)
class EqualRow:
    """A field on which all agree; folded."""

    label: str
    value: str


class CompareKind(StrEnum):
    """One case with two values, or two cases of one matter."""

    FIELDS = "fields"
    DUPLICATE = "duplicate"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Stale:
    """Someone settled it meanwhile."""

    who: str
    minutes: int
    result_url: str
    disagree_url: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """``compare.html``.

    Posts ``choose.*``, ``set.*`` (``set.main`` = a case for a duplicate), ``reason``, ``version``.

    Args:
        index, total: "1/5"; ``previous_url`` may be empty.
        columns: One for each side, after the base.
        mains: The cases to choose from, for a duplicate.
        suggestion: A sentence with its rule; shown folded, after the evidence, chosen by nobody.
        answers: What may be answered to the question of a rule (posted as ``set.answer``).
        notes: What the places have said about it.
        proposal: What a first person has proposed, where two are needed.
        second_person: Two persons settle it.
        undo_days: How long it can be taken back.
        told: Who will be told.
    """

    id: str
    kind: CompareKind
    index: int
    total: int
    item: str
    person: str
    rule: str
    action: str
    back_url: str
    version: str
    base: Column
    columns: tuple[Column, ...]
    rows: tuple[CompareRow, ...]
    equal: tuple[EqualRow, ...] = ()
    mains: tuple[Option, ...] = ()
    main: str = ""
    copied: tuple[str, ...] = ()
    not_copied: tuple[str, ...] = ()
    suggestion: str = ""
    reason: str = ""
    previous_url: str = ""
    undo_days: int = 7
    told: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()
    stale: Stale | None = None
    case_links: tuple[Link, ...] = ()
    done_note: str = ""
    undo_url: str = ""
    answers: tuple[Option, ...] = ()
    answer: str = ""
    notes: tuple[NoteRow, ...] = ()
    proposal: ProposalView | None = None
    second_person: bool = False


@dataclass(frozen=True, slots=True)
class SettledRow:
    """A field that was settled: what holds now, and what each place had written."""

    label: str
    result: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SettledPage:
    """``settled.html``: how a difference was settled, by whom and why; posts to ``undo_url``.

    Args:
        columns: One for each side.
        undo_url: Empty when it cannot be taken back any more; ``undo_until`` says until when.
    """

    item: str
    person: str
    rule: str
    who: str
    at: int
    reason: str
    back_url: str
    columns: tuple[Column, ...]
    rows: tuple[SettledRow, ...]
    undo_url: str = ""
    undo_until: int = 0
    case_links: tuple[Link, ...] = ()
    errors: tuple[FieldError, ...] = ()
