"""One exchange at a time on a data directory, among all processes; a lock dies with its holder."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from node.errors import Busy

PATIENCE_SECONDS: Final = 10
_POLL_SECONDS: Final = 0.05


@contextmanager
def taken(path: Path, *, patience: int = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the turn while the block runs.

    Args:
        path: the lock file; it stays.
        patience: seconds to wait for whoever holds it.

    Raises:
        Busy: the other is not done in time.
    """
    until = time.monotonic() + patience
    with path.open("a+b") as file:
        while not _lock(file):
            if time.monotonic() > until:
                raise Busy(patience)
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[Any]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[Any]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[Any]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[Any]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
