"""The devices of the vectors as nodes of ours, each with an empty database."""

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casework.places import PlaceKind
from crypto import envelope, trust
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey, VerifyKey
from node import rows
from node.db import Database
from node.identity import Identity, learn
from node.receiving import NoRules, Receiver
from sync.adapters.sql import SqlLog, stored_header
from sync.adapters.tables import METADATA
from sync.bundle import Extract
from sync.feed import Place
from sync.limits import DEFAULT
from tests.vectors.written import PEOPLE, VECTORS

_AUTHORS = ("township", "village", "neighbour")
_NOW = 1_790_000_300_000


def _document():
    return next(one.data for one in VECTORS if one.id == "county/good")


def identity_of(name):
    """Who a device of the vectors is, as a node of ours."""
    person, document = PEOPLE[name], _document()
    county = trust.read(document, VerifyKey(PEOPLE["root"]["signing_key"]))
    opening = DecryptionKey(person["encryption_seed"])
    kind = PlaceKind("village" if name == "neighbour" else name)
    me = Identity(
        place=Place(person["code"], kind),
        name=name,
        partner="",
        replica=person["replica"],
        signing=SigningKey(person["signing_seed"]),
        decryption={opening.encryption_key.key_id: opening},
        certificate=person["certificate"],
        county=county,
        county_message=document,
        parent=None,
        trust=3,
        epoch=bytes(8),
    )
    return me if name == "county" else _below(me)


def _below(me):
    return Identity(
        **{
            **{name: getattr(me, name) for name in me.__dataclass_fields__},
            "parent": me.read_certificate(PEOPLE["township"]["certificate"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Taking:
    """A node that takes bundles in."""

    database: object
    me: Identity

    def take(self, message, audience):
        """Take a bundle; answers the code of the first complaint, or nothing."""
        receiver = Receiver(database=self.database, me=self.me, rules=NoRules(), now=_NOW)
        found = receiver.take(message, audience=audience).complaints
        return found[0].code if found else ""

    def held(self, message):
        """What is now stored of the change sets that the sender of a bundle wrote."""
        sender = envelope.outer(message, max_bytes=DEFAULT.bundle).sender
        with self.database.read() as tx:
            log = SqlLog(tx)
            return [
                Extract(
                    signed=stored_header(one),
                    entries=[held.entry for held in log.run(one.replica, one.first, one.last)],
                )
                for author in (sender, PEOPLE["village"]["replica"])
                for one in log.change_sets_after(author, 0)
            ]


@contextmanager
def receiving(name):
    """Give a node with an empty database that knows every certificate of the vectors."""
    me = identity_of(name)
    with tempfile.TemporaryDirectory() as folder:
        database = Database.sqlite(Path(folder) / "node.db", bytes(32))
        with database.write() as tx:
            METADATA.create_all(tx)
            rows.metadata.create_all(tx)
            learn(tx, me.hub, me.county.hub)
            for author in _AUTHORS:
                message = PEOPLE[author]["certificate"]
                learn(tx, me.read_certificate(message), message)
        yield Taking(database, me)
        database.close()
