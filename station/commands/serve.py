"""`station serve`: pages, background exchange, and with `--relay` the exchange for children."""

from functools import partial

from node import keys, logs, serve
from node.clock import SystemClock
from node.command import Call, language
from node.printing import fonts
from node.serve import is_loopback
from station import app as station_app


def serve_station(
    call: Call, *, host: str, port: int, relay: bool, font: str | None = None
) -> None:
    """Serve until told to stop; a station that needs its passphrase begins locked."""
    directory, clock = call.directory.require(), SystemClock()
    logs.begin(directory.logs, process="serve")
    door, background = station_app.open_door(directory, clock=clock, passphrase=call.passphrase())
    if door.is_open and (told := keys.warning(door.node.keys, directory, language())):
        call.warn(told)
    try:
        app = station_app.create_app(
            door,
            background,
            directory=directory,
            clock=clock,
            host=host,
            relays=relay,
            font=partial(fonts.find, font, call.env, variable=call.program.variable("FONT")),
        )
        tls = None if is_loopback(host) else serve.find_tls(directory)
        serve.run(app, host, port, tls=tls)
    finally:
        background.stop()
        if door.is_open:
            door.node.close()
