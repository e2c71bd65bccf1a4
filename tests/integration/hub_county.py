"""A real county for tests: a hub, and stations that enrol by the documents of enrolment."""

import itertools
import shutil
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from casework.facts import Act
from casework.ids import Ulid
from casework.numbering import TemporaryNumber
from casework.places import Role
from casework.values import day_of
from crypto import trust
from crypto.entropy import random_bytes
from crypto.keyed import keyed_hash
from crypto.recipient import DecryptionKey
from crypto.signing import SigningKey
from crypto.trust import DeviceKeys
from hub.keys import GROUPING, open_hub
from hub.usecases import enrolments, reconcile, setup, stations
from hub.usecases.rules import HubRules
from hub.usecases.stations import NewStation
from node import cases, identity, ledger, people, publication
from node.child import Child
from node.clock import FixedClock
from node.config import DataDirectory
from node.db import Database
from node.enrolment import Asking, EnrolmentState, Revealing
from node.ledger import CaseAct
from node.parent import Parent
from node.tables import METADATA
from node.tables import identity as identity_table

TOWNSHIP, VILLAGE, OTHER, OUTLET = "411526101000", "411526101201", "411526101202", "411526101901"
KINDS = {TOWNSHIP: "township", VILLAGE: "village", OTHER: "village", OUTLET: "outlet"}
NAMES = {TOWNSHIP: "双柳树镇", VILLAGE: "甲村", OTHER: "乙村", OUTLET: "农行网点"}
NOW = 1_795_227_000_000


@dataclass
class Hub:
    """The county."""

    node: object
    passwords: dict

    @property
    def rules(self):
        """What it does about what arrives."""
        return HubRules(self.node)

    def account(self, role):
        """The first account of a role."""
        with self.node.database.read() as tx:
            return people.default_account(tx, [Role(role)])

    def settle(self, check, answer):
        """Settle a check; where money hangs on it, two persons do."""
        first = self.account("reconciler")
        done = reconcile.resolve(self.node, check, answer, account=first)
        if not done.proposed:
            return done
        return reconcile.confirm(self.node, check, account=replace(first, login="second"))

    def case(self, record):
        """A case as it stands here."""
        with self.node.database.read() as tx:
            return cases.derive(tx, [record])[0]

    def answer(self, message):
        """Answer a request."""
        now = self.node.clock.now_ms()
        me = self.node.identity()
        return Parent(database=self.node.database, me=me, rules=self.rules, now=now).answer(message)


@contextmanager
def hub(directory: Path, *, database_url=None):
    """A new county with its hub open."""
    clock = FixedClock(NOW, 1000)
    data = DataDirectory(directory / "hub")
    request = setup.Request(county="411526", database_url=database_url)
    made = setup.init(data, request, clock=clock)
    node = open_hub(data, None, clock)
    with closing(node.database):
        passwords = {issued.account.login: issued.password for issued in made.accounts}
        yield Hub(node, passwords)


_made = {}
_serials = itertools.count(1)


def template(factory) -> Path:
    """A county with four enrolled places, made once a run; tests work on copies of it."""
    if "folder" not in _made:
        folder = factory.mktemp("county")
        with hub(folder) as county:
            _made["places"] = [enrol(county, folder, code) for code in KINDS]
        for place in _made["places"]:
            place.database.close()
        _made["folder"] = folder
    return _made["folder"]


@contextmanager
def copy(factory, target: Path):
    """A copy of the template: the hub, and the places by code."""
    folder = template(factory)
    shutil.copytree(folder, target / "county")
    with ExitStack() as stack:
        node = open_hub(DataDirectory(target / "county" / "hub"), None, FixedClock(NOW, 1000))
        stack.enter_context(closing(node.database))
        places = {}
        for made in _made["places"]:
            path = target / "county" / made.database.path.name
            database = Database.sqlite(path, made.key)
            stack.enter_context(closing(database))
            places[made.code] = replace(made, database=database, clock=FixedClock(NOW, 1000))
        yield Hub(node, {}), places


