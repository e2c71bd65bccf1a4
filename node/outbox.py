"""What this node still has to send up: which change sets, and how they are sealed.

Own change sets that the county has not receipted go, those of earlier incarnations of this node
too; after the county was put back from an old copy also its own that it has lost.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from casework.places import PlaceKind
from crypto import envelope
from crypto.entropy import random_bytes
from node import attachments, feeding, incarnations, ledger
from node.identity import Identity
from sync.adapters.sql import Held, SqlLog, StoredChangeSet, stored_header
from sync.adapters.tables import quarantine
from sync.bundle import Compartment, Extract, pack
from sync.dictionary import CURRENT
from sync.exchange import Queues
from sync.feed import Place, Scope, visible
from sync.limits import DEFAULT
from sync.operation import Operation

_BYTES_AN_OPERATION = 200
"""What an operation costs on the wire, roughly; only for filling the budget."""


def unsent(tx: sa.Connection, me: Identity, *, asks_county: bool) -> list[StoredChangeSet]:
    """Own change sets that a parent should be sent, the oldest first.

    Args:
        tx: any transaction.
        me: this node.
        asks_county: whether the parent is the county; a township is not sent what it carries.
    """
    log = SqlLog(tx)
    former = [s for r in incarnations.former_replicas(tx) for s in log.unreceipted(r)]
    # Of an earlier replica others may have given a part back, and the county takes no part; the
    # same goes for what was pruned in part.
    whole = log.held_whole([s.row for s in former])
    mine = [s for s in log.unreceipted(me.replica) if not s.subtrees]
    waiting = [s for s in former if s.row in whole] + mine
    if asks_county:
        return waiting
    return [s for s in waiting if s.custody is None]


def within(
    tx: sa.Connection, waiting: Sequence[StoredChangeSet], budget: int
) -> list[StoredChangeSet]:
    """Take the first change sets that fit the budget and one bundle, at least one."""
    operations = max(budget // _BYTES_AN_OPERATION, 1)
    room = DEFAULT.bundle_contents
    oldest = waiting[: DEFAULT.change_sets_per_bundle]
    sizes = SqlLog(tx).contents([stored.row for stored in oldest])
    chosen: list[StoredChangeSet] = []
    for stored in oldest:
        operations -= stored.last - stored.first + 1
        room -= sizes.get(stored.row, 0)
        if chosen and min(operations, room) < 0:
            break
        chosen.append(stored)
    return chosen


def seal(tx: sa.Connection, me: Identity, chosen: Sequence[StoredChangeSet]) -> bytes:
    """Lay change sets out in one bundle for the county, with a part for the township."""
    log = SqlLog(tx)
    extracts = [_extract(s, log.run(s.replica, s.first, s.last)) for s in chosen]
    records = {e.operation.record for x in extracts for e in x.entries}
    replicas = {s.replica for s in chosen} - {me.replica, me.hub.replica}
    parts = pack(
        extracts,
        plan=_plan(me, feeding.scopes_of(tx, records)),
        certificates=feeding.certificates_of(tx, replicas),
    )
    return envelope.seal(
        parts,
        key=me.signing,
        sender=me.replica,
        audience=me.county_code,
        dictionary=CURRENT,
        entropy=random_bytes,
    )


def _extract(stored: StoredChangeSet, helds: Sequence[Held]) -> Extract:
    return Extract(
        signed=stored_header(stored),
        entries=[held.entry for held in helds],
        receipt=stored.former,
        seeds=stored.seeds,
    )


def _plan(me: Identity, scopes: Mapping[bytes, Scope]) -> list[Compartment]:
    """Three parts where a township stands between, one where none does (bundle.md)."""
    county = me.county.encryption_keys[0]
    above = me.parent
    if above is None or above.station == me.place.code:
        return [Compartment(recipients=(county,), holds_operations=True, shows=_everything)]
    township = Place(above.station, PlaceKind(above.station_kind))

    def shows(operation: Operation, class_: int) -> bool:
        return visible(class_, township, scopes.get(operation.record, Scope("", "")))

    both = (county, above.encryption_key)
    return [
        Compartment(recipients=both, holds_operations=True, shows=_nothing),
        Compartment(recipients=both, holds_operations=False, shows=shows),
        Compartment(recipients=(county,), holds_operations=False, shows=_everything),
    ]


def _everything(_operation: Operation, _class: int) -> bool:
    return True


def _nothing(_operation: Operation, _class: int) -> bool:
    return False


def give_back(
    tx: sa.Connection, me: Identity, lost: Mapping[bytes, int], *, most: int
) -> tuple[bytes | None, Mapping[bytes, int]]:
    """Seal the county's own change sets that it lost when it was put back from an old copy.

    Args:
        tx: any transaction.
        me: this node.
        lost: county replica → last seq that the county said it holds, or was given since.
        most: change sets at most.

    Returns:
        The bundle, None where nothing is left to give; and how far it reaches.
    """
    log = SqlLog(tx)
    waiting = [s for r, after in sorted(lost.items()) for s in log.change_sets_after(r, after)]
    chosen = within(tx, waiting[:most], DEFAULT.bundle_contents)
    if not chosen:
        return None, {}
    helds = [held for s in chosen for held in log.run(s.replica, s.first, s.last)]
    certificates = feeding.certificates_of(tx, {s.replica for s in chosen})
    bundle = seal_for_county(me, feeding.lay_out(tx, helds), certificates=certificates)
    return bundle, {s.replica: s.last for s in chosen}


def seal_for_county(
    me: Identity, extracts: Sequence[Extract], *, certificates: Sequence[bytes] = ()
) -> bytes:
    """Seal extracts, whole or in part, in one part that only the county opens.

    Args:
        me: this node.
        extracts: what goes.
        certificates: of authors that the county may not know any more.
    """
    recipients = (me.county.encryption_keys[0],)
    plan = [Compartment(recipients=recipients, holds_operations=True, shows=_everything)]
    return envelope.seal(
        pack(extracts, plan=plan, certificates=certificates),
        key=me.signing,
        sender=me.replica,
        audience=me.county_code,
        dictionary=CURRENT,
        entropy=random_bytes,
    )


def queues(tx: sa.Connection, me: Identity) -> Queues:
    """Count what waits here."""
    written = ledger.own_head(tx, me)
    aside = sa.select(sa.func.count()).select_from(quarantine).where(quarantine.c.state == "held")
    held = tx.execute(aside).scalar()
    waiting = attachments.waiting(tx)
    return Queues(written - SqlLog(tx).receipted(me.replica), waiting, int(held or 0))
