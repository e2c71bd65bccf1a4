"""What this node and its people may do: the published modes, cut down to the letters in force.

The letters stand in the county's signed document (`casework.authorisations`). A document that was
published before letters were kept leaves the modes alone.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from casework import authorisations
from casework.authorisations import NO_BOOK, Book, Post, Power, effective_mode
from casework.catalogue import CatalogueItem
from casework.places import Mode, PlaceKind
from node import publication
from node.identity import Identity
from node.publication import Published

PART: Final = "authorisations"
"""Name of the part of the published document."""


@dataclass(frozen=True, slots=True)
class Powers:
    """What may be done here at an instant.

    Attributes:
        now: milliseconds since the epoch.
    """

    me: Identity
    book: Book
    now: int

    def mode(self, item: CatalogueItem | None) -> Mode | None:
        """In which mode this node offers an item; None when it does not, and at the county."""
        if item is None or self.me.is_county:
            return None
        return effective_mode(self.book, post_of(self.me), item, self.now)

    def may_accept_at_all(self) -> bool:
        """Whether some letter in force lets this station accept anything."""
        code = self.me.place.code
        if self.me.is_county or not self.book.letters_of(code):
            return True
        return authorisations.covers(self.book, code, Power.ACCEPT, item=None, at=self.now)

    def may_serve_at_all(self) -> bool:
        """Whether an outlet's agreement is in force; no other place needs one."""
        outlet = self.me.place.kind == PlaceKind.OUTLET
        code = self.me.place.code
        return not outlet or authorisations.agreed(self.book, code, item=None, at=self.now)


def powers(tx: sa.Connection, me: Identity, now: int) -> Powers:
    """Say what this node may do.

    Args:
        tx: any transaction.
        me: this node.
        now: milliseconds since the epoch.
    """
    found = publication.current(tx, me)
    return Powers(me, book_of(found) if found else NO_BOOK, now)


def post_of(me: Identity) -> Post:
    """This station, as letters ask about it."""
    return Post(code=me.place.code, kind=PlaceKind(me.place.kind), partner=me.partner)


@lru_cache(maxsize=8)
def book_of(found: Published) -> Book:
    """The letters and agreements of a published document."""
    return authorisations.parse(found.document.get(PART))