@dataclass
class Station:
    """A device with a database of its own; writes what it likes and exchanges with the hub."""

    code: str
    database: Database
    key: bytes
    signing: SigningKey
    decryption: DecryptionKey
    clock: FixedClock

    @property
    def me(self):
        """Who this is."""
        with self.database.read() as tx:
            return identity.load(tx, lambda _sealed: (self.signing, self.decryption))

    def write(self, record, act, *, actor="wang"):
        """Write one act, allowed or not."""
        with self.database.write() as tx:
            at = identity.moment(tx, self.clock)
            me = identity.load(tx, lambda _sealed: (self.signing, self.decryption))
            classes = {"bank_account": 3}
            return ledger.write(tx, me, [CaseAct(record, act, classes)], actor=actor, at=at)

    def sync(self, parent):
        """Exchange until nothing is left on either side."""
        while True:
            self.clock.advance(1000)
            with self.database.read() as tx:
                at = identity.moment(tx, self.clock)
            me = self.me
            child = Child(database=self.database, me=me, parent=parent.node.identity().hub, at=at)
            outgoing = child.request()
            progress = child.take(parent.answer(outgoing.message))
            if not (progress.more or outgoing.more):
                return progress

    def case(self, record):
        """A case as it stands here."""
        with self.database.read() as tx:
            found = cases.derive(tx, [record])
        return found[0] if found else None


def enrol(county, directory: Path, code, *, pre_approve=True):
    """Register a place and join one device of it."""
    new = NewStation(
        code=code,
        kind=KINDS[code],
        name=NAMES[code],
        pre_approve=pre_approve,
    )
    added = stations.add(county.node, new)
    signing, decryption = SigningKey(random_bytes(32)), DecryptionKey(random_bytes(32))
    keys = DeviceKeys(signing.verify_key, decryption.encryption_key)
    nonce, replica = random_bytes(32), random_bytes(8)
    asking = Asking(added.enrolment_code, trust.commitment(nonce, keys))
    offer = enrolments.begin(county.node, asking, source="test")
    revealed = enrolments.reveal(county.node, Revealing(offer.id, nonce, replica, keys))
    assert revealed.state is EnrolmentState.APPROVED
    decision = enrolments.state(county.node, offer.id)
    key = random_bytes(32)
    database = Database.sqlite(directory / f"{replica.hex()}.db", key)
    with database.write() as tx:
        METADATA.create_all(tx)
        tx.execute(
            sa.insert(identity_table).values(
                station=code,
                kind=KINDS[code],
                name=NAMES[code],
                replica=replica,
                certificate=decision.certificate,
                county_document=offer.county_document,
                root_key=offer.root_key.raw,
                parent_certificate=decision.parent_certificate or None,
                trust=decision.trust,
                epoch=random_bytes(8),
            )
        )
        me = identity.load(tx, lambda _sealed: (signing, decryption))
        identity.learn(tx, me.read_certificate(decision.certificate), decision.certificate)
        identity.learn(tx, me.hub, me.county.hub)
        publication.take_published(tx, me, decision.published, now=NOW)
    return Station(code, database, key, signing, decryption, FixedClock(NOW, 1000))


def new_record(now=NOW):
    return Ulid.make(now, random_bytes(10)).raw


def received(station, *, item="DEMO-SB-01", id_no="411599199006150024", at=NOW, **more):
    """Fields of a receipt at a station."""
    fields = {
        "item": item,
        "item_version": 1,
        "channel": "window",
        "station": station,
        "mode": "proxy" if KINDS[station] == "outlet" else "entrusted",
        "handling": TOWNSHIP if KINDS[station] == "outlet" else station,
        "received": {"at": at},
        "temporary_number": temporary_number(station, at),
        "applicant_kind": "natural",
        "id_type": "resident_id",
        "division": VILLAGE,
        "name": "王芳",
        "phone": "13800000001",
        "address": "双柳树镇甲村5组",
        "id_no": id_no,
        "form.bank_account": "6217001234567890123",
        "pickup": "station",
        "material.1": {"no": 1, "form": "original", "copies": 1, "original_seen": True},
        "material.2": {"no": 2, "form": "copy", "copies": 1, "original_seen": True},
    }
    return {**fields, **more}


def temporary_number(station, at=NOW):
    """The next number of the first device of a station."""
    return TemporaryNumber(station, 1, day_of(at), next(_serials)).text


def rule_key(county, rule, about):
    """The second half of a check's id, computed from what it is about."""
    return keyed_hash(county.node.keys.secret(GROUPING), rule, about).hex()[:16]


def accepted(at=NOW, due="2026-12-04"):
    """The act that takes a received case on."""
    fields = {"accepted": {"at": at, "kind": "accepted", "due": due}}
    return Act("case.accepted", fields)


def receive(station, record=None, **more):
    """Take a case in at a station; the record."""
    record = record or new_record()
    station.write(record, Act("case.received", received(station.code, **more)))
    return record
