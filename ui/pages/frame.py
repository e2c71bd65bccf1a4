"""What stands around every page: who, where, which clock, how the link is."""

from dataclasses import dataclass
from enum import StrEnum


class LinkState(StrEnum):
    """The chip in the corner; ``UNKNOWN`` is what is shown when nobody answered."""

    ONLINE = "online"
    OFFLINE = "offline"
    SENDING = "sending"
    ATTENTION = "attention"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LinkChip:
    """State of the link (``ui/templates/_link_chip.html``, which the poll address answers with).

    Args:
        state: ``ATTENTION`` outranks the rest: something waits for this person.
        done: How many of ``total`` were sent, while sending.
        waiting: Cases that lie only here.
        attention: Cases that need this person.
        url: The page that explains it (上传情况).
        poll_url: Answers with the chip alone; empty: not polled. The poll must not prolong a
            session.
    """

    state: LinkState
    url: str
    done: int = 0
    total: int = 0
    waiting: int = 0
    attention: int = 0
    poll_url: str = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry of the menu; a ``count`` above zero is shown; ``key`` is its short cut (``F8``)."""

    label: str
    url: str
    current: bool = False
    count: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in; ``role`` is a code of table "role" of ``ui.words``."""

    name: str
    role: str
    sign_out_url: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that stops or will stop work here, and what to do.

    Args:
        code: Of table "pressure".
        grave: It stops something now.
    """

    code: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Header and footer of a page; ``ui.register`` asks the app for one at every page.

    Args:
        place: The station's or the county hub's name.
        county: The county's name; empty where it is the same as ``place``.
        home_url: Where the name in the header and F2 lead.
        now: The place's clock.
        nav: The menu; empty before sign-in.
        link: ``None`` at the hub and before unlock.
        at_station: The footer speaks of switching off; the hub's speaks of its hour.
        last_receipt: When the county last confirmed something; ``None``: never yet.
        receipts_known: False while locked: whether anything was confirmed cannot be read.
        safe_to_switch_off: False only during migration or restore.
        hotline: Whom to ring; empty leaves it out.
        alarms: What stops work here or will, the gravest first; above the page.
    """

    place: str
    county: str
    home_url: str
    now: int
    person: Person | None = None
    nav: tuple[NavLink, ...] = ()
    link: LinkChip | None = None
    at_station: bool = True
    last_receipt: int | None = None
    receipts_known: bool = True
    safe_to_switch_off: bool = True
    hotline: str = ""
    alarms: tuple[Alarm, ...] = ()
