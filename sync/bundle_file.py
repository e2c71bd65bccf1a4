"""The file on a stick: a mark, a version, then frames, each of use by itself (bundle-file.md).

Frames are read one at a time from an open file and never trusted: what each holds proves itself or
is refused. A file that was cut gives every whole frame; damage is stepped over and told. Nothing in
a file names a path, and nothing is unpacked.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from hashlib import sha256
from typing import Final, NamedTuple, Protocol

from sync import codec
from sync.errors import Malformed, NewerVersion
from sync.limits import DEFAULT
from sync.merkle import HASH_BYTES

MAGIC: Final = b"bangban-file\r\n\x1a\n"
"""Line ends that a copy in text mode would change, and the end of text on old systems."""
VERSION: Final = 1
_BEGIN: Final = bytes.fromhex("8444b0a7f11e")
"""An array of four whose first item is a mark: what a reader looks for after damage."""
_MARK: Final = _BEGIN[2:]
_SUM_BYTES: Final = 8
_BLOCK: Final = 1 << 16
_SMALL: Final = 24
_HEAD_BYTES: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_UINT, _BSTR = 0, 2
_MOST_FAULTS: Final = 1000


class Kind(IntEnum):
    """What a frame holds; a reader steps over kinds that it does not know."""

    BUNDLE = 1
    REQUEST = 2
    ANSWER = 3
    CHUNK = 4
    COUNTY = 5
    CATALOGUE = 6
    ENROLMENT = 7
    APPROVAL = 8
    HEAD = 9
    RETURNED = 10
    """A bundle sealed to the county alone: what it lost of its own. Others step over it."""


_MOST: Final = {
    Kind.BUNDLE: DEFAULT.bundle,
    Kind.REQUEST: DEFAULT.file_request,
    Kind.ANSWER: DEFAULT.message,
    Kind.CHUNK: DEFAULT.attachment_chunk + 64,
    Kind.COUNTY: 16_384,
    Kind.CATALOGUE: 4 << 20,
    Kind.ENROLMENT: 4096,
    Kind.APPROVAL: 65_536,
    Kind.HEAD: 128,
    Kind.RETURNED: DEFAULT.bundle,
}
"""Bytes of a body."""


class Damage(Enum):
    """What is wrong with a stretch of a file."""

    CUT = "cut"
    DAMAGED = "damaged"
    OVER_LIMIT = "over-limit"
    UNKNOWN = "unknown-kind"
    TOO_MANY = "too-many"


class Frame(NamedTuple):
    """A whole frame; what its body says is still to be proven."""

    kind: Kind
    body: bytes


class Fault(NamedTuple):
    """A stretch that gives nothing, and where in the file it begins."""

    damage: Damage
    at: int


class Reading(Protocol):
    """A file that is open for reading and can be wound."""

    def read(self, size: int, /) -> bytes:
        """Read up to `size` bytes."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to an offset."""
        ...

    def tell(self) -> int:
        """Say where it stands."""
        ...


class Writing(Protocol):
    """A file that is open for writing."""

    def write(self, data: bytes, /) -> object:
        """Append bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a sealed attachment."""

    name: bytes
    number: int
    data: bytes


def begin(file: Writing) -> int:
    """Write what stands before the frames; returns its bytes."""
    beginning = MAGIC + codec.encode(VERSION)
    file.write(beginning)
    return len(beginning)


def write(file: Writing, kind: Kind, body: bytes) -> int:
    """Append a frame; returns its bytes."""
    frame = codec.encode([_MARK, int(kind), _sum(body), body])
    file.write(frame)
    return len(frame)


def chunk_body(chunk: Chunk) -> bytes:
    """Lay out a piece of an attachment."""
    return codec.encode([chunk.name, chunk.number, chunk.data])


def read_chunk(body: bytes) -> Chunk:
    """Read a piece of an attachment.

    Raises:
        Malformed: it is none.

    Does not check its hash: the operation that names the attachment knows it.
    """
    parts = codec.as_list(codec.decode(body, max_bytes=_MOST[Kind.CHUNK]))
    if len(parts) != 3:  # noqa: PLR2004  # name, number, bytes
        raise Malformed("chunk")
    return Chunk(
        codec.as_bytes(parts[0], HASH_BYTES), codec.as_uint(parts[1]), codec.as_bytes(parts[2])
    )


