"""Pages of the counter beside the intake: progress, rosters, who was asked first."""

from collections.abc import Mapping
from dataclasses import dataclass

from ui.pages.parts import FieldError, Link


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """One case of ``progress.html``, as it is told at the counter.

    Args:
        due: ISO date until which it is to be done; empty where the clock starts elsewhere.
        missing: Papers that lack.
        deadline: ISO date until which they are to be brought, or empty.
    """

    number: str
    item: str
    applicant: str
    state: str
    transport: str
    received_at: int
    url: str
    official_number: str = ""
    due: str = ""
    days_left: int | None = None
    missing: tuple[str, ...] = ()
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """``progress.html`` (查进度): one box, posted as ``number``; no address says who is asked for.

    Args:
        asked: Something was looked for.
        at: When that was, for the printed note.
    """

    action: str
    asked: bool = False
    lines: tuple[ProgressLine, ...] = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row that was left out, and why."""

    row: int
    name: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterPage:
    """``roster.html``: posts ``file`` with ``go`` = ``check`` or ``take``.

    Args:
        kinds: Code of table "intake_done" → how many rows.
        checked: It was only looked at, nothing is taken in.
        before: How many rows were cases already.
    """

    action: str
    back_url: str
    template_url: str
    item: str
    done: bool = False
    checked: bool = False
    kinds: Mapping[str, int] | None = None
    before: int = 0
    refused: tuple[RosterRow, ...] = ()
    cases_url: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Somebody who asked; ``due`` is the ISO date until which an answer is owed, or empty."""

    at: int
    item: str
    question: str
    who: str
    due: str = ""
    phone: str = ""
    referred_to: str = ""
    answered_at: int | None = None
    answer_url: str = ""


@dataclass(frozen=True, slots=True)
class AskedPage:
    """``asked.html`` (首问登记): the newest first; answering posts to the line's own address.

    Posts ``question``, ``phone``, ``referred_to``, ``later`` to ``action``.

    Args:
        item: About which somebody asks now; empty: only the register is shown.
        values: What was typed, when it is shown again.
    """

    lines: tuple[AskedLine, ...]
    back: Link
    item: str = ""
    action: str = ""
    values: Mapping[str, str] | None = None
    errors: tuple[FieldError, ...] = ()
