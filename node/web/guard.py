"""Who may see which page: nobody without signing in, unless the view says otherwise.

`@public` lets everybody in, `@machine` is public and takes no form token (its body is signed),
`@while_locked` answers before the passphrase, `@poll` does not prolong the session, `@needs` asks
the table of authority, `@for_roles` is for pages that are no acts on a case.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from casework.places import Role
from node.errors import NotAllowed
from node.sessions import Activity
from node.web import context

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
View = Callable[Parameters, Answer]

OPEN_ENDPOINTS = frozenset({"preferences.change"})


def public(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
    """Everybody may see this page."""
    view.public = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def machine(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
    """For programs: no session and no form token; the view checks who signed the body."""
    view.machine = True  # type: ignore[attr-defined]  # a mark on the function
    return public(view)


def while_locked(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
    """Answers everybody, also before the node is unlocked."""
    view.while_locked = True  # type: ignore[attr-defined]  # a mark on the function
    return public(view)


def poll(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
    """Asked by a page on its own: does not prolong the session."""
    view.activity = Activity.POLL  # type: ignore[attr-defined]  # a mark on the function
    return view


def needs(fact: str) -> Callable[[View[Parameters, Answer]], View[Parameters, Answer]]:
    """Only for whom `casework.authority` lets do this here, for some item at least."""

    def mark(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
        @wraps(view)
        def checked(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            context.require(fact)
            return view(*args, **kwargs)

        return checked

    return mark


def for_roles(*roles: Role) -> Callable[[View[Parameters, Answer]], View[Parameters, Answer]]:
    """Only for these roles."""

    def mark(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
        @wraps(view)
        def checked(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            if context.person().role not in roles:
                raise NotAllowed(view.__name__, context.person().role)
            return view(*args, **kwargs)

        return checked

    return mark


def takes_files(most: int) -> Callable[[View[Parameters, Answer]], View[Parameters, Answer]]:
    """A page to which whoever is signed in may send files of up to `most` bytes."""

    def mark(view: View[Parameters, Answer]) -> View[Parameters, Answer]:
        view.most_bytes = most  # type: ignore[attr-defined]  # a mark on the function
        return view

    return mark


def is_file(endpoint: str) -> bool:
    """Whether a request is for a style sheet, a script, a picture of ours."""
    return endpoint == "static" or endpoint.endswith(".static")


def is_public(endpoint: str, view: object) -> bool:
    """Whether everybody may see the page."""
    return _is_shared(endpoint) or getattr(view, "public", False)


def answers_while_locked(endpoint: str, view: object) -> bool:
    """Whether the page answers before the node is unlocked."""
    return _is_shared(endpoint) or getattr(view, "while_locked", False)


def _is_shared(endpoint: str) -> bool:
    return is_file(endpoint) or endpoint in OPEN_ENDPOINTS
