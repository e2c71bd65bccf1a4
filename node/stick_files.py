"""Files on sticks, as the person names them: opened, written whole, and what is wrong in words."""

import errno
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from node.errors import FileFull, FileUnreadable, ForeignFile
from node.stick_answers import Brought
from sync.errors import NewerVersion

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into an error that names the file.

    Raises:
        FileFull: no room is left on the stick.
        FileUnreadable: it cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        wrong = FileFull if error.errno in _FULL else FileUnreadable
        raise wrong(str(path)) from error


@contextmanager
def opened_for_reading(paths: Sequence[Path]) -> Iterator[list[BinaryIO]]:
    """Open files to be read.

    Raises:
        FileUnreadable: one of them cannot be.
    """
    with ExitStack() as stack:
        files: list[BinaryIO] = []
        for path in paths:
            with named(path):
                files.append(stack.enter_context(path.open("rb")))
        yield files


def demand_one_of_ours(brought: Brought, files: int) -> None:
    """Return if at least one file could be read.

    Raises:
        NewerVersion: all that are of this county were made by a later version.
        ForeignFile: none is of this county, or none is such a file.
    """
    if brought.foreign + brought.newer < files:
        return
    raise NewerVersion("file") if brought.newer else ForeignFile()
