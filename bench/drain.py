"""Three days offline, then 64 kbit/s with cuts: `python -m bench.drain`.

Real nodes, real databases and photos; the line is a call that lets the clock of this small world
run on by what the bytes would take, and breaks about every fiftieth message. Prints when the
last fact was at the county, and when the last photo.
"""

import argparse
import io
import random
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from typing_extensions import override

from bench.__main__ import documents
from fixtures import counters
from fixtures.counters import Wire
from fixtures.world import TOWNSHIP, VILLAGE_A, Station, World
from node import attachments
from node.errors import LinkFailed
from node.partial import Piece
from station.transport import Cause, Parent, failed
from station.usecases import exchange, intake, photos
from station.usecases.tallies import tally

_ROUND_TRIP_MS: Final = 300
_HEADERS: Final = 400
_DAY_MS: Final = 24 * 60 * 60 * 1000


@dataclass
class Slow(Wire):
    """A wire on which bytes take their time, and about every fiftieth message breaks off."""

    speed: int = 8000
    cut_every: int = 50
    messages: int = 0
    cuts: int = 0
    sent: int = 0
    first_photo: int | None = None
    chance: random.Random | None = None

    @override
    def exchange(self, parent: Parent, message: bytes, *, patience: float) -> bytes:
        self._carry(len(message), facts=True)
        answer = super().exchange(parent, message, patience=patience)
        self._wait(len(answer))
        return answer

    @override
    def put_chunk(self, parent: Parent, name: bytes, chunk: int, data: bytes) -> bool:
        self._carry(len(data))
        return super().put_chunk(parent, name, chunk, data)

    @override
    def put_piece(self, parent: Parent, piece: Piece) -> int | None:
        self._carry(len(piece.data))
        return super().put_piece(parent, piece)

    def _carry(self, size: int, *, facts: bool = False) -> None:
        """Bytes upwards; where the line breaks, some of them went for nothing."""
        self.messages += 1
        if self.first_photo is None and not facts:
            self.first_photo = self.world.clock.now
        chance = self.chance or random.Random(self.messages)
        if chance.randrange(self.cut_every) == 0:
            self.cuts += 1
            self._wait(chance.randrange(size + 1))
            raise failed(Cause.CUT)
        self._wait(size)

    def _wait(self, size: int) -> None:
        self.sent += size + _HEADERS
        self.world.clock.advance(_ROUND_TRIP_MS + (size + _HEADERS) * 1000 // self.speed)


def main() -> int:
    """Measure and print."""
    words = argparse.ArgumentParser(prog="bench.drain")
    words.add_argument("--cases", type=int, default=200)
    words.add_argument("--photos", type=int, default=600)
    words.add_argument("--kbit", type=int, default=64)
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="bangban-drain-") as name:
        world = World(Path(name))
        world.begin()
        for code in (TOWNSHIP, VILLAGE_A):
            counters.furnish(world.add(code))
        with closing(world):
            _measure(world, given.cases, given.photos, given.kbit * 1000 // 8)
    return 0


def _measure(world: World, cases: int, photos_: int, speed: int) -> None:
    village = world.stations[VILLAGE_A]
    size = _work_offline(world, village, cases, photos_)
    _say(f"{cases} cases, {photos_} photos of {size >> 20} MiB written in three days offline")
    wire = Slow(world, {Parent.COUNTY: world.hub}, speed=speed, chance=random.Random(3))
    begun, real = world.clock.now, time.monotonic()
    while tally(village.node).pending or tally(village.node).attachments:
        try:
            exchange.run(village.node, max_seconds=120, send=wire)
        except LinkFailed:
            world.clock.advance(15_000)
    last = (wire.first_photo or world.clock.now) - begun  # photos begin when every fact is there
    _say(f"last fact at the county, receipt back: {last / 1000:.0f} s")
    _say(f"last photo: {(world.clock.now - begun) / 3_600_000:.2f} h")
    _say(f"{wire.messages} messages, {wire.cuts} cut; {wire.sent >> 20} MiB carried")
    _say(f"({time.monotonic() - real:.0f} s of this computer)")
    with world.hub.node.database.read() as tx:
        held = attachments.waiting(tx)
    _say(f"whole at the county: {len(world.hub.cases())} cases, {held} photos")


def _work_offline(world: World, village: Station, cases: int, photos_: int) -> int:
    """Take in cases over three days, with photos of usual sizes; answers the photos' bytes."""
    total = 0
    pictures = [_picture(n) for n in range(12)]
    for number, document in enumerate(documents(cases)):
        case = intake.open_case(village.node, document, account=village.worker).case
        for photo in range(number, photos_, cases):
            image = pictures[photo % len(pictures)]
            total += photos.attach(village.node, case, 1, image, village.worker).bytes
        world.clock.advance(3 * _DAY_MS // cases)
    return total


def _picture(number: int) -> bytes:
    written = io.BytesIO()
    size = (1600 - 60 * number, 1200 - 45 * number)
    Image.effect_noise(size, 4 + number / 2).save(written, "JPEG", quality=95)
    return written.getvalue()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
