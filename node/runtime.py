"""A node opened and ready: what every use case is given first."""

from dataclasses import dataclass

import sqlalchemy as sa

from casework.authorisations import Book
from casework.catalogue import Catalogue, CatalogueItem
from casework.deadline import Clock as Limits
from casework.ids import ENTROPY_BYTES, Ulid
from casework.places import Place
from casework.values import day_of
from crypto.entropy import random_bytes
from node import identity, policy, powers, publication, reckoning
from node.clock import Clock
from node.config import DataDirectory
from node.db import Database
from node.errors import NoCatalogue
from node.identity import Identity, Moment
from node.keys import NodeKeys
from node.policy import Policy
from node.publication import Published


@dataclass(frozen=True, slots=True)
class Node:
    """An opened node; cheap to pass about, safe between threads."""

    directory: DataDirectory
    database: Database
    clock: Clock
    keys: NodeKeys

    def identity(self) -> Identity:
        """Read who this node is and whom it trusts, as of now.

        Raises:
            NotInitialised: enrolment has not ended yet.
        """
        with self.database.read() as tx:
            return self.identity_in(tx)

    def identity_in(self, tx: sa.Connection) -> Identity:
        """The same inside a transaction."""
        return identity.load(tx, self.keys.device)

    def moment(self, tx: sa.Connection) -> Moment:
        """Say when it is."""
        return identity.moment(tx, self.clock)

    def new_id(self) -> str:
        """Draw the text of a new ULID."""
        return Ulid.make(self.clock.now_ms(), random_bytes(ENTROPY_BYTES)).text

    def published(self, tx: sa.Connection, version: int | None = None) -> Published:
        """Read what the county published: the newest, or a certain version.

        Raises:
            NoCatalogue: nothing has arrived here yet, or not that version.
        """
        found = publication.current(tx, self.identity_in(tx), version)
        if found is None:
            raise NoCatalogue(version or 0)
        return found

    def catalogue(self, tx: sa.Connection, version: int | None = None) -> Catalogue:
        """Read the catalogue of items (see `published`)."""
        return reckoning.catalogue(self.published(tx, version))

    def limits(self, tx: sa.Connection) -> Limits:
        """Read what time limits are counted with here today: calendar and settings."""
        me, day = self.identity_in(tx), day_of(self.clock.now_ms())
        return reckoning.limits(self.published(tx), me.place.code, day)

    def desk(self, tx: sa.Connection, me: Identity) -> tuple[Catalogue, Limits, Policy, Book]:
        """Read catalogue, limits, settings and letters at once, for the counter.

        Raises:
            NoCatalogue: nothing has arrived here yet.
        """
        found = publication.current(tx, me)
        if found is None:
            raise NoCatalogue
        limits = reckoning.limits(found, me.place.code, day_of(self.clock.now_ms()))
        return (
            reckoning.catalogue(found),
            limits,
            policy.of(found, me.place.code),
            powers.book_of(found),
        )

    def regions(self, tx: sa.Connection) -> list[dict[str, object]]:
        """Read the county's divisions: townships with their villages."""
        found = self.published(tx).document.get("regions")
        townships = found.get("townships") if isinstance(found, dict) else None
        return list(townships) if isinstance(townships, list) else []

    def item(self, tx: sa.Connection, code: str, version: int) -> CatalogueItem | None:
        """Read an item as it was shown to the citizen; None when this place lacks the version."""
        try:
            return self.catalogue(tx, version).item(code)
        except NoCatalogue:
            return None


def here(me: Identity) -> Place:
    """This node's place in casework's terms."""
    parent = "" if me.is_county else me.parent.station if me.parent else me.county_code
    return Place(code=me.place.code, kind=me.place.kind, name=me.name, parent=parent)
