"""Attachments never delay facts: over real HTTP, on a line that trickles."""

import io
import threading
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest
from PIL import Image

from fixtures import builders
from node import attachments, people
from node.clock import SystemClock
from node.config import DataDirectory
from station.transport import Parent
from station.transport.enrolling import HubDesk
from station.transport.http import Address, HttpTransport
from station.usecases import enrol, exchange, intake, lane, photos
from station.usecases.enrol import Wish
from tests.faults.proxy import Cut, Direction, Proxy, Trickle
from tests.integration import station_over_http as over

pytestmark = pytest.mark.enable_socket

SPEED = 128 << 10  # bytes a second: sixteen times 64 kbit/s, so that the test ends in seconds
GRAIN = 4 << 10


@pytest.fixture
def hub(tmp_path):
    with over.hub(tmp_path / "county") as answering:
        yield answering


@pytest.fixture
def village(hub, tmp_path):
    code = hub.code(next(over.villages()), "village", "甲村")
    node = enrol.prepare(DataDirectory(tmp_path / "village"), None, clock=SystemClock())
    with closing(node.database):
        desk = HubDesk(Address(hub.url))
        enrol.begin(node, desk, Wish(hub=Address(hub.url), code=code))
        enrol.poll(node, desk)
        yield node


@pytest.fixture
def _quick(monkeypatch):
    """Pieces of a quarter of a second; turns as long as ever, so that only a new fact ends one."""
    monkeypatch.setattr(lane, "PIECE_SECONDS", lane.PIECE_SECONDS / 16)


def open_case(node, seed):
    with node.database.read() as tx:
        account = people.accounts(tx)[0]
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    return intake.open_case(node, document, account=account).case, account


def add_photos(node, count):
    case, account = open_case(node, seed=1)
    for number in range(count):
        written = io.BytesIO()
        Image.effect_noise((500, 400), 40 + number).save(written, "PNG")
        photos.attach(node, case, 1, written.getvalue(), account)


@contextmanager
def slow(hub):
    parts = urlsplit(hub.url)
    with Proxy(upstream=(parts.hostname, parts.port)) as proxy:
        proxy.usual = Trickle(GRAIN, GRAIN / SPEED, Direction.REQUEST)
        host, port = proxy.address
        yield proxy, HttpTransport({Parent.COUNTY: Address(f"http://{host}:{port}")})


def waiting(node):
    with node.database.read() as tx:
        return attachments.waiting(tx)


def has(hub, case):
    with hub.node.database.read() as tx:
        found = tx.exec_driver_sql("SELECT count(*) FROM case_file WHERE id = ?", (case,))
        return found.scalar() > 0


def until(happened, what):
    """Look again every few milliseconds, for half a minute."""
    pause = threading.Event()
    for _ in range(3000):
        if happened():
            return
        pause.wait(0.01)
    pytest.fail(what)


@pytest.mark.usefixtures("_quick")
@pytest.mark.req("R-ZH-21c")
def test_a_fact_written_while_photos_are_sent_waits_for_one_piece(hub, village):
    """Pain 12: one big attachment blocks everything behind it."""
    add_photos(village, 3)
    reports = []
    with slow(hub) as (_, send), closing(send):
        run = threading.Thread(
            target=lambda: reports.append(exchange.run(village, max_seconds=60, send=send))
        )
        run.start()
        until(lambda: [m for m, _ in hub.app.seen].count("PUT") >= 3, "no photo is sent")
        case, _ = open_case(village, seed=2)
        so_far = len(hub.app.seen)
        until(lambda: has(hub, case), "the fact does not arrive")
        left = waiting(village)
        then = [method for method, _ in hub.app.seen[so_far:]]
        run.join()
    assert left > 0, "the photos were all there before the fact"
    assert then.index("POST") <= 2, f"more than the piece in flight went before it: {then}"
    assert reports[0].complete
    assert waiting(village) == 0


@pytest.mark.usefixtures("_quick")
def test_a_piece_that_was_cut_off_goes_on_where_it_broke(hub, village):
    """Pain 16: a chunk that did not come whole is never taken for one."""
    add_photos(village, 2)
    with slow(hub) as (proxy, send), closing(send):
        proxy.next_connections(Cut(after=120 << 10))
        report = exchange.run(village, max_seconds=60, send=send)
        assert not report.complete
        begun = sum(p.stat().st_size for p in partial_files(hub))
        again = exchange.run(village, max_seconds=60, send=send)
    assert begun > 0
    assert again.complete
    whole = sum(p.stat().st_size for p in hub.node.directory.blobs.rglob("*.*") if p.is_file())
    assert again.bytes_up < whole - begun + (64 << 10)
    assert partial_files(hub) == []


def partial_files(hub):
    return [p for p in (hub.node.directory.blobs / "partial").glob("*") if p.is_file()]
