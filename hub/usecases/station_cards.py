"""Hotline, complaint line and hours of each station, published for its papers and slips."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from casework.errors import FieldProblem
from casework.values import read_map, read_text
from hub.usecases import publishing, stations
from node.errors import InvalidInput, NotFound
from node.paperwork import STATIONS
from node.runtime import Node

_LONGEST: Final = 60
_TITLES: Final = {"hotline": "咨询电话", "complaints": "监督电话", "hours": "服务时间"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is told of a station; None leaves a part as it is, empty takes it out."""

    hotline: str | None = None
    complaints: str | None = None
    hours: str | None = None

    @property
    def told(self) -> dict[str, str]:
        """The parts that are said."""
        parts = {"hotline": self.hotline, "complaints": self.complaints, "hours": self.hours}
        return {name: text.strip() for name, text in parts.items() if text is not None}


def publish(hub: Node, code: str, card: Card) -> dict[str, str]:
    """Publish what is told of a place: a village, a township or the county itself.

    Returns:
        What holds of the place now.

    Raises:
        NotFound: no such place is registered.
        InvalidInput: something is too long for a slip.
    """
    problems = [_long(name) for name, text in card.told.items() if len(text) > _LONGEST]
    if problems:
        raise InvalidInput(problems)

    def work(tx: sa.Connection) -> dict[str, str]:
        if code not in stations.registered(tx) and code != hub.identity_in(tx).county_code:
            raise NotFound("station", code)
        every = dict(read_map(hub.published(tx).document.get(STATIONS)))
        own = {**_texts(every.get(code)), **card.told}
        every[code] = {name: text for name, text in own.items() if text}
        publishing.republish(tx, hub, {STATIONS: every})
        return _texts(every[code])

    return hub.database.run(work)


def _texts(found: object) -> dict[str, str]:
    return {name: text for name, value in read_map(found).items() if (text := read_text(value))}


def _long(name: str) -> FieldProblem:
    zh = f"{_TITLES[name]}太长，最多{_LONGEST}个字。写短些。"
    return FieldProblem(f"/{name}", "length", zh, f"{name} is longer than {_LONGEST} characters.")
