"""The county's pages about stations and devices (``hub/web/templates``)."""

from dataclasses import dataclass

from ui.pages.parts import NO_PAGES, Facet, FieldError, Pager


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
