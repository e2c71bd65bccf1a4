"""The hub on PostgreSQL: the same rules, and two workers at once that each hold one half."""

import contextlib
import threading

import pytest

from casework.case import State
from casework.facts import Act
from crypto.errors import CryptoError
from hub.usecases import conflicts, reconcile, supervising
from hub.usecases.reconcile import Answer
from hub.usecases.registering import take
from node import verifying
from sync.errors import SyncError
from tests.integration import hub_county as tools
from tests.integration.hub_county import OUTLET, TOWNSHIP, VILLAGE, new_record, received


@pytest.fixture
def county(tmp_path, postgres_url):
    with tools.hub(tmp_path, database_url=postgres_url) as opened:
        yield opened


@pytest.fixture
def places(county, tmp_path):
    return {c: tools.enrol(county, tmp_path, c) for c in (TOWNSHIP, VILLAGE, OUTLET)}


def at_once(*works):
    """Run works in threads that begin together; raises what any of them raised."""
    barrier, failures = threading.Barrier(len(works)), []

    def run(work):
        barrier.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001  # told below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def halves(places, account):
    """The two filings of one matter, written and not sent yet."""
    first, second = new_record(), new_record()
    places[VILLAGE].write(first, Act("case.received", received(VILLAGE)))
    more = {"form.bank_account": account, "at": tools.NOW + 1}
    places[OUTLET].write(second, Act("case.received", received(OUTLET, **more)))
    return first, second


def test_two_workers_do_not_each_miss_the_others_half(county, places):
    first, second = halves(places, "6217001234567890123")

    at_once(*(lambda p=places[c]: p.sync(county) for c in (VILLAGE, OUTLET)))

    a, b = county.case(first), county.case(second)
    assert (a.state.text("main"), b.state.text("main")) == (a.id, a.id)
    assert b.state.state is State.TERMINATED
    assert {s.state.text("official_number")[-4:] for s in (a, b)} == {"0001", "0002"}


def test_a_check_is_opened_settled_and_taken_back(county, places):
    first, second = halves(places, "6217009999999999999")
    at_once(*(lambda p=places[c]: p.sync(county) for c in (OUTLET, VILLAGE)))
    (found,) = conflicts.list_conflicts(county.node, open_only=True)
    account = county.account("reconciler")

    answer = Answer(set_values={"main": county.case(second).id}, reason="r", seen=found.version)
    county.settle(found.id, answer)
    assert county.case(first).state.state is State.TERMINATED
    reconcile.undo(county.node, found.id, account=account)

    assert county.case(first).state.state is State.RECEIVED
    assert len(conflicts.list_conflicts(county.node, open_only=True)) == 1


def test_serials_are_never_given_twice(county):
    taken = []

    def work():
        for _ in range(20):
            with county.node.database.write() as tx:
                taken.append(take(tx, "DEMO", "2026-11-21", 3))

    at_once(work, work)

    assert sorted(taken) == [1 + 3 * n for n in range(40)]


def test_many_at_once_end_without_deadlock_and_verify(county, places):
    accepted = {"accepted": {"at": tools.NOW, "kind": "accepted", "due": "2026-12-04"}}
    records = []

    def station(place):
        for number in range(4):
            record = new_record()
            id_no = f"41159919900615{place.code[-4:]}{number}"
            place.write(record, Act("case.received", received(place.code, id_no=id_no)))
            records.append(record)
            place.sync(county)
        place.write(records[0], Act("case.accepted", accepted))
        place.sync(county)

    def office():
        for _ in range(4):
            supervising.go_round(county.node)

    at_once(office, *(lambda p=place: station(p) for place in places.values()))

    report = verifying.verify(county.node)
    assert (report.ok, report.first_bad, report.drift) == (True, "", [])
    numbers = {county.case(r).state.text("official_number") for r in records}
    assert len(numbers) == len(records) == 12


@pytest.mark.parametrize("name", ["name", "item", "temporary_number", "handling", "id_no"])
def test_text_that_postgresql_cannot_hold_stops_nothing(county, places, name):
    odd = {**received(OUTLET), name: "a\x00b"}
    with contextlib.suppress(CryptoError, SyncError):
        places[OUTLET].write(new_record(), Act("case.received", odd))
    record = new_record()
    places[OUTLET].write(record, Act("case.received", received(OUTLET, id_no="411599194001010011")))
    places[OUTLET].sync(county)

    assert county.case(record).state.text("official_number")
