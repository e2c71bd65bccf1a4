"""Files on sticks, as the person names them: opened, written whole, and what is wrong in words."""

import errno
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from casework.errors import FieldProblem
from node.errors import FileFull, FileUnreadable, ForeignFile, InvalidInput
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


def demand_apart(paths: Sequence[Path], reply: Path) -> None:
    """Return if the reply would not take the place of a file that is read.

    Raises:
        InvalidInput: it would: what somebody brought would be gone.
    """
    if reply.resolve() in {path.resolve() for path in paths}:
        zh = "回执不能写在要读的文件上。换一个名字。"
        en = "The reply would replace a file that is read. Give it another name."
        raise InvalidInput([FieldProblem("/reply", "same", zh, en)])


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
