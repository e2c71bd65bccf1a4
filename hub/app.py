"""The Flask app of the hub: pages for the county's people, exchange and enrolment for devices."""

from collections.abc import Callable

from flask import Flask

from hub import web
from hub.usecases.rules import HubRules
from hub.web import enrolment, frame
from node.clock import Clock
from node.config import DataDirectory
from node.opening import OpenNode
from node.printing import fonts
from node.printing.fonts import Font
from node.runtime import Node
from node.serve import own_names
from node.web import factory, sync_api
from node.web.context import Site, site_name
from node.web.door import Door, node_behind


def create_app(node: Node, *, host: str = "127.0.0.1") -> Flask:
    """The app of an open hub (see `create_app_behind`)."""
    opened = OpenNode(node.directory, node.keys, node.database)
    door = Door.opened(opened, node.clock)
    return create_app_behind(door, directory=node.directory, clock=node.clock, host=host)


def create_app_behind(
    door: Door,
    *,
    directory: DataDirectory,
    clock: Clock,
    host: str = "127.0.0.1",
    font: Callable[[], Font] = fonts.known,
) -> Flask:
    """The app of a hub that may still be locked.

    Args:
        door: of the locked or open hub.
        directory: of the hub; tells its cookies from another's on this computer.
        clock: of this computer.
        host: the address it is served at.
        font: answers the font of PDF files; raises FontMissing where there is none.
    """
    site = Site(
        name=site_name("hub", directory),
        door=door,
        clock=clock,
        place_kind=lambda: node_behind(door, clock).identity().place.kind,
        frame=frame.frame,
        home="start.show",
        hosts=(host, *own_names()),
        font=font,
    )
    app = factory.make_app("hub", site)
    for blueprint in web.blueprints():
        app.register_blueprint(blueprint)
    app.register_blueprint(enrolment.blueprint(lambda: node_behind(door, clock)))
    app.register_blueprint(sync_api.blueprint(_children(door, clock), relays=True))
    return app


def _children(door: Door, clock: Clock) -> Callable[[], sync_api.SyncDoor]:
    def opened() -> sync_api.SyncDoor:
        node = node_behind(door, clock)
        return sync_api.door_of(node, lambda: HubRules(node))

    return opened
