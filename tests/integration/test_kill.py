"""Power cuts: `kill -9` of the station and of the hub, at random moments, and nothing is lost.

A counter takes cases in and exchanges without rest; one of the two processes is killed, started
again, and everything that was ever confirmed must be there: on the station's disk after each
kill, at the county in the end, once. `-s` shows the tally.
"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from fixtures.demo.county import COUNTY, TOWNSHIP, VILLAGE_A, County
from node import tables
from node.clock import SystemClock
from node.config import DataDirectory
from station.usecases.opening import open_station

KILLS = 52
ROOT = Path(__file__).parents[2]
SHORTEST, LONGEST = 0.01, 0.5


class Busy:
    """The counter's process, and what it has told."""

    def __init__(self, data):
        self.data = data
        self.confirmed = []
        self.doing = ""
        self.runs = 0
        self.process = None

    def start(self):
        self.runs += 1
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.counter", str(self.data), str(self.runs)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._hear(self.process.stdout.readline())
        assert self.doing == "intake", "the counter did not begin"
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()

    def _listen(self):
        for line in self.process.stdout:
            self._hear(line)

    def _hear(self, line):
        word, _, rest = line.strip().partition(" ")
        if word == "confirmed":
            self.confirmed.append(tuple(rest.split()))
        elif word in {"intake", "exchange"}:
            self.doing = word

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.listener.join()
        self.process.stdout.close()


def _enrolled(directory):
    county = County.at(directory)
    hub = county.hub
    hub.ask("init", "--county", COUNTY)
    hub.server.start()
    for code, kind in ((TOWNSHIP, "township"), (VILLAGE_A, "village")):
        place = ("--code", code, "--kind", kind, "--name", code, "--pre-approve")
        added = hub.ask("station", "add", *place)
    village = county.station(VILLAGE_A, "甲村")
    words = ("--hub", hub.server.url, "--code", added["enrolment_code"], "--unattended")
    village.ask("init", *words, "--timeout", "30")
    village.sync()
    return county, village


def _on_disk(data):
    """Every case that the station's own database holds."""
    node = open_station(DataDirectory(data), None, SystemClock())
    with node.database.read() as tx:
        rows = tx.execute(sa.select(tables.case.c.id, tables.case.c.temporary_number)).all()
    node.database.close()
    return [tuple(row) for row in rows]


@pytest.mark.enable_socket
def test_kill_9_loses_nothing_that_was_confirmed(tmp_path, capsys):
    chance = random.Random(20261121)
    county, village = _enrolled(tmp_path)
    counter = Busy(village.data)
    counter.start()
    kills = Counter()
    lost = set()
    for number in range(2 * KILLS):
        time.sleep(chance.uniform(SHORTEST, LONGEST))
        victim = "station" if number % 2 else "hub"
        kills[victim, counter.doing] += 1
        if victim == "station":
            counter.kill()
            lost |= set(counter.confirmed) - set(_on_disk(village.data))
            counter.start()
        else:
            county.hub.server.kill()
            county.hub.server.start()
    counter.kill()
    try:
        _check_the_end(county, village, counter, lost)
    finally:
        county.stop()
    with capsys.disabled():
        by = {victim: sum(n for (v, _), n in kills.items() if v == victim) for victim, _ in kills}
        told = f"kills {by} {dict(kills)}, confirmed {len(counter.confirmed)}, lost {len(lost)}"
        sys.stdout.write(f"\n{told}\n")
    assert kills["station", "intake"] + kills["station", "exchange"] >= 50
    assert kills["hub", "intake"] + kills["hub", "exchange"] >= 50


def _check_the_end(county, village, counter, lost):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        village.sync()
        status = village.ask("status")
        if status["pending"] == 0 and status["receipted"] == status["operations"]:
            break
    assert status["receipted"] == status["operations"]
    on_disk = _on_disk(village.data)
    lost |= set(counter.confirmed) - set(on_disk)
    assert lost == set()
    numbers = [number for _, number in on_disk]
    assert len(set(numbers)) == len(numbers)
    at_county = county.hub.ask("case", "list", "--limit", "100000")["cases"]
    assert sorted(c["case"] for c in at_county) == sorted(case for case, _ in on_disk)
    for desk in (county.hub, village):
        assert desk.ask("verify")["ok"]
