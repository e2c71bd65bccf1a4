"""The Flask app of a station: pages for people, and where it relays, the exchange."""

import hashlib
from collections.abc import Callable

from flask import Flask

from crypto.entropy import random_bytes
from node.clock import Clock
from node.config import DataDirectory
from node.opening import OpenNode
from node.receiving import NoRules
from node.runtime import Node
from node.serve import own_names
from node.web import factory, sync_api
from node.web.context import SignInBy, Site
from node.web.door import Door
from station import web
from station.jobs import Background
from station.usecases import exchange, links, opening
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
) -> Flask:
    """Make the app.

    Args:
        door: of the locked or open station.
        background: its jobs, started once the door is open.
        directory: of the station; tells its cookies from another's on this computer.
        clock: of this computer.
        host: the address it is served at.
        relays: whether it answers children.
    """
    site = Site(
        name=f"station{hashlib.sha256(str(directory.path.absolute()).encode()).hexdigest()[:8]}",
        door=door,
        clock=clock,
        place_kind=lambda: node_behind(door, clock).identity().place.kind,
        frame=frame.frame,
        home="home.show",
        hosts=(host, *own_names()),
        sign_in_by=SignInBy.CHOICE,
    )
    app = factory.make_app("station", site)
    context.install(app, background, started_at=clock.now_ms())
    for blueprint in web.blueprints():
        app.register_blueprint(blueprint)
    app.register_blueprint(sync_api.blueprint(_children(door, clock), relays=relays))
    return app


def node_behind(door: Door, clock: Clock) -> Node:
    """The open node behind a door.

    Raises:
        Locked: it waits for its passphrase.
    """
    found = door.node
    return Node(found.directory, found.database, clock, found.keys)


def _children(door: Door, clock: Clock) -> Callable[[], sync_api.SyncDoor]:
    return lambda: sync_api.door_of(node_behind(door, clock), NoRules)


def open_door(
    opened: Callable[[str | None], OpenNode], *, clock: Clock, passphrase: str | None, locked: bool
) -> tuple[Door, Background]:
    """Make the door and the jobs of a station; a locked one starts them when it is unlocked.

    Args:
        opened: opens the station with a passphrase, or by its key file.
        clock: of this computer.
        passphrase: where it was given at the start.
        locked: whether to wait for it on the unlock page.
    """
    holder: list[Node] = []
    background = Background(
        lambda by_hand: tick(holder[0], by_hand=by_hand), lambda: exchange.seal(holder[0]), clock
    )

    def open_with(given: str | None) -> OpenNode:
        found = opened(given)
        node = opening.node_of(found, clock=clock)
        node.identity()
        holder.append(node)
        background.start(lambda: links.next_try(node))
        return found

    if locked:
        return Door(open_with, clock), background
    return Door.opened(open_with(passphrase), clock), background


def tick(node: Node, *, by_hand: bool) -> None:
    """One exchange in the background."""
    carrier = links.carrier(node)
    effort = Effort.BY_HAND if by_hand else Effort.BACKGROUND
    try:
        exchange.run(
            node,
            max_seconds=_RUN_SECONDS,
            send=carrier,
            effort=effort,
            jitter=random_bytes(1)[0] / 255,
        )
    finally:
        carrier.close()
