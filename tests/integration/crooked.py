"""What an attacker can do with what he has: his own keys, or the bytes that pass him by."""

from collections.abc import Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from casework.facts import Act
from casework.ids import Ulid
from crypto import envelope
from crypto import message as cose
from crypto.entropy import random_bytes
from fixtures import builders
from fixtures.world import BANK, COUNTY, TOWNSHIP, VILLAGE_A, VILLAGE_B, World, sample
from node import feeding, identity, ledger
from node.child import Child
from node.ledger import CaseAct
from node.parent import Parent
from node.receiving import Receiver
from sync import changeset, exchange, merkle, operation
from sync.adapters.sql import SqlLog, Within, stored_header
from sync.adapters.tables import METADATA, author, change_set
from sync.adapters.tables import operation as operation_table
from sync.bundle import Compartment, Extract, pack
from sync.changeset import SignedHeader
from sync.dictionary import CURRENT
from sync.exchange import LogHead, Queues, Request, Versions, sign_request
from sync.operation import Draft
from sync.receipt import Receipt, sign_receipt
from sync.record import Entry
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


def receipt_of(one, piece):
    """Sign a receipt for an extract as a station."""
    header = piece.signed.header
    return sign_receipt(
        Receipt(
            replica=header.replica,
            header_hash=piece.signed.hash,
            up_to=header.last,
            received_at=1,
        ),
        one.me.signing,
    )


def without_bundles(one, parent, *, number=1_000, head=None):
    """Sign a request of a station that brings nothing."""
    me = one.me
    request = Request(
        number=number,
        replica=me.replica,
        audience=parent.code,
        certificate=me.certificate,
        clock=0,
        free=0,
        queues=Queues(0, 0, 0),
        versions=Versions("1", 0, me.trust),
        receipted=0,
        head=LogHead(*head) if head else None,
    )
    return sign_request(request, me.signing)


def empty(one, *tables):
    """Lose what stands in some tables."""
    with one.node.database.write() as tx:
        for name in tables:
            tx.execute(sa.delete(METADATA.tables[name]))


def part_of(piece, places):
    """Show some operations of a whole extract, with the proof."""
    leaves = merkle.known_leaves([entry.operation.hash for entry in piece.entries])
    proof = merkle.prove(leaves, piece.signed.header.size, places)
    return Extract(
        signed=piece.signed, entries=[piece.entries[place] for place in places], proof=proof
    )


def bundles_of(parent, one, message):
    """Read the bundles in a request."""
    key = one.certificate.verify_key
    return exchange.read_request(message, key=key, audience=parent.code).bundles


def signed_anew(sealed, thief):
    """Strip the signature of a bundle and sign it as another station."""
    parsed = cose.read(sealed, max_bytes=1 << 20)
    headers = {**parsed.headers, -65537: thief.me.replica}
    return cose.sign(
        parsed.payload, key=thief.me.signing, content_type=parsed.content_type, headers=headers
    )


def signed_by(piece, thief):
    """Sign the header of another's change set oneself."""
    payload = cose.read(piece.signed.message, max_bytes=1 << 20).payload
    message = cose.sign(payload, key=thief.me.signing, content_type=changeset.CONTENT_TYPE)
    return Extract(
        signed=SignedHeader(piece.signed.header, message, piece.signed.hash), entries=piece.entries
    )


def rewritten(one, piece):
    """Give the numbers of a change set to other operations, as a copy of the device would."""
    entries = []
    for entry in piece.entries:
        body = entry.operation.body.replace(b"window", b"wind0w")
        entries.append(Entry(operation.read(body, entry.operation.commitments), entry.disclosures))
    header = piece.signed.header
    signed = changeset.seal(
        [entry.operation for entry in entries],
        prev=header.prev,
        anchor=header.anchor,
        basis=header.basis,
        key=one.me.signing,
    )
    assert signed.hash != piece.signed.hash
    return Extract(signed=signed, entries=entries)


def unsigned(one):
    """Sign what is open without telling the node: as a copy of it would."""
    me = one.me
    with one.node.database.read() as tx:
        entries = [held.entry for held in SqlLog(tx).run(me.replica, 1, 10)]
    signed = changeset.seal(
        [entry.operation for entry in entries],
        prev=None,
        anchor=None,
        basis=changeset.Basis(1, 0, 0),
        key=me.signing,
    )
    return [Extract(signed=signed, entries=entries)]


def introduce(one, stranger):
    """Let a node know a certificate."""
    with one.node.database.write() as tx:
        identity.learn(tx, stranger.certificate, stranger.message)


def revoke(hub, one, *, after):
    """Shut a device out, or let it in again."""
    with hub.node.database.write() as tx:
        tx.execute(
            sa.update(author).where(author.c.replica == one.me.replica).values(revoked_after=after)
        )


def answer(parent, message, *, now=1):
    """Let a node answer."""
    database = parent.node.database
    return Parent(database=database, me=parent.me, rules=parent.rules, now=now).answer(message)


def forget(one, *, after):
    """Lose the end of one's own log, as a disk restored from an old backup does."""
    replica = one.me.replica
    with one.node.database.write() as tx:
        o, c = operation_table.c, change_set.c
        tx.execute(sa.delete(operation_table).where(o.replica == replica, o.seq > after))
        tx.execute(sa.delete(change_set).where(c.replica == replica, c.last > after))


def chained(one, fields, *, fact="case.received"):
    """Write an operation by hand behind what the county holds of a device, and sign it."""
    me = one.me
    draft = Draft(
        claimed_at=1,
        since=0,
        actor="first",
        kind="case",
        record=random_bytes(16),
        fact=fact,
        fields=fields,
        sealed={},
        replaces={},
    )
    with one.node.database.write() as tx:
        ledger.seal(tx, me)
        log = SqlLog(tx)
        last = log.last_change_set(me.replica)
        seq = last.last + 1 if last else 1
        entry = Entry(operation.write(draft, operation.Dot(me.replica, seq), {}))
        signed = changeset.seal(
            [entry.operation],
            prev=last.header_hash if last else None,
            anchor=None,
            basis=changeset.Basis(1, 0, 0),
            key=me.signing,
        )
        log.add([entry], within=Within(log.add_change_set(signed, seeds={}, subtrees={})))
    return Extract(signed=signed, entries=[entry])


def asking(world, one):
    """The asking side of a station towards the county, that wants to be compared."""
    with one.node.database.read() as tx:
        at = one.node.moment(tx)
    me = one.me
    return Child(database=one.node.database, me=me, parent=world.hub.certificate, at=at, check=True)


def compare(world, one):
    """Compare once; answers what the county found to differ, None where nothing was compared."""
    child_of = asking(world, one)
    sent = child_of.request()
    message = world.answer(world.hub, sent.message)
    answer = exchange.read_answer(
        message, key=world.hub.certificate.verify_key, outstanding=[exchange.digest(sent.message)]
    )
    child_of.take(message, compared=sent.compares)
    return list(answer.repaired) if sent.compares else None
