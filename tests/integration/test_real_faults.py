"""The simulation's scenarios once with real processes: bad lines, power cuts, a county away.

A village that meets both its township and the county, one that meets only the township, a
relaying township, and a hub on SQLite or PostgreSQL; every line is a proxy of ours. Counters work
all the while. In the end the oracle of the simulation looks at all four databases.

BANGBAN_KILLS: power cuts and other events (default few); BANGBAN_SEED: another course of events.
"""

import json
import os
import random
import sys
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from fixtures.world import TOWNSHIP, VILLAGE_A
from sync.adapters.tables import change_set
from sync.adapters.tables import operation as operation_table
from tests.faults import county as counties
from tests.faults.busy import Busy
from tests.faults.county import RELAYED
from tests.simulation.template import COUNTY

EVENTS = int(os.environ.get("BANGBAN_KILLS", "4"))
SEED = int(os.environ.get("BANGBAN_SEED", "20261121"))
ALL_THERE, WORK_LEFT, NO_LINK = 0, 3, 13
_BREATH = (0.1, 0.8)
"""Seconds between two events."""
_SPELL = 1.5
"""Seconds of work without the county."""


@pytest.fixture(params=["sqlite", "postgres"])
def running(request, tmp_path, postgres_url):
    url = postgres_url if request.param == "postgres" else None
    seed = SEED + (request.param == "postgres")
    with counties.running(tmp_path, seed=seed, database_url=url) as county:
        yield county


@pytest.mark.enable_socket
def test_whatever_befalls_lines_and_processes_nothing_is_lost(running, capsys):
    story = Story(running)
    story.work_under_bad_weather()
    story.work_without_the_county()
    story.two_paths_at_once()
    story.settle()
    assert running.complaints() == []
    with capsys.disabled():
        sys.stdout.write(f"\n{story.told()}\n")


class Story:
    """What happens, event by event; drawn from the seed alone."""

    def __init__(self, county):
        self.county = county
        self.chance = random.Random(county.chance.random())
        self.events = Counter()

    def work_under_bad_weather(self):
        """Everybody works over bad lines, while processes die and come back."""
        self.county.weather.bad = True
        self._each(Busy.work)
        events, weights = zip(*_EVENTS, strict=True)
        for event in self.chance.choices(events, weights, k=EVENTS):
            time.sleep(self.chance.uniform(*_BREATH))
            event(self)
            self.events[event.__name__.strip("_")] += 1
        self.county.weather.bad = False
        self.county.county_back()

    def work_without_the_county(self):
        """The county is out of reach; villages and township go on working together."""
        self._each(Busy.rest)
        self._sync(RELAYED, VILLAGE_A, TOWNSHIP, RELAYED)
        self.county.county_away()
        before = {code: self._receipts(code) for code in self.county.below}
        self._each(Busy.work)
        time.sleep(_SPELL)
        self._each(Busy.rest)
        assert self._sync(VILLAGE_A, RELAYED, VILLAGE_A, RELAYED) == [False] * 4
        assert {code: self._receipts(code) for code in self.county.below} == before
        self._township_and_villages_agree()

    def two_paths_at_once(self):
        """What waits at the township goes up from there and from the village, at one time."""
        self.county.county_back()
        self._each(Busy.kill)
        told = self.county.sync(VILLAGE_A, TOWNSHIP)
        assert {code for code, _ in told.values()} <= {ALL_THERE, WORK_LEFT}, told

    def settle(self):
        """Exchange by hand until nothing is left anywhere."""
        for _ in range(2):  # up, down, and what the relayed village's letters bring
            ends = {c: self.county.drain(c) for c in (TOWNSHIP, VILLAGE_A, RELAYED, TOWNSHIP)}
            ends |= {RELAYED: self.county.drain(RELAYED)}
            if {code for code, _ in ends.values()} == {ALL_THERE}:
                return
        pytest.fail(f"not drained: {ends}")

    def told(self):
        """What happened, in figures."""
        befell = sum((line.befell for line in self.county.lines.values()), Counter())
        at_work = self.county.counters.values()
        kills = {one.place: dict(one.kills) for one in at_work}
        confirmed = {one.place: len(one.confirmed) for one in at_work}
        return (
            f"seed {SEED}: events {dict(self.events)}, power cuts {self.county.kills}, counters cut"
            f" off at {kills}, connections {dict(befell)}, confirmed acts {confirmed}"
        )

    def _each(self, order):
        for counter in self.county.counters.values():
            order(counter)

    def _sync(self, *codes):
        """Let counters exchange one after the other; answers whether the county has it all."""
        told = [self.county.counters[code].sync() for code in codes]
        return [one.get("complete") for one in told]

    def _receipts(self, code):
        with self.county.opened(code) as place, place.node.database.read() as tx:
            own = change_set.c.replica == place.node.identity_in(tx).replica
            receipted = sa.and_(own, change_set.c.receipt.is_not(None))
            return tx.scalar(sa.select(sa.func.count()).where(receipted))

    def _township_and_villages_agree(self):
        """Each case of a village stands at the township as at the village, act by act."""
        known = self._dots(TOWNSHIP)
        with self.county.opened(TOWNSHIP) as town:
            township = town.node.identity().replica
        for code in (VILLAGE_A, RELAYED):
            here = self._dots(code)
            records = {record for _, _, record in here}
            assert here == {one for one in known if one[2] in records}
            assert township in {replica for replica, _, _ in here}

    def _dots(self, code):
        o = operation_table.c
        with self.county.opened(code) as place, place.node.database.read() as tx:
            return {tuple(row) for row in tx.execute(sa.select(o.replica, o.seq, o.record))}

    # --- events

    def _power_cut_of_the_county(self):
        self.county.kill(COUNTY)

    def _power_cut_of_the_township(self):
        self.county.kill(TOWNSHIP)

    def _power_cut_of_a_village(self):
        self.county.kill(self.chance.choice((VILLAGE_A, RELAYED)))

    def _county_away(self):
        self.county.county_away()

    def _county_back(self):
        self.county.county_back()

    def _sync_cut_off(self):
        """`station sync` beside a counter at work, killed at any moment."""
        begun = self.county.begin_sync(self.chance.choice(self.county.below))
        time.sleep(self.chance.uniform(0.2, 1.2))
        begun.kill()
        begun.communicate()

    def _sync_by_hand(self):
        code = self.chance.choice(self.county.below)
        left, told = self.county.sync(code)[code]
        assert left in {ALL_THERE, WORK_LEFT, NO_LINK, 11}, told
        assert json.loads(told)


_EVENTS = (
    (Story._power_cut_of_the_county, 4),
    (Story._power_cut_of_the_township, 3),
    (Story._power_cut_of_a_village, 4),
    (Story._county_away, 1),
    (Story._county_back, 2),
    (Story._sync_cut_off, 2),
    (Story._sync_by_hand, 1),
)
