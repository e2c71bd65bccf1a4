"""`station init`: enrol this computer, wait for the county's yes."""

import sys
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import click

from node import serve
from node.clock import SystemClock
from node.command import EXIT_DONE, EXIT_PARTLY, Call, Outcome
from node.enrolment import EnrolmentState
from node.runtime import Node
from node.serve import own_names
from station.transport.enrolling import HubDesk
from station.transport.http import Address, fingerprint_of
from station.usecases import enrol
from station.usecases.enrol import Enrolling, Wish


def init(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    hub: str | None,
    code: str | None,
    parent_url: str | None,
    unattended: bool,
    timeout: float,
) -> Outcome:
    """Make keys and database, ask the county, wait until it has decided or the time is up."""
    if not hub or not code:
        raise click.UsageError("缺少 --hub 或 --code。")
    address = _address(hub)
    node = enrol.prepare(call.directory, _passphrase(call, unattended), clock=SystemClock())
    try:
        desk = HubDesk(address)
        wish = Wish(
            hub=address,
            code=code,
            township=_township(parent_url),
            fingerprint=_certificate(node),
        )
        begun = enrol.begin(node, desk, wish)
        call.message(f"对照码 {begun.match_code}  请县里核对后批准。")
        found = enrol.wait(node, desk, seconds=timeout, pause=time.sleep)
    finally:
        node.database.close()
    approved = found.state is EnrolmentState.APPROVED
    return Outcome(_document(found), EXIT_DONE if approved else EXIT_PARTLY)


def _document(found: Enrolling) -> Mapping[str, object]:
    document: dict[str, object] = {
        "station": found.station,
        "replica": found.replica,
        "state": found.state.value,
        "match_code": found.match_code,
    }
    if found.user:
        document |= {"user": found.user, "password": found.password}
    return document


def _passphrase(call: Call, unattended: bool) -> str | None:  # noqa: FBT001  # a flag of the command
    if unattended:
        return None
    if call.passphrase_file is None and (call.no_input or not sys.stdin.isatty()):
        raise click.UsageError("要写 --passphrase-file,或者 --unattended。")
    return call.ask_passphrase()


def _address(url: str) -> Address:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise click.UsageError(f"地址要像 https://… 或 http://…:{url}")
    return Address(url.rstrip("/"), fingerprint_of(url))


def _township(url: str | None) -> Address | None:
    """Its certificate is pinned when it is first met: it may be switched off now."""
    if not url:
        return None
    if urlsplit(url).scheme not in {"http", "https"}:
        raise click.UsageError(f"地址要像 https://… 或 http://…:{url}")
    return Address(url.rstrip("/"))


def _certificate(node: Node) -> str:
    """The certificate of our own pages, for other windows and phones; made once."""
    found = serve.find_tls(node.directory)
    if found is None:
        names = ["localhost", "127.0.0.1", *own_names()]
        found = serve.make_tls(node.directory, names, now=node.clock.now_ms())
    return found.fingerprint
