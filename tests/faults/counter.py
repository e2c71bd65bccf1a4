"""A counter that hardly rests: takes cases in, acts on them and exchanges until it is killed.

`python -m tests.faults.counter DATA SEED [no-photos]` tells on standard output, a line of JSON each
and at once, what it begins and, only after the use case has returned, what it has confirmed.
On standard input it is told to `rest`, to `work` again, or to `sync` now; when that ends, it ends.
"""

import base64
import io
import json
import queue
import random
import sys
import threading
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from PIL import Image

from casework.errors import CaseworkError
from crypto import canonical
from fixtures import builders
from fixtures.world import sample
from node import acting, ledger, people, tables
from node.clock import SystemClock
from node.config import DataDirectory
from node.errors import NodeError
from station.usecases import exchange, links, photos
from station.usecases.intake import open_case
from station.usecases.opening import open_station
from sync.adapters.sql import SqlLog
from tests.simulation.deeds import ACTS, ITEMS, acting_fact
from tests.simulation.observe import id_of, values_of

_RESTS = 0.06
"""Seconds between two deeds, at most."""
_PATIENCE = 5
_SIGNED = {"hand_over", "issue"}
"""Verbs that name another place."""


def tell(**told):
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


class Counter:
    """One station at work."""

    def __init__(self, data, seed):
        self.node = open_station(DataDirectory(Path(data)), None, SystemClock())
        self.chance = random.Random(seed)
        with self.node.database.read() as tx:
            self.account = people.accounts(tx)[0]

    def take_in(self):
        item = sample(self.chance.choice(ITEMS))
        promised = {"leave_out": (4, 5), "commitment": {"deficiency": True}}
        more = promised if item.code == ITEMS[0] else {}
        document = builders.case_document(builders.person(self.chance), item, **more)
        return self._confirmed(
            ["case.received", "case.accepted"],
            lambda: open_case(self.node, document, account=self.account),
        )

    def act(self):
        case = self._case()
        able = [(verb, make) for verb, make, _ in ACTS if verb not in _SIGNED]
        verb, make = self.chance.choices(able, [w for v, _, w in ACTS if v not in _SIGNED])[0]
        fields = make(self.chance)
        return case and self._confirmed(
            [acting_fact(verb, fields)],
            lambda: acting.act(self.node, case, verb, fields, self.account),
        )

    def attach(self):
        case, written = self._case(), io.BytesIO()
        Image.effect_noise((300, 200), self.chance.randrange(30, 60)).save(written, "PNG")
        return case and self._confirmed(
            [acting.VERBS["attach"].name],
            lambda: photos.attach(self.node, case, 1, written.getvalue(), self.account),
        )

    def exchange(self):
        tell(doing="exchange", facts=[])
        with closing(links.carrier(self.node)) as carrier:
            report = exchange.run(self.node, max_seconds=_PATIENCE, send=carrier)
        tell(complete=report.complete, pending=report.pending, reason=report.stalled_reason)

    def _case(self):
        with self.node.database.read() as tx:
            known = sorted(tx.scalars(sa.select(tables.case.c.id)))
        return self.chance.choice(known[-20:]) if known else None

    def _confirmed(self, facts, work):
        """Do it, and tell what then stands in the log."""
        before = self._head()
        tell(doing="deed", facts=facts)
        work()
        with self.node.database.read() as tx:
            replica = self.node.identity_in(tx).replica
            held = SqlLog(tx).run(replica, before + 1, before + 1000)
        tell(confirmed=[_told(one.entry) for one in held])

    def _head(self):
        with self.node.database.read() as tx:
            return ledger.own_head(tx, self.node.identity_in(tx))


def _told(entry):
    o = entry.operation
    values = base64.b64encode(canonical.encode(values_of(entry))).decode()
    return {"id": id_of(entry), "record": o.record.hex(), "fact": o.fact, "values": values}


_DEEDS = ((Counter.take_in, 10), (Counter.act, 8), (Counter.exchange, 2), (Counter.attach, 1))


def _listen(orders):
    for line in sys.stdin:
        orders.put(line.strip())
    orders.put("end")


def _attempt(deed, counter):
    try:
        deed(counter)
    except CaseworkError as error:
        tell(refused=type(error).__name__)
    except NodeError as error:
        tell(failed=type(error).__name__)


def _next(orders, *, seconds):
    try:
        return orders.get(timeout=seconds)
    except queue.Empty:
        return ""


def work(data, seed, *words):
    counter, orders = Counter(data, seed), queue.Queue()
    chance = random.Random(seed)
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    deeds, weights = zip(*_DEEDS[: -1 if "no-photos" in words else None], strict=True)
    order = "work"
    tell(doing="ready", facts=[])
    while order != "end":
        if order == "sync":
            _attempt(Counter.exchange, counter)
        if order in {"rest", "sync"}:
            tell(doing="rest", facts=[])
            order = orders.get()
            continue
        _attempt(chance.choices(deeds, weights)[0], counter)
        tell(doing="breath", facts=[])
        order = _next(orders, seconds=chance.uniform(0, _RESTS)) or order


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
