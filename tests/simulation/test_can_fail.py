"""The simulation can fail: whatever is broken on purpose, the oracle says so."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from node.receiving import NoRules, Receiver
from node.tables import case as case_table
from sync.adapters.sql import SqlLog, stored_header
from sync.adapters.tables import carried, change_set, feed_item, quarantine
from sync.adapters.tables import operation as operation_table
from sync.bundle import Extract
from tests.property.test_same_facts_same_state import _sealed
from tests.simulation import faults, plan
from tests.simulation.oracle import Confirmed
from tests.simulation.plan import Action, Plan
from tests.simulation.run import run
from tests.simulation.shrink import shrink
from tests.simulation.template import BANK, TOWN, VILLAGE

QUIET = dict.fromkeys(faults.SWARM, 0.0)
PLACES = (TOWN, VILLAGE, BANK)
TAKE_IN = Action("take_in", 2, 4)
"""At the village, an item that it accepts by itself."""
EVERYDAY = (TAKE_IN, Action("meet", 2, 1), Action("act", 2, 5), Action("act", 1, 6), TAKE_IN)


def broken(meddle, actions=EVERYDAY):
    """Run a quiet day, break something, and say what the oracle makes of it."""
    return run(Plan(1, PLACES, frozenset(), QUIET, actions), meddle=meddle).complaints


def of_village(tx, *where):
    """Operations of the village at some node."""
    o = operation_table.c
    return sa.select(operation_table).where(o.change_set.is_not(None), *where).order_by(o.id)


def drop(place, row):
    """Take an operation out of a log, as no fault of ours should."""
    with place.node.database.write() as tx:
        tx.execute(sa.delete(feed_item).where(feed_item.c.operation == row))
        tx.execute(sa.delete(operation_table).where(operation_table.c.id == row))


def first_row(place):
    with place.node.database.read() as tx:
        return tx.execute(of_village(tx)).first()


def test_a_quiet_day_holds():
    assert broken(None) == []


def test_a_receipt_without_its_fact_is_seen():
    complaints = broken(lambda run: drop(run.county.hub, first_row(run.county.hub).id))
    assert any("a receipt without its facts" in one for one in complaints)
    assert any(one.startswith("lost: ") for one in complaints)


def test_a_lost_operation_is_seen():
    def forget(run):
        one = run.oracle.confirmed[0]
        run.oracle.confirmed.append(
            Confirmed(one.place, one.record, one.fact, "00" * 8 + ":1#" + "00" * 8, one.fields)
        )

    assert [one[:5] for one in broken(forget)] == ["lost:"]


def test_an_altered_value_is_seen():
    def alter(run):
        run.oracle.confirmed[0].fields["phone"] = "13000000000"

    assert any("values lost" in one for one in broken(alter))


def test_an_act_that_nobody_did_is_seen():
    complaints = broken(lambda run: run.oracle.confirmed.pop())
    assert [one[:9] for one in complaints] == ["invented:"]


def test_a_record_out_of_scope_is_seen():
    def deliver(run):
        hub, bank = run.county.hub.station, run.county.places[BANK].station
        with hub.node.database.read() as tx:
            log = SqlLog(tx)
            row = tx.scalars(sa.select(change_set.c.id).order_by(change_set.c.id)).first()
            stored = log.change_sets_by_row([row])[row]
            helds = log.run(stored.replica, stored.first, stored.last)
            piece = Extract(signed=stored_header(stored), entries=[held.entry for held in helds])
        bundle = _sealed(
            SimpleNamespace(hub=hub), bank, [piece], [run.county.places[VILLAGE].station.message]
        )
        receiver = Receiver(
            database=bank.node.database, me=bank.me, rules=NoRules(), now=bank.node.clock.now_ms()
        )
        assert receiver.take(bundle, audience=BANK).complaints == []

    complaints = broken(deliver)
    assert any(f"{BANK}: holds" in one and "out of its scope" in one for one in complaints)


def test_a_disclosure_above_what_may_be_seen_is_noticed():
    def disclose(run):
        hub, town = run.county.hub, run.county.places[TOWN]
        o = operation_table.c
        with hub.node.database.read() as tx:
            row = tx.execute(of_village(tx, o.salt3.is_not(None))).first()
        with town.node.database.write() as tx:
            tx.execute(
                sa.update(operation_table)
                .where(o.hash == row.hash)
                .values(salt3=row.salt3, values3=row.values3)
            )

    assert any(f"{TOWN}: sees class 3" in one for one in broken(disclose))


def test_a_place_that_lacks_an_operation_is_seen():
    complaints = broken(
        lambda run: drop(run.county.places[TOWN], first_row(run.county.places[TOWN]).id)
    )
    assert any(f"{TOWN}: lacks" in one for one in complaints)


def test_another_state_of_a_case_is_seen():
    def edit(run):
        with run.county.places[TOWN].node.database.write() as tx:
            tx.execute(sa.update(case_table).values(state="ARCHIVED"))

    assert any(f"{TOWN}: verify" in one for one in broken(edit))


def test_what_is_stuck_is_seen():
    def stick(run):
        with run.county.places[TOWN].node.database.write() as tx:
            tx.execute(sa.insert(carried).values(digest=b"1", sender=b"2", taken_at=1, bundle=b"3"))

    assert [one.partition(" stuck: ")[2] for one in broken(stick)] == ["1 bundles carried"]


def test_an_act_that_never_left_is_seen():
    def act(run):
        run.step(run.plan.actions.index(TAKE_IN))

    complaints = broken(act)
    assert any("not signed" in one for one in complaints)
    assert any(one.startswith("lost: ") for one in complaints)


def test_what_is_put_aside_without_a_fault_is_seen():
    def put_aside(run):
        values = {"at": 1, "digest": b"1", "code": "malformed", "detail": "", "message": b"2"}
        with run.county.hub.node.database.write() as tx:
            tx.execute(sa.insert(quarantine).values(**values))

    assert [one.partition(": ")[2] for one in broken(put_aside)] == [
        "put aside without a fault: malformed "
    ]


def test_an_error_nobody_expected_is_a_failure():
    def fall(run):
        raise ZeroDivisionError

    assert broken(fall)[0].startswith("ZeroDivisionError in healing")


def test_a_failing_plan_is_cut_down_to_what_it_needs():
    def stumble(run):
        if run.hits["skew"]:
            raise ZeroDivisionError

    long = Plan(1, (VILLAGE,), frozenset(), QUIET, (*EVERYDAY, Action("skew", 1, 1), *EVERYDAY))
    short = shrink(run(long, meddle=stumble), lambda p: run(p, meddle=stumble), tries=40)
    assert short.actions == (Action("skew", 1, 1),)
    assert "skew 1 1" in short.told()


@pytest.mark.parametrize("seed", [0, 1])
def test_a_seed_is_always_the_same_plan(seed):
    drawn = [plan.draw(seed, faults.SWARM, faults.ACTIONS) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert drawn[0].told().startswith(f"seed {seed}: ")


def test_a_seed_does_the_same_each_time():
    again = [run(plan.draw(7, faults.SWARM, faults.ACTIONS)) for _ in range(2)]
    assert again[0].hits == again[1].hits
    assert again[0].deeds == again[1].deeds


_HIT = {
    "stick": "stick read",
    "late": "late request",
    "disk": "disk full",
    "old copy": "old copy put back",
    "disk lost": "restored station",
    "enrol": "enrolled anew",
}


@pytest.mark.parametrize("fault", faults.SWARM)
def test_every_fault_is_really_hit(fault):
    rates = {**QUIET, fault: 0.5}
    if fault in {"late", "replay"}:
        rates["copy"] = 0.5
    name = fault if fault in faults.ACTIONS else "meet"
    before = {"enrol": [Action("backup", 2, 1), Action("disk lost", 2, 1)]}.get(fault, [])
    actions = [*EVERYDAY, *before]
    for number in range(9 if fault == "disk" else 5):  # half-filled pages take a while
        actions += [TAKE_IN, Action("act", 2, number), Action("meet", 2, number)]
        actions += [Action(name, 2, number), Action("meet", 1, number)]
    outcome = run(Plan(1, PLACES, frozenset(), rates, tuple(actions)))
    assert outcome.hits[_HIT.get(fault, fault)] > 0
    assert outcome.complaints == []