def frames(file: Reading, wanted: Collection[Kind] = frozenset(Kind)) -> Iterator[Frame | Fault]:
    """Read a file from its beginning, one frame at a time.

    Args:
        file: opened for reading in binary.
        wanted: kinds whose bodies are read; others are stepped over in silence.

    Yields:
        Whole frames, and what is wrong between them.

    Raises:
        Malformed: it is not such a file.
        NewerVersion: a later form of it.
        OSError: it cannot be read.
    """
    size = file.seek(0, 2)
    _read_beginning(file)
    reader = _Reader(file, size)
    faults = 0
    for seen, found in enumerate(reader.each(wanted), start=1):
        faults += isinstance(found, Fault) and found.damage is not Damage.UNKNOWN
        if found is not None:
            yield found
        if seen >= DEFAULT.file_frames or faults >= _MOST_FAULTS:
            yield Fault(Damage.TOO_MANY, file.tell())
            return


def _read_beginning(file: Reading) -> None:
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        raise Malformed("not a bangban file")
    version = file.read(1)
    if version != codec.encode(VERSION):
        raise NewerVersion("file") if version else Malformed("not a bangban file")


def _sum(body: bytes) -> bytes:
    return sha256(body).digest()[:_SUM_BYTES]


class _Broken(Exception):
    """Here is no frame."""


class _Top(NamedTuple):
    """What stands before a body: kind, sum, and how long it is."""

    kind: int
    sum: bytes
    length: int


@dataclass(slots=True)
class _Reader:
    """Steps from frame to frame; every byte is read at most twice, whatever the file says."""

    file: Reading
    size: int

    def each(self, wanted: Collection[Kind]) -> Iterator[Frame | Fault | None]:
        """Every frame or fault; None for what is stepped over."""
        at = self.file.tell()
        while at < self.size:
            try:
                top = self._top(at)
            except _Broken:
                following = self._find(at + 1)
                cut = following >= self.size and self._begins(at)
                yield Fault(Damage.CUT if cut else Damage.DAMAGED, at)
                at = following
                continue
            body = self.file.tell()
            yield self._frame(top, at, wanted)
            at = body + top.length

    def _top(self, at: int) -> _Top:
        self.file.seek(at)
        if self.file.read(len(_BEGIN)) != _BEGIN:
            raise _Broken
        kind = self._head(_UINT)
        if self._head(_BSTR) != _SUM_BYTES:
            raise _Broken
        total = self.file.read(_SUM_BYTES)
        length = self._head(_BSTR)
        if self.file.tell() + length > self.size or length > DEFAULT.message:
            raise _Broken
        return _Top(kind, total, length)

    def _head(self, major: int) -> int:
        """Read the head of an item in its shortest form."""
        first = self.file.read(1)
        if not first or first[0] >> 5 != major:
            raise _Broken
        info = first[0] & 31
        if info < _SMALL:
            return info
        argument = self.file.read(_HEAD_BYTES.get(info, 0))
        number = int.from_bytes(argument)
        size = _HEAD_BYTES.get(info, 0)
        if not size or len(argument) != size or number < (_SMALL if size == 1 else 1 << 4 * size):
            raise _Broken
        return number

    def _frame(self, top: _Top, at: int, wanted: Collection[Kind]) -> Frame | Fault | None:
        if top.kind not in _MOST:
            return Fault(Damage.UNKNOWN, at)
        kind = Kind(top.kind)
        if kind not in wanted:
            return None
        if top.length > _MOST[kind]:
            return Fault(Damage.OVER_LIMIT, at)
        body = self.file.read(top.length)
        return Frame(kind, body) if _sum(body) == top.sum else Fault(Damage.DAMAGED, at)

    def _begins(self, at: int) -> bool:
        """Whether what is left looks like a frame whose end is missing."""
        self.file.seek(at)
        left = self.file.read(len(_BEGIN))
        return _BEGIN.startswith(left)

    def _find(self, at: int) -> int:
        """Where the next frame may begin; the end of the file where none does."""
        while at < self.size:
            self.file.seek(at)
            block = self.file.read(_BLOCK)
            place = block.find(_BEGIN)
            if place >= 0:
                return at + place
            if len(block) < _BLOCK:
                break
            at += len(block) - len(_BEGIN) + 1
        return self.size
