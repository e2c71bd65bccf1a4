"""Sticks and lines at random, cut, repeated, late, at the wrong door: nothing is lost or doubled.

After every step, what a station takes as received is at the county; at the end, when everybody has
met once more, all is everywhere it belongs and nothing was put aside.
"""

import io
import random

import pytest
import sqlalchemy as sa

from fixtures.counters import furnish
from fixtures.world import TOWNSHIP, VILLAGE_A, VILLAGE_B, World
from node import ledger, quarantining, verifying
from node.errors import NodeError
from node.receiving import NoRules
from node.stick_import import Import
from node.stick_reply import Reply
from sync.adapters.sql import SqlLog
from sync.adapters.tables import change_set
from sync.errors import RemoteSyncError
from tests.integration.stick_tools import attach, export, take_in

STEPS = 40


class Swarm:
    """A county whose people carry sticks without any plan."""

    def __init__(self, world, seed):
        self.world = world
        self.chance = random.Random(seed)
        self.places = [world.stations[c] for c in (TOWNSHIP, VILLAGE_A, VILLAGE_B)]
        self.drawer = []  # files that lie about; none is ever thrown away
        self.cases = []

    def step(self):
        deeds = (
            self.work,
            self.work,
            self.save,
            self.save,
            self.read,
            self.read,
            self.read,
            self.call,
        )
        self.chance.choice(deeds)()
        self.world.clock.advance(self.chance.randrange(120_000))

    def work(self):
        place = self.chance.choice(self.places)
        self.cases.append(take_in(self.world, place))
        if self.chance.random() < 0.3:
            attach(place, self.cases[-1], picture=self.chance.randbytes(700))

    def save(self):
        self.drawer.append(export(self.chance.choice(self.places))[0])

    def read(self):
        """Somebody reads one or two files; the reply goes into the drawer too."""
        if not self.drawer:
            return
        files = [
            self.worn(f) for f in self.chance.choices(self.drawer, k=self.chance.randint(1, 2))
        ]
        place = self.chance.choice([*self.places, self.world.hub, self.world.hub])
        run = Import(place.node, NoRules())
        run.read([io.BytesIO(file) for file in files])
        reply = io.BytesIO()
        run.reply(Reply(place.node, NoRules(), reply, run.taken))
        self.drawer.append(reply.getvalue())

    def worn(self, file):
        """What a stick does to a file: nothing, mostly."""
        how, at = self.chance.random(), self.chance.randrange(40, len(file))
        if how < 0.15:
            return file[:at]
        if how < 0.3:
            return file[:at] + bytes([file[at] ^ 4]) + file[at + 1 :]
        return file[:at] + b"\0" * 9 + file[at + 9 :] if how < 0.35 else file

    def call(self):
        """A line, for once; the answer may be lost."""
        place = self.chance.choice(self.places)
        parent = (
            self.world.hub
            if place is self.places[0]
            else self.chance.choice([self.world.hub, self.places[0]])
        )
        sent = self.world.request(place, parent)
        answer = self.world.answer(parent, sent.message)
        if self.chance.random() < 0.7:
            self.world.take(place, parent, answer)

    def received_is_received(self):
        """What any station takes as received is held by the county."""
        with self.world.hub.node.database.read() as tx:
            held = set(tx.scalars(sa.select(change_set.c.header_hash)))
        for place in self.places:
            with place.node.database.read() as tx:
                wanted = sa.select(change_set.c.header_hash).where(
                    change_set.c.receipt.is_not(None)
                )
                assert set(tx.scalars(wanted)) <= held


@pytest.mark.parametrize("seed", range(4))
def test_sticks_at_random(memory_path, seed):
    world = World(memory_path)
    world.begin()
    for code in (TOWNSHIP, VILLAGE_A, VILLAGE_B):
        furnish(world.add(code))
    swarm = Swarm(world, seed)
    for number in range(STEPS):
        try:
            swarm.step()
        except (RemoteSyncError, NodeError) as error:
            raise AssertionError(f"seed {seed}, step {number}: {error!r}") from error
        swarm.received_is_received()
    world.settle()
    assert world.hub.cases() == sorted(swarm.cases)
    for place in swarm.places:
        with place.node.database.read() as tx:
            assert SqlLog(tx).receipted(place.me.replica) == ledger.own_head(tx, place.me)
        assert verifying.verify(place.node).ok
        assert quarantining.list_items(place.node) == []
    assert quarantining.list_items(world.hub.node) == []
    assert verifying.verify(world.hub.node).ok
    world.close()
