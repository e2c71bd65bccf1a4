"""Enrolling and exchanging over real HTTP: what a status says proves nothing."""

import io
import socket
import threading
from contextlib import closing, contextmanager

import pytest
from PIL import Image

from crypto import envelope
from fixtures import builders
from node import people, photographs, serve
from node.clock import SystemClock
from node.config import DataDirectory
from node.enrolment import EnrolmentState
from node.errors import (
    AlreadyInitialised,
    ClockSkew,
    EnrolmentRefused,
    LinkFailed,
    NotInitialised,
    RefusedByCounty,
)
from station.transport import Cause, Parent
from station.transport.enrolling import HubDesk
from station.transport.http import Address, HttpTransport, fingerprint_of
from station.usecases import enrol, exchange, intake, links, photos, status
from station.usecases.enrol import Wish
from sync import codec
from sync.exchange import ANSWER_TYPE
from tests.integration import station_over_http as over

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with over.hub(tmp_path_factory.mktemp("county")) as answering:
        yield answering


_VILLAGES = over.villages()


@contextmanager
def enrolled(hub, folder):
    station = next(_VILLAGES)
    code = hub.code(station, "village", "甲村")
    node = enrol.prepare(DataDirectory(folder / "village"), None, clock=SystemClock())
    with closing(node.database):
        address = Address(hub.url, fingerprint_of(hub.url))
        desk = HubDesk(address)
        enrol.begin(node, desk, Wish(hub=address, code=code))
        assert enrol.poll(node, desk).state is EnrolmentState.APPROVED
        yield node


@pytest.fixture
def village(hub, tmp_path):
    with enrolled(hub, tmp_path) as node:
        yield node


@pytest.fixture
def _away(hub):
    yield
    hub.app.instead = None


def helper(node):
    with node.database.read() as tx:
        return people.accounts(tx)[0]


def open_case(node, seed=1):
    who = builders.person(builders.seeded(seed))
    document = builders.case_document(who, builders.sample_item("DEMO-YL-01"))
    return intake.open_case(node, document, account=helper(node)).case


def sync(node, seconds=30):
    with closing(links.carrier(node)) as carrier:
        return exchange.run(node, max_seconds=seconds, send=carrier)


def answering(status_line, body, content_type="text/html"):
    def app(environ, start_response):
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(status_line, [("Content-Type", content_type)])
        return [body]

    return app


# --- enrolment


def test_a_station_enrols_and_can_work_at_once(village):
    me = village.identity()
    assert me.name == "甲村"
    assert me.county.name == "潢川县"
    with village.database.read() as tx:
        assert len(village.catalogue(tx).items) == 30
        (first,) = people.accounts(tx)
    assert (first.login, first.role, first.first) == ("helper", "helper", True)
    assert open_case(village)


def test_both_sides_show_the_same_match_code_and_wait_for_approval(hub, tmp_path):
    station = next(_VILLAGES)
    code = hub.code(station, "village", "乙村", pre_approve=False)
    node = enrol.prepare(DataDirectory(tmp_path / "village"), None, clock=SystemClock())
    with closing(node.database):
        desk = HubDesk(Address(hub.url))
        wish = Wish(hub=Address(hub.url), code=code.lower().replace("-", " "))
        begun = enrol.begin(node, desk, wish)
        assert (begun.state, len(begun.match_code)) == (EnrolmentState.PENDING, 6)
        again = enrol.begin(node, desk, wish)
        assert (again.match_code, again.replica) == (begun.match_code, begun.replica)
        waited = enrol.wait(node, desk, seconds=0, pause=lambda _: None)
        assert (waited.state, waited.user) == (EnrolmentState.PENDING, "")
        assert not enrol.is_enrolled(node)
        with pytest.raises(NotInitialised):
            node.identity()


def test_a_wrong_code_is_refused_in_words_and_may_be_mended(hub, tmp_path):
    node = enrol.prepare(DataDirectory(tmp_path / "village"), None, clock=SystemClock())
    with closing(node.database):
        desk = HubDesk(Address(hub.url))
        with pytest.raises(EnrolmentRefused) as caught:
            enrol.begin(node, desk, Wish(hub=Address(hub.url), code="BCDF-GHJK"))
        assert "开通码" in caught.value.reason
        code = hub.code(next(_VILLAGES), "village", "丙村")
        enrol.begin(node, desk, Wish(hub=Address(hub.url), code=code))
        assert enrol.poll(node, desk).password


def test_an_enrolled_station_is_never_written_over(village):
    with pytest.raises(AlreadyInitialised):
        enrol.prepare(village.directory, None, clock=SystemClock())


def test_a_clock_more_than_ten_minutes_off_blocks_enrolment(hub, tmp_path):
    class Late(SystemClock):
        def now_ms(self):
            return super().now_ms() - 20 * 60_000

    node = enrol.prepare(DataDirectory(tmp_path / "village"), None, clock=Late())
    code = hub.code(next(_VILLAGES), "village", "丁村")
    with closing(node.database), pytest.raises(ClockSkew) as caught:
        enrol.begin(node, HubDesk(Address(hub.url)), Wish(hub=Address(hub.url), code=code))
    assert caught.value.minutes in {19, 20}


# --- exchange


def test_a_case_and_its_photo_arrive(hub, village):
    case = open_case(village)
    written = io.BytesIO()
    Image.effect_noise((1500, 900), 50).save(written, "PNG")
    photos.attach(village, case, 1, written.getvalue(), helper(village))
    report = sync(village)
    assert (report.complete, report.pending, report.attachments_pending) == (True, 0, 0)
    assert photographs.list_photos(hub.node, case)[0].here
    assert abs(status.status(village).clock_offset_ms) < 60_000


