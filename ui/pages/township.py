"""What the page of a township about its stations is given."""

from dataclasses import dataclass

from ui.pages.cases import CaseRow


@dataclass(frozen=True, slots=True)
class QuestionTile:
    """One question with its count; the count opens its list.

    Args:
        alarming: Something of it waits.
    """

    question: str
    count: int
    unit: str
    url: str
    selected: bool
    alarming: bool


@dataclass(frozen=True, slots=True)
class BelowRow:
    """One station of the township.

    Args:
        state: ``today``, ``silent`` or ``unknown``; the last is never green.
        heard_at: Last word of it, milliseconds; None: never.
        unsent: Entries that exist there and are not here; None: not known.
    """

    name: str
    kind: str
    state: str
    heard_at: int | None
    unsent: int | None
    due: int
    papers: int
    lacking: int


@dataclass(frozen=True, slots=True)
class TownshipPage:
    """``township.html``: four questions, the stations, and the cases of one question.

    Args:
        at: When it was counted.
        lagging: Stations that have not sent everything, and how many entries that are.
        title: Of the list of cases; empty where none was asked for.
    """

    at: int
    tiles: tuple[QuestionTile, ...]
    stations: tuple[BelowRow, ...]
    lagging: tuple[int, int]
    title: str = ""
    rows: tuple[CaseRow, ...] = ()
    more: bool = False
