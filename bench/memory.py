"""Peak memory of the programs over a long log: verify, rebuild, bring-up of a new station.

`python -m bench.memory [--operations N | --first-sync CASES]`. The log is written in bulk through
the real ledger and the real exchange (without the county's rules, which would only make it
slower); what is measured are the real programs, each a process of its own.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.measuring import peak_of, run_measured
from casework.facts import Act
from casework.ids import Ulid
from casework.values import Value
from fixtures.demo.county import COUNTY, TOWNSHIP, VILLAGE_A, County, Desk
from hub.keys import open_hub
from node import ledger
from node.child import Child
from node.clock import SystemClock
from node.config import DataDirectory
from node.ledger import CaseAct
from node.parent import Parent
from node.receiving import NoRules
from node.runtime import Node
from station.usecases.opening import open_station

_PROGRAMS: Final = Path(sys.executable).parent
_CASES: Final = 120
"""Cases in one transaction; each has three operations of the station and one of the county."""
_EACH: Final = 4
_CLOCK: Final = SystemClock()


def main() -> int:
    """Write the log, measure, print."""
    words = argparse.ArgumentParser(prog="bench.memory")
    words.add_argument("--operations", type=int, default=200_000)
    words.add_argument("--first-sync", type=int, default=0, metavar="CASES")
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="bangban-memory-") as name:
        county = County.at(Path(name))
        try:
            if given.first_sync:
                _first_sync(county, given.first_sync)
            else:
                _measure(county, given.operations)
        finally:
            county.stop()
    return 0


def _measure(county: County, count: int) -> None:
    codes = _register(county)
    village = _enrol(county, VILLAGE_A, codes[VILLAGE_A])
    county.stop()
    begun = time.perf_counter()
    _fill(county, village, count // _EACH)
    _say(f"writing a log of {count} operations", f"{time.perf_counter() - begun:.0f} s")
    for desk in (village, county.hub):
        for verb in ("verify", "rebuild"):
            _run(desk, verb)
    county.hub.server.start()
    town = _enrol(county, TOWNSHIP, codes[TOWNSHIP])
    _run(town, "sync", "--max-seconds", "3600")
    server = county.hub.server.process
    _say("hub that brought it up", f"{peak_of(server.pid) / 1e6 if server else 0:.0f} MB")
    _run(town, "verify")
    _run(town, "sync", "--check")


def _first_sync(county: County, count: int) -> None:
    """Let a village send a log of its own, with the county's rules at the other end."""
    village = _enrol(county, VILLAGE_A, _register(county)[VILLAGE_A])
    station = open_station(DataDirectory(village.data), None, _CLOCK)
    chance = random.Random(7)  # invented people, the same in every run
    for _ in range(0, count, _CASES):
        records = [_record(chance) for _ in range(_CASES)]
        _write(station, [act for record in records for act in _received(record, chance)])
    station.database.close()
    _run(village, "sync", "--max-seconds", "3600")
    server = county.hub.server.process
    _say("hub, with its rules", f"{peak_of(server.pid) / 1e6 if server else 0:.0f} MB")


def _record(chance: random.Random) -> bytes:
    return Ulid.make(_CLOCK.now_ms(), chance.randbytes(10)).raw


def _register(county: County) -> dict[str, str]:
    """Make the hub, leave it serving, and add two stations; code → enrolment code."""
    county.hub.ask("init", "--county", COUNTY)
    county.hub.server.start()
    codes = {}
    for code, kind in ((TOWNSHIP, "township"), (VILLAGE_A, "village")):
        words = ("--code", code, "--kind", kind, "--name", code, "--pre-approve")
        codes[code] = county.hub.ask("station", "add", *words)["enrolment_code"]
    return codes


def _enrol(county: County, code: str, secret: str) -> Desk:
    desk = county.station(code, code)
    words = ("--hub", county.hub.server.url, "--code", secret, "--unattended", "--timeout", "20")
    desk.ask("init", *words)
    return desk


def _fill(county: County, village: Desk, cases: int) -> None:
    """Write cases at the village, bring them to the county, and let it say something on each."""
    station = open_station(DataDirectory(village.data), None, _CLOCK)
    hub = open_hub(DataDirectory(county.hub.data), None, _CLOCK)
    chance = random.Random(7)  # invented people, the same in every run
    for start in range(0, cases, _CASES):
        count = min(_CASES, cases - start)
        records = [_record(chance) for _ in range(count)]
        _write(station, [act for record in records for act in _received(record, chance)])
        _exchange(station, hub)
        _write(hub, [_verified(record, chance) for record in records])
    _exchange(station, hub)
    for node in (station, hub):
        node.database.close()


def _write(node: Node, acts: list[CaseAct]) -> None:
    with node.database.write() as tx:
        me, at = node.identity_in(tx), node.moment(tx)
        ledger.write(tx, me, acts, actor="first", at=at)


def _received(record: bytes, chance: random.Random) -> Iterator[CaseAct]:
    number = f"{chance.randrange(10**9):09d}"
    at: dict[str, Value] = {"at": _CLOCK.now_ms(), "place": VILLAGE_A, "by": "first"}
    yield CaseAct(
        record,
        Act(
            "case.received",
            {
                "station": VILLAGE_A,
                "handling": VILLAGE_A,
                "received": at,
                "temporary_number": f"L{VILLAGE_A}-{number}",
                "item": "DEMO-YL-01",
                "item_version": 1,
                "name": "王" + chance.choice("芳强丽军洋燕波玲"),
                "phone": f"13{number}",
                "address": "潢川县某镇某村某组" + number,
                "id_no": "411526" + number + "123",
                **{f"material.{n}": {"form": "copy", "copies": 1} for n in range(1, 6)},
            },
        ),
    )
    yield CaseAct(record, Act("case.accepted", {"accepted": {**at, "due": "2027-01-04"}}))
    yield CaseAct(record, Act("case.contact_corrected", {"phone": f"15{number}"}))


def _verified(record: bytes, chance: random.Random) -> CaseAct:
    said: dict[str, Value] = {"at": _CLOCK.now_ms(), "place": COUNTY, "by": "system"}
    fields: dict[str, Value] = {
        "verified": said,
        "official_number": f"{chance.randrange(10**16):016d}",
    }
    return CaseAct(record, Act("case.verified", fields))


def _exchange(station: Node, hub: Node) -> None:
    more = True
    while more:
        me = station.identity()
        with station.database.read() as tx:
            at = station.moment(tx)
        asking = Child(database=station.database, me=me, parent=me.hub, at=at)
        sent = asking.request()
        answering = Parent(
            database=hub.database, me=hub.identity(), rules=NoRules(), now=_CLOCK.now_ms()
        )
        progress = asking.take(answering.answer(sent.message))
        more = sent.more or progress.more


def _run(desk: Desk, *words: str) -> None:
    line = [str(_PROGRAMS / desk.program), "--data", str(desk.data), *words, "--json"]
    done = run_measured(line)
    told = json.loads(done.output)
    what = told.get("operations", told.get("received", 0))
    figure = f"{done.peak / 1e6:.0f} MB, {done.seconds:.0f} s, {what} operations, exit {done.code}"
    _say(f"{desk.program} {words[0]}", figure)


def _say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:42} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
