"""Sign-in, unlocking, and the page that says what went wrong."""

from dataclasses import dataclass

from ui.pages.parts import FieldError, Link, Option


@dataclass(frozen=True, slots=True)
class SignInPage:
    """``auth/sign_in.html``: posts ``login``, ``password`` and ``next``.

    Args:
        accounts: Who works here (value: login); shown as a choice when there are at most six, so
            that
            nobody types a login. Empty: the login is typed (always so at the hub).
        wait_seconds: How long nobody is let in after too many wrong passwords; 0: not waiting.
        ended: The last session ended by itself; said once.
    """

    action: str
    login: str = ""
    next_url: str = ""
    accounts: tuple[Option, ...] = ()
    errors: tuple[FieldError, ...] = ()
    wait_seconds: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class UnlockPage:
    """``auth/unlock.html``: posts ``passphrase``; after a start, before the database opens.

    Args:
        spooled: Sealed packets that go on being delivered meanwhile.
    """

    action: str
    errors: tuple[FieldError, ...] = ()
    spooled: int = 0


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """``problem.html``: what is wrong, where, who can mend it, what next.

    Args:
        title: What is wrong, one short sentence; it is the heading.
        detail: More of it, or empty.
        where: The part of the work that it concerns, or empty.
        who_can_fix: A person in words: 您自己, 县里管理员.
        next_steps: What can be done from here; the first is the main one.
        number: The error number (``7F2K``) to name on the phone, or empty where none is needed.
        kept: What was typed is safe in the draft.
    """

    status: int
    title: str
    detail: str = ""
    where: str = ""
    who_can_fix: str = ""
    next_steps: tuple[Link, ...] = ()
    number: str = ""
    phone: str = ""
    kept: bool = False
    errors: tuple[FieldError, ...] = ()
