"""Sending bytes to a printer: a device file, or TCP port 9100; it never holds the counter up."""

import os
import select
import socket
import stat
import time
from pathlib import Path
from typing import Final

from node.errors import PrinterFailed

_SECONDS: Final = 4.0
"""How long a printer may keep us waiting: out of paper it takes nothing at all."""
_PORT: Final = 9100


def send(target: str, data: bytes, *, seconds: float = _SECONDS) -> None:
    """Send bytes to a printer.

    Args:
        target: `tcp:HOST` or `tcp:HOST:PORT` (9100 by default), or `file:PATH` of a device.
        data: what it prints.
        seconds: longest wait.

    Raises:
        PrinterFailed: it does not answer or takes nothing; some of it may be on paper already.
    """
    kind, _colon, where = target.partition(":")
    try:
        if kind == "tcp":
            _send_tcp(where, data, seconds)
        elif kind == "file" and where:
            _send_file(Path(where), data, seconds)
        else:
            raise PrinterFailed(target)
    except OSError as error:
        raise PrinterFailed(target) from error


def _send_tcp(where: str, data: bytes, seconds: float) -> None:
    host, _colon, port = where.partition(":")
    number = int(port) if port.isdigit() else _PORT
    with socket.create_connection((host, number), timeout=seconds) as link:
        link.settimeout(seconds)
        link.sendall(data)


def _send_file(path: Path, data: bytes, seconds: float) -> None:
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        ready = not stat.S_ISREG(os.fstat(handle).st_mode) and os.name != "nt"
        until = time.monotonic() + seconds
        rest = memoryview(data)
        while rest:
            if (
                ready
                and not select.select((), (handle,), (), max(0.0, until - time.monotonic()))[1]
            ):
                raise TimeoutError
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)
