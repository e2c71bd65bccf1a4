"""Attachments never delay facts, shown on a line of 64 kbit/s: `python -m bench.slow_line`.

A real hub, a real station, and between them a forwarder that lets so many bytes a second through in
each direction. Photos wait in the queue; while they go, a case is taken in every few seconds, and
it is measured when the county's receipt for it is back.
"""

import argparse
import io
import socket
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from PIL import Image

from bench.__main__ import documents, enrol
from fixtures.demo.county import County
from node import people
from node.clock import SystemClock
from node.config import DataDirectory
from node.people import Account
from node.runtime import Node
from station.transport import Parent
from station.transport.http import Address, HttpTransport
from station.usecases import exchange, photos
from station.usecases.intake import open_case
from station.usecases.opening import open_station
from station.usecases.tallies import tally

_TICK: Final = 0.05
_BETWEEN: Final = 12.0


class Line:
    """Forwards to an address, so many bytes a second each way."""

    def __init__(self, upstream: tuple[str, int], speed: int) -> None:
        """Listen on a free port of the loopback; `speed`: bytes a second."""
        self._upstream = upstream
        self._speed = speed
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._upstream)
                for here, there in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=(here, there), daemon=True).start()

    def _pump(self, here: socket.socket, there: socket.socket) -> None:
        step = max(int(self._speed * _TICK), 1)
        with suppress(OSError):
            while data := here.recv(step):
                time.sleep(len(data) / self._speed)
                there.sendall(data)
            there.shutdown(socket.SHUT_WR)


def main() -> int:
    """Measure and print."""
    words = argparse.ArgumentParser(prog="bench.slow_line")
    words.add_argument("--photos", type=int, default=4)
    words.add_argument("--kbit", type=int, default=64)
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="bangban-line-") as name:
        county = County.at(Path(name))
        try:
            _measure(county, photos_=given.photos, speed=given.kbit * 1000 // 8)
        finally:
            county.stop()
    return 0


def _measure(county: County, *, photos_: int, speed: int) -> None:
    village = enrol(county)
    node = open_station(DataDirectory(village.data), None, SystemClock())
    parts = urlsplit(county.hub.server.url)
    line = Line((parts.hostname or "", parts.port or 0), speed)
    with closing(node.database):
        queued = _queue(node, photos_)
        _say(f"{photos_} photos wait, {queued >> 10} KiB: {queued // speed} s at {speed} B/s")
        begun = time.monotonic()
        runner = threading.Thread(target=_run, args=(node, line.url))
        runner.start()
        waits = list(_facts(node, runner))
        runner.join()
        _say(f"facts written meanwhile: {len(waits)}")
        middle = sorted(waits)[len(waits) // 2]
        _say(f"receipt back after: median {middle:.1f} s, worst {max(waits):.1f} s")
        _say(f"last photo at the county after {time.monotonic() - begun:.0f} s")


def _queue(node: Node, count: int) -> int:
    """Take in a case with photos as a phone takes them; answers their bytes."""
    case = open_case(node, documents(1)[0], account=_account(node)).case
    total = 0
    for number in range(count):
        written = io.BytesIO()
        Image.effect_noise((1600, 1200), 12 + number).save(written, "JPEG", quality=95)
        total += photos.attach(node, case, 1, written.getvalue(), _account(node)).bytes
    return total


def _account(node: Node) -> Account:
    with node.database.read() as tx:
        return people.accounts(tx)[0]


def _run(node: Node, url: str) -> None:
    with closing(HttpTransport({Parent.COUNTY: Address(url)})) as send:
        while tally(node).pending or tally(node).attachments:
            exchange.run(node, max_seconds=3600, send=send)


def _facts(node: Node, runner: threading.Thread) -> list[float]:
    """Write a case every few seconds while photos are sent; seconds until each is receipted."""
    waits: list[float] = []
    for document in documents(1000)[1:]:
        runner.join(_BETWEEN)
        if not runner.is_alive() or not tally(node).attachments:
            return waits
        begun = time.monotonic()
        open_case(node, document, account=_account(node))
        while tally(node).pending:
            time.sleep(_TICK)
        waits.append(time.monotonic() - begun)
    return waits


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
