"""Names of places and people, from what this node knows."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from casework.places import Role
from casework.values import Value, read_list, read_map, read_text
from node import people
from node.identity import Identity
from node.runtime import Node
from ui.i18n import gettext as _
from ui.pages import Option


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who.

    Attributes:
        divisions: 12-digit code → name, of where people live.
        places: the same of townships, the county, and stations that this node knows.
        staff: login → name, of this place's own people.
        own: code of this place.
    """

    divisions: Mapping[str, str]
    places: Mapping[str, str]
    staff: Mapping[str, str]
    own: str

    def place(self, code: str) -> str:
        """Name of a place, or its code."""
        return self.places.get(code, code)

    def division(self, code: str) -> str:
        """Name of where somebody lives, or its code."""
        return self.divisions.get(code, code)

    def actor(self, login: str, station: str) -> str:
        """Name of a person; of people elsewhere only the login is known here."""
        if login == Role.SYSTEM:
            return _("电脑按规则")
        return self.staff.get(login, login) if station == self.own else login


def load(
    tx: sa.Connection, node: Node, me: Identity, *, more: Mapping[str, str] | None = None
) -> Names:
    """Gather the names that this node knows.

    Args:
        tx: any transaction.
        node: this node.
        me: who it is.
        more: code → name of further places, such as the county's register of stations.
    """
    divisions = {code: f"{town} {name}".strip() for code, name, town in _divisions(tx, node)}
    places = divisions | dict(more or {})
    if me.parent is not None:
        places[me.parent.station] = me.parent.station_name
    places |= {me.county_code: me.county.name, me.place.code: me.name}
    staff = {account.login: account.name for account in people.accounts(tx)}
    return Names(divisions, places, staff, me.place.code)


def villages(tx: sa.Connection, node: Node, me: Identity) -> tuple[Option, ...]:
    """Where an applicant may live: this place first, then its township, then the county."""
    own = me.place.code
    rows = [row for row in _divisions(tx, node) if row[2]]
    rows.sort(key=lambda row: (row[0] != own, row[0][:9] != own[:9], row[0]))
    return tuple(Option(code, f"{town} {name}") for code, name, town in rows)


def _divisions(tx: sa.Connection, node: Node) -> list[tuple[str, str, str]]:
    """Code, name, and for a village its township's name."""
    found = []
    for township in node.regions(tx):
        town = read_text(township.get("name")) or ""
        found.append((read_text(township.get("code")) or "", town, ""))
        villages = map(_village, read_list(township.get("villages")))
        found += [(*village, town) for village in villages]
    return found


def _village(entry: Value) -> tuple[str, str]:
    if isinstance(entry, list | tuple):
        return str(entry[0]), str(entry[1])
    village = read_map(entry)
    return read_text(village.get("code")) or "", read_text(village.get("name")) or ""
