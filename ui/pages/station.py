"""The station's own pages: home and 上传情况 (``station/web/templates``)."""

from dataclasses import dataclass
from enum import StrEnum

from ui.pages.parts import FieldError, Link


@dataclass(frozen=True, slots=True)
class ItemHit:
    """An item found by its name, everyday words or initials; ``mode`` empty where not done here."""

    name: str
    code: str
    mode: str
    promised_days: int
    deficiency_allowed: bool
    url: str


@dataclass(frozen=True, slots=True)
class CaseHit:
    """A case found by name or number."""

    number: str
    applicant: str
    item: str
    state: str
    transport: str
    url: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft: where it stopped and what is missing; ``errors`` counts what is wrong in it.

    ``discard_url`` asks whether it is to go.
    """

    applicant: str
    item: str
    step: str
    saved_at: int
    resume_url: str
    missing: tuple[str, ...] = ()
    errors: int = 0
    discard_url: str = ""


@dataclass(frozen=True, slots=True)
class TodoLine:
    """Something to do today.

    Args:
        why: A code of table "todo" of ``ui.words``: ``papers_missing``, ``overdue``,
            ``hand_over`` …
        days_left: Working days until ``due``; 0 today, below 0 past.
        action: One button.
    """

    applicant: str
    item: str
    why: str
    due: str
    days_left: int
    url: str
    action: Link


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A result that waits for its owner."""

    applicant: str
    item: str
    result: str
    since: int
    url: str
    action: Link


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """What lies only on this computer; ``carried``: all of the cases are with the township."""

    cases: int
    photos: int
    oldest_at: int | None
    url: str
    carried: bool = False


@dataclass(frozen=True, slots=True)
class CountTile:
    """A count that leads to its list."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """``home.html``: search posts nothing (GET, ``q``).

    Args:
        interrupted: The draft in hand when the power went; posting to ``later_url`` puts it aside.
        items, cases: What the search found; both empty with a query means nothing found.
        tiles: Counts that lead to their lists.
        next_due: ISO date and item of the next thing due, when nothing is due today.
    """

    search_url: str
    only_here: OnlyHere
    query: str = ""
    items: tuple[ItemHit, ...] = ()
    cases: tuple[CaseHit, ...] = ()
    interrupted: DraftLine | None = None
    later_url: str = ""
    drafts: tuple[DraftLine, ...] = ()
    todos: tuple[TodoLine, ...] = ()
    deliveries: tuple[DeliveryLine, ...] = ()
    frequent: tuple[ItemHit, ...] = ()
    next_due: str = ""
    next_due_item: str = ""
    tiles: tuple[CountTile, ...] = ()
    notices: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Sending:
    """Which case of how many is on its way; bytes of all; ``seconds_left`` 0 while unknown."""

    index: int
    total: int
    bytes_done: int
    bytes_total: int
    seconds_left: int = 0


@dataclass(frozen=True, slots=True)
class UploadRow:
    """A case on its way, or held up: plain cause, who can mend it, one button.

    Args:
        transport: Code of table "transport".
        needs: What the button does: posts ``action.url`` when ``post``, else goes there.
    """

    number: str
    applicant: str
    item: str
    transport: str
    at: int
    url: str
    official_number: str = ""
    cause: str = ""
    who_can_fix: str = ""
    action: Link | None = None
    post: bool = False


class HopState(StrEnum):
    """What the test of one stretch of the way found."""

    OK = "ok"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Hop:
    """One stretch of the way to the county, and the verdict in words."""

    name: str
    state: HopState
    words: str = ""


@dataclass(frozen=True, slots=True)
class DaySheet:
    """Receipts printed today against what the county has and what waits."""

    printed: int
    received: int
    waiting: int
    url: str


@dataclass(frozen=True, slots=True)
class UploadPage:
    """``upload.html``; the block ``#upload-live`` is fetched again while something is sent.

    Args:
        here_url: This page.
        live_url: The same, asked for by the open page itself; does not prolong a session.
        stalled: Why nothing goes (没有信号, 县里服务器没回应, 电脑时间不对 …); empty: nothing
            stalls.
        retry_at: When it tries by itself again; ``None`` when it is trying or nothing waits.
        retry_url, check_url: Posted to.
        hops: What 检查网络 found; empty before it was asked.
        working: Migration or restore runs: the only time it says not to switch off.
        last_contact: When the county itself last answered, not its township.
        photos: That the county is not known to have.
        photos_lost: That neither this computer nor the county has any more.
    """

    here_url: str
    retry_url: str
    check_url: str
    waiting: int
    received_today: int
    failed: int
    checking: int
    rows: tuple[UploadRow, ...]
    sending: Sending | None = None
    stalled: str = ""
    retry_at: int | None = None
    last_receipt: int | None = None
    last_contact: int | None = None
    hops: tuple[Hop, ...] = ()
    export_url: str = ""
    import_url: str = ""
    days_offline: int = 0
    day_sheet: DaySheet | None = None
    working: bool = False
    errors: tuple[str, ...] = ()
    live_url: str = ""
    photos: int = 0
    photos_lost: int = 0


@dataclass(frozen=True, slots=True)
class StickPage:
    """``stick.html``: everything into a file, and a file read back; no network is needed.

    Posts to ``save_url`` (``photos``) and, with ``file``, to ``read_url``.

    Args:
        waiting: Cases that the county has not confirmed; ``photos`` likewise.
        answers: A township: files of villages are answered.
        done: What the last file brought, in sentences; ``notes`` what was wrong with it.
        reply_url: The file of answers for whom the file came from; empty: there is none.
    """

    save_url: str
    read_url: str
    back_url: str
    waiting: int
    photos: int
    answers: bool = False
    done: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reply_url: str = ""
    errors: tuple[FieldError, ...] = ()
