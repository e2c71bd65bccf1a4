"""A real line on this computer: so many bytes a second each way, counted, and now and then cut."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final, Self

_GRAINS: Final = 20
"""Pieces a second in which bytes arrive."""
_WINDOW: Final = 16 << 10
"""A small window, so that the sender feels how slow the line is."""
_SECONDS: Final = 60.0


class Line:
    """Forwards TCP from a free port of the loopback; end it by the block.

    Attributes:
        up: bytes that went to the server.
        down: bytes that came from it.
        connections: how many there were.
        cuts: how many were cut.
    """

    def __init__(
        self,
        upstream: tuple[str, int],
        *,
        speed: int | None = None,
        next_cut: Callable[[], int] | None = None,
    ) -> None:
        """Not begun yet.

        Args:
            upstream: the server.
            speed: bytes a second each way; None: as fast as it goes.
            next_cut: draws after how many more bytes the line breaks; None: never.
        """
        self.up = self.down = self.connections = self.cuts = 0
        self._upstream, self._speed, self._next_cut = upstream, speed, next_cut
        self._left = next_cut() if next_cut else None
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()

    @property
    def url(self) -> str:
        """Where a client reaches the server over this line."""
        host, port = self._listener.getsockname()
        return f"http://{host}:{port}"

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(_SECONDS)

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._upstream, timeout=_SECONDS)
                client.settimeout(_SECONDS)
                self.connections += 1
                self._spawn(partial(self._pump, client, server, up=True))
                self._spawn(partial(self._pump, server, client, up=False))

    def _pump(self, here: socket.socket, there: socket.socket, *, up: bool) -> None:
        try:
            while data := here.recv(self._grain):
                self._wait(len(data))
                there.sendall(data)
                self._count(len(data), up=up)
            there.shutdown(socket.SHUT_WR)
        except OSError:
            for side in (here, there):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)
        if not up:
            here.close()

    @property
    def _grain(self) -> int:
        return max(1, (self._speed or 1 << 20) // _GRAINS)

    def _wait(self, size: int) -> None:
        if self._speed and self._closing.wait(size / self._speed):
            raise TimeoutError
        time.sleep(0)

    def _count(self, size: int, *, up: bool) -> None:
        self.up, self.down = (self.up + size, self.down) if up else (self.up, self.down + size)
        if self._left is None or self._next_cut is None:
            return
        self._left -= size
        if self._left <= 0:
            self.cuts += 1
            self._left = self._next_cut()
            raise ConnectionResetError
