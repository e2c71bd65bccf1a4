"""What an attacker can do with what he has: his own keys, or the bytes that pass him by."""

from collections.abc import Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from casework.facts import Act
from casework.ids import Ulid
from crypto import envelope
from crypto.entropy import random_bytes
from fixtures import builders
from fixtures.world import BANK, COUNTY, TOWNSHIP, VILLAGE_A, VILLAGE_B, World, sample
from node import feeding, ledger
from node.ledger import CaseAct
from node.receiving import Receiver
from sync.adapters.sql import SqlLog, stored_header
from sync.adapters.tables import METADATA
from sync.bundle import Compartment, Extract, pack
from sync.dictionary import CURRENT
from sync.verdict import Verdict

PENSION = "DEMO-YL-01"
RECEIVED = "case.received"


@contextmanager
def county(path, *codes, rules=None):
    """Give a small county with some stations, closed at the end."""
    world = World(path)
    world.begin(rules)
    for code in codes or (TOWNSHIP, VILLAGE_A, VILLAGE_B, BANK):
        world.add(code)
    yield world
    world.close()


def take_in(one, world, **more):
    """Take a case of an invented person in; answers its id and the person."""
    who = builders.person(world.chance)
    return one.take_in(builders.case_document(who, sample(PENSION), **more)), who


def write(one, case, fact, fields: Mapping[str, object]):
    """Write an act that no use case of ours would let through."""
    with one.node.database.write() as tx:
        me, at = one.node.identity_in(tx), one.node.moment(tx)
        return ledger.write(
            tx, me, [CaseAct(Ulid.parse(case).raw, Act(fact, fields))], actor="first", at=at
        )


def one_set_each(one, case, fields):
    """Write an operation and sign it alone, as a station does that finds no network."""
    with one.node.database.write() as tx:
        me, at = one.node.identity_in(tx), one.node.moment(tx)
        ledger.write(
            tx, me, [CaseAct(Ulid.parse(case).raw, Act(RECEIVED, fields))], actor="first", at=at
        )
        ledger.seal(tx, me)


def refuse(hub, case, target):
    """Let the county refuse an operation, and tell its author."""
    word = Verdict(dot=target.dot, hash=target.hash, refused=True, code="scope", reason="不是你的")
    with hub.node.database.write() as tx:
        me, at = hub.node.identity_in(tx), hub.node.moment(tx)
        record = Ulid.parse(case).raw
        act = CaseAct(record, Act("case.judged", {word.field: word.value()}))
        [said] = ledger.write(tx, me, [act], actor="system", at=at)
        rows = SqlLog(tx).rows_of(me.replica, said.operation.dot.seq, said.operation.dot.seq)
        feeding.tell(tx, target.dot.replica, record, rows[said.operation.dot.seq])


def extracts(one, *, after=0, last=None):
    """Sign what is open; answer a station's own change sets as extracts, disclosures and all."""
    with one.node.database.write() as tx:
        me = one.node.identity_in(tx)
        ledger.seal(tx, me)
        log = SqlLog(tx)
        return [
            Extract(
                signed=stored_header(s),
                entries=[held.entry for held in log.run(s.replica, s.first, s.last)],
            )
            for s in log.change_sets_after(me.replica, after)
            if last is None or s.last <= last
        ]


def everything(_operation, _class):
    return True


def nothing(_operation, _class):
    return False


def bundle(sender, pieces, *, audience=COUNTY, to=(), shows=everything, certificates=()):
    """Seal extracts in the name of a station."""
    keys = tuple(one.certificate.encryption_key for one in to)
    plan = [Compartment(recipients=keys, holds_operations=True, shows=shows)]
    return reseal(sender, pack(pieces, plan=plan, certificates=certificates), audience)


def reseal(sender, parts, audience=COUNTY):
    """Seal parts in the name of a station."""
    return envelope.seal(
        parts,
        key=sender.me.signing,
        sender=sender.me.replica,
        audience=audience,
        dictionary=CURRENT,
        entropy=random_bytes,
    )


def give(one, message, *, now, audience=COUNTY):
    """Let a node take a bundle; answers what became of it."""
    receiver = Receiver(database=one.node.database, me=one.me, rules=one.rules, now=now)
    return receiver.take(message, audience=audience)


def dump(one, *, leave_out=()):
    """Read every row of every table of the log and the exchange."""
    with one.node.database.read() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(sa.select(table))))
            for table in METADATA.sorted_tables
            if table.name not in leave_out
        }


def codes(taken):
    """The reasons for which something was put aside."""
    return [complaint.code for complaint in taken.complaints]
