"""Pages and the small API of the hub: thin views over its use cases."""

from flask import Blueprint

from hub.web import (
    alerts,
    api,
    authorisations,
    bulk,
    calls,
    cases,
    catalogue,
    conflicts,
    desk,
    exchange,
    matters,
    papers,
    photos,
    settings,
    start,
    stations,
    sticks,
)


def blueprints() -> tuple[Blueprint, ...]:
    """Everything that the app of a hub registers besides the shared pages and the exchange."""
    modules = (
        start,
        desk,
        cases,
        matters,
        exchange,
        papers,
        photos,
        bulk,
        calls,
        conflicts,
        alerts,
        settings,
        stations,
        authorisations,
        catalogue,
        sticks,
        api,
    )
    return tuple(module.blueprint for module in modules)
