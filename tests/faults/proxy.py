"""A TCP proxy that breaks connections on purpose, each in a way that a test chose.

Put it between a client and a server, and say what befalls the next connections:

    with Proxy(upstream=("127.0.0.1", hub_port)) as proxy:
        proxy.next_connections(DropReply(), Pass())
        ...  # the client talks to proxy.address

A connection takes the first fault of the queue, and what `proxy.weather()` draws when the queue is
empty: `proxy.usual`, unless a test says otherwise. `proxy.befell` counts them. The
proxy knows bytes, not HTTP: with keep-alive a fault lasts as long as its connection. Under TLS it
can cut, delay and lose, but `Duplicate` proves nothing: the server refuses replayed records.
"""

import socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Self

CHUNK = 65536
TIMEOUT_SECONDS = 30.0


class Direction(Enum):
    """Which way bytes flow."""

    REQUEST = "request"
    REPLY = "reply"


class LineCutError(Exception):
    """The fault ends the connection here."""


class Link:
    """One client's connection and ours to the server."""

    def __init__(self, client: socket.socket, proxy: "Proxy"):
        self.client = client
        self.server = proxy.connect()
        self.sent = bytearray()
        self._proxy = proxy

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than the proxy lives."""
        if self._proxy.closing.wait(seconds):
            raise LineCutError

    def send_again(self) -> None:
        """Send once more, on a new connection, what the client sent; read the answer to its end."""
        with self._proxy.connect() as second:
            second.sendall(self.sent)
            second.shutdown(socket.SHUT_WR)
            while second.recv(CHUNK):
                pass

    def cut(self) -> None:
        """End both sides; whoever reads them wakes up."""
        for side in (self.client, self.server):
            with suppress(OSError):  # ended already
                side.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the sockets back, when nobody reads them: sooner, their numbers would be reused."""
        self.cut()
        self.client.close()
        self.server.close()


class Pass:
    """No fault: the base of the others."""

    def shape(self, direction: Direction, chunks: Iterator[bytes], link: Link) -> Iterator[bytes]:
        """Yield what goes on in `direction`; raise LineCutError where the connection ends."""
        yield from chunks


class Refuse(Pass):
    """The line is down: the connection ends at once, and the server does not even see it."""


@dataclass(frozen=True, slots=True)
class Delay(Pass):
    """The first bytes in `direction` arrive `seconds` late."""

    seconds: float
    direction: Direction = Direction.REPLY

    def shape(self, direction: Direction, chunks: Iterator[bytes], link: Link) -> Iterator[bytes]:
        """Wait once, after the first bytes came in."""
        if direction is self.direction:
            first = next(chunks, b"")
            link.wait(self.seconds)
            yield first
        yield from chunks


@dataclass(frozen=True, slots=True)
class Cut(Pass):
    """The line breaks when `after` bytes went through in `direction`."""

    after: int
    direction: Direction = Direction.REQUEST

    def shape(self, direction: Direction, chunks: Iterator[bytes], link: Link) -> Iterator[bytes]:
        """Let the first `after` bytes through; a shorter talk stays whole."""
        left = self.after
        for chunk in chunks:
            if direction is self.direction and len(chunk) >= left:
                yield chunk[:left]
                raise LineCutError
            left -= len(chunk)
            yield chunk


@dataclass(frozen=True, slots=True)
class DropReply(Pass):
    """The server did what was asked, and the client never learns it."""

    def shape(self, direction: Direction, chunks: Iterator[bytes], link: Link) -> Iterator[bytes]:
        """Cut when the reply begins: by then the server has acted."""
        if direction is Direction.REPLY and next(chunks, b""):
            raise LineCutError
        yield from chunks


@dataclass(frozen=True, slots=True)
class Duplicate(Pass):
    """The server gets the request twice before the client sees the first answer."""

    def shape(self, direction: Direction, chunks: Iterator[bytes], link: Link) -> Iterator[bytes]:
        """Note the request; when the reply begins, send it again."""
        for number, chunk in enumerate(chunks):
            if direction is Direction.REQUEST:
                link.sent += chunk
            elif number == 0:
                link.send_again()
            yield chunk


@dataclass(frozen=True, slots=True)
class Trickle(Pass):
    """Bytes in `direction` come in pieces of `size`, with a pause of `seconds` before each."""

    size: int
    seconds: float
    direction: Direction = Direction.REPLY

    def shape(self, direction: Direction, chunks: Iterator[bytes], link: Link) -> Iterator[bytes]:
        """Cut each chunk into pieces."""
        for chunk in chunks:
            step = self.size if direction is self.direction else len(chunk)
            for start in range(0, len(chunk), step):
                link.wait(self.seconds if direction is self.direction else 0)
                yield chunk[start : start + step]


class Proxy:
    """Listens on a free port of the loopback and forwards to `upstream`, with faults."""

    def __init__(self, upstream: tuple[str, int]):
        self.upstream = upstream
        self.usual: Pass = Pass()
        self.weather: Callable[[], Pass] = lambda: self.usual
        self.befell: Counter[str] = Counter()
        self.closing = threading.Event()
        self.connections = 0
        self._queue: deque[Pass] = deque()
        self._links: list[Link] = []
        self._carriers: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Where clients connect to."""
        host, port = self._listener.getsockname()
        return host, port

    def next_connections(self, *faults: Pass) -> None:
        """Queue one fault for each of the next connections."""
        self._queue.extend(faults)

    def connect(self) -> socket.socket:
        """Open a connection to the server."""
        return socket.create_connection(self.upstream, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for link in self._links:
            link.cut()
        for carrier in self._carriers:
            carrier.join()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                client.settimeout(TIMEOUT_SECONDS)
                self._serve(client, self._queue.popleft() if self._queue else self.weather())

    def _serve(self, client: socket.socket, fault: Pass) -> None:
        self.befell[type(fault).__name__] += 1
        if isinstance(fault, Refuse):
            client.close()
            return
        try:
            link = Link(client, self)
        except OSError:  # the server is away: that is what the client learns, too
            client.close()
            return
        self._links.append(link)
        carrier = threading.Thread(target=_carry, args=(link, fault), daemon=True)
        self._carriers.append(carrier)
        carrier.start()


def _carry(link: Link, fault: Pass) -> None:
    """Forward both directions of one connection until both have ended."""
    reply = threading.Thread(target=_pump, args=(Direction.REPLY, fault, link), daemon=True)
    reply.start()
    _pump(Direction.REQUEST, fault, link)
    reply.join()
    link.close()


def _pump(direction: Direction, fault: Pass, link: Link) -> None:
    """Forward one direction until its end or the fault's; a side that is gone ends the link."""
    here, there = link.client, link.server
    if direction is Direction.REPLY:
        here, there = there, here
    try:
        for chunk in fault.shape(direction, _chunks(here), link):
            there.sendall(chunk)
        there.shutdown(socket.SHUT_WR)
    except (LineCutError, OSError):
        link.cut()


def _chunks(side: socket.socket) -> Iterator[bytes]:
    while chunk := side.recv(CHUNK):
        yield chunk
