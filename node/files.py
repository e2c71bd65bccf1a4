"""Small private files: written whole or not at all, readable by the owner only.

A file that this module says is written has been flushed to the disk, its name too.
"""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from node.errors import DiskFailed, DiskFull

_PRIVATE_FILE = 0o600
_PRIVATE_DIRECTORY = 0o700


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def storing() -> Iterator[None]:
    """Say in our words why a file could not be written.

    Raises:
        DiskFull: no space is left, or no more is allowed.
        DiskFailed: anything else.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull from error
        raise DiskFailed(errno.errorcode.get(error.errno or 0, "")) from error


def make_private_directory(path: Path) -> None:
    """Make a directory (and its parents) that only its owner can enter."""
    path.mkdir(mode=_PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    restrict(path)


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner can read, unless it is there already."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE))
    restrict(path)


def write_private(path: Path, content: bytes) -> None:
    """Write a file atomically and durably, readable by its owner only.

    Raises:
        OSError: nothing was changed; the old content, if any, still stands.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        _write_flushed(fresh, content)
        restrict(fresh)
        replace_durably(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Write a file of any size atomically and durably; until the end the old one stands.

    For files that are carried away: what is in them is sealed, and sticks know no owners.

    Raises:
        OSError: nothing was changed; the old content, if any, still stands.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        replace_durably(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _write_flushed(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def restrict(path: Path) -> None:
    """Take every right but the owner's away from a file or directory."""
    if sys.platform == "win32":
        _restrict_windows(path)
    else:
        path.chmod(_PRIVATE_DIRECTORY if path.is_dir() else _PRIVATE_FILE)


def replace_durably(source: Path, target: Path) -> None:
    """Give `source` the name `target`; after a power cut one of the two states stands, whole."""
    if sys.platform == "win32":
        _move_windows(source, target)
    else:
        source.replace(target)
        flush_directory(target.parent)


def flush_directory(directory: Path) -> None:
    """Bring the names in a directory to the disk (Windows does so at the move itself)."""
    if sys.platform != "win32":
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


if sys.platform == "win32":
    import ctypes

    _REPLACE_EXISTING, _WRITE_THROUGH = 1, 8

    def _move_windows(source: Path, target: Path) -> None:
        flags = _REPLACE_EXISTING | _WRITE_THROUGH
        if not ctypes.windll.kernel32.MoveFileExW(str(source), str(target), flags):
            raise ctypes.WinError()

    def _restrict_windows(path: Path) -> None:
        """Owner and SYSTEM only; S-1-5-18 is SYSTEM in every language of Windows."""
        inherit = "(OI)(CI)" if path.is_dir() else ""
        owner = f"{os.environ['USERDOMAIN']}\\{os.environ['USERNAME']}"
        grants = [f"{owner}:{inherit}F", f"*S-1-5-18:{inherit}F"]
        icacls = Path(os.environ["SYSTEMROOT"]) / "System32" / "icacls.exe"
        subprocess.run(  # noqa: S603  # a fixed program of the system, no shell
            [str(icacls), str(path), "/inheritance:r", "/grant:r", *grants, "/q"],
            check=True,
            capture_output=True,
        )
