"""A child that takes its feed in any interrupted fashion ends with what is in its scope."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fixtures.world import COUNTY, TOWNSHIP, VILLAGE_A, VILLAGE_B
from node import feeding
from sync.adapters.tables import child, feed_item
from sync.adapters.tables import operation as operation_table
from sync.limits import DEFAULT
from tests.integration.crooked import compare, county, one_set_each, write

IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108
NEW, EDIT, MOVE, LEND = "new", "edit", "move", "lend"
VILLAGES = (VILLAGE_A, VILLAGE_B)
STEP = st.one_of(
    st.tuples(st.just(NEW), st.sampled_from(VILLAGES), st.just(0)),
    st.tuples(st.just(EDIT), st.sampled_from((*VILLAGES, TOWNSHIP)), st.integers(0, 5)),
    st.tuples(st.just(MOVE), st.sampled_from(VILLAGES), st.integers(0, 5)),
    st.tuples(st.just(LEND), st.sampled_from(VILLAGES), st.integers(0, 5)),
    st.tuples(st.sampled_from(("take", "lose", "forget")), st.sampled_from(VILLAGES), st.just(0)),
)


def _do(world, cases, step):
    kind, place, which = step
    one, hub = world.stations[place], world.hub
    match kind:
        case "new":
            cases.append(hub.node.new_id())
            one_set_each(one, cases[-1], {"station": place, "handling": place})
            world.exchange(one, hub)
        case "edit" | "move" | "lend" if cases:
            fields = {
                EDIT: {"phone": "139", "id_no": "411526199001011234"},
                MOVE: {"station": place, "handling": place},
                LEND: {"station": place, "handling": TOWNSHIP},
            }[kind]
            write(hub, cases[which % len(cases)], "checking.resolved", fields)
        case "take":  # one page only
            world.take(one, hub, world.answer(hub, world.request(one, hub).message))
        case "lose":
            world.answer(hub, world.request(one, hub).message)
        case "forget":  # asked twice, and only the second answer counts
            world.request(one, hub)


def _numbers(hub):
    with hub.node.database.read() as tx:
        nexts = dict(tx.execute(sa.select(child.c.replica, child.c.next)).all())
        items = tx.execute(sa.select(feed_item.c.child, feed_item.c.number)).all()
    found = {replica: [] for replica in nexts}
    for replica, number in items:
        found[replica].append(number)
    return {replica: (sorted(numbers), nexts[replica]) for replica, numbers in found.items()}


def _in_scope(hub, place):
    """The dots of every case that the hub says is in a village's scope."""
    statement = sa.text(
        "SELECT o.replica, o.seq FROM log_operation o JOIN case_file c ON c.record = o.record"
        " WHERE c.station = :place"
    )
    with hub.node.database.read() as tx:
        return {(row.replica, row.seq) for row in tx.execute(statement, {"place": place})}


def _held(one):
    o = operation_table.c
    with one.node.database.read() as tx:
        return {(row.replica, row.seq) for row in tx.execute(sa.select(o.replica, o.seq))}


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(steps=st.lists(STEP, min_size=4, max_size=16), late=st.booleans())
def test_every_child_ends_with_what_is_in_its_scope(steps, late):
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(dir=IN_MEMORY) as path,
        county(Path(path), TOWNSHIP, *VILLAGES) as world,
    ):
        patch.setattr(feeding, "DEFAULT", replace(DEFAULT, feed_page_operations=2))
        cases: list[str] = []
        for step in steps:
            _do(world, cases, step)
        if late:
            _come_late(world, cases)
        for one in _children(world):
            world.exchange(one, world.hub)
        town = world.stations[TOWNSHIP]
        world.exchange(town, world.hub)
        assert compare(world, town) == []
        for numbers, following in _numbers(world.hub).values():
            assert numbers == list(range(1, following))
        for one in _children(world):
            owed, held = _in_scope(world.hub, one.code), _held(one)
            assert owed <= held
            # What a village held before the county gave it to another stays where it is.
            assert held == owed or late or {MOVE, LEND} & {kind for kind, _, _ in steps}
            assert compare(world, one) == []  # no false alarm either


def _come_late(world, cases):
    """A village is enrolled when cases of it are there already."""
    newcomer = world.add(VILLAGE_A[:-1] + "9")
    for case in cases[:2]:
        fields = {"station": newcomer.code, "handling": newcomer.code}
        write(world.hub, case, "checking.resolved", fields)


def _children(world):
    return [one for one in world.stations.values() if one.code not in {COUNTY, TOWNSHIP}]
