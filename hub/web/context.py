"""What a view of the hub may ask: the open node, who is here, what things are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.values import day_of
from casework.workdays import Calendar
from hub.usecases import stations
from node.people import Account
from node.runtime import Node
from node.web import context, names
from node.web.names import Names


def node() -> Node:
    """The open node.

    Raises:
        Locked: it waits for its passphrase.
    """
    return context.node()


def person() -> Account:
    """Who is signed in.

    Raises:
        NotSignedIn: nobody.
    """
    return context.person()


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of the hub is written with."""

    known: Names
    calendar: Calendar
    now: int

    @property
    def today(self) -> date:
        """The day at the county."""
        return day_of(self.now)


def desk(hub: Node) -> Desk:
    """Gather names, calendar and hour."""
    registered: Mapping[str, str] = {one.code: one.name for one in stations.listed(hub)}
    with hub.database.read() as tx:
        known = names.load(tx, hub, hub.identity_in(tx), more=registered)
        return Desk(known, hub.limits(tx).calendar, hub.clock.now_ms())
