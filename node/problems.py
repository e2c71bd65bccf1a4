"""The one table of what a person and a program are told when something goes wrong.

Every error class of ours leads to a problem type: a stable word, a title and a detail in Chinese
and English, the command's exit code, the HTTP status, who can mend it, and whether the same again
may work later. Classes are named as text, `package.ClassName`, so that asking for help does not
load the database; a test resolves every name. A class that is not listed is told by its nearest
listed base; an error of nobody's is `failed`, with a number that also stands in the log.
"""

import errno
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from crypto.entropy import random_bytes
from node.errors import FieldProblem
from node.problem_types import CLASSES, PROBLEMS, Again, Fixer, ProblemType

_NUMBER_SIGNS = "23456789BCDFGHJKMNPQRTVWXY"  # no look-alikes, no words


class Language(StrEnum):
    """The languages that problems are told in."""

    ZH = "zh"
    EN = "en"


_FIXERS = {
    Fixer.YOU: ("您自己", "you"),
    Fixer.NOBODY: ("不用管，会自动再试", "nobody: it is tried again by itself"),
    Fixer.ADMINISTRATOR: ("本站管理员", "the administrator of this place"),
    Fixer.COUNTY: ("县里管理员", "the county's administrator"),
    Fixer.MAINTAINER: ("技术人员", "the people who maintain the program"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as it is told.

    Attributes:
        type: the row of the table.
        title: what is wrong.
        detail: what to do next.
        who_can_fix: a person, in words.
        errors: the fields concerned, in order.
        number: the error number for the phone, or empty.
        retry_after: seconds after which to try again, or 0.
    """

    type: ProblemType
    title: str
    detail: str
    who_can_fix: str
    errors: tuple[Mapping[str, str], ...]
    number: str
    retry_after: int

    def lines(self) -> list[str]:
        """The words for a terminal: what is wrong, what to do, where, who."""
        told = [self.title, self.detail, *(self._field_line(entry) for entry in self.errors)]
        return [line for line in told if line]

    def _field_line(self, entry: Mapping[str, str]) -> str:
        return f"  {entry['pointer']}: {entry['message']}"

    def as_json(self) -> dict[str, object]:
        """The members that commands and HTTP answers share."""
        document: dict[str, object] = {
            "type": self.type.slug,
            "title": self.title,
            "detail": self.detail,
            "who_can_fix": self.type.who_can_fix.value,
            "retryable": self.type.again is Again.LATER,
        }
        if self.errors:
            document["errors"] = [dict(entry) for entry in self.errors]
        if self.number:
            document["number"] = self.number
        return document


def problem_of(
    error: BaseException, language: Language = Language.ZH, *, number: str = ""
) -> Problem:
    """How to tell this error, in this language.

    Args:
        error: anything raised.
        language: of title, detail and field messages.
        number: the error number, for errors that are nobody's (`new_number`).
    """
    kind = type_of(error)
    english = language is Language.EN
    template = kind.detail_en if english else kind.detail_zh
    return Problem(
        type=kind,
        title=kind.title_en if english else kind.title_zh,
        detail=template.format_map(_fields(error, number)).strip(),
        who_can_fix=_FIXERS[kind.who_can_fix][english],
        errors=tuple(_entry(problem, language) for problem in _field_problems(error)),
        number=number,
        retry_after=int(getattr(error, "seconds", 0)) if kind.again is Again.LATER else 0,
    )


def problem_json(problem: Problem, *, trace: str) -> dict[str, object]:
    """The body of an `application/problem+json` answer (RFC 9457).

    Args:
        problem: what to tell.
        trace: the request's id, which also stands in the log.
    """
    document = problem.as_json()
    return document | {
        "type": f"/problems/{problem.type.slug}",
        "status": problem.type.http_status,
        "trace": trace,
    }


def type_of(error: BaseException) -> ProblemType:
    """The row for this error: its class, else its nearest listed base, else `failed`."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return PROBLEMS["disk_full"]
    for name in _names(type(error)):
        if name in CLASSES:
            return PROBLEMS[CLASSES[name]]
    return PROBLEMS["failed"]


def record(error: BaseException, *, directory: Path | None = None) -> str:
    """Write an error that is nobody's to the log.

    Args:
        error: anything raised.
        directory: where a process that has not begun a log writes this one.

    Returns:
        Its number, for `problem_of`; empty for the errors that the table knows.
    """
    if type_of(error).slug != "failed":
        return ""
    # Slow to load, and most commands end well.
    import structlog  # noqa: PLC0415

    from node import logs  # noqa: PLC0415

    number = new_number()
    if not structlog.is_configured():
        logs.begin(directory, process="command")
    logs.logger().error("failed", number=number, error=error)
    return number


def new_number() -> str:
    """A short error number, easy to say on the phone; it is written to the log as well."""
    return "".join(_NUMBER_SIGNS[byte % len(_NUMBER_SIGNS)] for byte in random_bytes(5))


def _names(kind: type[BaseException]) -> Iterator[str]:
    for base in kind.__mro__:
        yield f"{base.__module__.partition('.')[0]}.{base.__qualname__}"


class _Fields(dict[str, object]):
    """Fields of an error; what a template asks for and the error lacks becomes empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _fields(error: BaseException, number: str) -> _Fields:
    return _Fields(getattr(error, "__dict__", {}), number=number)


def _field_problems(error: BaseException) -> Sequence[FieldProblem]:
    for name in ("errors", "problems"):
        found = getattr(error, name, None)
        if isinstance(found, (list, tuple)):
            return [entry for entry in found if hasattr(entry, "pointer")]
    return []


def _entry(problem: FieldProblem, language: Language) -> Mapping[str, str]:
    message = problem.message_en if language is Language.EN else problem.message_zh
    return {"pointer": problem.pointer, "code": problem.code, "message": message}
