"""What a view of the station may ask: the open node, who is here, and the work in the background.

The only place of this package that reaches for the app that answers; views ask `services()`.
"""

from dataclasses import dataclass, field
from typing import Protocol

from flask import Flask, current_app

from node.people import Account
from node.runtime import Node
from node.web import context

_EXTENSION = "bangban_station"


class Background(Protocol):
    """The exchange that runs beside the pages."""

    def wake(self) -> None:
        """Try now, whatever the back-off says; returns at once."""

    @property
    def busy(self) -> bool:
        """Whether an exchange is running."""

    @property
    def retry_at(self) -> int | None:
        """When it tries by itself again, milliseconds since the epoch; None: not planned."""

    @property
    def last_problem(self) -> Exception | None:
        """Why the last try failed, or None."""


@dataclass(slots=True)
class SetAside:
    """Drafts that were put aside since this program started; forgotten with it, on purpose."""

    drafts: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Services:
    """What the views of this app stand on.

    Attributes:
        started_at: when this program started, milliseconds; what is older was interrupted by it.
        set_aside: drafts that were put aside since.
    """

    background: Background
    started_at: int
    set_aside: SetAside = field(default_factory=SetAside)

    @property
    def node(self) -> Node:
        """The open node.

        Raises:
            Locked: it waits for its passphrase.
        """
        return context.node()


def install(app: Flask, background: Background, *, started_at: int) -> None:
    """Give an app the services of its views."""
    app.extensions[_EXTENSION] = Services(background, started_at)


def services() -> Services:
    """The services of the app that answers."""
    found: Services = current_app.extensions[_EXTENSION]
    return found


def node() -> Node:
    """The open node.

    Raises:
        Locked: it waits for its passphrase.
    """
    return services().node


def person() -> Account:
    """Who is signed in.

    Raises:
        NotSignedIn: nobody.
    """
    return context.person()
