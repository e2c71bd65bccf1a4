"""A station that waits for its passphrase still delivers what was sealed before."""

from contextlib import closing

import pytest

from fixtures import builders
from node import people
from node.clock import SystemClock
from node.config import DataDirectory
from node.errors import LinkFailed, Locked
from station import app as station_app
from station.transport import Parent
from station.transport.enrolling import HubDesk
from station.transport.http import Address
from station.usecases import enrol, exchange, intake, links, opening, spooling, status
from station.usecases.enrol import Wish
from tests.integration import station_over_http as over

pytestmark = pytest.mark.enable_socket

PASSPHRASE = "三只猫在看雪"


@pytest.fixture
def hub(tmp_path):
    with over.hub(tmp_path / "county") as answering:
        yield answering


@pytest.fixture
def directory(hub, tmp_path):
    """An attended village that took in a case while nobody answered, and was switched off."""
    place = DataDirectory(tmp_path / "village")
    node = enrol.prepare(place, PASSPHRASE, clock=SystemClock())
    with closing(node.database):
        desk, address = HubDesk(Address(hub.url)), Address(hub.url)
        code = hub.code(next(over.villages()), "village", "甲村")
        enrol.begin(node, desk, Wish(hub=address, code=code))
        enrol.poll(node, desk)
        open_case(node)
        station_app.seal(node)
    return place


def open_case(node, seed=1):
    with node.database.read() as tx:
        (first, *_) = people.accounts(tx)
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    return intake.open_case(node, document, account=first).case


def opened(directory):
    return opening.open_station(directory, PASSPHRASE, SystemClock())


def test_locked_it_delivers_and_unlocked_it_believes_the_answer(hub, directory):
    with pytest.raises(Locked):
        opening.unlock(directory, None)
    assert spooling.count(directory) == 1
    spooling.deliver(directory)
    assert spooling.count(directory) == 0
    with closing(opened(directory).database) as database:
        del database
    node = opened(directory)
    with closing(node.database):
        assert status.status(node).receipted == 0
        assert spooling.take_back(node) == 1
        counted = status.status(node)
        assert (counted.receipted, counted.pending) == (2, 0)
        assert spooling.take_back(node) == 0


def test_what_lies_ready_holds_nothing_that_can_be_read(directory):
    (outbox,) = directory.spool.glob("request-*.cbor")
    person = builders.person(builders.seeded(1))
    for word in (person.name, person.id_no, person.phone):
        assert word.encode() not in outbox.read_bytes()


def test_a_portal_does_not_stop_the_delivery(hub, directory):
    def portal(environ, start_response):
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<html>sign in</html>"]

    hub.app.instead = portal
    with pytest.raises(LinkFailed):
        spooling.deliver(directory)
    hub.app.instead = None
    assert spooling.count(directory) == 1
    spooling.deliver(directory)
    assert spooling.count(directory) == 0


def test_a_request_replaced_since_costs_nothing_but_a_question(directory):
    spooling.deliver(directory)
    node = opened(directory)
    with closing(node.database):
        exchange.child_of(node, Parent.COUNTY).request()
        assert spooling.take_back(node) == 0
        with closing(links.carrier(node)) as carrier:
            report = exchange.run(node, max_seconds=30, send=carrier)
        assert report.complete


def test_the_same_is_not_signed_again_and_what_is_new_is_added(directory):
    (outbox,) = directory.spool.glob("request-*.cbor")
    before = outbox.read_bytes()
    node = opened(directory)
    with closing(node.database):
        assert spooling.spool(node) == 1
        assert outbox.read_bytes() == before
        open_case(node, seed=2)
        station_app.seal(node)
        assert outbox.read_bytes() != before
        with closing(links.carrier(node)) as carrier:
            exchange.run(node, max_seconds=30, send=carrier)
        assert spooling.spool(node) == 0
        assert not outbox.exists()


def test_a_locked_app_shows_the_unlock_page_and_its_jobs_deliver(directory):
    door, background = station_app.open_door(directory, clock=SystemClock(), passphrase=None)
    try:
        app = station_app.create_app(
            door, background, directory=directory, clock=SystemClock(), relays=True
        )
        client = app.test_client()
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/").status_code == 303
        assert "最后一次县里收到:不清楚" in client.get("/unlock").text
        assert client.post("/sync/v1/exchange", data=b"x").status_code == 503
        door.unlock(PASSPHRASE)
        assert client.get("/readyz").status_code == 200
    finally:
        background.stop()
        if door.is_open:
            door.node.close()
