"""`hub serve`."""

from functools import partial

from hub.app import create_app_behind
from hub.jobs import Background
from hub.rows import SCRIPTS
from hub.usecases import notifications, rereading, supervising
from node import keys, logs, opening, serve
from node.clock import Clock, SystemClock
from node.command import Call, language
from node.opening import OpenNode
from node.printing import fonts
from node.runtime import Node
from node.serve import is_loopback
from node.web.door import Door, node_behind


def serve_hub(call: Call, *, host: str, port: int, workers: int, font: str | None = None) -> None:
    """Serve until told to stop; a hub that needs its passphrase begins locked."""
    del workers  # one process; more stand behind a server of their own
    directory, clock = call.directory.require(), SystemClock()
    logs.begin(directory.logs, process="serve")
    passphrase = call.passphrase()

    def opened(given: str | None) -> OpenNode:
        found = opening.open_node(directory, given, SCRIPTS)
        rereading.catch_up(Node(directory, found.database, clock, found.keys))
        return found

    if passphrase is None and keys.attended(directory):
        door = Door(opened, clock)
    else:
        door = Door.opened(opened(passphrase), clock)
        node_behind(door, clock).identity()
        if told := keys.warning(door.node.keys, directory, language()):
            call.warn(told)
    jobs = Background(lambda: _daily(door, clock), clock)
    try:
        jobs.start()
        found = partial(fonts.find, font, call.env, variable=call.program.variable("FONT"))
        app = create_app_behind(door, directory=directory, clock=clock, host=host, font=found)
        tls = None if is_loopback(host) else serve.find_tls(directory)
        serve.run(app, host, port, tls=tls)
    finally:
        jobs.stop()
        if door.is_open:
            door.node.close()


def _daily(door: Door, clock: Clock) -> None:
    if door.is_open:
        node = node_behind(door, clock)
        supervising.daily_round(node)
        notifications.drain_as_scheduled(node)