@pytest.mark.usefixtures("_away")
@pytest.mark.parametrize("line", ["200 OK", "302 Found", "204 No Content", "500 Oh"])
def test_a_captive_portal_is_no_county(hub, village, line):
    open_case(village)
    hub.app.instead = answering(line, b"" if "204" in line else b"<html>sign in</html>")
    with pytest.raises(LinkFailed) as caught:
        sync(village)
    assert caught.value.cause == Cause.NOT_COUNTY
    assert status.status(village).receipted == 0
    hub.app.instead = None
    assert sync(village).complete


@pytest.mark.usefixtures("_away")
def test_a_server_that_cannot_take_it_all_is_sent_less(hub, village):
    open_case(village)
    hub.app.instead = answering("413 Too Large", b"")
    with pytest.raises(LinkFailed) as caught:
        sync(village)
    assert caught.value.cause == Cause.TOO_LARGE


@pytest.mark.usefixtures("_away")
def test_a_refusal_of_the_county_is_told_and_changes_nothing(hub, village):
    open_case(village)
    problem = b'{"type": "/problems/refused_by_county", "title": "no"}'
    hub.app.instead = answering("403 Forbidden", problem, "application/problem+json")
    with pytest.raises(RefusedByCounty) as told:
        sync(village)
    assert told.value.reason == "县里不再收这台电脑的，它可能已经停用"
    hub.app.instead = None
    assert sync(village).complete


@pytest.mark.usefixtures("_away")
def test_a_county_that_is_older_is_told_so_and_nothing_is_lost(hub, village):
    open_case(village)
    problem = b'{"type": "/problems/newer_version", "title": "no"}'
    hub.app.instead = answering("426 Upgrade Required", problem, "application/problem+json")
    with pytest.raises(LinkFailed) as caught:
        sync(village)
    assert caught.value.cause == Cause.COUNTY_OLDER
    assert status.status(village).receipted == 0
    hub.app.instead = None
    assert sync(village).complete


def speaking_later(hub):
    """A county that answers in a version of the protocol that came after ours."""

    def app(environ, start_response):
        body = b"".join(hub.app.inner(environ, lambda *_: None))
        told = codec.decode_map(
            envelope.unverified_payload(body, max_bytes=1 << 24), max_bytes=1 << 24
        )
        later = codec.encode({**told, 21: 2})
        signed = envelope.sign(later, key=hub.node.identity().signing, content_type=ANSWER_TYPE)
        return answering("200 OK", signed, "application/cbor")(environ, start_response)

    return app


@pytest.mark.usefixtures("_away")
def test_an_answer_of_a_later_protocol_is_not_taken_and_the_reason_is_told(hub, village):
    open_case(village)
    hub.app.instead = speaking_later(hub)
    with pytest.raises(LinkFailed) as caught:
        sync(village)
    assert caught.value.cause == Cause.PROGRAM_OLD
    assert status.status(village).receipted == 0
    hub.app.instead = None
    assert sync(village).complete


@contextmanager
def listener(behave):
    """A server of a few lines that does what no good server does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)

        def run():
            with server.accept()[0] as connection:
                connection.recv(65536)
                behave(connection)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            thread.join()


@pytest.mark.parametrize(
    ("sent", "cause"),
    [
        (b"", Cause.CUT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", Cause.CUT),
        (b"not http at all\r\n\r\n", Cause.CUT),
    ],
)
def test_an_answer_that_breaks_off_is_no_answer(sent, cause):
    with listener(lambda connection: connection.sendall(sent)) as url:
        transport = HttpTransport({Parent.COUNTY: Address(url)})
        with closing(transport), pytest.raises(LinkFailed) as caught:
            transport.exchange(Parent.COUNTY, b"x", patience=5)
    assert caught.value.cause == cause


def test_a_server_that_is_silent_is_given_up():
    done = threading.Event()
    with listener(lambda _: done.wait(20)) as url:
        transport = HttpTransport({Parent.COUNTY: Address(url)})
        with closing(transport), pytest.raises(LinkFailed) as caught:
            transport.exchange(Parent.COUNTY, b"x", patience=0.3)
        done.set()
    assert caught.value.cause == Cause.NO_ANSWER


def test_a_port_where_nobody_listens_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    transport = HttpTransport({Parent.COUNTY: Address(f"http://127.0.0.1:{port}")})
    with closing(transport), pytest.raises(LinkFailed) as caught:
        transport.exchange(Parent.COUNTY, b"x", patience=5)
    assert caught.value.cause == Cause.NO_NETWORK


def test_over_tls_only_the_pinned_certificate_is_spoken_to(tmp_path):
    with over.hub(tmp_path / "county", tls=True) as hub, enrolled(hub, tmp_path) as node:
        open_case(node)
        assert sync(node).complete
        other = DataDirectory(tmp_path / "other")
        other.create()
        serve.make_tls(other, ["127.0.0.1"], now=SystemClock().now_ms())
        wrong = Address(hub.url, "00" * 32)
        transport = HttpTransport({Parent.COUNTY: wrong})
        with closing(transport), pytest.raises(LinkFailed) as caught:
            transport.exchange(Parent.COUNTY, b"x", patience=5)
        assert caught.value.cause == Cause.NOT_COUNTY


def test_the_endpoints_say_what_is_wrong_as_problem_json(hub):
    transport = HttpTransport({Parent.COUNTY: Address(hub.url)})
    with closing(transport):
        with pytest.raises(LinkFailed) as caught:
            transport.exchange(Parent.COUNTY, b"junk", patience=5)
        assert caught.value.cause == Cause.SERVER
        assert transport.get_chunk(Parent.COUNTY, bytes(32), 0) is None
        assert transport.put_chunk(Parent.COUNTY, bytes(32), 0, b"x") is False
