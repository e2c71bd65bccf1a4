"""A slow line that only exists in the clock: real nodes, real messages, no waiting.

Everything that a station sends is answered by the county's own code at once; then the clocks of
both are moved on by what the bytes would have taken. A message may break, in the request or, after
the county has acted, in the answer.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from node.clock import FixedClock
from node.partial import Piece
from node.web.sync_api import SyncDoor
from station.transport import Cause, Parent, failed

HEAD_UP: Final = 230
HEAD_DOWN: Final = 610
"""Bytes that HTTP adds to a request and to its answer; measured by `bench.wire`."""
_T = TypeVar("_T")


@dataclass(slots=True, kw_only=True)
class VirtualLine:
    """A `Transport` to the county.

    Attributes:
        door: of the county's hub.
        clock: of both ends.
        chance: says which messages break.
        speed: bytes a second, each way.
        round_trip_ms: what a request takes however small.
        breaks: one message in so many, on average; 0: none.
        passed: called whenever something has arrived at the county, or time has passed.
    """

    door: SyncDoor
    clock: FixedClock
    chance: random.Random
    speed: int
    round_trip_ms: int
    breaks: int
    passed: Callable[[], None]
    messages: int = 0
    broken: int = 0
    carried: int = 0
    _left: float = field(default=0.0)

    def reaches(self, parent: Parent) -> bool:
        """Only the county stands at the other end."""
        return parent is Parent.COUNTY

    def exchange(self, _parent: Parent, message: bytes, *, patience: float) -> bytes:
        """Carry a request and its answer."""
        answer = self._carry(len(message), lambda: self.door.answer(message))
        if len(answer) / self.speed > patience:
            raise failed(Cause.NO_ANSWER)
        self._pass(len(answer))
        return answer

    def put_chunk(self, _parent: Parent, name: bytes, chunk: int, data: bytes) -> bool:
        """Carry a whole chunk."""
        return self._carry(len(data), lambda: self.door.put_chunk(name, chunk, data))

    def put_piece(self, _parent: Parent, piece: Piece) -> int | None:
        """Carry a piece of one."""
        return self._carry(len(piece.data), lambda: self.door.put_piece(piece))

    def get_chunk(self, _parent: Parent, name: bytes, chunk: int) -> bytes | None:
        """Carry a chunk the other way."""
        data = self._carry(0, lambda: self.door.get_chunk(name, chunk))
        self._pass(len(data or b""))
        return data

    def _carry(self, size: int, work: Callable[[], _T]) -> _T:
        self.messages += 1
        breaks = self.breaks and self.chance.random() * self.breaks < 1
        self.clock.advance(self.round_trip_ms)
        if breaks and self.chance.choice((True, False)):
            self._pass(round((size + HEAD_UP) * self.chance.random()))
            raise self._break()
        self._pass(size + HEAD_UP)
        found = work()
        self.passed()
        if breaks:
            raise self._break()
        self._pass(HEAD_DOWN)
        return found

    def _break(self) -> Exception:
        self.broken += 1
        return failed(Cause.CUT)

    def _pass(self, size: int) -> None:
        """Let the time pass that so many bytes take."""
        self.carried += size
        self._left += size * 1000 / self.speed
        whole = int(self._left)
        self._left -= whole
        self.clock.advance(whole)
        self.passed()
