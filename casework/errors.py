"""What casework refuses, as fields that pages, commands and sync turn into their own shape."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with what somebody gave: where, what, and what to do next.

    Attributes:
        pointer: JSON pointer (RFC 6901) into the document given.
        code: stable word for programs.
        message_zh: plain Chinese; the second sentence says what to do next.
    """

    pointer: str
    code: str
    message_zh: str
    message_en: str


class CaseworkError(Exception):
    """Base of all refusals of this package."""


class ProblemsError(CaseworkError):
    """A refusal that names every problem at once."""

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__("; ".join(f"{e.pointer}: {e.code}" for e in errors))
        self.errors = tuple(errors)


class IntakeRefused(ProblemsError):
    """An intake that may not be recorded as it stands."""


class ActRefused(ProblemsError):
    """An act that may not be done on this case, here, by this person, now."""


class CatalogueRefused(ProblemsError):
    """A catalogue, calendar or list of divisions that breaks the rules for publishing."""


class UnknownField(CaseworkError):
    """A field that no policy covers was about to be written."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NumberRefused(CaseworkError):
    """A temporary number that cannot be read: its code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NumberingExhausted(CaseworkError):
    """More numbers on one day than the format holds."""
