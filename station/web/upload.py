"""上传情况: what lies only here, what the county has, what needs somebody; and trying now."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from node.web.guard import needs, poll
from station.usecases import standing
from station.web import frame
from station.web.context import node, services
from ui.pages import UploadPage

blueprint = Blueprint("upload", __name__)


@blueprint.get("/upload")
@needs("case.received")
def show() -> str:
    """How far everything has come."""
    stand = standing.standing(node())
    page = UploadPage(
        here_url=url_for("upload.show"),
        retry_url=url_for("upload.retry"),
        check_url=url_for("upload.check"),
        waiting=stand.waiting,
        received_today=0,
        failed=0,
        checking=0,
        rows=(),
        last_receipt=stand.last_receipt,
        last_contact=stand.last_contact,
    )
    return render_template("upload.html", page=page)


@blueprint.post("/upload/retry")
@needs("case.received")
def retry() -> Response:
    """Try now; the page shows how it goes."""
    services().background.wake()
    return redirect(url_for("upload.show"), 303)


@blueprint.post("/upload/check")
@needs("case.received")
def check() -> Response:
    """Test the way to the county."""
    return redirect(url_for("upload.show"), 303)


@blueprint.get("/upload/chip")
@poll
@needs("case.received")
def chip() -> str:
    """The chip of the link alone, asked for by open pages."""
    return render_template("_link_chip.html", chip=frame.chip(standing.standing(node())))
