"""What a shared view may ask: who is here, what is open, which language.

The only place of this package that reaches for the app that answers; views ask the functions.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum

from flask import Flask, current_app, g, request

from casework import authority
from casework.places import Mode
from node import people, sessions
from node.clock import Clock
from node.config import DataDirectory
from node.db import Database
from node.errors import NotAllowed, NotSignedIn
from node.people import Account
from node.printing import fonts
from node.printing.fonts import Font
from node.problems import Language
from node.runtime import Node
from node.sessions import Activity
from node.web.door import Door, node_behind
from ui import i18n
from ui.pages import Frame, Option

_SITE = "bangban_site"


class SignInBy(Enum):
    """How people say who they are."""

    CHOICE = "choice"
    TYPING = "typing"


@dataclass(frozen=True, slots=True)
class Site:
    """What the shared pages need to know of an app.

    Attributes:
        name: tells this node's cookies from another's on the same host; letters and digits.
        door: the locked or open node.
        clock: the app's clock.
        place_kind: county, township, village or outlet; asked while the node is open.
        frame: what stands around a page; must answer while locked and while nobody is signed in.
        home: endpoint of the first page.
        hosts: host names and addresses under which this node may be visited.
        sign_in_by: `CHOICE` shows up to six accounts, `TYPING` asks for the login.
        max_body_bytes: of one request.
        machine_paths: where errors are told to programs.
        spooled: how many sealed packets go on being delivered while locked.
        font: answers the font of PDF files; raises FontMissing where there is none.
    """

    name: str
    door: Door
    clock: Clock
    place_kind: Callable[[], str]
    frame: Callable[[], Frame]
    home: str
    hosts: Collection[str] = ()
    sign_in_by: SignInBy = SignInBy.TYPING
    max_body_bytes: int = 32 * 1024 * 1024
    machine_paths: tuple[str, ...] = ("/api/", "/sync/", "/trust/")
    spooled: Callable[[], int] = int
    font: Callable[[], Font] = fonts.known

    @property
    def cookie(self) -> str:
        """Name of the session cookie."""
        return f"bangban_{self.name}"


def site_name(program: str, directory: DataDirectory) -> str:
    """A name for the site of a program that no other node on this computer has."""
    told = hashlib.sha256(str(directory.path.absolute()).encode()).hexdigest()
    return f"{program}{told[:8]}"


def install(app: Flask, its_site: Site) -> None:
    """Remember the site of an app."""
    app.extensions[_SITE] = its_site


def site() -> Site:
    """The site that answers this request."""
    found: Site = current_app.extensions[_SITE]
    return found


def node() -> Node:
    """The open node.

    Raises:
        Locked: it waits for its passphrase.
    """
    return node_behind(site().door, site().clock)


def database() -> Database:
    """The open database.

    Raises:
        Locked: the node waits for its passphrase.
    """
    return site().door.node.database


def now() -> int:
    """Milliseconds since the epoch by the app's clock."""
    return site().clock.now_ms()


def language() -> Language:
    """The language of the person who is being answered."""
    return Language(i18n.current().value)


def view() -> Callable[..., object] | None:
    """The function that will answer this request, with its marks (`node.web.guard`)."""
    return current_app.view_functions.get(request.endpoint or "")


def trace() -> str:
    """The id of this request, which also stands in the log."""
    return str(g.get("trace", ""))


def for_machines() -> bool:
    """Whether this request comes from a program and errors are told as problem+json."""
    return request.path.startswith(site().machine_paths)


def token() -> str:
    """The session token that the browser sent, or empty."""
    return request.cookies.get(site().cookie, "")


def visitor() -> Account | None:
    """Who is signed in, or None; looked up once a request."""
    if "visitor" not in g:
        g.visitor = _look_up()
    found: Account | None = g.visitor
    return found


def person() -> Account:
    """Who is signed in.

    Raises:
        NotSignedIn: nobody.
    """
    found = visitor()
    if found is None:
        raise NotSignedIn
    return found


def may(fact: str, *, mode: Mode | None = None, promised_days: int | None = None) -> bool:
    """Whether the person may do this here, in this mode; `casework.authority` says."""
    refusal = authority.check(
        fact,
        place_kind=site().place_kind(),
        role=person().role,
        mode=mode,
        promised_days=promised_days,
    )
    return refusal is None


def may_for_some_item(fact: str) -> bool:
    """Whether the person may do this here for any item at all: what a menu shows."""
    return any(may(fact, mode=mode, promised_days=0) for mode in (None, *Mode))


def require(fact: str) -> None:
    """Return if the person may do this here for some item.

    Does not check the item's mode; the use case does.

    Raises:
        NotAllowed: the role or the place does not.
    """
    if not may_for_some_item(fact):
        raise NotAllowed(fact, person().role)


def choices() -> tuple[Option, ...]:
    """Who works here, for a sign-in by choice; empty for a sign-in by typing."""
    if site().sign_in_by is SignInBy.TYPING:
        return ()
    with database().read() as tx:
        working = [account for account in people.accounts(tx) if not account.disabled]
    return tuple(Option(account.login, account.name) for account in working)


def _look_up() -> Account | None:
    given = token()
    if not given or not site().door.is_open:
        return None
    activity = getattr(view(), "activity", Activity.PERSON)
    return sessions.who(database(), given, now=now(), activity=activity)
