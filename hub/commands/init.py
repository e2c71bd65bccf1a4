"""`hub init` and `hub serve`."""

from collections.abc import Mapping
from pathlib import Path

from hub import app as hub_app
from hub.rows import SCRIPTS
from hub.usecases import setup
from node import keys, logs, opening, serve
from node.clock import SystemClock
from node.command import Call, language
from node.opening import OpenNode
from node.serve import is_loopback
from node.web.door import Door


def init(
    call: Call,
    *,
    county: str,
    database_url: str | None,
    regions: str | None,
    catalogue: str | None,
) -> Mapping[str, object]:
    """Make a county hub; the passwords of the first accounts are shown this once."""
    clock = SystemClock()
    request = setup.Request(
        county=county,
        database_url=database_url,
        regions=Path(regions) if regions else None,
        catalogue=Path(catalogue) if catalogue else None,
        passphrase=call.passphrase(),
    )
    done = setup.init(call.directory, request, clock=clock)
    serve.make_tls(call.directory, ["localhost", *hub_app.own_names()], now=clock.now_ms())
    accounts = [
        {"user": i.account.login, "role": i.account.role.value, "password": i.password}
        for i in done.accounts
    ]
    admin = {name: accounts[0][name] for name in ("user", "password")}
    return {
        "county": done.county,
        "name": done.name,
        "admin": admin,
        "accounts": accounts,
        "root_fingerprint": done.root_fingerprint,
    }


def serve_hub(call: Call, *, host: str, port: int, workers: int) -> None:
    """Serve until told to stop; a hub that needs its passphrase begins locked."""
    del workers  # one process; more stand behind a server of their own
    directory, clock = call.directory.require(), SystemClock()
    logs.begin(directory.logs, process="serve")
    passphrase = call.passphrase()

    def opened(given: str | None) -> OpenNode:
        return opening.open_node(directory, given, SCRIPTS)

    if passphrase is None and keys.attended(directory):
        door = Door(opened, clock)
    else:
        door = Door.opened(opened(passphrase), clock)
        hub_app.node_behind(door, clock).identity()
        if told := keys.warning(door.node.keys, directory, language()):
            call.warn(told)
    try:
        app = hub_app.create_app_behind(door, directory=directory, clock=clock, host=host)
        tls = None if is_loopback(host) else serve.find_tls(directory)
        serve.run(app, host, port, tls=tls)
    finally:
        if door.is_open:
            door.node.close()
