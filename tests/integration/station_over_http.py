"""A hub that answers over real HTTP, for stations that enrol and exchange with it."""

import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from casework.places import township_of
from fixtures.builders import read_shipped
from hub.app import create_app
from hub.keys import open_hub
from hub.usecases import setup, stations
from hub.usecases.stations import NewStation
from node import logs, serve
from node.clock import SystemClock
from node.config import DataDirectory
from node.runtime import Node


def villages():
    """Codes of the county's real villages, one after the other."""
    townships = read_shipped("regions_411526.json")["townships"]
    return iter([code for town in townships for code, _ in town["villages"]])


@dataclass
class Counting:
    """A WSGI application that counts what it is asked and may answer for the hub."""

    inner: object
    seen: list = field(default_factory=list)
    instead: object = None

    def __call__(self, environ, start_response):
        self.seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return (self.instead or self.inner)(environ, start_response)


@dataclass
class Served:
    """A hub behind an address."""

    node: Node
    url: str
    app: Counting
    townships: set = field(default_factory=set)

    def code(self, station, kind, name, *, pre_approve=True):
        """Register a station; answers its one-time code."""
        above = township_of(station)
        if above not in self.townships:
            self.townships.add(above)
            stations.add(self.node, NewStation(code=above, kind="township", name="乡镇"))
        new = NewStation(code=station, kind=kind, name=name, pre_approve=pre_approve)
        return stations.add(self.node, new).enrolment_code


@contextmanager
def hub(directory: Path, *, tls=False):
    """A county whose hub answers on a port of this computer."""
    data = DataDirectory(directory / "hub")
    setup.init(data, setup.Request(county="411526"), clock=SystemClock())
    node = open_hub(data, None, SystemClock())
    logs.begin(data.logs, process="serve")
    with closing(node.database):
        pages = create_app(node)
        with served(pages.wsgi_app, node, directory=data if tls else None) as answering:
            yield answering


@contextmanager
def served(app, node=None, *, directory=None):
    """Serve a WSGI application on a free port, over TLS where a data directory is given."""
    counting = Counting(app)
    tls = (
        serve.make_tls(directory, ["127.0.0.1"], now=SystemClock().now_ms()) if directory else None
    )
    server = serve.listening(counting, "127.0.0.1", 0, tls=tls)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield Served(node, serve.address(server, "127.0.0.1"), counting)
    finally:
        server.stop()
        thread.join()
