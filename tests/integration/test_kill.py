"""Power cuts: `kill -9` of the station and of the hub, at random moments, and nothing is lost.

A counter takes cases in and exchanges nearly without rest; one of the two processes is killed,
started again, and everything that was ever confirmed must be there: on the station's disk after
each kill, at the county in the end, once.

BANGBAN_KILLS: how many of each (default few; `make kill` does many); BANGBAN_SEED: other moments.
"""

import os
import random
import sys
import time
from collections import Counter

import pytest

from fixtures.world import VILLAGE_A
from sync.adapters.sql import SqlLog
from sync.limits import DEFAULT
from tests.faults import county as counties
from tests.simulation.observe import id_of

KILLS = int(os.environ.get("BANGBAN_KILLS", "6"))
SEED = int(os.environ.get("BANGBAN_SEED", "20261121"))
SHORTEST, LONGEST = 0.01, 0.5


def _not_on_disk(county, counter):
    """What was confirmed and the station's own database does not hold."""
    with county.opened(VILLAGE_A) as place, place.node.database.read() as tx:
        held = SqlLog(tx).run(place.node.identity_in(tx).replica, 1, DEFAULT.last_seq)
        there = {id_of(one.entry) for one in held}
    return {one.id for one in counter.confirmed} - there


@pytest.mark.enable_socket
def test_kill_9_loses_nothing_that_was_confirmed(tmp_path, capsys):
    chance = random.Random(SEED)
    with counties.running(tmp_path, seed=SEED, below=(VILLAGE_A,)) as county:
        counter = county.counters[VILLAGE_A]
        counter.start()
        kills = Counter()
        lost = set()
        for number in range(2 * KILLS):
            time.sleep(chance.uniform(SHORTEST, LONGEST))
            victim = "station" if number % 2 else "hub"
            kills[victim, counter.doing] += 1
            if victim == "station":
                counter.kill()
                lost.update(_not_on_disk(county, counter))
                counter.start()
            else:
                county.hub.kill()
                county.hub.start()
        counter.kill()
        left, told = county.drain(VILLAGE_A)
        assert left == 0, told
        assert lost == set()
        assert county.complaints() == []
    with capsys.disabled():
        told = f"seed {SEED}: kills {dict(kills)}, confirmed {len(counter.confirmed)} acts"
        sys.stdout.write(f"\n{told}\n")
    assert sum(n for (victim, _), n in kills.items() if victim == "station") == KILLS
