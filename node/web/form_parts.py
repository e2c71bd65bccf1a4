"""What the forms of acts are made of: a case in its place, an act as a form, answers as fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.case import CaseState
from casework.catalogue import CatalogueItem
from casework.errors import FieldProblem
from casework.places import Place
from casework.values import Value, read_list, read_map, read_text
from node.web.names import Names
from ui import words
from ui.pages import FormField, Option

Posted = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The case that is acted on, and where."""

    case: CaseState
    item: CatalogueItem | None
    place: Place
    known: Names


def plain(posted: Posted) -> dict[str, Any]:
    """The answers as texts; what was left empty is not said."""
    return {name: text.strip() for name, text in posted.items() if text.strip()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One act as a form: its words, its questions, and how the answers are read.

    Attributes:
        demand: what a page asks for besides the rules, because it can: pointers of what lacks, with
            the words of `casework.wording`.
        when: whether there is anything to act on; the rules say whether it may be done.
    """

    title: str
    button: str
    hint: str = ""
    ask: Callable[[Subject], Sequence[FormField]] = lambda _subject: ()
    read: Callable[[Posted], dict[str, Any]] = plain
    uploads: bool = False
    demand: Callable[[Posted], Sequence[FieldProblem]] = lambda _posted: ()
    when: Callable[[Subject], bool] = lambda _subject: True


def options(codes: Sequence[str], table: str) -> tuple[Option, ...]:
    """Choices from a table of words."""
    return tuple(Option(code, words.word(code, table)) for code in codes)


def number(text: str) -> Value:
    """A whole number, or the text as it was, so that the rules refuse it in words."""
    return int(text) if text.isascii() and text.isdigit() else text


def ticked(posted: Posted, name: str) -> bool:
    """Whether a box was ticked."""
    return posted.get(name) == "yes"


def has_agent(case: CaseState) -> bool:
    """Whether somebody acts for the applicant and still may."""
    named = bool(case.text("agent.relation"))
    return named and case.values.get("entrustment_revoked") is None


def results_of(case: CaseState) -> tuple[tuple[str, str], ...]:
    """Name and serial of everything that was issued."""
    rows = map(read_map, read_list(case.map("issued").get("results")))
    return tuple(
        (read_text(row.get("name")) or "", read_text(row.get("serial")) or "") for row in rows
    )


def read_results(posted: Posted) -> list[dict[str, str]]:
    """The results as `results.N.name` and `results.N.serial`, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name, text in posted.items():
        family, _dot, rest = name.partition(".")
        at, _dot, part = rest.partition(".")
        if family == "results" and at.isdigit() and text.strip():
            rows.setdefault(int(at), {})[part] = text.strip()
    return [rows[at] for at in sorted(rows)]
