"""The table of faults: how often each is drawn, and what it does.

A fault is either something that befalls a message (`network.MISHAPS`, `lie`) or an action of its
own. Each entry: whether a run has it, its smallest and largest rate, and the action. What was
really hit is counted by the place where it takes effect, not where it was planned.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from crypto import envelope
from sync import exchange
from tests.simulation import disasters, sticks
from tests.simulation.county import Place
from tests.simulation.disk import PowerCut
from tests.simulation.network import deliver_answer, deliver_request
from tests.simulation.plan import Swarm

HOUR = 3_600_000


def cut_power(run, place: Place, chance: random.Random) -> None:
    """Let the power go before or after one of the next commits of a place."""
    place.machine.fuse = chance.randint(1, 12)
    place.machine.torn = chance.random() < 0.5


def fill_disk(run, place: Place, chance: random.Random) -> None:
    """Leave no room on a disk, or make some again."""
    place.machine.full = not place.machine.full


def skew(run, place: Place, chance: random.Random) -> None:
    """Set a clock wrong, or right again."""
    hours = chance.choice((-72, -30, -2, -0.1, 0.1, 2, 30, 24 * 40))
    place.clock.now += round(hours * HOUR)
    run.hit("skew")


def part(run, place: Place, chance: random.Random) -> None:
    """Cut the line between a place and one of its parents, or mend it."""
    parents = run.county.reaches(place) if not place.is_hub else []
    if parents:
        run.network.apart ^= {frozenset((place.name, chance.choice(parents).name))}
        run.hit("part")


def late(run, _place: Place, chance: random.Random) -> None:
    """A message arrives that was thought lost, or arrives again, in any order."""
    if not run.network.bag:
        return
    index = chance.randrange(len(run.network.bag))
    letter = run.network.bag[index]
    if chance.random() < 0.6:
        del run.network.bag[index]
    hand_over(run, letter)


def hand_over(run, letter) -> None:
    """Bring a message to its receiver, and what comes back of it."""
    run.hit(f"late {letter.kind}")
    receiver = run.county.places[letter.receiver]
    if not receiver.works:
        return
    if letter.kind == "request":
        answer = deliver_request(run, letter._replace(suspect=True))
        if answer is None or not run.county.places[answer.receiver].works:
            return
        letter = answer
    try:
        deliver_answer(run, letter._replace(suspect=True))
    except PowerCut:
        run.power_cut(run.county.places[letter.receiver])


def lie(run, child: Place, parent: Place, message: bytes, chance: random.Random) -> bytes:
    """What a lying township sends instead: its own request, with its villages' bundles altered."""
    if not child.code.endswith("000") or chance.random() >= run.rates.get("lie", 0.0):
        return message
    me = child.station.me
    request = exchange.read_request(message, key=me.signing.verify_key, audience=parent.code)
    bundles = [_altered(run, bundle, me, chance) for bundle in request.bundles]
    if bundles == list(request.bundles):
        return message
    run.hit("lie")
    return exchange.sign_request(replace(request, bundles=bundles), me.signing)


def _altered(run, bundle: bytes, me, chance: random.Random) -> bytes:
    if envelope.outer(bundle, max_bytes=len(bundle)).sender == me.replica:
        return bundle
    data = bytearray(bundle)
    data[int(chance.random() * len(data))] ^= 1 << chance.randrange(8)
    run.oracle.forged.add(bytes(data))
    return bytes(data)


ACTIONS: dict[str, Callable] = {
    "power": cut_power,
    "disk": fill_disk,
    "skew": skew,
    "part": part,
    "late": late,
    "backup": disasters.back_up,
    "disk lost": disasters.lose_disk,
    "old copy": disasters.put_back,
    "enrol": disasters.recover,
    "clone": disasters.clone,
    "stick": sticks.carry,
    "revoke": disasters.revoke,
}
"""Fault → what it does at a place."""

SWARM: dict[str, Swarm] = {
    "lose": Swarm(0.6, 0.02, 0.3),
    "repeat": Swarm(0.5, 0.02, 0.3),
    "delay": Swarm(0.5, 0.02, 0.3),
    "copy": Swarm(0.6, 0.05, 0.4),
    "cut": Swarm(0.4, 0.02, 0.2),
    "flip": Swarm(0.4, 0.02, 0.2),
    "replay": Swarm(0.4, 0.05, 0.3),
    "power": Swarm(0.6, 1, 6),
    "disk": Swarm(0.4, 1, 4),
    "skew": Swarm(0.5, 1, 4),
    "part": Swarm(0.5, 1, 4),
    "late": Swarm(0.7, 2, 8),
    "backup": Swarm(0.5, 1.5, 4),
    "disk lost": Swarm(0.35, 0.7, 3),
    "old copy": Swarm(0.3, 0.7, 3),
    "enrol": Swarm(0.5, 0.5, 3),
    "clone": Swarm(0.15, 0.5, 2),
    "revoke": Swarm(0.15, 0.5, 2),
    "lie": Swarm(0.25, 0.1, 0.6),
    "stick": Swarm(0.3, 2, 8),
}
"""Fault → how its rate is drawn; beside the weights of `plan` for actions, else a probability."""
