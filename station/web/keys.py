"""The list of short cuts as a page of its own, for F1 without script."""

from flask import Blueprint, render_template

from node.web.guard import public

blueprint = Blueprint("keys", __name__)


@blueprint.get("/keys")
@public
def show() -> str:
    """Which key does what."""
    return render_template("keys.html", page=None)
