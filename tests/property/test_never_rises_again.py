"""What was pruned never rises again by what arrives late, and comes back whole when asked for.

Histories, the moments of pruning, and the order and repetition of what is delivered are drawn by
hypothesis; everything goes through real nodes and sealed bundles.
"""

import tempfile
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from casework.case import ENDED
from casework.ids import Ulid
from fixtures.world import COUNTY, TOWNSHIP, VILLAGE_A
from node import acting, pruning, verifying
from node.identity import authors
from node.policy import DAY_MS
from sync.adapters.sql import SqlLog, stored_header
from sync.adapters.tables import operation as operation_table
from sync.bundle import Extract
from tests.integration.crooked import bundle, county, give, part_of, write

IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108
PLACES = (VILLAGE_A, TOWNSHIP, COUNTY)
END = ("case.archived", {"archived": {"at": 1, "place": COUNTY, "by": "first"}})
WRITE, MEET, PRUNE, LATE = "write", "meet", "prune", "late"
STEP = st.one_of(
    st.tuples(st.just(WRITE), st.sampled_from(PLACES), st.integers(0, 3)),
    st.tuples(st.just(MEET), st.sampled_from((VILLAGE_A, TOWNSHIP)), st.integers(0, 3)),
    st.tuples(st.just(PRUNE), st.sampled_from((VILLAGE_A, TOWNSHIP)), st.integers(0, 3)),
    st.tuples(st.just(LATE), st.sampled_from((VILLAGE_A, TOWNSHIP)), st.integers(0, 99)),
)


def _pieces(hub):
    """Every operation that the hub holds, each alone with its proof."""
    found = []
    with hub.node.database.read() as tx:
        log = SqlLog(tx)
        for code in sorted(authors(tx)):
            for stored in log.change_sets_after(code, 0):
                helds = log.run(stored.replica, stored.first, stored.last)
                whole = Extract(
                    signed=stored_header(stored),
                    entries=[held.entry for held in helds],
                    receipt=stored.receipt,
                )
                found += [part_of(whole, [place]) for place in range(len(helds))]
    return found


def _deliver(world, one, pieces):
    certificates = [station.message for station in world.stations.values()]
    for piece in pieces:
        message = bundle(world.hub, [piece], audience=one.code, to=[one], certificates=certificates)
        taken = give(one, message, now=world.clock.now_ms(), audience=one.code)
        assert taken.complaints == []


def _held(one):
    o = operation_table.c
    with one.node.database.read() as tx:
        rows = tx.execute(sa.select(o.replica, o.seq).order_by(o.replica, o.seq)).all()
    return one.cases(), [tuple(row) for row in rows]


def _seen(one, case):
    with one.node.database.read() as tx:
        found = acting.load(tx, Ulid.parse(case).raw)
    heads = {n: sorted((h.replica, h.seq) for h in hs) for n, hs in found.evidence.heads.items()}
    return found.state.state, found.state.flags, heads, found.scope


def _do(world, case, step, chance):
    kind, place, which = step
    one = world.stations[place]
    match kind:
        case "write":
            if case in one.cases():
                write(one, case, "case.contact_corrected", {"phone": f"1390000000{which}"})
        case "meet":
            world.exchange(one, world.hub)
        case "prune":
            world.clock.advance(200 * DAY_MS)
            world.exchange(one, world.hub)  # only the county's word says how late it is
            held = one.operations(case) if case in one.cases() else 0
            pruned = pruning.prune(one.node)
            assert pruned.operations in {0, held}
            event(f"pruned: {bool(pruned.cases)}")
        case "late":
            before = _held(one)
            pieces = _known(one, _pieces(world.hub))
            _deliver(world, one, chance(pieces))
            assert _held(one) == before  # nothing rises, nothing is even stored
            assert verifying.verify(one.node).ok


def _known(one, pieces):
    """Those that were held here at some time: their change sets are known, and they are old."""
    with one.node.database.read() as tx:
        log = SqlLog(tx)
        hashes = {p.signed.hash for p in pieces}
        old = {s.header_hash for s in log.change_sets_by_hash(list(hashes))}
    return [p for p in pieces if p.signed.hash in old]


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example is a small county
)
@given(steps=st.lists(STEP, min_size=3, max_size=10), data=st.data())
def test_what_was_pruned_never_rises_and_comes_back_whole(steps, data):
    def chance(pieces):
        return data.draw(st.lists(st.sampled_from(pieces), max_size=8)) if pieces else []

    with (
        tempfile.TemporaryDirectory(dir=IN_MEMORY) as path,
        county(Path(path), TOWNSHIP, VILLAGE_A) as world,
    ):
        case = world.hub.node.new_id()
        fields = {"station": VILLAGE_A, "handling": VILLAGE_A, "received": {"at": 1}}
        write(world.stations[VILLAGE_A], case, "case.received", fields)
        world.settle()
        write(world.hub, case, *END)
        world.settle()
        for step in (*steps, (PRUNE, VILLAGE_A, 0), (LATE, VILLAGE_A, 0)):
            _do(world, case, step, chance)
        world.settle()
        full = _seen(world.hub, case)
        assert full[0] in ENDED
        write(world.hub, case, "case.contact_corrected", {"phone": "13911111111"})
        full = _seen(world.hub, case)
        world.settle()
        for place in (VILLAGE_A, TOWNSHIP):
            one = world.stations[place]
            assert _seen(one, case) == full
            _deliver(world, one, data.draw(st.permutations(_pieces(world.hub))))
            assert _seen(one, case) == full
            assert verifying.verify(one.node).ok
