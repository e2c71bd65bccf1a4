"""A matter of several cases (一件事), as one page at the counter."""

from flask import Blueprint, render_template

from node.web import ties
from node.web.guard import needs
from station.web.context import node

blueprint = Blueprint("matters", __name__)


@blueprint.get("/matters/<matter>")
@needs("case.received")
def show(matter: str) -> str:
    """All parts of a matter: how each stands, and when the last is done."""
    station = node()
    with station.database.read() as tx:
        calendar = station.limits(tx).calendar
    page = ties.matter_page(station, matter, calendar, prints="cases.done")
    return render_template("matter.html", page=page)
