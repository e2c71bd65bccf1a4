"""The promise of the merge: the same facts give the same state, whatever the way they came.

Operations are made by the real use cases at four places with real databases; a schedule drawn by
hypothesis says who acts, who meets whom, what is lost, repeated or late.
"""

import random
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.errors import ActRefused
from casework.facts import Act
from casework.ids import Ulid
from casework.places import Role
from crypto import envelope
from crypto.entropy import random_bytes
from fixtures import builders
from fixtures.world import BANK, COUNTY, TOWNSHIP, VILLAGE_A, World, sample
from node import acting, cases, ledger
from node.ledger import CaseAct
from node.receiving import NoRules, Receiver
from sync import merkle, verdict
from sync.adapters.sql import SqlLog, stored_header
from sync.adapters.tables import change_set
from sync.bundle import Compartment, Extract, pack
from sync.dictionary import CURRENT

IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108
PLACES = (VILLAGE_A, TOWNSHIP, COUNTY)
ACTS = (
    ("correct_contact", {"phone": "13900000001"}),
    ("correct_contact", {"phone": "13900000002", "address": "三组"}),
    ("correct_contact", {"address": "五组", "said_by": "applicant"}),
    ("correct_contact", {"pickup": "mail"}),
    ("add_material", {"no": 4, "form": "copy", "copies": 1}),
    ("add_material", {"no": 5, "form": "original", "copies": 2}),
    ("correct_application", {"form": {"bank_account": "6217000000000000018"}, "reason": "写错了"}),
    ("withdraw", {"reason": "不办了"}),
)
STEP = st.one_of(
    st.tuples(st.just("act"), st.sampled_from(PLACES), st.integers(0, len(ACTS) - 1)),
    st.tuples(st.just("meet"), st.sampled_from((VILLAGE_A, TOWNSHIP)), st.booleans()),
    st.tuples(st.just("lose"), st.sampled_from((VILLAGE_A, TOWNSHIP)), st.booleans()),
    st.tuples(st.just("verdict"), st.just(COUNTY), st.integers(0, 9)),
    st.tuples(st.just("resolve"), st.just(COUNTY), st.integers(0, 1)),
)


def _refuse(hub, case, which):
    """Let the county refuse one operation that a station wrote."""
    with hub.node.database.write() as tx:
        me, at = hub.node.identity_in(tx), hub.node.moment(tx)
        helds = acting.load(tx, Ulid.parse(case).raw).helds
        theirs = [h.entry.operation for h in helds if h.entry.operation.dot.replica != me.replica]
        target = theirs[which % len(theirs)]
        word = verdict.Verdict(
            dot=target.dot, hash=target.hash, refused=True, code="test", reason="不该这样"
        )
        act = CaseAct(Ulid.parse(case).raw, Act("verdict.refused", {word.field: word.value()}))
        ledger.write(tx, me, [act], actor="system", at=at)


def _resolve(hub, case, which):
    """Let the county check the phone number and settle it for good."""
    check = {"id": "C35-test", "rule": "C35", "fields": ["phone"]}
    hub.act(case, "open_checking", check, role=Role.RECONCILER)
    fields = {"id": "C35-test", "set": {"phone": ACTS[which][1]["phone"]}, "reason": "打电话问过"}
    hub.act(case, "resolve", fields, role=Role.RECONCILER)


def _parent(world, one, straight):
    return world.hub if straight or one.code == TOWNSHIP else world.stations[TOWNSHIP]


def _do(world, case, step):
    kind, place, what = step
    one = world.stations[place]
    if case not in one.cases():
        if kind == "meet":
            world.exchange(one, _parent(world, one, what))
        return
    match kind:
        case "act":
            one.act(case, *ACTS[what])
        case "meet":
            world.exchange(one, _parent(world, one, what))
        case "lose":  # the parent has it, the answer is lost
            world.answer(
                _parent(world, one, what), world.request(one, _parent(world, one, what)).message
            )
        case "verdict":
            _refuse(one, case, what)
        case "resolve":
            _resolve(one, case, what)


def _deficient(world):
    who = builders.person(world.chance)
    document = builders.case_document(
        who, sample("DEMO-YL-01"), leave_out=(4, 5), commitment={"deficiency": True}
    )
    return world.stations[VILLAGE_A].take_in(document)


