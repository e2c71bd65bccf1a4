"""What the page of letters of authorisation is given."""

from dataclasses import dataclass

from ui.pages.parts import FieldError, Option


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter or agreement.

    Args:
        state: Code of table "letter": ``in_force``, ``later``, ``ended`` or ``revoked``.
        covers: Items, areas, or all of them, in words.
        first, last: ISO dates.
        revoke_url: Empty: it cannot be taken back.
    """

    id: str
    number: str
    grantor: str
    to: str
    agreement: bool
    powers: tuple[str, ...]
    covers: str
    first: str
    last: str
    state: str
    reason: str = ""
    revoke_url: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorisationsPage:
    """``authorisations.html`` (授权): what is in force and what was, and a form for a new one.

    Posts ``to``, ``agreement``, ``document_no``, ``grantor``, ``powers``, ``items``, ``areas``,
    ``first``, ``last`` to ``action``, and ``reason`` to a row's ``revoke_url``.

    Args:
        action: Empty: this person may only look.
        typed: What was posted, to be mended.
    """

    rows: tuple[LetterRow, ...]
    action: str = ""
    departments: tuple[Option, ...] = ()
    grantees: tuple[Option, ...] = ()
    powers: tuple[Option, ...] = ()
    areas: tuple[Option, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    ticked_powers: tuple[str, ...] = ()
    ticked_areas: tuple[str, ...] = ()
    done_note: str = ""
    errors: tuple[FieldError, ...] = ()

    def value(self, name: str) -> str:
        """Answer what was typed in a field."""
        return dict(self.typed).get(name, "")
