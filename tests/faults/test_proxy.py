"""Each fault does to a connection what its name says, and leaves the next one alone."""

import queue
import socket
import socketserver
import threading
from contextlib import closing, suppress

import pytest

from tests.faults.proxy import (
    TIMEOUT_SECONDS,
    Cut,
    Delay,
    Direction,
    DropReply,
    Duplicate,
    Pass,
    Proxy,
    Refuse,
    Trickle,
)

pytestmark = pytest.mark.enable_socket

REQUEST = b"request " * 64
REPLY = b"reply " * 64


class Server(socketserver.ThreadingTCPServer):
    """Reads one whole request and answers; notes all that it heard."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self._heard = queue.Queue()

    def note(self, heard):
        """Keep what one connection said."""
        self._heard.put(heard)

    def heard(self, connections):
        """Return what so many connections said, sorted; there must be no more of them."""
        said = sorted(self._heard.get(timeout=TIMEOUT_SECONDS) for _ in range(connections))
        assert self._heard.empty()
        return said


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        """Note what comes, and answer only a whole request."""
        heard = self.rfile.read(len(REQUEST))
        self.server.note(heard)
        if heard == REQUEST:
            self.wfile.write(REPLY)


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(server):
    with Proxy(upstream=server.server_address) as proxy:
        yield proxy


def _talk(proxy):
    """Return the reply as the client got it: cut off where the line broke."""
    line = socket.create_connection(proxy.address, timeout=TIMEOUT_SECONDS)
    with suppress(ConnectionError):
        line.sendall(REQUEST)
    return _read(line)


def _read(line):
    got = b""
    with closing(line), suppress(ConnectionError):
        while chunk := line.recv(4096):
            got += chunk
    return got


def test_without_a_fault_both_sides_hear_everything(proxy, server):
    assert _talk(proxy) == REPLY
    assert server.heard(connections=1) == [REQUEST]


def test_delay_loses_nothing(proxy, server):
    proxy.next_connections(Delay(seconds=0.01), Delay(seconds=0.01, direction=Direction.REQUEST))
    assert [_talk(proxy), _talk(proxy)] == [REPLY, REPLY]
    assert server.heard(connections=2) == [REQUEST, REQUEST]


def test_a_long_delay_ends_with_the_proxy(server):
    with Proxy(upstream=server.server_address) as proxy:
        proxy.next_connections(Delay(seconds=3600))
        line = socket.create_connection(proxy.address, timeout=TIMEOUT_SECONDS)
        line.sendall(REQUEST)
    assert _read(line) == b""


@pytest.mark.parametrize("after", [0, 1, 100, len(REQUEST) - 1])
def test_cut_in_the_request_stops_the_server_at_that_byte(proxy, server, after):
    proxy.next_connections(Cut(after=after))
    assert _talk(proxy) == b""
    assert _talk(proxy) == REPLY
    assert server.heard(connections=2) == [REQUEST[:after], REQUEST]


@pytest.mark.parametrize("after", [0, 1, 100, len(REPLY) - 1])
def test_cut_in_the_reply_stops_the_client_at_that_byte(proxy, server, after):
    proxy.next_connections(Cut(after=after, direction=Direction.REPLY))
    assert _talk(proxy) == REPLY[:after]
    assert server.heard(connections=1) == [REQUEST]


def test_a_dropped_reply_was_acted_on(proxy, server):
    proxy.next_connections(DropReply())
    assert _talk(proxy) == b""
    assert server.heard(connections=1) == [REQUEST]


def test_a_duplicate_arrives_before_the_first_answer_does(proxy, server):
    proxy.next_connections(Duplicate())
    assert _talk(proxy) == REPLY
    assert server.heard(connections=2) == [REQUEST, REQUEST]


@pytest.mark.parametrize("direction", Direction)
def test_a_trickle_loses_nothing(proxy, server, direction):
    proxy.next_connections(Trickle(size=7, seconds=0, direction=direction))
    assert _talk(proxy) == REPLY
    assert server.heard(connections=1) == [REQUEST]


def test_refused_connections_never_reach_the_server(proxy, server):
    proxy.usual = Refuse()
    assert [_talk(proxy), _talk(proxy)] == [b"", b""]
    proxy.usual = Pass()
    assert _talk(proxy) == REPLY
    assert server.heard(connections=1) == [REQUEST]
    assert proxy.connections == 3


def test_a_server_that_is_away_looks_away():
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        nobody = closed_soon.getsockname()
    with Proxy(upstream=nobody) as proxy:
        assert _talk(proxy) == b""


def test_a_fault_befalls_one_connection_only(proxy):
    proxy.next_connections(Cut(after=0), DropReply())
    assert [_talk(proxy) for _ in range(3)] == [b"", b"", REPLY]