def _seen(one, case):
    """What every place must agree on: all of class 1, and which operations count."""
    with one.node.database.read() as tx:
        found = acting.load(tx, Ulid.parse(case).raw)
    state = found.state
    heads = {
        name: sorted((head.replica, head.seq) for head in heads)
        for name, heads in found.evidence.heads.items()
    }
    return state.state, state.flags, state.due, state.outstanding, state.contradictions, heads


@pytest.mark.req("R-HC-28d")
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example is a small county
)
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_all_places_agree_after_any_schedule(steps):
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as directory:
        world = World(Path(directory))
        world.begin()
        for code in (TOWNSHIP, VILLAGE_A, BANK):
            world.add(code)
        case = _deficient(world)
        for step in steps:
            try:
                _do(world, case, step)
            except ActRefused:
                continue  # the place knows enough to say that this cannot be done now
        world.settle()
        seen = [_seen(world.stations[place], case) for place in PLACES]
        assert seen[0] == seen[1] == seen[2]
        counts = {world.stations[place].operations(case) for place in PLACES}
        assert len(counts) == 1
        assert case not in world.stations[BANK].cases()
        world.close()


def _history(world):
    """Everything of note on one case: conflicts, a refused operation, a resolution."""
    village, town, hub = (world.stations[c] for c in (VILLAGE_A, TOWNSHIP, COUNTY))
    case = _deficient(world)
    world.settle()
    village.act(case, *ACTS[0])
    town.act(case, *ACTS[1])
    village.act(case, *ACTS[4])
    world.settle()
    _refuse(hub, case, 3)
    _resolve(hub, case, 1)
    town.act(case, *ACTS[5])
    village.act(case, *ACTS[2])
    world.settle()
    return case


def _pieces(world, chance):
    """Cut every change set of the hub into random subsets, each proven by itself."""
    with world.hub.node.database.read() as tx:
        log = SqlLog(tx)
        rows = tx.scalars(sa.select(change_set.c.id)).all()
        pieces = []
        for stored in log.change_sets_by_row(rows).values():
            helds = log.run(stored.replica, stored.first, stored.last)
            size = stored.last - stored.first + 1
            known = merkle.known_leaves([held.entry.operation.hash for held in helds])
            places = list(range(size))
            chance.shuffle(places)
            cut = chance.randint(1, size)
            for part in (places[:cut], places[cut:]):
                if part:
                    entries = [helds[p].entry for p in sorted(part)]
                    proof = merkle.prove(known, size, part)
                    signed = stored_header(stored)
                    pieces.append(Extract(signed=signed, entries=entries, proof=proof))
        certificates = [c.message for c in world.stations.values()]
    return pieces, certificates


def _sealed(world, one, pieces, certificates):
    plan = [
        Compartment(
            recipients=(one.certificate.encryption_key,),
            holds_operations=True,
            shows=lambda _operation, _class: True,
        )
    ]
    hub = world.hub.me
    return envelope.seal(
        pack(pieces, plan=plan, certificates=certificates),
        key=hub.signing,
        sender=hub.replica,
        audience=one.code,
        dictionary=CURRENT,
        entropy=random_bytes,
    )


@pytest.mark.parametrize("seed", range(8))
def test_any_order_repetition_and_split_gives_the_same_state(memory_path, seed):
    chance = random.Random(seed)  # a test repeats with its seed
    world = World(memory_path)
    world.begin()
    for code in (TOWNSHIP, VILLAGE_A):
        world.add(code)
    case = _history(world)
    expected = _seen(world.hub, case)
    late = world.add("411526101203")  # a place that knows nothing yet
    pieces, certificates = _pieces(world, chance)
    pieces += chance.sample(pieces, len(pieces) // 2)
    chance.shuffle(pieces)
    for piece in pieces:
        receiver = Receiver(
            database=late.node.database, me=late.me, rules=NoRules(), now=world.clock.now
        )
        taken = receiver.take(_sealed(world, late, [piece], certificates), audience=late.code)
        assert taken.complaints == []
    assert _seen(late, case) == expected
    assert expected[0].value == "ACCEPTED"
    with late.node.database.read() as tx:
        row = tx.execute(sa.select(cases.table).where(cases.table.c.id == case)).mappings().one()
        derived = cases.row_of(acting.load(tx, Ulid.parse(case).raw))
    assert {name: row[name] for name in derived} == derived
    assert late.operations(case) == world.hub.operations(case)
    world.close()
