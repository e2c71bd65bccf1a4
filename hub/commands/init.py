"""`hub init`."""

from collections.abc import Mapping
from pathlib import Path

from hub.usecases import setup
from node import serve
from node.clock import SystemClock
from node.command import Call


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
    names = ["localhost", *serve.own_names()]
    done = setup.init(call.directory, request, clock=clock)
    try:
        serve.make_tls(call.directory, names, now=clock.now_ms())
    except OSError as error:  # the passwords below are shown this once: they must come out
        call.warn(f"没有做成网页证书，只能在本机打开页面：{error}")
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
