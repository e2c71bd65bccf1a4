"""The Flask app of a station: pages for people, and where it relays, the exchange."""

from collections.abc import Callable
from contextlib import closing

from flask import Flask

from crypto.entropy import random_bytes
from node import keys
from node.clock import Clock
from node.config import DataDirectory
from node.opening import OpenNode
from node.printing import fonts
from node.printing.fonts import Font
from node.receiving import NoRules
from node.runtime import Node
from node.serve import own_names
from node.web import factory, sync_api
from node.web.context import SignInBy, Site, site_name
from node.web.door import Door, node_behind
from station import web
from station.jobs import Background
from station.usecases import exchange, housekeeping, links, opening, spooling
from station.usecases.exchange import Effort
from station.web import context, frame

_RUN_SECONDS = 120.0


def create_app(  # noqa: PLR0913  # what an app stands on
    door: Door,
    background: Background,
    *,
    directory: DataDirectory,
    clock: Clock,
    host: str = "127.0.0.1",
    relays: bool = False,
    font: Callable[[], Font] = fonts.known,
) -> Flask:
    """Make the app.

    Args:
        door: of the locked or open station.
        background: its jobs, started once the door is open.
        directory: of the station; tells its cookies from another's on this computer.
        clock: of this computer.
        host: the address it is served at.
        relays: whether it answers children.
        font: answers the font of PDF files; raises FontMissing where there is none.
    """
    site = Site(
        name=site_name("station", directory),
        door=door,
        clock=clock,
        place_kind=lambda: node_behind(door, clock).identity().place.kind,
        frame=frame.frame,
        home="home.show",
        hosts=(host, *own_names()),
        sign_in_by=SignInBy.CHOICE,
        spooled=lambda: spooling.count(directory),
        font=font,
    )
    app = factory.make_app("station", site)
    context.install(app, background, started_at=clock.now_ms())
    for blueprint in web.blueprints():
        app.register_blueprint(blueprint)
    app.register_blueprint(sync_api.blueprint(_children(door, clock), relays=relays))
    return app


def _children(door: Door, clock: Clock) -> Callable[[], sync_api.SyncDoor]:
    return lambda: sync_api.door_of(node_behind(door, clock), NoRules)


def open_door(
    directory: DataDirectory, *, clock: Clock, passphrase: str | None
) -> tuple[Door, Background]:
    """Make the door and the jobs of a station; a locked one delivers what lies ready.

    Args:
        directory: of the station.
        clock: of this computer.
        passphrase: where it was given at the start; an attended station without one is locked.

    Raises:
        NotInitialised: it is not enrolled.
        WrongKey: the passphrase does not open it.
    """
    station: list[Node] = []

    def run(by_hand: bool) -> None:  # noqa: FBT001  # what the jobs say
        if station:
            tick(station[0], by_hand=by_hand)
        else:
            spooling.deliver(directory)

    def open_with(given: str | None) -> OpenNode:
        found = opening.unlock(directory, given)
        node = opening.node_of(found, clock=clock)
        node.identity()
        spooling.take_back(node)
        station.append(node)
        background.wake()
        return found

    def sign() -> None:
        for node in station:
            seal(node)

    background = Background(run, sign, clock)
    locked = passphrase is None and keys.attended(directory)
    door = Door(open_with, clock) if locked else Door.opened(open_with(passphrase), clock)
    background.start(lambda: links.next_try(station[0]) if station else None)
    return door, background


def tick(node: Node, *, by_hand: bool) -> None:
    """One exchange in the background; what stays behind is laid ready for a locked start."""
    effort = Effort.BY_HAND if by_hand else Effort.BACKGROUND
    jitter = random_bytes(1)[0] / 255
    with closing(links.carrier(node)) as carrier:
        try:
            exchange.run(node, max_seconds=_RUN_SECONDS, send=carrier, effort=effort, jitter=jitter)
        finally:
            spooling.spool(node)


def seal(node: Node) -> None:
    """Sign what was written and lay it ready; once an hour, make room."""
    if exchange.seal(node):
        spooling.spool(node)
    housekeeping.tidy(node)
