"""Pages of the station: thin views over its use cases."""

from flask import Blueprint

from station.web import (
    again,
    asking,
    cases,
    day_sheet,
    delivery,
    handover,
    home,
    intake,
    keys,
    matters,
    papers,
    photos,
    progress,
    roster,
    stick,
    township,
    unmasking,
    upload,
)


def blueprints() -> tuple[Blueprint, ...]:
    """Everything that the app of a station registers besides the shared pages."""
    modules = (
        home,
        intake,
        cases,
        matters,
        unmasking,
        again,
        progress,
        roster,
        asking,
        handover,
        delivery,
        papers,
        photos,
        upload,
        stick,
        day_sheet,
        township,
        keys,
    )
    return tuple(module.blueprint for module in modules)
