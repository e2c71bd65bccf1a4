"""Pages of the station: thin views over its use cases."""

from flask import Blueprint

from station.web import cases, day_sheet, home, intake, keys, papers, photos, stick, upload


def blueprints() -> tuple[Blueprint, ...]:
    """Everything that the app of a station registers besides the shared pages."""
    modules = (home, intake, cases, papers, photos, upload, stick, day_sheet, keys)
    return tuple(module.blueprint for module in modules)
