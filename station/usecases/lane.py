"""The lane of attachments: after the facts, small ones first, and never in the way of new facts.

The line is measured. A piece of a photo takes about four seconds on it, a turn of photos about
fifteen; before each piece it is looked whether something new was written, and then the turn ends.
So a fact waits for one piece at most, whatever the queue (docs/spec/attachments.md §4).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from node import attachments, settings
from node.partial import Piece
from node.runtime import Node
from station.transport import Parent, Transport
from sync.limits import DEFAULT

PIECE_SECONDS: Final = 4
TURN_SECONDS: Final = 15
REQUEST_SECONDS: Final = 20
FIRST_REQUEST_SECONDS: Final = 5
"""What a request may take on the line: the rest of its patience is the county's."""
_UNKNOWN: Final = 16 << 10
"""Bytes a second that are assumed of a line that was never measured."""
_GRAIN: Final = 4 << 10
_TELLING: Final = 8 << 10
"""Of less than this the time is nearly all waiting: the line is at least as fast as that."""
_UNMEASURED: Final = 64 << 10
"""A first request over a line that was never measured: eight seconds at 64 kbit/s."""
_FEWEST_ASKED: Final = 8
_TYPICAL: Final = 128 << 10
"""Bytes of a usual photo, by which it is reckoned how many to ask about."""


@dataclass(slots=True)
class Line:
    """How fast a line carries upwards.

    Attributes:
        speed: bytes a second; None while never measured.
    """

    parent: Parent
    speed: int | None = None
    _kept: int | None = None

    @classmethod
    def of(cls, node: Node, parent: Parent) -> "Line":
        """What was measured last time."""
        with node.database.read() as tx:
            speed = settings.get(tx, f"speed.{parent.value}")
        return cls(parent, speed, speed)

    def keep(self, node: Node) -> None:
        """Remember it for the next time, where it has changed by much."""
        before = self._kept or 0
        if self.speed is not None and abs(self.speed - before) * 4 > before:
            with node.database.write() as tx:
                key, now = f"speed.{self.parent.value}", node.clock.now_ms()
                settings.put(tx, key, self.speed, now=now)
            self._kept = self.speed

    def carried(self, size: int, ms: int, *, whole: bool = False) -> None:
        """Learn from something that was carried.

        Args:
            size: its bytes.
            ms: how long it took, the answer included.
            whole: that also somebody worked on it: it can only show that the line is faster.
        """
        small, seen = size < _TELLING, size * 1000 // max(ms, 1)
        if self.speed is None:
            self.speed = None if small else seen
        elif small or whole:
            self.speed = max(self.speed, seen)  # else the smallest pieces would stay small for ever
        else:
            self.speed = (self.speed + seen) // 2

    def failed(self) -> None:
        """A line that breaks is taken to be slower."""
        if self.speed is not None:
            self.speed = max(self.speed // 2, _GRAIN // PIECE_SECONDS)

    @property
    def piece(self) -> int:
        """Bytes that are sent before it is looked for new facts again."""
        wished = (self.speed or _UNKNOWN) * PIECE_SECONDS
        return max(_GRAIN, min(wished // _GRAIN * _GRAIN, DEFAULT.attachment_chunk))

    @property
    def turn(self) -> int:
        """Bytes of attachments before facts are exchanged again."""
        return max((self.speed or _UNKNOWN) * TURN_SECONDS, self.piece)

    @property
    def asked(self) -> int:
        """How many attachments to ask about: those of a turn or two, not all that wait."""
        return max(_FEWEST_ASKED, min(2 * self.turn // _TYPICAL, DEFAULT.asks_per_message))

    def request(self, most: int, *, first: bool) -> int:
        """Bytes of a request that this line carries within its patience.

        Args:
            most: whatever the line could.
            first: of a run: it must be answered soon.
        """
        if self.speed is None:
            return min(most, _UNMEASURED) if first else most
        seconds = FIRST_REQUEST_SECONDS if first else REQUEST_SECONDS
        return max(_TELLING, min(most, self.speed * seconds))


@dataclass(slots=True)
class Lane:
    """Attachments on their way to one parent, in one run.

    Attributes:
        disturbed: whether something new has been written since the last request.
        has_time: whether the run may go on.
        passed_over: attachments that the parent does not know, or did not take: not asked about
            again in this run, so that they are in nobody's way.
        begun: how much of a chunk the parent has of which the last turn sent a part.
    """

    node: Node
    send: Transport
    line: Line
    disturbed: Callable[[], bool]
    has_time: Callable[[], bool]
    passed_over: set[bytes] = field(default_factory=set)
    begun: dict[tuple[bytes, int], int] = field(default_factory=dict)

    def upload(self, asked: Sequence[bytes], missing: Mapping[bytes, Sequence[int]]) -> int:
        """Bring what a parent lacks, for one turn; says how many bytes it took.

        Args:
            asked: attachments that the request asked about.
            missing: what the answer said: attachment → chunks.

        Raises:
            LinkFailed: the line broke; what arrived stays there.
        """
        self.passed_over |= set(asked) - set(missing)
        left, taken = self.line.turn, 0
        with self.node.database.read() as tx:
            order = attachments.by_size(tx, missing)
        for name in order:
            for chunk in missing[name]:
                if taken >= left or self._must_end():
                    return taken
                taken += self._bring(name, chunk, left - taken)
        return taken

    def _must_end(self) -> bool:
        return self.disturbed() or not self.has_time()

    def _bring(self, name: bytes, chunk: int, left: int) -> int:
        """Bring one chunk, or as much of it as the turn has left; says how many bytes went."""
        data = self._read(name, chunk)
        at = there = self.begun.pop((name, chunk), 0)
        if data is None:
            return 0
        while there < len(data) and there - at < left:
            size = min(self.line.piece, len(data) - there)
            taken = self._send(Piece(name, chunk, there, len(data), data[there : there + size]))
            if taken is None or taken <= there:
                self.passed_over.add(name)
                return there - at
            there = taken
            if self._must_end():
                break
        if there < len(data):
            self.begun[name, chunk] = there
        return there - at

    def _send(self, piece: Piece) -> int | None:
        began = self.node.clock.monotonic_ms()
        if len(piece.data) == piece.total:
            stored = self.send.put_chunk(self.line.parent, piece.name, piece.chunk, piece.data)
            there = piece.total if stored else None
        else:
            there = self.send.put_piece(self.line.parent, piece)
        self.line.carried(len(piece.data), self.node.clock.monotonic_ms() - began)
        return there

    def _read(self, name: bytes, chunk: int) -> bytes | None:
        """Read a chunk of ours; one that is damaged is given up: a person must know (C31)."""
        with self.node.database.read() as tx:
            data = attachments.get_chunk(tx, self.node.directory.blobs, name, chunk)
        if data is None:
            with self.node.database.write() as tx:
                attachments.give_up(tx, name, 1 << chunk)
        return data
