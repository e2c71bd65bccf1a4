"""What a newer program writes: facts and fields that this one does not know."""

from casework.ids import Ulid
from node import cases, identity, ledger
from node.ledger import Deed
from sync import merge, operation
from sync.adapters.sql import SqlLog
from sync.operation import Dot, Draft
from sync.record import Entry

SUNG = "case.sung"
CLEAR, PERSONAL, SENSITIVE = "melody", "singer.nick", "singer.pin"
VALUES = {1: {CLEAR: {"key": "C", "bars": 12}}, 2: {PERSONAL: "小芳"}, 3: {SENSITIVE: "0420"}}


def sing(tx, me, at, record, values=None, *, fact=SUNG, version=2):
    """Write an operation of a newer program in the log of a node."""
    found, log = values or VALUES, SqlLog(tx)
    before = log.of_records({record})
    known = [held.entry.operation for held in before.get(record, [])]
    run = ledger.open_run(tx, log, me, at)
    deed = Deed(
        claimed_at=at.now,
        since=at.since,
        actor="wang",
        record=record,
        fact=fact,
        values=found,
        replaces=merge.frontier(known, [name for one in found.values() for name in one]),
        version=version,
    )
    entry = ledger.make(deed, Dot(me.replica, run.next), seeds=run.seeds)
    ledger.append(tx, me, run, [entry], before=before)
    return entry


def sing_at(one, case, values=None, **more):
    """The same at a station of the small world; `case` is its ULID as text."""
    with one.node.database.write() as tx:
        me, at = one.node.identity_in(tx), one.node.moment(tx)
        return sing(tx, me, at, Ulid.parse(case).raw, values, **more)


def sing_in_county(station, record, values=None, **more):
    """The same at a station of the county with rules."""
    with station.database.write() as tx:
        me = identity.load(tx, lambda _sealed: (station.signing, station.decryption))
        return sing(tx, me, identity.moment(tx, station.clock), record, values, **more)


def held(one, case, fact=SUNG):
    """What a station of the small world holds of a fact, byte for byte."""
    with one.node.database.read() as tx:
        found = cases.derive(tx, [Ulid.parse(case).raw])[0]
    return [
        (each.entry.operation.body, each.entry.operation.hash, dict(each.entry.disclosures))
        for each in found.helds
        if each.entry.operation.fact == fact
    ]


def sail(one, record):
    """Write an operation on a record of a kind that this program does not know."""
    with one.node.database.write() as tx:
        me, at = one.node.identity_in(tx), one.node.moment(tx)
        run = ledger.open_run(tx, SqlLog(tx), me, at)
        draft = Draft(
            claimed_at=at.now,
            since=at.since,
            actor="wang",
            kind="ship",
            record=record,
            fact="ship.launched",
            fields={"name": "信阳号", "station": one.code},
            sealed={},
            replaces={},
        )
        made = Entry(operation.write(draft, Dot(me.replica, run.next), {}))
        ledger.append(tx, me, run, [made])
        return made.operation
