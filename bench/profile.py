"""Where the time of a first sync goes: both sides in one process under cProfile.

`python -m bench.profile [--cases N]`. Shares are of the whole; absolute times under a profiler
say nothing.
"""

import argparse
import cProfile
import pstats
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.__main__ import documents, enrol
from fixtures.demo.county import County
from hub.keys import open_hub
from hub.usecases.rules import HubRules
from node import people
from node.clock import SystemClock
from node.config import DataDirectory
from node.parent import Parent as Answering
from node.partial import Piece
from node.runtime import Node
from station.transport import Parent
from station.usecases import exchange
from station.usecases.intake import open_case
from station.usecases.opening import open_station

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Straight:
    """A wire to the hub without HTTP."""

    hub: Node

    def reaches(self, parent: Parent) -> bool:
        """Only the county stands at the other end."""
        return parent is Parent.COUNTY

    def exchange(self, _parent: Parent, message: bytes, *, patience: float) -> bytes:
        """Let the hub answer; it is as patient as it needs to be."""
        del patience
        answering = Answering(
            database=self.hub.database,
            me=self.hub.identity(),
            rules=HubRules(self.hub),
            now=self.hub.clock.now_ms(),
        )
        return answering.answer(message)

    def put_chunk(self, _parent: Parent, _name: bytes, _chunk: int, _data: bytes) -> bool:
        """No photos are sent here."""
        return False

    def put_piece(self, _parent: Parent, _piece: Piece) -> int | None:
        """No photos are sent here."""
        return None

    def get_chunk(self, _parent: Parent, _name: bytes, _chunk: int) -> bytes | None:
        """No photos are fetched here."""
        return None


def main() -> int:
    """Profile one first sync and print the dearest functions."""
    words = argparse.ArgumentParser(prog="bench.profile")
    words.add_argument("--cases", type=int, default=2_000)
    cases = words.parse_args().cases
    with tempfile.TemporaryDirectory(prefix="bangban-profile-") as name:
        county = County.at(Path(name))
        station = enrol(county)
        county.stop()
        _profile(county, station.data, cases)
    return 0


def _profile(county: County, data: Path, cases: int) -> None:
    clock = SystemClock()
    hub = open_hub(DataDirectory(county.hub.data), None, clock)
    village = open_station(DataDirectory(data), None, clock)
    with village.database.read() as tx:
        account = people.accounts(tx)[0]
    for document in documents(cases):
        open_case(village, document, account=account)
    profiler = cProfile.Profile()
    profiler.enable()
    exchange.run(village, max_seconds=3600, send=_Straight(hub))
    profiler.disable()
    pstats.Stats(profiler, stream=sys.stdout).sort_stats("cumtime").print_stats(_SHOWN)
    village.database.close()
    hub.database.close()


if __name__ == "__main__":
    sys.exit(main())
