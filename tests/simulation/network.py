"""The network between the nodes: it hands bytes over, or does something else with them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from node.errors import DiskFull, Stopped
from sync.errors import OldCopy, RemoteSyncError
from tests.simulation.county import Place
from tests.simulation.disk import PowerCut


class Letter(NamedTuple):
    """A message on its way, between two machines.

    Attributes:
        kind: request or answer.
        suspect: it may be refused: altered, late, repeated, or an answer to such a one.
    """

    kind: str
    sender: str
    receiver: str
    data: bytes
    suspect: bool = False


@dataclass
class Network:
    """What the network keeps back, and where it is cut.

    Attributes:
        bag: copies of messages that may still arrive, or arrive again.
        apart: pairs of places between which nothing passes.
    """

    bag: list[Letter] = field(default_factory=list)
    apart: set[frozenset[str]] = field(default_factory=set)

    def passes(self, one: Place, other: Place) -> bool:
        """Whether anything passes between two places now."""
        return one.works and other.works and frozenset((one.name, other.name)) not in self.apart

    def older(self, letter: Letter, chance: random.Random) -> Letter | None:
        """A message of the same kind that was seen on the same way before."""
        same = [o for o in self.bag if o[:3] == letter[:3] and o.data != letter.data]
        return chance.choice(same) if same else None


def _lose(_network: Network, _letter: Letter, _chance: random.Random) -> list[Letter]:
    return []


def _repeat(_network: Network, letter: Letter, _chance: random.Random) -> list[Letter]:
    return [letter, letter._replace(suspect=True)]


def _delay(network: Network, letter: Letter, _chance: random.Random) -> list[Letter]:
    network.bag.append(letter._replace(suspect=True))
    return []


def _copy(network: Network, letter: Letter, _chance: random.Random) -> list[Letter]:
    network.bag.append(letter._replace(suspect=True))
    return [letter]


def _cut(_network: Network, letter: Letter, chance: random.Random) -> list[Letter]:
    return [letter._replace(data=letter.data[: chance.randrange(len(letter.data))], suspect=True)]


def _flip(_network: Network, letter: Letter, chance: random.Random) -> list[Letter]:
    data = bytearray(letter.data)
    data[int(chance.random() * len(data))] ^= 1 << chance.randrange(8)
    return [letter._replace(data=bytes(data), suspect=True)]


def _replay(network: Network, letter: Letter, chance: random.Random) -> list[Letter]:
    older = network.older(letter, chance)
    return [letter] if older is None else [older]


MISHAPS: dict[str, Callable[[Network, Letter, random.Random], list[Letter]]] = {
    "lose": _lose,
    "repeat": _repeat,
    "delay": _delay,
    "copy": _copy,
    "cut": _cut,
    "flip": _flip,
    "replay": _replay,
}
"""What can befall one message; the first that is drawn befalls it."""


def carry(run, letter: Letter, chance: random.Random) -> list[Letter]:
    """Say what arrives, in order, of a message that was sent."""
    for name, befall in MISHAPS.items():
        if chance.random() < run.rates.get(name, 0.0):
            arrived = befall(run.network, letter, chance)
            if arrived != [letter]:
                run.hit(name)
            elif name == "copy":
                run.hit("copy")
            return arrived
    return [letter]


def deliver_request(run, letter: Letter) -> Letter | None:
    """Let a parent answer; None when no answer comes of it."""
    parent = run.county.places[letter.receiver]
    if not parent.works:
        return None
    try:
        answer = parent.answer(letter.data)
    except PowerCut:
        run.power_cut(parent)
    except (DiskFull, Stopped) as error:
        run.hit(_WORDS[type(error)])
    except RemoteSyncError as error:
        if not run.may_be_refused(letter):
            raise
        run.hit(f"request refused: {error.code}")
    else:
        return Letter("answer", letter.receiver, letter.sender, answer, letter.suspect)
    return None


_WORDS = {DiskFull: "disk full", Stopped: "copy does not answer"}


def deliver_answer(run, letter: Letter):
    """Let a child take an answer; None when it did not believe it or could not."""
    child, parent = run.county.places[letter.receiver], run.county.places[letter.sender]
    if not child.works:
        return None
    try:
        return child.child(parent).take(letter.data)
    except DiskFull:
        run.hit("disk full")
    except RemoteSyncError as error:
        if not letter.suspect:
            raise
        run.hit(f"answer refused: {error.code}")
    except OldCopy:
        run.hit("old copy noticed")
    return None


_MOST_ROUNDS = 4


def meet(run, child: Place, parent: Place, chance: random.Random) -> bool:
    """Exchange a few rounds, as far as the network lets them; says whether all went well."""
    for _ in range(_MOST_ROUNDS):
        if not run.network.passes(child, parent):
            run.hit("nobody reached")
            return False
        run.county.advance(1000)
        again = _round_if_it_can(run, child, parent, chance)
        if not again:
            return again is False
    return False


def _round_if_it_can(run, child: Place, parent: Place, chance: random.Random) -> bool | None:
    try:
        return _round(run, child, parent, chance)
    except PowerCut:
        run.power_cut(child)
    except DiskFull:
        run.hit("disk full")
    return None


def _round(run, child: Place, parent: Place, chance: random.Random) -> bool | None:
    """One request and what comes of it: whether another is of use; None when it was in vain."""
    outgoing = child.child(parent).request()
    request = Letter(
        "request", child.name, parent.name, run.sends(child, parent, outgoing.message, chance)
    )
    request = request._replace(suspect=request.data != outgoing.message)
    answers = [deliver_request(run, letter) for letter in carry(run, request, chance)]
    progress = None
    for answer in filter(None, answers):
        for letter in carry(run, answer, chance):
            progress = deliver_answer(run, letter) or progress
    return None if progress is None else bool(progress.more or outgoing.more)
