"""Serving pages and exchange: one process, threads, a clean end.

`ready http(s)://HOST:PORT` on standard output when it can answer, and nothing else there. Beyond
this computer only over TLS. SIGTERM, Ctrl-C and Ctrl-Break end it after the requests in work.
"""

import ipaddress
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter
from typing_extensions import override

from crypto import tls
from crypto.entropy import random_bytes
from node import logs
from node.config import DataDirectory
from node.errors import AddressTaken, TlsNeeded
from node.files import write_private

THREADS = 10
_STOP_CHECK_SECONDS = 0.5
_SHUTDOWN_SECONDS = 10
_IDLE_SECONDS = 10
_MAX_HEADER_BYTES = 32_768
_CERTIFICATE_DAYS = 3_650
_ELSEWHERE = "192.0.2.1"  # an address of nobody's, kept for documentation (RFC 5737)

Wsgi = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Tls:
    """What a server shows to browsers.

    Attributes:
        certificate: PEM file.
        key: PEM file, owner only.
    """

    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """SHA-256 as browsers show it, to compare by eye."""
        return tls.fingerprint(self.certificate.read_bytes())


def make_tls(directory: DataDirectory, names: list[str], *, now: int) -> Tls:
    """Make this node's certificate, at enrolment; an earlier one is replaced.

    Args:
        directory: of the node.
        names: host names and addresses under which it is visited.
        now: milliseconds since the epoch.
    """
    addresses = [name for name in names if _is_address(name)]
    hosts = [name for name in names if not _is_address(name)]
    certificate, key = tls.self_signed(
        hosts, addresses, now_s=now // 1000, days=_CERTIFICATE_DAYS, entropy=random_bytes
    )
    write_private(directory.tls_key, key)
    write_private(directory.tls_certificate, certificate)
    return Tls(directory.tls_certificate, directory.tls_key)


def find_tls(directory: DataDirectory) -> Tls | None:
    """This node's certificate, or None before enrolment."""
    if directory.tls_certificate.exists() and directory.tls_key.exists():
        return Tls(directory.tls_certificate, directory.tls_key)
    return None


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches an address."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def run(app: Wsgi, host: str, port: int, *, tls: Tls | None) -> None:
    """Serve until told to stop.

    Args:
        app: a WSGI application.
        host: address to listen on; beyond loopback only with `tls`.
        port: 0: any free one; the ready line says which.
        tls: serves https; on loopback too.

    Raises:
        TlsNeeded: others would be served without a certificate.
        AddressTaken: the port is in use.
    """
    server = listening(app, host, port, tls=tls)
    if tls is not None:
        sys.stderr.write(f"TLS SHA-256 {tls.fingerprint}\n")
    with _stop_signals() as stopping:
        serving = threading.Thread(target=_serve, args=(server, stopping), name="serve")
        serving.start()
        sys.stdout.write(f"ready {address(server, host)}\n")
        sys.stdout.flush()
        while not stopping.wait(_STOP_CHECK_SECONDS):  # a plain wait is deaf to Ctrl-C on Windows
            pass
        server.stop()
        serving.join()


def listening(app: Wsgi, host: str, port: int, *, tls: Tls | None) -> "Server":
    """A server that has its port and answers nothing yet; see `run`."""
    if tls is None and not is_loopback(host):
        raise TlsNeeded(host)
    server = Server((host, port), app, numthreads=THREADS, server_name="bangban")
    server.timeout = _IDLE_SECONDS
    server.shutdown_timeout = _SHUTDOWN_SECONDS
    server.max_request_header_size = _MAX_HEADER_BYTES
    if tls is not None:
        server.ssl_adapter = _PatientTls(str(tls.certificate), str(tls.key))
    try:
        server.prepare()
    except OSError as error:
        raise AddressTaken(host, port) from error
    return server


def address(server: "Server", host: str) -> str:
    """The address of a listening server, with the port it really has."""
    scheme = "http" if server.ssl_adapter is None else "https"
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{server.bind_addr[1]}"


class _PatientTls(BuiltinSSLAdapter):
    """TLS whose handshake is done by the worker, not by the one thread that accepts.

    Otherwise a phone that connects and says nothing keeps everybody out (ADR 0004).
    """

    @override
    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        wrapped = self.context.wrap_socket(
            sock, server_side=True, do_handshake_on_connect=False, suppress_ragged_eofs=True
        )
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class Server(wsgi.Server):
    """cheroot, which writes its troubles to our log and no traceback to a person."""

    @override
    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        if traceback:
            logs.logger().error("serve.trouble", error=sys.exc_info()[1])


def _serve(server: Server, stopping: threading.Event) -> None:
    try:
        server.serve()
    finally:
        stopping.set()


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    stopping = threading.Event()
    names = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last on Windows only
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: stopping.set()) for number in numbers}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def own_names() -> tuple[str, ...]:
    """Names and addresses under which others on the network reach this computer."""
    name = socket.gethostname()
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    found |= _outward_address()
    return (name, *sorted(address for address in found if "%" not in address))


def _outward_address() -> set[str]:
    """The address by which this computer reaches its network; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_ELSEWHERE, 9))
        except OSError:
            return set()
        return {str(probe.getsockname()[0])}


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
