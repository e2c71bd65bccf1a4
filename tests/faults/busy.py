"""The other end of a counter's standard output: what it confirmed, and what it was doing."""

import base64
import json
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

from crypto import canonical
from tests.simulation.oracle import Confirmed

ROOT = Path(__file__).parents[2]
_PATIENCE = 60
_COUNTER = (sys.executable, "-m", "tests.faults.counter")


class Busy:
    """A counter's process, started and killed many times on one data directory.

    Attributes:
        confirmed: every act that was answered to a person, by any of its processes.
        unsure: acts that a kill cut off before anybody was told; they may stand or not.
        doing: what it was at when it was last heard of.
        failed: why exchanges and acts came to nothing, and how often.
        last_exchange: what the last exchange came to; empty where it failed.
    """

    def __init__(self, place, data, seed, *words):
        self.place = place
        self.data = data
        self.seed = seed
        self.words = words
        self.confirmed = []
        self.unsure = Counter()
        self.failed = Counter()
        self.doing = ""
        self.kills = Counter()
        self.last_exchange = {}
        self._facts = []
        self._process = None
        self._told = threading.Condition()

    @property
    def runs(self):
        return self._process is not None

    def start(self):
        """Start it; it is at work when this returns."""
        self.seed += 1
        self._process = subprocess.Popen(
            [*_COUNTER, str(self.data), str(self.seed), *self.words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._hear(self._process.stdout.readline())
        assert self.doing == "ready", "the counter did not begin"
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def work(self):
        """Let it go on, or begin."""
        if self.runs:
            self._order("work")
        else:
            self.start()

    def rest(self):
        """Let it finish what it is at and wait."""
        self._settle("rest")

    def sync(self):
        """Let it exchange once, alone, and wait; answers what that came to."""
        self.last_exchange = {}
        self._settle("sync")
        return self.last_exchange

    def _settle(self, order):
        if not self.runs:
            self.start()
        with self._told:
            self.doing = order + "?"
            self._order(order)
            assert self._told.wait_for(lambda: self.doing == "rest", _PATIENCE), self.doing

    def _order(self, order):
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()

    def kill(self):
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process = None
        self.kills[self.doing] += 1
        self.unsure.update((self.place, fact) for fact in self._facts)
        self._facts = []

    def _listen(self):
        for line in self._process.stdout:
            self._hear(line)

    def _hear(self, line):
        told = json.loads(line or "{}")
        if "doing" in told:
            with self._told:
                self.doing, self._facts = told["doing"], told["facts"]
                self._told.notify_all()
        if "complete" in told:
            self.last_exchange = told
        for one in told.get("confirmed", ()):
            self.confirmed.append(self._read(one))
        self.failed.update(filter(None, (told.get("failed"), told.get("refused"))))

    def _read(self, one):
        packed = base64.b64decode(one["values"])
        values = canonical.decode(packed, max_bytes=len(packed))
        record = bytes.fromhex(one["record"])
        return Confirmed(self.place, record, one["fact"], one["id"], values)
