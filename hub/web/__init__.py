"""The hub's pages and endpoints over its use cases."""

from importlib import import_module
from importlib.util import find_spec
from typing import Final, cast

from flask import Blueprint

_PAGES: Final = ("start", "cases", "conflicts", "stations")


def blueprints() -> tuple[Blueprint, ...]:
    """The pages for the county's people."""
    names = [f"{__name__}.{page}" for page in _PAGES]
    found = [import_module(name) for name in names if find_spec(name)]
    return tuple(cast("Blueprint", module.blueprint) for module in found)
