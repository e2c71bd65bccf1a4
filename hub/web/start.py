"""The first page of each role: where its work waits."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from casework.places import Role
from hub.web.context import person
from hub.web.frame import OFFICE
from node.web.guard import for_roles

blueprint = Blueprint("start", __name__)
_FIRST: Final = {Role.RECONCILER: "conflicts.index", Role.ADMINISTRATOR: "stations.index"}


@blueprint.get("/")
@for_roles(*OFFICE)
def show() -> Response:
    """Lead on."""
    address: Callable[..., str] = url_for
    return redirect(address(_FIRST.get(person().role, "cases.index")), 303)
