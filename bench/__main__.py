"""`make bench`: the figures of docs/benchmarks.md, measured with the real programs on loopback.

`python -m bench [--cases N]`. Each line names the budget of the interface contract beside it.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bench import floor
from bench.measuring import Spread, peak_of, run_measured, spread, timed
from casework.values import Value
from fixtures import builders
from fixtures.demo.county import COUNTY, TOWNSHIP, VILLAGE_A, County, Desk
from node import acting, people
from node.clock import SystemClock
from node.config import DataDirectory
from node.db import Database
from node.runtime import Node
from station.usecases.intake import open_case
from station.usecases.opening import open_station

_ITEM: Final = "DEMO-YL-01"
_EDITS: Final = 100
_RAW: Final = 500
_PROGRAMS: Final = Path(sys.executable).parent


def main() -> int:
    """Measure everything and print it."""
    words = argparse.ArgumentParser(prog="bench")
    words.add_argument("--cases", type=int, default=10_000)
    cases = words.parse_args().cases
    with tempfile.TemporaryDirectory(prefix="bangban-bench-") as name:
        county = County.at(Path(name))
        try:
            _measure(county, cases)
        finally:
            county.stop()
    return 0


def _measure(county: County, cases: int) -> None:
    station = enrol(county)
    raw = _raw_inserts(county.directory)
    _say("raw durable insert of 1.2 KB", _ms(raw))
    accepted = _accept(station, cases)
    ratio = f"p50 is {accepted.p50 / raw.p50:.1f} x the raw insert"
    _say(
        f"accepting a case ({accepted.count} cases)",
        _ms(accepted),
        f"{ratio}; budget 10 x, p99 10 ms",
    )
    _first_sync(county, station, cases)
    _incremental(station)
    _nothing(station)
    _verify(station)


def enrol(county: County) -> Desk:
    """Make a hub, a township and a village; answers the village. The hub is left serving."""
    hub = county.hub
    hub.ask("init", "--county", COUNTY)
    hub.server.start()
    for code, kind in ((TOWNSHIP, "township"), (VILLAGE_A, "village")):
        place = ("--code", code, "--kind", kind, "--name", code, "--pre-approve")
        added = hub.ask("station", "add", *place)
        desk = county.station(code, code)
        words = ("--hub", hub.server.url, "--code", added["enrolment_code"], "--unattended")
        desk.ask("init", *words, "--timeout", "20")
        desk.sync()
    return county.stations[VILLAGE_A]


def _raw_inserts(directory: Path) -> Spread:
    """One INSERT of 1.2 KB, committed durably, on the same kind of database."""
    database = Database.sqlite(directory / "raw.db", bytes(32))
    table = sa.Table("raw", sa.MetaData(), sa.Column("body", sa.LargeBinary))
    with database.write() as tx:
        table.create(tx)
    connection = database.connect()

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO raw VALUES (?)", (bytes(1200),))
        connection.execute("COMMIT")

    found = spread([timed(insert) for _ in range(_RAW)])
    connection.close()
    database.close()
    return found


def documents(count: int) -> list[dict[str, Value]]:
    """Invent applications of about 1.2 KB with five materials, the same in every run."""
    chance = random.Random(7)  # invented people, the same in every run
    item = builders.sample_item(_ITEM)
    made = (builders.case_document(builders.person(chance), item) for _ in range(count))
    return list(made)


def _open(station: Desk) -> Node:
    return open_station(DataDirectory(station.data), None, SystemClock())


def _accept(station: Desk, cases: int) -> Spread:
    node = _open(station)
    with node.database.read() as tx:
        account = people.accounts(tx)[0]
    samples = [
        timed(lambda d=document: open_case(node, d, account=account))  # type: ignore[misc]
        for document in documents(cases)
    ]
    node.database.close()
    return spread(samples)


def _first_sync(county: County, station: Desk, cases: int) -> None:
    seconds, size = floor.measure(documents(cases))
    _say(f"floor for {cases} cases", f"{seconds:.2f} s, {size / 1e6:.2f} MB")
    begun = _sync(station)
    _say(
        f"first sync of {cases} cases",
        f"{begun['seconds']:.2f} s, {begun['bytes_up'] / 1e6:.2f} MB up,"
        f" {begun['bytes_down'] / 1e6:.2f} MB down, {begun['requests']} requests",
        f"{begun['seconds'] / seconds:.1f} x the floor; budget 4 x, 3.2 MB up",
    )
    server = county.hub.server.process
    hub_peak = peak_of(server.pid) if server else 0
    _say(
        "peak memory",
        f"station {begun['peak'] / 1e6:.0f} MB, hub {hub_peak / 1e6:.0f} MB",
        "budget 120 and 200 MB",
    )


def _sync(station: Desk) -> dict[str, float]:
    line = [str(_PROGRAMS / "station"), "--data", str(station.data), "sync", "--json"]
    done = run_measured(line)
    document = json.loads(done.output)
    return {**document, "seconds": done.seconds, "peak": done.peak}


def _incremental(station: Desk) -> None:
    """100 phone numbers in 100 cases: one field each, class 2."""
    node = _open(station)
    with node.database.read() as tx:
        account = people.accounts(tx)[0]
    listed = station.ask("case", "list", "--limit", str(_EDITS))["cases"]
    for number, case in enumerate(listed):
        fields = {"phone": f"139{number:08d}"}
        acting.act(node, case["case"], "correct_contact", fields, account)
    node.database.close()
    found = _sync(station)
    _say(
        f"{len(listed)} phone numbers corrected",
        f"{found['bytes_up']} B up, {found['bytes_down']} B down, {found['requests']} requests,"
        f" {found['seconds'] * 1000:.0f} ms with the start of the program",
        "budget 6 KB up, 1 request",
    )


def _nothing(station: Desk) -> None:
    found = _sync(station)
    both = found["bytes_up"] + found["bytes_down"]
    _say("nothing to do", f"{both} B both ways, {found['requests']} request(s)", "budget 1 KB, 1")


def _verify(station: Desk) -> None:
    line = [str(_PROGRAMS / "station"), "--data", str(station.data), "verify", "--json"]
    done = run_measured(line)
    count = json.loads(done.output)["operations"]
    rate = count / done.seconds
    _say("verify with replay", f"{count} operations, {rate:.0f} a second", "budget 3,000 a second")


def _ms(found: Spread) -> str:
    return f"p50 {found.p50 * 1000:.2f} ms, p99 {found.p99 * 1000:.2f} ms"


def _say(what: str, figure: str, budget: str = "") -> None:
    sys.stdout.write(f"{what:42} {figure}{'  [' + budget + ']' if budget else ''}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
