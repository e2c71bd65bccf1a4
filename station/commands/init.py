"""`station init`: enrol this computer, wait for the county's yes."""

import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import click

from node import keys, serve
from node.clock import SystemClock
from node.command import EXIT_DONE, EXIT_PARTLY, Call, Outcome
from node.commands.opened import opened, typed_fingerprint
from node.enrolment import EnrolmentState
from node.runtime import Node
from node.serve import own_names
from station.transport.enrolling import HubDesk
from station.transport.http import Address, fingerprint_of
from station.usecases import enrol, enrol_by_file
from station.usecases.enrol import Enrolling, Wish
from station.usecases.enrol_by_file import FileWish


def init(  # noqa: PLR0913  # the options of the command
    call: Call,
    *,
    hub: str | None,
    code: str | None,
    parent_url: str | None,
    unattended: bool,
    timeout: float,
    request_file: str | None,
    approval_file: str | None,
    fingerprint: str | None,
    anew: bool,
) -> Outcome:
    """Make keys and database, ask the county, wait until it has decided or the time is up."""
    if anew:
        with opened(call) as node:
            enrol.give_up(node)
    if approval_file:
        return _accept(call, approval_file, fingerprint)
    if request_file:
        return _request(call, request_file, code, (hub, parent_url), unattended=unattended)
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


def _request(
    call: Call,
    name: str,
    code: str | None,
    addresses: tuple[str | None, str | None],
    *,
    unattended: bool,
) -> Outcome:
    """Make keys and database, and write the request; it needs no network."""
    if not code:
        raise click.UsageError("缺少 --code。")
    county, township = addresses
    node = enrol.prepare(call.directory, _passphrase(call, unattended), clock=SystemClock())
    with closing(node.database):
        wish = FileWish(
            code=code,
            county=_township(county),
            township=_township(township),
            fingerprint=_certificate(node),
        )
        made = enrol_by_file.request(node, wish, Path(name))
    call.message(f"申请的指纹 {made.fingerprint}  打电话念给县里核对。")
    return Outcome(
        {
            "station": "",
            "replica": made.replica,
            "state": EnrolmentState.BEGUN.value,
            "match_code": "",
            "request_fingerprint": made.fingerprint,
        }
    )


def _accept(call: Call, name: str, fingerprint: str | None) -> Outcome:
    """Become a station by the county's approval, once its fingerprint was typed."""
    directory = call.directory.require()
    approval = enrol_by_file.read_approval(Path(name))
    asked = "县里念的指纹（16个字母） The county's fingerprint"
    typed = typed_fingerprint(call, fingerprint, asked)
    passphrase = call.ask_passphrase() if keys.attended(directory) else None
    node = enrol.prepare(directory, passphrase, clock=SystemClock())
    with closing(node.database):
        found = enrol_by_file.accept(node, approval, typed)
    return Outcome({**_document(found), "root_fingerprint": approval.fingerprint})


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
