"""Reaching the parents of a station: what an exchange needs of a carrier, and why it can fail."""

from enum import StrEnum
from typing import Final, Protocol

from node.errors import LinkFailed
from node.partial import Piece


class Parent(StrEnum):
    """Whom a station exchanges with, in the order in which they are tried."""

    COUNTY = "county"
    TOWNSHIP = "township"


class Cause(StrEnum):
    """Why an exchange came to nothing."""

    NO_ADDRESS = "no_address"
    NO_NETWORK = "no_network"
    NO_ANSWER = "no_answer"
    CUT = "cut"
    TOO_LARGE = "too_large"
    NOT_COUNTY = "not_county"
    SERVER = "server"
    COUNTY_OLDER = "county_older"
    PROGRAM_OLD = "program_old"


WORDS: Final = {
    Cause.NO_ADDRESS: "还没有写县里的地址。",
    Cause.NO_NETWORK: "没有信号，或者网线没插好。",
    Cause.NO_ANSWER: "县里服务器没回应。",
    Cause.CUT: "传到一半断了。",
    Cause.TOO_LARGE: "一次传得太多，已改小。",
    Cause.NOT_COUNTY: "回应的不是县里，可能要先登录上网页面。",
    Cause.SERVER: "县里服务器正忙，过一会儿再试。",
    Cause.COUNTY_OLDER: "县里的程序还没有升级。先放着，不会丢。",
    Cause.PROGRAM_OLD: "这台电脑的程序太旧。请管理员升级，不会丢。",
}
"""Cause → plain words."""
SHRINKING: Final = frozenset({Cause.NO_ANSWER, Cause.CUT, Cause.TOO_LARGE})
"""Causes after which less is sent at a time."""


def failed(cause: Cause, host: str = "") -> LinkFailed:
    """The error for a cause."""
    return LinkFailed(host, cause.value, WORDS[cause])


class Transport(Protocol):
    """Carries bytes to a parent and back; knows nothing of what they mean.

    Every method raises `LinkFailed` where no bytes came back, and `RefusedByCounty` where the
    parent says that it does not serve this device. What comes back proves nothing by itself.
    """

    def reaches(self, parent: Parent) -> bool:
        """Whether there is an address of this parent."""
        ...

    def exchange(self, parent: Parent, message: bytes, *, patience: float) -> bytes:
        """Send a request and bring what was answered.

        Args:
            parent: to whom.
            message: the request.
            patience: seconds to wait for the answer.
        """
        ...

    def put_chunk(self, parent: Parent, name: bytes, chunk: int, data: bytes) -> bool:
        """Bring a chunk of an attachment; False when the parent does not want it (now)."""
        ...

    def put_piece(self, parent: Parent, piece: Piece) -> int | None:
        """Bring a piece of a chunk; how many bytes of it are there now, None: not wanted (now)."""
        ...

    def get_chunk(self, parent: Parent, name: bytes, chunk: int) -> bytes | None:
        """Fetch a chunk of an attachment; None when the parent has it not."""
        ...
