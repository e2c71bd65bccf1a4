"""A matter of several cases (一件事) at the county: the lead department sees all parts."""

from flask import Blueprint, render_template

from hub.web.context import desk, node
from hub.web.frame import OFFICE
from node.web import ties
from node.web.guard import for_roles

blueprint = Blueprint("matters", __name__)


@blueprint.get("/matters/<matter>")
@for_roles(*OFFICE)
def show(matter: str) -> str:
    """All parts of a matter, whatever department each belongs to; names are masked."""
    hub = node()
    calendar = desk(hub).calendar
    return render_template("matter.html", page=ties.matter_page(hub, matter, calendar))
