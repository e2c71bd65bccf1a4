"""While a change set is missing in the middle, the county raises no false alarm: it waits."""

import pytest
import sqlalchemy as sa

from casework.facts import Act
from hub.usecases import conflicts, missing, supervising
from hub.usecases.fleet import fleet
from node import ledger, outbox
from node.receiving import Receiver
from sync import changeset, operation
from sync.adapters.sql import SqlLog, Within
from sync.adapters.tables import child
from sync.operation import Dot, Draft, Ref
from sync.record import Entry
from tests.integration.hub_county import OTHER, TOWNSHIP, VILLAGE, new_record, receive


def write(place, record, fact, fields):
    """Write and sign alone, as a station does that finds no network for long."""
    place.write(record, Act(fact, fields))
    with place.database.write() as tx:
        ledger.seal(tx, place.me)


def deliver(county, place, *which):
    """Bring some of a station's change sets to the county, in this order."""
    me = place.me
    for number in which:
        with place.database.read() as tx:
            stored = SqlLog(tx).change_sets_after(me.replica, 0)[number]
            message = outbox.seal(tx, me, [stored])
        receiver = Receiver(
            database=county.node.database,
            me=county.node.identity(),
            rules=county.rules,
            now=county.node.clock.now_ms(),
        )
        taken = receiver.take(message, audience=me.county_code)
        assert taken.complaints == []


def phones(place, record, *numbers):
    receive(place, record)
    with place.database.write() as tx:
        ledger.seal(tx, place.me)
    for number in numbers:
        write(place, record, "case.contact_corrected", {"phone": number})


def rules(county):
    return [one.rule for one in conflicts.list_conflicts(county.node, open_only=True)]


def test_a_value_in_between_that_is_missing_is_no_difference(county, places):
    village, record = places[VILLAGE], new_record()
    phones(village, record, "13900000001", "13900000002")
    deliver(county, village, 0, 2)
    assert rules(county) == []
    deliver(county, village, 1)
    assert rules(county) == []
    assert county.case(record).state.text("phone") == "13900000002"


def test_a_longer_chain_behind_a_gap_waits_as_well(county, places):
    village, record = places[VILLAGE], new_record()
    phones(village, record, "13900000001", "13900000002", "13900000003")
    deliver(county, village, 0, 3, 2)
    assert rules(county) == []


def test_what_differs_when_the_gap_has_closed_is_checked(county, places):
    village, town, record = places[VILLAGE], places[TOWNSHIP], new_record()
    receive(village, record)
    village.sync(county)
    town.sync(county)
    write(town, record, "case.contact_corrected", {"phone": "13911111111"})
    write(village, record, "case.contact_corrected", {"phone": "13900000001"})
    write(village, record, "case.contact_corrected", {"phone": "13900000002"})
    town.sync(county)
    deliver(county, village, -1)
    assert rules(county) == []
    deliver(county, village, -2)
    assert rules(county) == ["C35"]


def test_what_never_comes_goes_to_a_person(county, places):
    village, record = places[VILLAGE], new_record()
    phones(village, record, "13900000001", "13900000002")
    deliver(county, village, 0, 2)
    county.node.clock.advance(missing.PATIENCE - 1)
    supervising.go_round(county.node)
    assert rules(county) == []
    county.node.clock.advance(2)
    supervising.go_round(county.node)
    assert rules(county) == ["C35"]


def forged(place, record, ref):
    """Write a phone number that replaces what nobody has seen, or what is something else."""
    me = place.me
    with place.database.write() as tx:
        log = SqlLog(tx)
        last = log.last_change_set(me.replica)
        draft = Draft(
            claimed_at=1,
            since=0,
            actor="wang",
            kind="case",
            record=record,
            fact="case.contact_corrected",
            fields={"phone": "13955555555"},
            sealed={},
            replaces={"phone": (ref,)},
        )
        entry = Entry(operation.write(draft, Dot(me.replica, last.last + 1), {}))
        basis = changeset.parse(last.message).header.basis
        signed = changeset.seal(
            [entry.operation], prev=last.header_hash, anchor=None, basis=basis, key=me.signing
        )
        log.add([entry], within=Within(log.add_change_set(signed, seeds={}, subtrees={})))


@pytest.mark.parametrize(("known", "expected"), [(True, ["C35"]), (False, [])])
def test_only_what_can_still_come_is_waited_for(county, places, known, expected):
    village, other, record = places[VILLAGE], places[OTHER], new_record()
    phones(village, record, "13900000001")
    strange = receive(other)
    other.sync(county)
    with county.node.database.read() as tx:
        ref = SqlLog(tx).of_records([strange])[strange][0].entry.operation.ref
    if not known:
        ref = Ref(ref.replica, 99, ref.tag)
    forged(village, record, ref)
    deliver(county, village, 0, 2)
    assert rules(county) == expected


def test_two_filings_are_not_compared_while_an_answer_is_missing(county, places):
    village, other, record = places[VILLAGE], places[OTHER], new_record()
    receive(village, record)
    with village.database.write() as tx:
        ledger.seal(tx, village.me)
    for account in ("6217000000000000018", "6217001234567890123"):
        fields = {"form.bank_account": account}
        write(village, record, "case.application_corrected", fields)
    deliver(county, village, 0, 2)
    receive(other)
    other.sync(county)
    assert rules(county) == []
    deliver(county, village, 1)
    assert rules(county) == []
    assert county.case(record).state.text("main")


def test_the_fleet_tells_how_many_cases_a_comparison_had_to_repair(county, places):
    places[VILLAGE].sync(county)
    where = child.c.replica == places[VILLAGE].me.replica
    with county.node.database.write() as tx:
        tx.execute(sa.update(child).where(where).values(repaired=3))
    told = {watched.device.station: watched.device.repaired for watched in fleet(county.node)}
    assert (told[VILLAGE], told[OTHER]) == (3, 0)
