"""The county's pages: differences and stations (``hub/web/templates``)."""

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


@dataclass(frozen=True, slots=True)
class ConflictsPage:
    """``conflicts.html``."""

    tabs: tuple[QueueTab, ...]
    rows: tuple[ConflictRow, ...]
    checked_at: int
    facets: tuple[Facet, ...] = ()
    pager: Pager = NO_PAGES
    done_note: str = ""
    undo_url: str = ""


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


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station and its newest device.

    Args:
        state: Code of table "fleet": ``normal``, ``quiet``, ``lost_3``, ``lost_30``, ``planned``,
            ``revoked``, ``unknown``.
        unsent: Cases it said it still holds; ``None`` while not known.
        clock_offset_ms: Device minus county; ``None`` while not known.
        alerts: Codes of table "alert": why it only receives, or will; what of it is missing.
    """

    code: str
    name: str
    kind: str
    state: str
    last_seen: int | None
    unsent: int | None
    oldest_unsent: int | None
    clock_offset_ms: int | None
    version: str
    url: str = ""
    catalogue_version: int | None = None
    conflicts: int = 0
    quarantined: int = 0
    note: str = ""
    parent: str = ""
    revoke_url: str = ""
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RevokePage:
    """``devices/revoke.html``: what the end of a device means, before it happens; posts ``reason``.

    Args:
        unsent: Operations that exist there and are not here; ``None`` while not known.
        last_seen: When it was last heard; ``None``: never.
    """

    station: str
    replica: str
    action: str
    back_url: str
    unsent: int | None
    last_seen: int | None
    now: int
    reason: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A packet that could not be read or trusted: from whom, why, since when."""

    id: str
    at: int
    place: str
    reason: str
    detail: str
    size: int


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """``quarantine.html``: packets that were put aside, the oldest first; nothing else stops."""

    rows: tuple[QuarantineRow, ...]
    as_of: int
    pager: Pager = NO_PAGES


@dataclass(frozen=True, slots=True)
class PendingDevice:
    """A device that asks to join (``devices/_approve.html``).

    Posts ``decision`` (``approve``, ``refuse``) and ``reason``.
    """

    request: str
    station: str
    code: str
    requester: str
    hardware: str
    at: int
    match_code: str
    action: str
    errors: tuple[FieldError, ...] = ()
    by_file: bool = False


@dataclass(frozen=True, slots=True)
class StationsPage:
    """``stations.html``: those in trouble first."""

    rows: tuple[StationRow, ...]
    as_of: int
    pending: tuple[PendingDevice, ...] = ()
    facets: tuple[Facet, ...] = ()
    pager: Pager = NO_PAGES
    done_note: str = ""
    quarantine_url: str = ""
    quarantined: int = 0
    sticks_url: str = ""


@dataclass(frozen=True, slots=True)
class HeadResult:
    """What the letters of a day sheet have shown.

    Args:
        state: ``held``, ``missing`` or ``differs``.
        missing: Ranges of records that exist and are not here.
    """

    station: str
    seq: int
    claimed_at: int
    state: str
    unsent: int
    missing: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SticksPage:
    """``sticks.html``: files of sticks taken in and answered, and heads of day sheets typed in.

    Posts ``file`` to ``read_url`` and ``text`` to ``head_url``.

    Args:
        done: What the last file brought, in sentences; ``notes`` what was wrong with it.
        reply_url: The file of answers to take back; empty: there is none.
        head: What the letters have shown; ``text`` as they were typed, when they are wrong.
    """

    read_url: str
    head_url: str
    back_url: str
    done: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reply_url: str = ""
    head: HeadResult | None = None
    text: str = ""
    errors: tuple[FieldError, ...] = ()
