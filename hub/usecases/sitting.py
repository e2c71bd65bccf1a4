"""What the county needs at hand when it looks at what has arrived: read once, used for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import sqlalchemy as sa

from casework.catalogue import CatalogueItem
from casework.places import PlaceKind
from casework.values import read_int
from crypto.keyed import keyed_hash
from hub.keys import GROUPING
from hub.usecases import stations
from node import cases, feeding, ledger
from node.cases import Case
from node.identity import Identity, Moment, authors
from node.ledger import CaseAct
from node.runtime import Node
from sync.record import Author, Entry

SYSTEM: Final = "system"
"""Who acts where a rule does; no person has this login."""


@dataclass(kw_only=True)
class Sitting:
    """One look of the county at some cases, inside one transaction.

    Attributes:
        tx: a write transaction.
        me: the hub.
        at: when.
    """

    tx: sa.Connection
    node: Node
    me: Identity
    at: Moment
    _items: dict[tuple[str, int], CatalogueItem | None] = field(default_factory=dict)

    @classmethod
    def begin(cls, tx: sa.Connection, node: Node) -> "Sitting":
        """Take the locks first, so that what is then read stands until the end."""
        feeding.lock_counters(tx)
        return cls(tx=tx, node=node, me=node.identity_in(tx), at=node.moment(tx))

    @cached_property
    def authors(self) -> Mapping[bytes, Author]:
        """Replica → place."""
        return authors(self.tx)

    def is_county(self, replica: bytes) -> bool:
        """Whether a replica is one of the county's own."""
        author = self.authors.get(replica)
        return author is not None and author.kind == PlaceKind.COUNTY

    @cached_property
    def partners(self) -> Mapping[str, str]:
        """Code of an outlet → its partner."""
        return {code: place.partner for code, place in stations.registered(self.tx).items()}

    @cached_property
    def _secret(self) -> bytes:
        return self.node.keys.secret(GROUPING)

    def item(self, case: Case) -> CatalogueItem | None:
        """The item of a case as it was shown to the citizen."""
        code = case.state.text("item")
        version = read_int(case.state.values.get("item_version")) or 0
        if (code, version) not in self._items:
            self._items[code, version] = self.node.item(self.tx, code, version)
        return self._items[code, version]

    def key(self, *parts: str | bytes) -> bytes:
        """A name that only this county can compute."""
        return keyed_hash(self._secret, *parts)

    def check_id(self, rule: str, rule_key: bytes) -> str:
        """The id of a check: rule and what it is about, never who found it or when."""
        return f"{rule}-{self.key(rule, rule_key).hex()[:16]}"

    def write(self, acts: list[CaseAct]) -> list[Entry]:
        """Write acts of the county's own rules."""
        if not acts:
            return []
        return ledger.write(self.tx, self.me, acts, actor=SYSTEM, at=self.at)

    def derive(self, records: set[bytes]) -> list[Case]:
        """Derive cases as they now stand."""
        return cases.derive(self.tx, records) if records else []

    def evidence(self) -> dict[str, str | int]:
        """Who says so, where and when, as facts carry it."""
        return {"at": self.at.now, "place": self.me.place.code, "by": SYSTEM}
