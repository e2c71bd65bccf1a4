"""Sticks: written at one place, read at any, late, twice, cut off, at the wrong door, in pairs."""

import io
import random

from hub.usecases import sticks as hub_sticks
from node.errors import NodeError
from station.usecases import sticks as station_sticks
from sync.errors import OldCopy
from tests.simulation.county import Place
from tests.simulation.disk import PowerCut

_KEPT = 12
"""Files that lie about; the oldest is lost first."""


def carry(run, place: Place, chance: random.Random) -> None:
    """Somebody fills a stick, or comes by with one or two of those that lie about."""
    if not place.works:
        return
    try:
        if not run.drawer or chance.random() < 0.45:
            _fill(run, place, chance)
        else:
            _read(run, place, chance)
    except PowerCut:
        run.power_cut(place)
    except OldCopy:
        run.hit("old copy noticed")
    except NodeError as error:
        run.hit(f"stick refused: {type(error).__name__}")


def _fill(run, place: Place, chance: random.Random) -> None:
    file = io.BytesIO()
    if place.is_hub:
        hub_sticks.export(place.node, chance.choice(run.plan.places), file)
    else:
        station_sticks.export(place.node, file)
    _keep(run, file)
    run.hit("stick filled")


def _keep(run, file: io.BytesIO) -> None:
    run.drawer.append(file.getvalue())
    del run.drawer[:-_KEPT]


def _read(run, place: Place, chance: random.Random) -> None:
    chosen = [chance.choice(run.drawer) for _ in range(chance.choice((1, 1, 2)))]
    files = [io.BytesIO(_worn(run, data, chance)) for data in chosen]
    answers = io.BytesIO()
    if place.is_hub:
        hub_sticks.read(place.node, files, answers)
    else:
        station_sticks.read(place.node, files, answers if chance.random() < 0.7 else None)
    if answers.getvalue():
        _keep(run, answers)
    run.hit("stick read")


def _worn(run, data: bytes, chance: random.Random) -> bytes:
    """A stick pulled out too early holds the beginning only."""
    if chance.random() < 0.75:
        return data
    run.hit("stick cut")
    return data[: chance.randrange(len(data))]
